//! `draft --assist`: what a program offers is shown when the mails bear it out, and never otherwise.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use show::{Run, demo, lorecast_in};

const WEEK: &str = "2025-06-22";
const STORY: &str = "20250617122045.96885-1-bjorn@fjordlabs.example";

/// The demo's show without its last episode, and with a shell script as the assistant.
fn with_assistant(folder: &Path, script: &str) -> PathBuf {
    let root = demo(folder, "show");
    std::fs::write(root.join("write-story"), script).unwrap();
    let yaml = std::fs::read_to_string(root.join("show.yaml")).unwrap();
    std::fs::write(root.join("show.yaml"), yaml + "\nassistant: [sh, write-story]\n").unwrap();
    std::fs::remove_dir_all(root.join("episodes").join(WEEK)).unwrap();
    root
}

/// Drafts the demo's week anew with a shell script as the assistant, which answers about one story.
/// Returns the run, the notes and `episode.yaml`.
fn draft(answer: &str, options: &[&str]) -> (Run, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let script =
        format!("case \"$(cat)\" in *'\"story\":{{\"id\":\"{STORY}\"'*) {answer};; esac\n");
    let root = with_assistant(folder.path(), &script);
    let args: Vec<&str> = ["draft", "--week", WEEK].iter().chain(options).copied().collect();
    let run = lorecast_in(&root, &args);
    let read = |name| std::fs::read_to_string(root.join("episodes").join(WEEK).join(name)).unwrap();
    (run, read("notes.md"), read("episode.yaml"))
}

/// The note about the assistant, and how many stories are its own.
fn check(answer: &str) -> String {
    let (run, notes, episode) = draft(answer, &["--assist"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let marked = notes.matches("<!-- by the assistant").count();
    assert_eq!(marked, episode.matches("assisted: true").count());
    let note = run.stderr.lines().find(|line| line.contains("assistant")).unwrap_or("");
    format!("{note}\n{marked} assisted")
}

const TRUE: &str =
    "echo 'Bjørn Ørskov-Lind is back with version 4: “Give each queue a budget of its own”.'";
const FALSE: &str =
    "echo 'Bjørn Ørskov-Lind is back with version 4: “Give each queue a pony of its own”.'";

#[test]
fn what_the_mails_bear_out_is_shown_and_marked() {
    assert_snapshot!(check(TRUE), @"1 assisted");
    let (_, notes, _) = draft(TRUE, &["--assist"]);
    assert!(notes.contains("-->\n\nBjørn Ørskov-Lind is back with version 4"), "{notes}");
}

#[test]
fn a_lie_is_refused_with_the_reason_and_the_drafts_own_words_stay() {
    assert_snapshot!(check(FALSE), @r"
    note: the assistant’s words for “net: a busy polling budget for each queue” (`20250617122045.96885-1-bjorn@fjordlabs.example`) are not shown: no mail of this story says “Give each queue a pony of its own”
    0 assisted
    ");
    let assisted = draft(FALSE, &["--assist"]);
    let alone = draft(FALSE, &[]);
    assert_eq!((assisted.1, assisted.2), (alone.1, alone.2));
}

#[test]
fn an_assistant_that_does_not_work_stops_nothing() {
    assert_snapshot!(check("head -c 10000000 /dev/zero"), @r"
    note: the assistant’s words for “net: a busy polling budget for each queue” (`20250617122045.96885-1-bjorn@fjordlabs.example`) are not shown: the assistant `sh` wrote more than 65536 bytes
    0 assisted
    ");
    assert_snapshot!(check("exit 1"), @r"
    note: the assistant’s words for “net: a busy polling budget for each queue” (`20250617122045.96885-1-bjorn@fjordlabs.example`) are not shown: the assistant `sh` failed: exit status: 1
    0 assisted
    ");
}

#[test]
fn without_the_option_it_is_not_run() {
    let (run, notes, _) = draft("touch was-run", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!notes.contains("assistant"));
    assert!(!run.stderr.contains("assistant"));
}

#[test]
fn an_interrupted_draft_leaves_nothing_running() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    let root = with_assistant(folder.path(), "exec 3>pipe; sleep 50 & echo started >&3; wait\n");
    assert!(Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
    let mut run = show::command(&root).args(["draft", "--week", WEEK, "--assist"]).spawn().unwrap();
    let mut pipe = BufReader::new(std::fs::File::open(root.join("pipe")).unwrap());
    let mut line = String::new();
    pipe.read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    let start = std::time::Instant::now();
    let kill = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    // The pipe ends when nobody is left who could write to it.
    pipe.read_to_string(&mut line).unwrap();
    assert!(start.elapsed().as_secs() < 20, "the assistant lives on");
}
