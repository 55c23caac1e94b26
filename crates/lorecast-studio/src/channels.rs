//! From the channels of a take to the channels of the episode.

use symphonia::core::audio::{Channels, Position};

/// A take's channels mixed to one or two.
pub(crate) struct ChannelMap {
    /// How much of each input channel goes to each output channel.
    weights: Vec<Vec<f32>>,
    inputs: usize,
    /// Whether every channel stays what it is.
    same: bool,
}

impl ChannelMap {
    /// Mono goes to both sides, stereo to mono as its mean. More channels are mixed as ITU-R BS.775
    /// mixes surround when their positions are known, else each goes to the middle, as suits the
    /// separate microphones of a field recorder. Sums never exceed full scale.
    pub(crate) fn new(from: &Channels, to: u16) -> Self {
        let inputs = from.count();
        let sides: Vec<(f32, f32)> = match (from, inputs) {
            (_, 1) => vec![(1.0, 1.0)],
            (_, 2) => vec![(1.0, 0.0), (0.0, 1.0)],
            (Channels::Positioned(positions), _) => positions.iter().map(side).collect(),
            _ => vec![(1.0, 1.0); inputs],
        };
        let weights = match to {
            1 => vec![sides.iter().map(|(left, right)| left + right).collect()],
            _ => vec![
                sides.iter().map(|(left, _)| *left).collect(),
                sides.iter().map(|(_, right)| *right).collect(),
            ],
        };
        let same = inputs == usize::from(to) && inputs <= 2;
        Self { weights: weights.into_iter().map(scaled_to_one).collect(), inputs, same }
    }

    /// Appends mixed frames.
    pub(crate) fn mix(&self, input: &[f32], out: &mut Vec<f32>) {
        if self.same {
            out.extend(input.iter().map(|sample| tamed(*sample)));
            return;
        }
        for frame in input.chunks_exact(self.inputs) {
            for weights in &self.weights {
                let sum: f32 = frame.iter().zip(weights).map(|(x, w)| tamed(*x) * w).sum();
                out.push(sum);
            }
        }
    }
}

/// 40 dB above full scale is more than any microphone means, and far from overflow.
fn tamed(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-100.0, 100.0) } else { 0.0 }
}

fn side(position: Position) -> (f32, f32) {
    const HALF_POWER: f32 = std::f32::consts::FRAC_1_SQRT_2;
    if position == Position::FRONT_LEFT {
        (1.0, 0.0)
    } else if position == Position::FRONT_RIGHT {
        (0.0, 1.0)
    } else if (Position::LFE1 | Position::LFE2).contains(position) {
        (0.0, 0.0)
    } else if (Position::SIDE_LEFT | Position::REAR_LEFT | Position::FRONT_LEFT_CENTER)
        .contains(position)
    {
        (HALF_POWER, 0.0)
    } else if (Position::SIDE_RIGHT | Position::REAR_RIGHT | Position::FRONT_RIGHT_CENTER)
        .contains(position)
    {
        (0.0, HALF_POWER)
    } else {
        (HALF_POWER, HALF_POWER)
    }
}

fn scaled_to_one(weights: Vec<f32>) -> Vec<f32> {
    let sum: f32 = weights.iter().sum();
    let scale = if sum > 1.0 { 1.0 / sum } else { 1.0 };
    weights.into_iter().map(|weight| weight * scale).collect()
}

/// Whether both sides of a stereo sound are the same.
#[inline(always)]
pub(crate) fn are_twins(frames: &[f32]) -> bool {
    // All are looked at, which compilers turn into vector instructions.
    let mut same = true;
    for [left, right] in frames.as_chunks::<2>().0 {
        same &= left == right;
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use symphonia::core::audio::layouts::CHANNEL_LAYOUT_5P1;

    #[track_caller]
    fn check(from: Channels, to: u16, frame: &[f32], expected: &[f32]) {
        let mut out = Vec::new();
        ChannelMap::new(&from, to).mix(frame, &mut out);
        let rounded: Vec<f32> = out.iter().map(|x| (x * 1000.0).round() / 1000.0).collect();
        assert_eq!(rounded, expected);
    }

    #[test]
    fn each_layout_keeps_its_sides() {
        check(Channels::Discrete(1), 2, &[0.5], &[0.5, 0.5]);
        check(Channels::Discrete(1), 1, &[0.5], &[0.5]);
        check(Channels::Discrete(2), 2, &[0.5, -0.25], &[0.5, -0.25]);
        check(Channels::Discrete(2), 1, &[0.5, 0.25], &[0.375]);
        check(Channels::Discrete(4), 2, &[1.0, 0.0, 0.0, 0.0], &[0.25, 0.25]);
    }

    #[test]
    fn surround_drops_the_subwoofer_and_never_exceeds_full_scale() {
        check(CHANNEL_LAYOUT_5P1, 2, &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0], &[0.0, 0.0]);
        check(CHANNEL_LAYOUT_5P1, 2, &[1.0; 6], &[1.0, 1.0]);
        check(CHANNEL_LAYOUT_5P1, 1, &[1.0; 6], &[1.0]);
    }

    #[test]
    fn what_is_not_a_number_is_silence() {
        check(Channels::Discrete(2), 2, &[f32::NAN, f32::INFINITY], &[0.0, 0.0]);
    }
}
