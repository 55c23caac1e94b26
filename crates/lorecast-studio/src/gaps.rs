//! Long pauses in a recording: where one section may end and another begin.

use camino::Utf8Path;
use lorecast_model::Seconds;

use crate::Result;
use crate::decode::{Take, TakeInfo};
use crate::listen::hear;

/// A stretch in which nobody speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Where the voice stops.
    pub from: Seconds,
    /// Where it goes on; at the start or end of the recording, that.
    pub to: Seconds,
}

impl Gap {
    /// How long it is.
    pub fn length(&self) -> Seconds {
        Seconds(self.to.0 - self.from.0)
    }
}

/// What a recording is, and where nobody speaks in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaps {
    /// The recording.
    pub info: TakeInfo,
    /// In order; one that touches the start or the end included.
    pub gaps: Vec<Gap>,
}

/// What is shorter is a breath or the end of a sentence.
const SHORTEST: f64 = 0.8;
/// A knock that is shorter does not end a pause.
const KNOCK: f64 = 0.08;
/// The step in which loudness is looked at, in seconds.
const STEP: f64 = 0.02;
/// Silence lies so many dB below the voice at least…
const BELOW_VOICE: f64 = 18.0;
/// …and at most: a digital silence tells nothing of the room.
const FAR_BELOW_VOICE: f64 = 45.0;
/// No room is as quiet, in dB.
const DIGITAL_SILENCE: f32 = -95.0;
/// And so many above the quietest of the room.
const ABOVE_ROOM: f64 = 8.0;

/// Finds the pauses of a recording that are longer than those between sentences.
///
/// # Errors
/// As [`crate::master`] has them for the same recording.
pub fn gaps(file: &Utf8Path) -> Result<Gaps> {
    let take = Take::open(file)?;
    let rate = take.rate;
    let frames = ((STEP * f64::from(rate)) as usize).max(1);
    let mut levels = Vec::new();
    let (mut power, mut taken) = (0.0f64, 0);
    let info = hear(take, &mut |samples| {
        for sample in samples {
            power += f64::from(*sample).powi(2);
            taken += 1;
            if taken == frames {
                levels.push(decibels(power / frames as f64));
                (power, taken) = (0.0, 0);
            }
        }
    })?;
    let step = frames as f64 / f64::from(rate);
    let gaps = find(&levels, step).into_iter().map(|(from, to)| Gap {
        from: Seconds(from as f64 * step),
        to: if to == levels.len() { info.length } else { Seconds(to as f64 * step) },
    });
    Ok(Gaps { gaps: gaps.collect(), info })
}

fn decibels(power: f64) -> f32 {
    (10.0 * power.max(1e-12).log10()) as f32
}

/// Runs of quiet steps, each from its first step to the one behind its last.
fn find(levels: &[f32], step: f64) -> Vec<(usize, usize)> {
    let Some(threshold) = threshold(levels) else { return Vec::new() };
    let steps = |seconds: f64| (seconds / step).round() as usize;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, level) in levels.iter().enumerate() {
        if *level > threshold {
            continue;
        }
        match runs.last_mut() {
            Some((_, end)) if at - *end <= steps(KNOCK) => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs.retain(|(from, to)| to - from >= steps(SHORTEST));
    runs
}

/// What is quieter is silence; `None` where there is no voice.
fn threshold(levels: &[f32]) -> Option<f32> {
    // What an editor cut out tells nothing of the room.
    let mut sorted: Vec<f32> =
        levels.iter().copied().filter(|level| *level > DIGITAL_SILENCE).collect();
    sorted.sort_by(f32::total_cmp);
    let share = |share: f64| sorted.get((sorted.len() as f64 * share) as usize).copied();
    let (room, voice) = (f64::from(share(0.05)?), f64::from(share(0.9)?));
    let threshold = (room + ABOVE_ROOM).clamp(voice - FAR_BELOW_VOICE, voice - BELOW_VOICE);
    (voice > -70.0).then_some(threshold as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The gaps of a sound drawn with a sign for each tenth of a second: `#` for a voice, `.` for the
    /// room, ` ` for digital silence.
    #[track_caller]
    fn check(drawn: &str, expected: &[(f64, f64)]) {
        let levels: Vec<f32> = drawn
            .chars()
            .flat_map(|sign| {
                let level = match sign {
                    '#' => -20.0,
                    '.' => -62.0,
                    _ => -120.0,
                };
                [level; 5]
            })
            .collect();
        let found: Vec<(f64, f64)> = find(&levels, STEP)
            .into_iter()
            .map(|(from, to)| (from as f64 * STEP, to as f64 * STEP))
            .map(|(from, to)| ((from * 10.0).round() / 10.0, (to * 10.0).round() / 10.0))
            .collect();
        assert_eq!(found, expected, "{drawn}");
    }

    #[test]
    fn only_long_pauses_count() {
        check("####....####..........####", &[(1.2, 2.2)]);
        check("..........####          ####..........", &[(0.0, 1.0), (1.4, 2.4), (2.8, 3.8)]);
        check("####", &[]);
        check("", &[]);
        check("                    ", &[]);
    }

    #[test]
    fn a_room_that_is_loud_is_still_a_room() {
        let levels: Vec<f32> =
            (0..300).map(|step| if (100..160).contains(&step) { -38.0 } else { -16.0 }).collect();
        assert_eq!(find(&levels, STEP), [(100, 160)]);
    }

    #[test]
    fn a_knock_does_not_end_a_pause() {
        let mut levels = [-20.0f32; 300];
        levels[100..200].fill(-60.0);
        levels[150..153].fill(-10.0);
        assert_eq!(find(&levels, STEP), [(100, 200)]);
    }
}
