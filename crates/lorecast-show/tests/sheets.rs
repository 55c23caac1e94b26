//! The notes of an episode as several people save them.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_model::{EpisodeId, Sheet};
use lorecast_show::{Outcome, Saved, Scaffold, ShowDir, ShowError, create};

/// A show with an episode whose notes are these.
fn show(folder: &Utf8Path, notes: &str) -> ShowDir {
    let root = folder.join("show");
    let scaffold = Scaffold { title: "T", author: "A", url: "https://a.example/" };
    let show = create(&root, &scaffold).unwrap();
    let dir = show.episode_dir(EpisodeId::new("2026-03-01").unwrap());
    std::fs::create_dir_all(dir.path()).unwrap();
    std::fs::write(dir.file("notes.md"), notes).unwrap();
    show
}

/// Saves words against `base` and gives what became of them, and of the file.
fn check(notes: &str, base: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let show = show(Utf8Path::from_path(folder.path()).unwrap(), notes);
    let dir = show.episode_dir(EpisodeId::new("2026-03-01").unwrap());
    let saved = dir.save(Sheet::Notes, |all| Some(0..all.len()), base, text).unwrap();
    let said = match saved {
        Saved::Kept(Outcome::Same) => "same".to_owned(),
        Saved::Kept(_) => "kept".to_owned(),
        Saved::Conflict { both, .. } => format!("conflict {:?}", both.text),
        Saved::Gone => "gone".to_owned(),
    };
    format!("{said} {:?}", std::fs::read_to_string(dir.file("notes.md")).unwrap())
}

#[test]
fn what_both_write_is_kept() {
    assert_snapshot!(check("A\n\nb\n", "a\n\nb\n", "a\n\nB\n"), @r#"kept "A\n\nB\n""#);
    assert_snapshot!(check("A\n", "a\n", "A\n"), @r#"same "A\n""#);
    assert_snapshot!(check("A\n\n\n", "a\n", "a"), @r#"same "A\n\n\n""#);
}

#[test]
fn the_same_line_of_both_is_shown_and_nothing_written() {
    assert_snapshot!(check("A\n", "a\n", "Ä\n"), @r#"conflict "<<<<<<< saved meanwhile\nA\n=======\nÄ\n>>>>>>> yours\n" "A\n""#);
}

#[test]
fn a_conflict_with_a_draft_is_settled_by_saving_one_side() {
    let both = "a\n\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> new draft\n";
    assert_snapshot!(check(both, both, "a\n\nc\n"), @r#"kept "a\n\nc\n""#);
}

#[test]
fn lines_go_on_to_end_as_they_did() {
    assert_snapshot!(check("a\r\n\r\nb\r\n", "a\n\nb\n", "a\n\nB\n"), @r#"kept "a\r\n\r\nB\r\n""#);
}

#[test]
fn who_wants_the_same_episode_waits() {
    let folder = tempfile::tempdir().unwrap();
    let show = show(Utf8Path::from_path(folder.path()).unwrap(), "");
    let (id, other) =
        (EpisodeId::new("2026-03-01").unwrap(), EpisodeId::new("2026-03-08").unwrap());
    let held = show.hold(id).unwrap();
    drop(show.hold(other).unwrap());
    let (told, heard) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _held = show.hold(id).unwrap();
            told.send("mine").unwrap();
        });
        assert!(heard.try_recv().is_err());
        drop(held);
        assert_eq!(heard.recv().unwrap(), "mine");
    });
}

#[test]
fn a_full_disk_is_told_from_other_trouble() {
    let error =
        |kind: std::io::ErrorKind| ShowError::Write { path: "a".into(), source: kind.into() };
    assert!(error(std::io::ErrorKind::StorageFull).is_full());
    assert!(!error(std::io::ErrorKind::PermissionDenied).is_full());
}
