//! Making a file, measuring it, and making it again when it misses.

use crate::Result;
use crate::meter::Reading;
use crate::programme::Setting;

/// The true peak that must not be passed, in dBTP (EBU R 128 s2, Apple, Spotify).
pub(crate) const HIGHEST_PEAK: f64 = -1.0;
/// How near the loudness has to come, in LU: within a tenth for any meter.
pub(crate) const NEAR: f64 = 0.07;
/// After so many attempts the loudness is as near as this sound allows; peaks go on counting.
const ATTEMPTS: usize = 6;
/// And after so many it is what it is; the reading says so.
const LAST_ATTEMPT: usize = 8;
/// Below the one, more gain only makes it flatter; above the other, a gate opened by chance.
const SLOPE: (f64, f64) = (0.2, 4.0);
/// The most that the gain is changed from the first setting, in dB.
const MOST_GAIN: f64 = 12.0;

/// Makes a file with `first` and, as long as loudness or peak miss, with corrected settings. Returns
/// the last setting and what was measured with it.
pub(crate) fn fit(
    target: f64,
    first: Setting,
    mut make: impl FnMut(Setting) -> Result<Reading>,
) -> Result<(Setting, Reading)> {
    let mut setting = first;
    let mut before = None;
    for attempt in 1.. {
        let reading = make(setting)?;
        tracing::debug!(attempt, ?setting, ?reading, "measured");
        let yields = before.map_or(1.0, |before| slope(before, (setting, reading)));
        match corrected(target, first, setting, reading, attempt, yields) {
            Some(next) if attempt < LAST_ATTEMPT => {
                before = Some((setting, reading));
                setting = next;
            }
            _ => return Ok((setting, reading)),
        }
    }
    unreachable!("the loop ends with its last attempt")
}

/// How much louder it got for each decibel of gain: less where the limiter works, more where the gate
/// of the measurement opens for what it left out.
fn slope(before: (Setting, Reading), now: (Setting, Reading)) -> f64 {
    let gain = now.0.gain - before.0.gain;
    match (before.1.loudness, now.1.loudness) {
        (Some(then), Some(now)) if gain.abs() > 0.01 => {
            ((now - then) / gain).clamp(SLOPE.0, SLOPE.1)
        }
        _ => 1.0,
    }
}

/// What to try next; `None` when it is right.
fn corrected(
    target: f64,
    first: Setting,
    setting: Setting,
    reading: Reading,
    attempt: usize,
    yields: f64,
) -> Option<Setting> {
    let miss = reading.loudness.map_or(0.0, |loudness| target - loudness);
    let over = reading.peak - HIGHEST_PEAK;
    let loud_enough = miss.abs() <= NEAR || attempt >= ATTEMPTS;
    if loud_enough && over <= 0.0 {
        return None;
    }
    let gain = if loud_enough { setting.gain } else { setting.gain + miss / yields };
    let gain = gain.clamp(first.gain - MOST_GAIN, first.gain + MOST_GAIN);
    // A little more than needed: the coding moves peaks about.
    let ceiling = if over > 0.0 { setting.ceiling - over - 0.1 } else { setting.ceiling };
    let next = Setting { gain, ceiling };
    (next != setting).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A make-believe chain that loses `loss` LU and overshoots the ceiling by `overshoot` dB.
    #[track_caller]
    fn check(loss: f64, overshoot: f64, attempts: usize) -> Reading {
        let mut made = 0;
        let first = Setting { gain: 0.0, ceiling: -1.5 };
        let (_, reading) = fit(-16.0, first, |setting| {
            made += 1;
            let loudness = Some(-16.0 + setting.gain - loss);
            Ok(Reading { loudness, peak: setting.ceiling + overshoot })
        })
        .unwrap();
        assert_eq!(made, attempts);
        assert!(reading.peak <= HIGHEST_PEAK);
        reading
    }

    #[test]
    fn a_hit_is_made_once_and_a_miss_twice() {
        check(0.05, 0.3, 1);
        check(1.5, 0.3, 2);
        check(0.0, 1.2, 2);
    }

    #[test]
    fn a_sound_that_cannot_be_that_loud_ends() {
        let reading = check(40.0, 0.0, 2);
        assert_eq!(reading.loudness, Some(-44.0));
    }

    /// Where the limiter takes half of every decibel, the second correction knows it.
    #[test]
    fn what_the_limiter_takes_is_made_up_for() {
        let mut made = 0;
        let first = Setting { gain: 0.0, ceiling: -1.5 };
        let (_, reading) = fit(-16.0, first, |setting| {
            made += 1;
            Ok(Reading { loudness: Some(-20.0 + setting.gain * 0.5), peak: setting.ceiling })
        })
        .unwrap();
        assert_eq!((made, reading.loudness), (3, Some(-16.0)));
    }

    #[test]
    fn silence_is_made_once() {
        let silence = Reading { loudness: None, peak: -120.0 };
        let first = Setting { gain: 0.0, ceiling: -1.5 };
        assert_eq!(fit(-16.0, first, |_| Ok(silence)).unwrap(), (first, silence));
    }
}
