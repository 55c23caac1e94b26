//! The files: the same bytes every time, whole or not at all.

use lorecast_studio::{Recipe, Step, StudioError, master};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, Sound, recipe};

#[test]
fn equal_input_gives_equal_bytes() {
    let desk = Desk::new();
    let recipe = recipe([
        Tone::noise(7).rate(44_100).mono().write(desk.path("a.wav")),
        Tone::sine(440.0).write(desk.path("b.wav")),
    ]);
    let make = || {
        let master = desk.master(&recipe).unwrap();
        let outputs = desk.outputs();
        (master, std::fs::read(outputs.wav).unwrap(), std::fs::read(outputs.mp3).unwrap())
    };
    let (first, second) = (make(), make());
    assert!(first == second);
    assert_eq!(first.0.enclosure.bytes, first.2.len() as u64);
    assert_eq!(first.0.enclosure.file, "master.mp3");
}

#[test]
fn a_failed_run_leaves_the_earlier_files() {
    let desk = Desk::new();
    std::fs::write(desk.outputs().wav, "earlier wav").unwrap();
    std::fs::write(desk.outputs().mp3, "earlier mp3").unwrap();
    let good = Tone::sine(440.0).write(desk.path("a.wav"));
    desk.master(&recipe([good, desk.path("missing.wav")])).unwrap_err();
    assert_eq!(std::fs::read_to_string(desk.outputs().wav).unwrap(), "earlier wav");
    assert_eq!(std::fs::read_to_string(desk.outputs().mp3).unwrap(), "earlier mp3");
    assert_eq!(desk.names(), ["a.wav", "master.mp3", "master.wav"]);
}

#[test]
fn what_a_killed_run_left_is_taken_over() {
    let desk = Desk::new();
    std::fs::write(desk.path(".master.wav.part"), vec![7; 3_000_000]).unwrap();
    desk.master(&recipe([Tone::sine(440.0).write(desk.path("a.wav"))])).unwrap();
    assert_eq!(desk.names(), ["a.wav", "master.mp3", "master.wav"]);
    assert_eq!(std::fs::metadata(desk.outputs().wav).unwrap().len(), 44 + 3 * 48_000 * 4);
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let desk = Desk::new();
    let recipe = recipe([Tone::sine(440.0).write(desk.path("a.wav"))]);
    let mut inner = None;
    master(&recipe, &desk.outputs(), &mut |_, _| {
        inner.get_or_insert_with(|| desk.master(&recipe));
    })
    .unwrap();
    assert!(matches!(inner, Some(Err(StudioError::Busy { .. }))), "{inner:?}");
}

#[test]
fn folders_are_made() {
    let desk = Desk::new();
    let recipe = recipe([Tone::sine(440.0).write(desk.path("a.wav"))]);
    let outputs = lorecast_studio::Outputs {
        wav: desk.path("new/folder/m.wav"),
        mp3: desk.path("new/other/m.mp3"),
        report: None,
        cache: None,
    };
    master(&recipe, &outputs, &mut |_, _| {}).unwrap();
    assert!(outputs.wav.exists() && outputs.mp3.exists());
}

#[test]
fn an_output_that_cannot_be_written() {
    let desk = Desk::new();
    let take = Tone::sine(440.0).write(desk.path("a.wav"));
    std::fs::create_dir_all(desk.path("master.wav/inside")).unwrap();
    let error = desk.error(&recipe([take]));
    assert!(error.starts_with("cannot write `DIR/master.wav`: "), "{error}");
    assert_eq!(desk.names(), ["a.wav", "master.wav"]);
}

#[test]
fn every_step_is_told_and_ends_at_one() {
    let desk = Desk::new();
    let recipe = recipe([Tone::sine(440.0).write(desk.path("a.wav"))]);
    let mut last = Vec::<(Step, f64)>::new();
    master(&recipe, &desk.outputs(), &mut |step, share| {
        assert!((0.0..=1.0).contains(&share), "{step} {share}");
        last.retain(|(known, _)| *known != step);
        last.push((step, share));
    })
    .unwrap();
    let told: Vec<String> = last.iter().map(|(step, share)| format!("{step} {share}")).collect();
    assert_eq!(told, ["decode 1", "mix 1", "encode MP3 1", "measure MP3 1"]);
}

#[test]
fn any_number_of_threads_makes_the_same_bytes() {
    let desk = Desk::new();
    // Longer than two chunks of the encoder, loud and soft in turns.
    let files = [
        Tone::noise(7).seconds(14.0).mono().write(desk.path("a.wav")),
        Tone::spikes(3000.0).level(-20.0).seconds(6.0).write(desk.path("b.wav")),
        Tone::sine(440.0).seconds(6.0).mono().write(desk.path("c.wav")),
    ];
    let made = [1, 3].map(|threads| {
        let chain = lorecast_model::Chain::default();
        let mut recipe = Recipe { threads, chain, ..recipe(files.clone()) };
        recipe.parts.iter_mut().for_each(|part| part.voice = true);
        desk.master(&recipe).unwrap();
        let outputs = desk.outputs();
        (std::fs::read(outputs.wav).unwrap(), std::fs::read(outputs.mp3).unwrap())
    });
    assert!(made[0] == made[1]);
}

/// Chunks are encoded apart: a tone runs through every join as if there were none.
#[test]
fn joins_of_the_encoder_are_not_heard() {
    let desk = Desk::new();
    let tone = Tone::sine(440.0).seconds(26.0).write(desk.path("a.wav"));
    desk.master(&recipe([tone])).unwrap();
    let sound = Sound::read(&desk.outputs().mp3);
    assert_eq!(sound.frames(), 26 * 48_000);
    let left: Vec<f32> = sound.samples.iter().step_by(2).copied().collect();
    let inner = &left[4_800..left.len() - 4_800];
    let peak = inner.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    // A sine satisfies x[n+1] + x[n-1] = 2 cos(w) x[n] everywhere.
    let turn = 2.0 * (std::f32::consts::TAU * 440.0 / 48_000.0).cos();
    let worst = inner.windows(3).map(|w| (w[0] + w[2] - turn * w[1]).abs()).fold(0.0, f32::max);
    assert!(worst < peak * 0.01, "{worst} of {peak}");
}
