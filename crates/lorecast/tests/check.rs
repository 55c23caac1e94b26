//! `check` through the command: the demo is clean, a mistake is found at its place, a fix undoes it.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::Path;

use serde_json::Value;
use show::{demo, lorecast_in};

const NOTES: &str = "episodes/2025-06-22/notes.md";

fn with_demo(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path(), "show");
    test(&folder.path().join("show"));
}

/// Puts a mistake into the notes; returns the exit code of `check` and what it found.
fn spoilt(show: &Path, from: &str, to: &str, extra: &[&str]) -> (i32, Value) {
    let notes = std::fs::read_to_string(show.join(NOTES)).unwrap();
    assert!(notes.contains(from), "the demo lost `{from}`:\n{notes}");
    std::fs::write(show.join(NOTES), notes.replacen(from, to, 1)).unwrap();
    let words = [&["check", "2025-06-22", "--format", "json"], extra].concat();
    let run = lorecast_in(show, &words);
    (run.code, serde_json::from_str(&run.stdout).unwrap())
}

#[test]
fn the_demo_is_clean() {
    with_demo(|show| {
        let (code, report) = spoilt(show, "", "", &[]);
        let errors: Vec<&Value> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["severity"] == "error")
            .collect();
        assert!(code == 0 && errors.is_empty(), "{errors:?}");
    });
}

#[test]
fn a_mistake_is_found_at_its_place_and_undone() {
    with_demo(|show| {
        let right = std::fs::read_to_string(show.join(NOTES)).unwrap();
        let (code, report) = spoilt(show, "Lina Torvik announced", "Lina Torvki announced", &[]);
        let all = report["findings"].as_array().unwrap();
        let finding = all.iter().find(|finding| finding["severity"] == "error").unwrap();
        assert_eq!((code, finding["rule"].as_str()), (1, Some("name")), "{report}");
        let line = finding["line"].as_u64().unwrap() as usize;
        assert!(right.lines().nth(line - 1).unwrap().contains("Lina Torvik announced"));
        let (code, report) = spoilt(show, "", "", &["--fix"]);
        assert_eq!((code, report["fixed"].as_u64()), (0, Some(1)), "{report}");
        assert_eq!(std::fs::read_to_string(show.join(NOTES)).unwrap(), right);
    });
}

#[test]
fn any_file_can_be_checked() {
    with_demo(|show| {
        std::fs::write(
            show.join("mine.md"),
            "# Mine\n\nSee https://lore.kernel.org/r/no@one.example/.\n",
        )
        .unwrap();
        let output = lorecast_in(show, &["check", "--notes", "mine.md"]);
        assert_eq!(output.code, 1);
        assert!(
            output.stdout.contains("mine.md:3:5: the message `no@one.example`"),
            "{}",
            output.stdout
        );
    });
}
