//! Parts of recordings: exactly what lies between two times, whatever the format.

use insta::assert_snapshot;
use lorecast_model::Seconds;
use lorecast_studio::Part;
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, fixture, mono};

/// How the part of a fixture differs from the same part of the whole, at most.
#[track_caller]
fn check(name: &str, from: f64, to: Option<f64>) {
    let desk = Desk::new();
    desk.master(&mono([fixture(name)])).unwrap();
    let whole = Sound::read(&desk.outputs().wav);
    let part = Part {
        file: fixture(name),
        from: Some(Seconds(from)),
        to: to.map(Seconds),
        ..Part::default()
    };
    let mut recipe = mono([]);
    recipe.parts.push(part);
    desk.master(&recipe).unwrap();
    let part = Sound::read(&desk.outputs().wav);
    let at = (from * 48_000.0).round() as usize;
    let end = to.map_or(whole.frames(), |to| (to * 48_000.0).round() as usize);
    assert!(part.frames().abs_diff(end - at) <= 1, "{name}: {} frames", part.frames());
    // Each is brought to the same loudness: compared in shape.
    let (a, b) = (&whole.samples[at..], &part.samples);
    let shared = 1000..b.len().min(a.len()) - 1000;
    let dot = |x: &[f32], y: &[f32]| -> f64 {
        shared.clone().map(|n| f64::from(x[n]) * f64::from(y[n])).sum()
    };
    let likeness = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
    assert!(likeness > 0.999, "{name}: {likeness}");
}

#[test]
fn a_part_of_each_format() {
    for name in ["tone.mp3", "tone.ogg", "tone.m4a"] {
        check(name, 0.3, Some(0.8));
        check(name, 0.5, None);
    }
    check("tone.flac", 0.05, Some(0.18));
    #[cfg(feature = "opus")]
    check("tone.opus", 0.25, Some(0.75));
}

/// A recording whose loudness tells where one is: 100 Hz more each second.
fn steps(desk: &Desk) -> camino::Utf8PathBuf {
    let sample = |n| {
        let second = f64::from(n / 44_100 + 1);
        let sample = (f64::from(n) / 44_100.0 * 100.0 * second * std::f64::consts::TAU).sin();
        (sample * 1_000_000.0) as i32
    };
    desk.wav_24("steps.wav", 44_100, 1, (0..10 * 44_100).map(sample))
}

#[test]
fn sections_of_one_recording_follow_each_other() {
    let desk = Desk::new();
    let file = steps(&desk);
    let mut recipe = mono([]);
    for (from, to, chapter) in [(6.0, 7.5, "two"), (1.0, 2.0, "one")] {
        recipe.parts.push(Part {
            file: file.clone(),
            from: Some(Seconds(from)),
            to: Some(Seconds(to)),
            chapter: Some(chapter.into()),
            ..Part::default()
        });
    }
    let master = desk.master(&recipe).unwrap();
    let starts: Vec<f64> = master.chapters.iter().map(|chapter| chapter.start.0).collect();
    assert_eq!(starts, [0.0, 2.0]);
    let sound = Sound::read(&desk.outputs().wav);
    let crossings = |from: f64, to: f64| {
        let at = |time: f64| (time * 48_000.0) as usize;
        let span = &sound.samples[at(from)..at(to)];
        span.windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count()
    };
    // 700 Hz, then 200 Hz.
    assert!(crossings(0.2, 0.7).abs_diff(700) < 10, "{}", crossings(0.2, 0.7));
    assert!(crossings(2.2, 2.7).abs_diff(200) < 10, "{}", crossings(2.2, 2.7));
}

#[test]
fn a_part_that_is_not_there() {
    let desk = Desk::new();
    let file = Tone::sine(440.0).write(desk.path("a.wav"));
    let error = |from, to| {
        let mut recipe = mono([file.clone()]);
        recipe.parts[0].from = Some(Seconds(from));
        recipe.parts[0].to = to;
        desk.error(&recipe)
    };
    assert_snapshot!(error(3.5, None), @"`DIR/a.wav` ends at 0:03.00, and a section is to begin at 0:03.50; correct `from:` in `episode.yaml`");
    assert_snapshot!(error(2.0, Some(Seconds(1.0))), @"cannot master: a section of `DIR/a.wav` is to end before it begins, at 0:02.00");
    // More frames than can be counted, and times that are none.
    assert_snapshot!(error(1e300, None), @"`DIR/a.wav` ends at 0:03.00, and a section is to begin at 51240955760304:18:36.15; correct `from:` in `episode.yaml`");
    assert_snapshot!(error(f64::NAN, Some(Seconds(f64::NEG_INFINITY))), @"cannot master: a section of `DIR/a.wav` is to end before it begins, at 0:00.00");
    let mut recipe = mono([fixture("tone.ogg")]);
    recipe.parts[0].from = Some(Seconds(1e300));
    assert!(desk.error(&recipe).contains("ends at 0:01.00"));
    recipe.parts[0].to = Some(Seconds(f64::INFINITY));
    recipe.parts[0].from = Some(Seconds(0.5));
    desk.master(&recipe).unwrap();
    recipe.parts[0].to = None;
    recipe.parts[0].from = Some(Seconds(1.5));
    let error = desk.error(&recipe).replace(fixture("").as_str(), "");
    assert_snapshot!(error, @"`tone.ogg` ends at 0:01.00, and a section is to begin at 0:01.50; correct `from:` in `episode.yaml`");
}
