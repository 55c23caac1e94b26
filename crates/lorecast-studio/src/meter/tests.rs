use ebur128::{EbuR128, Mode};
use lorecast_testkit::tone::Tone;

use super::*;

/// A sine of 1 kHz in as many channels as levels; each level a peak in dBFS.
fn sine(rate: u32, seconds: f64, levels: &[f64]) -> Vec<f32> {
    let step = std::f64::consts::TAU * 1000.0 / f64::from(rate);
    let amplitudes: Vec<f64> = levels.iter().map(|level| 10f64.powf(level / 20.0)).collect();
    (0..(seconds * f64::from(rate)) as u32)
        .flat_map(|n| amplitudes.iter().map(move |a| ((f64::from(n) * step).sin() * a) as f32))
        .collect()
}

fn metered(rate: u32, channels: u16, frames: &[f32]) -> Meter {
    let mut meter = Meter::new(rate, channels).unwrap();
    meter.push(frames);
    meter
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} instead of {expected}");
}

/// EBU Tech 3341 case 1, at every rate, and as short as one block or half of it.
#[test]
fn the_reference_tone_reads_minus_23() {
    for rate in [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000] {
        for seconds in [10.0, 0.4, 0.2] {
            let meter = metered(rate, 2, &sine(rate, seconds, &[-23.0; 2]));
            near(meter.integrated().unwrap().0, -23.0, 0.1);
            near(meter.true_peak().0, -23.0, 0.1);
        }
    }
}

/// Tech 3341 cases 4 and 5: what is far below the rest does not count.
#[test]
fn quiet_passages_are_gated() {
    for passages in [
        &[(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)][..],
        &[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)],
    ] {
        let mut meter = Meter::new(48_000, 2).unwrap();
        for (seconds, level) in passages {
            meter.push(&sine(48_000, *seconds, &[*level; 2]));
        }
        near(meter.integrated().unwrap().0, -23.0, 0.1);
    }
}

/// Tech 3341 case 6, with and without the low-frequency channel.
#[test]
fn surround_channels_have_their_weights() {
    let five = [-28.0, -28.0, -24.0, -30.0, -30.0];
    let six = [-28.0, -28.0, -24.0, -3.0, -30.0, -30.0];
    near(metered(48_000, 5, &sine(48_000, 20.0, &five)).integrated().unwrap().0, -23.0, 0.1);
    near(metered(48_000, 6, &sine(48_000, 20.0, &six)).integrated().unwrap().0, -23.0, 0.1);
    assert!(Meter::new(48_000, 7).is_none() && Meter::new(48_000, 0).is_none());
    assert!(Meter::new(7_999, 1).is_none() && Meter::new(400_000, 1).is_none());
}

/// Tech 3341 cases 10 and 13: windows that begin anywhere are met within 10 ms.
#[test]
fn short_events_are_found_wherever_they_begin() {
    for delay in [0.0, 0.02, 0.14, 0.33, 0.38] {
        for (length, of_short_term) in [(0.4, false), (3.0, true)] {
            let mut meter = Meter::new(48_000, 2).unwrap();
            meter.push(&vec![0.0; (delay * 48_000.0) as usize * 2]);
            meter.push(&sine(48_000, length, &[-23.0; 2]));
            meter.push(&vec![0.0; 96_000]);
            let highest = meter.ticks().iter().fold(0.0f32, |highest, tick| {
                highest.max(match of_short_term {
                    true => tick.loudest_short_term,
                    false => tick.loudest_momentary,
                })
            });
            near(loudness(highest).unwrap(), -23.0, 0.1);
        }
    }
}

/// Tech 3342 cases 1 to 3.
#[test]
fn the_range_is_that_of_the_passages() {
    for (first, second, expected) in
        [(-20.0, -30.0, 10.0), (-20.0, -15.0, 5.0), (-40.0, -20.0, 20.0)]
    {
        let mut meter = metered(48_000, 2, &sine(48_000, 20.0, &[first; 2]));
        meter.push(&sine(48_000, 20.0, &[second; 2]));
        near(meter.range().0, expected, 0.5);
    }
}

/// Tech 3341 cases 15 to 19: peaks that no sample holds.
#[test]
fn peaks_between_samples_are_found() {
    for (divisor, phase, amplitude) in [
        (4.0, 0.0, 0.5),
        (4.0, 45.0, 0.5),
        (6.0, 60.0, 0.5),
        (8.0, 67.5, 0.5),
        (4.0, 45.0, 1.41f64),
    ] {
        let tone: Vec<f32> = (0..48_000)
            .map(|n| {
                let turn = std::f64::consts::TAU / divisor * f64::from(n) + f64::to_radians(phase);
                let fade = (f64::from(n.min(47_999 - n)) / 480.0).min(1.0);
                (turn.sin() * amplitude * fade) as f32
            })
            .collect();
        let miss = metered(48_000, 1, &tone).true_peak().0 - 20.0 * amplitude.log10();
        assert!((-0.4..=0.2).contains(&miss), "fs/{divisor} at {phase}: {miss}");
    }
}

/// Noise of changing level, fed in odd pieces, against the crate, at every rate it shares with us.
#[test]
fn it_reads_what_the_ebur128_crate_reads() {
    for (rate, channels) in [(8_000, 1u16), (44_100, 2), (48_000, 2), (96_000, 2), (176_400, 1)] {
        let mut samples = Vec::new();
        for (seed, level) in [(1, -30.0), (2, -12.0), (3, -45.0), (4, -20.0)] {
            let noise = Tone::noise(seed).level(level).seconds(4.0).rate(rate);
            samples.extend(if channels == 1 { noise.mono() } else { noise }.samples());
        }
        let modes = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
        let mut reference = EbuR128::new(u32::from(channels), rate, modes).unwrap();
        reference.add_frames_f32(&samples).unwrap();
        let mut meter = Meter::new(rate, channels).unwrap();
        for piece in samples.chunks(777 * usize::from(channels)) {
            meter.push(piece);
        }
        near(meter.integrated().unwrap().0, reference.loudness_global().unwrap(), 0.01);
        near(meter.range().0, reference.loudness_range().unwrap(), 0.1);
        let peaks = (0..u32::from(channels)).map(|n| reference.true_peak(n).unwrap());
        near(meter.true_peak().0, 20.0 * peaks.fold(0.0, f64::max).log10(), 0.05);
    }
}

#[test]
fn silence_has_no_loudness() {
    let meter = metered(48_000, 1, &[0.0; 480_000]);
    assert_eq!((meter.integrated(), meter.range()), (None, Lu(0.0)));
    assert_eq!(meter.read(), Reading { loudness: None, peak: QUIETEST_PEAK });
    assert_eq!(Meter::new(48_000, 2).unwrap().integrated(), None);
}

#[test]
fn what_is_not_a_number_is_silence() {
    let mut tone = sine(48_000, 2.0, &[-23.0; 2]);
    tone.extend([f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::NAN]);
    tone.extend(sine(48_000, 2.0, &[-23.0; 2]));
    let meter = metered(48_000, 2, &tone);
    near(meter.integrated().unwrap().0, -23.0, 0.1);
    near(meter.true_peak().0, -23.0, 0.3);
}

#[test]
fn one_sample_and_half_a_frame() {
    let mut meter = Meter::new(48_000, 2).unwrap();
    meter.push(&[0.5]);
    assert_eq!(meter.integrated(), None);
    meter.push(&[0.5, 0.5]);
    assert!(meter.integrated().is_none_or(|lufs| lufs.0 < 0.0));
    near(meter.true_peak().0, -6.02, 0.01);
}

/// A dead channel weighs nothing: the other alone is 3 LU less than both.
#[test]
fn a_dead_channel() {
    let mut tone = sine(48_000, 5.0, &[-20.0; 2]);
    tone.iter_mut().skip(1).step_by(2).for_each(|sample| *sample = 0.0);
    let mut meter = metered(48_000, 2, &tone);
    near(meter.integrated().unwrap().0, -23.0, 0.1);
    let peaks = meter.take_peaks();
    assert!(peaks[0] > 0.09 && peaks[1] == 0.0);
}

/// A sound's end reaches into the next step, and the needle moves every 10 ms.
#[test]
fn the_needle_is_seen_a_hundred_times_a_second() {
    let mut hops = Vec::new();
    let mut meter = Meter::new(44_100, 1).unwrap();
    meter.push_watched(&sine(44_100, 4.0, &[-20.0]), &mut |hop| hops.push(hop));
    assert_eq!(hops.len(), 400);
    assert!(hops[38].momentary.is_none() && hops[39].momentary.is_some());
    assert!(hops[298].short_term.is_none() && hops[299].short_term.is_some());
}
