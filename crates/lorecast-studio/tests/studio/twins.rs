//! An episode whose sides are the same is encoded once, and nobody hears that.

use lorecast_model::{Formats, Mp3Format};
use lorecast_studio::Recipe;
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, recipe};

/// Masters it, and hands on what is decoded from the MP3. In no tenth of a second it may be nearer to the WAV
/// than `decibels` below the sound.
#[track_caller]
fn check(desk: &Desk, mp3: Mp3Format, parts: &[camino::Utf8PathBuf], decibels: f64) -> Sound {
    let formats = Formats { mp3, ..Formats::default() };
    desk.master(&Recipe { formats, ..recipe(parts.to_vec()) }).unwrap();
    let [wav, mp3] = [desk.outputs().wav, desk.outputs().mp3].map(|file| Sound::read(&file));
    assert_eq!(mp3.samples.len(), wav.samples.len());
    let windows = wav.samples.chunks(9_600).zip(mp3.samples.chunks(9_600));
    for (number, (wav, mp3)) in windows.enumerate() {
        let power = |samples: &mut dyn Iterator<Item = f32>| -> f64 {
            samples.map(|sample| f64::from(sample).powi(2)).sum::<f64>() + 1e-3
        };
        let noise = power(&mut wav.iter().zip(mp3).map(|(wav, mp3)| wav - mp3));
        let ratio = 10.0 * (power(&mut wav.iter().copied()) / noise).log10();
        let is_sound = wav.iter().any(|sample| sample.abs() > 0.05);
        assert!(!is_sound || ratio > decibels, "{:.1} s: {ratio:.1} dB", number as f64 / 10.0);
    }
    mp3
}

fn constant(kbps: u16) -> Mp3Format {
    Mp3Format { kbps: Some(kbps), vbr: None }
}

fn are_twins(samples: &[f32]) -> bool {
    samples.as_chunks::<2>().0.iter().all(|[left, right]| left == right)
}

/// One take in several chunks, whose joins are not heard.
#[test]
fn one_voice_is_the_same_on_both_sides() {
    let desk = Desk::new();
    let tone = Tone::sine(440.0).seconds(52.0).mono().write(desk.path("a.wav"));
    for mp3 in [constant(128), constant(80), Mp3Format { kbps: None, vbr: Some(4) }] {
        let sound = check(&desk, mp3, std::slice::from_ref(&tone), 35.0);
        assert!(are_twins(&sound.samples), "{mp3:?}");
    }
}

/// The lowest rate has no narrower one, and is stereo as it was.
#[test]
fn the_lowest_rate() {
    let desk = Desk::new();
    let tone = Tone::sine(440.0).mono().write(desk.path("a.wav"));
    assert!(are_twins(&check(&desk, constant(64), &[tone], 35.0).samples));
}

/// Music in stereo, then a voice: one chunk has two sides, the next has twins.
#[test]
fn stereo_passes_into_twins() {
    let desk = Desk::new();
    let two = |frame: u32| [440.0, 660.0].map(|hertz| (f64::from(frame) * hertz, 0.2));
    let wave = |(turns, level): (f64, f64)| {
        ((turns / 48_000.0 * std::f64::consts::TAU).sin() * level) as f32
    };
    let music: Vec<f32> = (0..20 * 48_000).flat_map(two).map(wave).collect();
    let music = desk.wav("music.wav", 48_000, 2, &music);
    let voice = Tone::sine(440.0).seconds(34.0).mono().write(desk.path("voice.wav"));
    let sound = check(&desk, constant(128), &[music, voice], 30.0);
    let at = |seconds: usize| seconds * 48_000 * 2;
    assert!(!are_twins(&sound.samples[at(1)..at(2)]));
    assert!(are_twins(&sound.samples[at(26)..]));
}
