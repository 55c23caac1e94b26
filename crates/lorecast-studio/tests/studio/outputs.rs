//! The files: the same bytes every time, whole or not at all.

use lorecast_studio::{Step, StudioError, master};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, recipe};

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
    assert_eq!(told, ["decode 1", "mix 1", "encode 1", "measure 1"]);
}
