//! The second run makes only what changed.

use lorecast_model::Chain;
use lorecast_studio::{Outputs, Recipe, ReportFiles, Step, master};
use lorecast_testkit::tone::Tone;

use crate::desk::{Desk, made_before, recipe};

/// Three takes with chapters, through the chain.
fn three(desk: &Desk) -> Recipe {
    let files = ["a", "b", "c"].map(|name| {
        Tone::noise(name.as_bytes()[0].into()).mono().write(desk.path(&format!("{name}.wav")))
    });
    let mut recipe = Recipe { chain: Chain::default(), ..recipe(files) };
    for (part, title) in recipe.parts.iter_mut().zip(["Hello", "Memory", "Drivers"]) {
        part.chapter = Some(title.to_owned());
        part.voice = true;
    }
    recipe
}

fn with_cache(desk: &Desk) -> Outputs {
    Outputs { cache: Some(desk.path("cache")), ..desk.outputs() }
}

fn make(recipe: &Recipe, outputs: &Outputs) -> Result<(Vec<u8>, Vec<u8>), String> {
    master(recipe, outputs, &mut |_, _| {}).map_err(|error| error.to_string())?;
    Ok((std::fs::read(&outputs.wav).unwrap(), std::fs::read(&outputs.mp3).unwrap()))
}

#[test]
fn a_cache_changes_no_byte() {
    let desk = Desk::new();
    let recipe = three(&desk);
    let plain = make(&recipe, &desk.outputs()).unwrap();
    let outputs = with_cache(&desk);
    for run in ["first", "second"] {
        assert!(make(&recipe, &outputs).unwrap() == plain, "{run}");
    }
    std::fs::remove_dir_all(desk.path("cache")).unwrap();
    assert!(make(&recipe, &outputs).unwrap() == plain, "after it was deleted");
}

#[test]
fn without_a_change_there_is_nothing_to_make() {
    let desk = Desk::new();
    let (recipe, outputs) = (three(&desk), with_cache(&desk));
    assert_eq!(made_before(&recipe, &outputs), None);
    let made = master(&recipe, &outputs, &mut |_, _| {}).unwrap();
    assert_eq!(made_before(&recipe, &outputs), Some(made));
    assert_eq!(made_before(&recipe, &desk.outputs()), None, "without a cache");
    let mut other = recipe.clone();
    other.tags.title = "Another title".to_owned();
    assert_eq!(made_before(&other, &outputs), None);
    let mut other = recipe.clone();
    other.chain.compressor.ratio = 4.0;
    assert_eq!(made_before(&other, &outputs), None);
    std::fs::write(&outputs.mp3, "an editor was here").unwrap();
    assert_eq!(made_before(&recipe, &outputs), None);
}

#[test]
fn a_master_without_its_report_is_made_again() {
    let desk = Desk::new();
    let report = ReportFiles::beside(&desk.path("master"));
    let outputs = Outputs { report: Some(report.clone()), ..with_cache(&desk) };
    let recipe = three(&desk);
    master(&recipe, &outputs, &mut |_, _| {}).unwrap();
    assert!(made_before(&recipe, &outputs).is_some());
    std::fs::write(&report.page, "of another master").unwrap();
    assert_eq!(made_before(&recipe, &outputs), None);
}

#[test]
fn a_take_that_was_recorded_again_is_worked_on_and_no_other() {
    let desk = Desk::new();
    let (mut recipe, outputs) = (three(&desk), with_cache(&desk));
    make(&recipe, &outputs).unwrap();
    let before = desk.names_in("cache");
    Tone::sine(300.0).mono().write(desk.path("b.wav"));
    recipe.only = Some("memory".to_owned());
    make(&recipe, &outputs).unwrap();
    let after = desk.names_in("cache");
    // One part and one record.
    assert_eq!(after.iter().filter(|name| !before.contains(name)).count(), 2);
    recipe.only = None;
    let found = made_before(&recipe, &outputs);
    assert!(found.is_some(), "`only` changes no output");
}

#[test]
fn only_one_section_does_not_touch_the_others() {
    let desk = Desk::new();
    let (mut recipe, outputs) = (three(&desk), with_cache(&desk));
    make(&recipe, &outputs).unwrap();
    Tone::sine(300.0).mono().write(desk.path("b.wav"));
    for only in ["Drivers", "3", "c"] {
        recipe.only = Some(only.to_owned());
        let error = make(&recipe, &outputs).unwrap_err();
        assert!(error.contains("b.wav` is of another section"), "{error}");
    }
    recipe.only = Some("Network".to_owned());
    let error = make(&recipe, &outputs).unwrap_err();
    assert_eq!(
        error,
        "cannot master: no section `Network`; there are `Hello`, `Memory`, `Drivers`"
    );
}

#[test]
fn a_take_with_another_name_is_found_and_told_by_it() {
    let desk = Desk::new();
    let (mut recipe, outputs) = (three(&desk), with_cache(&desk));
    make(&recipe, &outputs).unwrap();
    std::fs::rename(desk.path("b.wav"), desk.path("new.wav")).unwrap();
    recipe.parts[1].file = desk.path("new.wav");
    recipe.only = Some("Hello".to_owned());
    let made = master(&recipe, &outputs, &mut |_, _| {}).unwrap();
    let takes: Vec<_> = made.effects.iter().map(|effect| effect.take.as_str()).collect();
    assert!(takes.contains(&"new.wav") && !takes.contains(&"b.wav"), "{takes:?}");
}

/// A run that stops while it encodes has its parts in the cache.
#[test]
fn what_a_stopped_run_did_is_not_lost() {
    let desk = Desk::new();
    let (mut recipe, outputs) = (three(&desk), with_cache(&desk));
    let stopped = std::panic::catch_unwind(|| {
        master(&recipe, &outputs, &mut |step, _| {
            assert!(!matches!(step, Step::Encode(_)), "stopped")
        })
    });
    assert!(stopped.is_err() && !outputs.mp3.exists());
    recipe.only = Some("Hello".to_owned());
    make(&recipe, &outputs).unwrap();
}

#[test]
fn a_folder_that_cannot_be_made_is_no_error() {
    let desk = Desk::new();
    let recipe = three(&desk);
    let outputs = Outputs { cache: Some(desk.path("a.wav/cache")), ..desk.outputs() };
    make(&recipe, &outputs).unwrap();
    assert_eq!(made_before(&recipe, &outputs), None);
}
