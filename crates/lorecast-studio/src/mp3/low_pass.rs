//! Takes away what lies above the band that a bit rate has room for.
//!
//! LAME does that itself, but leaves mono half as much again as stereo (`lame.c`, `lame_init_params`). Mono
//! frames that become stereo ones have no bits for it.

use std::f64::consts::PI;

use crate::SAMPLE_RATE;
use crate::widest::widest;

/// Taps before and behind a sample: a transition of 2 kHz.
const HALF: usize = 31;
/// Taps that are worked on together.
const GROUP: usize = 4;
/// Samples that are worked on at once, which a processor keeps at hand.
const BLOCK: usize = 2048;

/// The end of the band that LAME gives stereo of this bit rate (`lame.c`, `optimum_bandwidth`), in Hz;
/// `None` where mono has no more.
pub(super) fn band(kbps: u16) -> Option<f64> {
    match kbps {
        ..96 => Some(13_500.0),
        96 => Some(15_100.0),
        112 => Some(15_600.0),
        128 => Some(17_000.0),
        160 => Some(17_500.0),
        192 => Some(18_600.0),
        224 => Some(19_400.0),
        _ => None,
    }
}

/// The sound below `hertz`, not moved in time. Before and behind it is silence.
pub(super) fn low_pass(samples: &[f32], hertz: f64) -> Vec<f32> {
    let taps = taps(hertz);
    let mut padded = vec![0.0; HALF];
    padded.extend_from_slice(samples);
    padded.resize(samples.len() + 2 * HALF, 0.0);
    let mut out = vec![0.0; samples.len()];
    widest(
        #[inline(always)]
        || add(&padded, &taps, &mut out),
    );
    out
}

#[inline(always)]
fn add(padded: &[f32], taps: &[f32; HALF + 1], out: &mut [f32]) {
    for (out, at) in out.chunks_mut(BLOCK).zip((0..).step_by(BLOCK)) {
        let around = &padded[at..at + out.len() + 2 * HALF];
        let count = out.len();
        // Each group over the whole block, which compilers turn into vector instructions.
        for (taps, first) in taps.as_chunks::<GROUP>().0.iter().zip((0..).step_by(GROUP)) {
            let before: [&[f32]; GROUP] =
                std::array::from_fn(|tap| &around[first + tap..][..count]);
            let behind: [&[f32]; GROUP] =
                std::array::from_fn(|tap| &around[2 * HALF - first - tap..][..count]);
            for (at, sum) in out.iter_mut().enumerate() {
                for tap in 0..GROUP {
                    *sum += taps[tap] * (before[tap][at] + behind[tap][at]);
                }
            }
        }
    }
}

const _: () = assert!((HALF + 1).is_multiple_of(GROUP));

/// A sinc under a Hann window, from its start to its middle, which counts twice. All together are 1.
fn taps(hertz: f64) -> [f32; HALF + 1] {
    let cut = 2.0 * hertz / f64::from(SAMPLE_RATE);
    let tap = |at: usize| {
        let from_middle = PI * (at as f64 - HALF as f64);
        let window = 0.5 + 0.5 * (from_middle / (HALF + 1) as f64).cos();
        match at {
            HALF => cut / 2.0,
            _ => (from_middle * cut).sin() / from_middle * window,
        }
    };
    let taps: [f64; HALF + 1] = std::array::from_fn(tap);
    let sum = 2.0 * taps.iter().sum::<f64>();
    taps.map(|tap| (tap / sum) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The level of a sine in dB once what is above 17 kHz is taken away.
    #[track_caller]
    fn check(hertz: f64, levels: std::ops::RangeInclusive<f64>) {
        let step = 2.0 * PI * hertz / f64::from(SAMPLE_RATE);
        let sine: Vec<f32> = (0..9_600).map(|n| (f64::from(n) * step).sin() as f32).collect();
        let found = low_pass(&sine, 17_000.0);
        let power = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
        let level = 10.0 * (power(&found) / power(&sine)).log10();
        assert!(levels.contains(&level), "{hertz} Hz: {level:.2} dB");
    }

    #[test]
    fn the_band_stays_and_the_rest_goes() {
        check(100.0, -0.01..=0.01);
        check(15_000.0, -0.1..=0.1);
        check(17_000.0, -6.5..=-5.5);
        check(19_000.0, -99.0..=-40.0);
    }

    #[test]
    fn nothing_moves() {
        let mut click = vec![0.0; 5_000];
        click[2_500] = 1.0;
        let found = low_pass(&click, 17_000.0);
        let symmetric = (0..100).all(|n| found[2_500 - n] == found[2_500 + n]);
        assert!(symmetric && found[2_500] > 0.7, "{}", found[2_500]);
        assert_eq!(low_pass(&[], 17_000.0), [0.0; 0]);
    }
}
