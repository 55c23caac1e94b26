//! Every sound comes out equally loud, without a peak above -1 dBTP.

use lorecast_studio::Recipe;
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, mono, recipe};

/// Masters the tones and measures both files.
#[track_caller]
fn check(tones: &[Tone], channels: u16) {
    let desk = Desk::new();
    let files: Vec<_> = tones
        .iter()
        .enumerate()
        .map(|(number, tone)| tone.write(desk.path(&format!("{number}.wav"))))
        .collect();
    let recipe: Recipe = if channels == 1 { mono(files) } else { recipe(files) };
    let master = desk.master(&recipe).unwrap();
    for file in [desk.outputs().wav, desk.outputs().mp3] {
        let (loudness, peak) = Sound::read(&file).measure();
        let miss = loudness - recipe.loudness.0;
        assert!(miss.abs() <= 0.3, "{file}: {loudness:.2} LUFS");
        assert!(peak <= -1.0, "{file}: {peak:.2} dBTP");
    }
    let (loudness, peak) = Sound::read(&desk.outputs().mp3).measure();
    assert!((master.loudness.0 - loudness).abs() < 0.05, "{master:?} {loudness}");
    assert!((master.true_peak.0 - peak).abs() < 0.05, "{master:?} {peak}");
}

#[test]
fn a_quiet_tone() {
    check(&[Tone::sine(997.0).level(-50.0)], 2);
    check(&[Tone::sine(997.0).level(-50.0).mono()], 1);
}

#[test]
fn noise_that_clips() {
    check(&[Tone::noise(1).level(12.0)], 2);
    check(&[Tone::noise(1).level(12.0)], 1);
}

#[test]
fn other_rates_and_channels() {
    check(&[Tone::noise(2).rate(22_050).mono()], 2);
    check(&[Tone::sine(440.0).rate(44_100).mono()], 2);
    check(&[Tone::noise(3).rate(96_000)], 1);
}

#[test]
fn a_quiet_take_is_not_drowned_by_a_loud_jingle() {
    let jingle = Tone::noise(4).level(0.0).seconds(2.0);
    let take = Tone::sine(500.0).level(-45.0).seconds(4.0).mono();
    check(&[jingle.clone(), take.clone()], 2);

    let desk = Desk::new();
    let files = [jingle.write(desk.path("jingle.wav")), take.write(desk.path("take.wav"))];
    desk.master(&recipe(files)).unwrap();
    let sound = Sound::read(&desk.outputs().wav);
    let part = |from: f64, to: f64| {
        let at = |time: f64| (time * 48_000.0) as usize * 2;
        let samples = sound.samples[at(from)..at(to)].to_vec();
        Sound { samples, ..sound }.measure().0
    };
    let (jingle, take) = (part(0.1, 1.9), part(2.6, 6.4));
    assert!((jingle - take).abs() < 0.5, "jingle {jingle:.1}, take {take:.1}");
}

/// Bursts 30 dB above the rest: the limiter has to work without giving up the loudness.
#[test]
fn rare_peaks() {
    check(&[Tone::spikes(3000.0).level(-6.0).seconds(4.0)], 2);
    check(&[Tone::spikes(11_000.0).level(-20.0).rate(44_100).mono()], 1);
}

/// A click every sixth of a second and nothing between: a limiter that made it as loud would make it another
/// sound. It stays softer, within the peak, and that is told.
#[test]
fn clicks_alone_stay_softer_and_that_is_told() {
    let desk = Desk::new();
    let clicks: Vec<f32> = (0..240_000).map(|n| if n % 8_000 < 20 { 0.5 } else { 0.0 }).collect();
    let take = desk.wav("clicks.wav", 48_000, 1, &clicks);
    let master = desk.master(&recipe([take])).unwrap();
    let [effect] = &master.effects[..] else { panic!("{master:?}") };
    assert_eq!((effect.take.as_str(), effect.stage.as_str()), ("master.mp3", "loudness"));
    assert!((effect.amount - (-16.0 - master.loudness.0)).abs() < 0.01, "{master:?}");
    assert!(effect.amount > 1.0 && master.true_peak.0 <= -1.0, "{master:?}");
}

#[test]
fn silence_stays_silent() {
    let desk = Desk::new();
    let master = desk.master(&recipe([Tone::silence().write(desk.path("a.wav"))])).unwrap();
    assert_eq!(master.loudness.0, -70.0);
    assert!(master.true_peak.0 < -80.0);
    assert!(Sound::read(&desk.outputs().wav).peak_within(0.0, 3.0) < 0.0001);
}
