//! How the two channels of a take are heard: both, one of them, or what they have in common.
//!
//! A dead channel, and one with its poles changed, are put right here. It is done to what was recorded and not
//! to a mixture of it: in a mixture two channels that are opposite to each other are silence.

use super::{Figure, Findings};

/// What is worked on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Sides {
    /// What was recorded.
    #[default]
    AsRecorded,
    /// This channel, 0 or 1: the other is the same, or silent.
    One(usize),
    /// Both, the right one turned over.
    Turned,
    /// Their mean.
    Mean,
    /// The mean of the left one and the right one turned over.
    TurnedMean,
}

/// What is wrong with two channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// This channel, 0 or 1, is silent and the other is not.
    Dead(usize),
    /// The right channel is the left one turned over.
    Inverted,
}

/// Two channels are opposite to each other where they are less alike than this, from -1 to 1.
pub(crate) const OPPOSITE: f64 = -0.9;

impl Sides {
    /// How a take of so many channels is heard in an episode of so many.
    pub(crate) fn of(found: &Findings, recorded: u16, channels: u16) -> Self {
        match (found.defect, recorded, channels) {
            (_, 1, _) => Self::AsRecorded,
            _ if found.twins => Self::One(0),
            (Some(Defect::Dead(side)), ..) => Self::One(1 - side),
            (Some(Defect::Inverted), _, 1) => Self::TurnedMean,
            (Some(Defect::Inverted), ..) => Self::Turned,
            (None, _, 1) => Self::Mean,
            (None, ..) => Self::AsRecorded,
        }
    }

    /// The channels that are left of so many.
    pub(crate) fn channels(self, recorded: u16) -> u16 {
        match self {
            Self::AsRecorded => recorded,
            Self::Turned => 2,
            Self::One(_) | Self::Mean | Self::TurnedMean => 1,
        }
    }

    /// Whether it sounds otherwise than either channel alone, or than both together.
    pub(crate) fn is_new(self) -> bool {
        matches!(self, Self::Turned | Self::Mean | Self::TurnedMean)
    }

    /// What is heard of interleaved frames; in `one`, where it is one channel of two.
    pub(crate) fn hear<'a>(self, frames: &'a mut [f32], one: &'a mut Vec<f32>) -> &'a mut [f32] {
        let (pairs, _) = frames.as_chunks_mut::<2>();
        one.clear();
        match self {
            Self::AsRecorded => return frames,
            Self::Turned => {
                pairs.iter_mut().for_each(|[_, right]| *right = -*right);
                return frames;
            }
            Self::One(side) => one.extend(pairs.iter().map(|pair| pair[side])),
            Self::Mean => one.extend(pairs.iter().map(|[left, right]| (left + right) / 2.0)),
            Self::TurnedMean => one.extend(pairs.iter().map(|[left, right]| (left - right) / 2.0)),
        }
        one
    }
}

impl Defect {
    /// What was done about it.
    pub(super) fn effect(self) -> Figure {
        let (what, amount) = match self {
            Self::Dead(side) => ("silent channel that took the other's sound", side as f64 + 1.0),
            Self::Inverted => ("channel whose phase was turned", 2.0),
        };
        Figure { stage: "sides", what, amount, unit: "" }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Survey;
    use super::*;

    /// What is heard of a second of a tone in the left channel and, with this factor, in the right one; `[left,
    /// right]` as factors of the tone, or one alone.
    #[track_caller]
    fn check(right: f32, channels: u16, expected: &[f32]) {
        let tone: Vec<f32> = (0..48_000).map(|n| (n as f32 * 0.05).sin() * 0.5).collect();
        let spread = |factors: &[f32]| -> Vec<f32> {
            tone.iter().flat_map(|sample| factors.iter().map(move |by| sample * by)).collect()
        };
        let mut recorded = spread(&[1.0, right]);
        let mut survey = Survey::new(2);
        survey.push(&recorded);
        let sides = Sides::of(&survey.finish(), 2, channels);
        assert_eq!(usize::from(sides.channels(2)), expected.len(), "{sides:?}");
        assert!(*sides.hear(&mut recorded, &mut Vec::new()) == spread(expected), "{sides:?}");
    }

    #[test]
    fn two_channels_stay_what_they_are() {
        check(0.5, 2, &[1.0, 0.5]);
        check(0.5, 1, &[0.75]);
    }

    #[test]
    fn twins_are_heard_once() {
        check(1.0, 2, &[1.0]);
        check(1.0, 1, &[1.0]);
    }

    #[test]
    fn a_dead_channel_is_not_heard() {
        check(0.0, 2, &[1.0]);
        check(0.0, 1, &[1.0]);
    }

    #[test]
    fn channels_that_are_opposite_do_not_cancel_out() {
        check(-1.0, 2, &[1.0, 1.0]);
        check(-0.5, 2, &[1.0, 0.5]);
        check(-1.0, 1, &[1.0]);
        check(-0.5, 1, &[0.75]);
    }
}
