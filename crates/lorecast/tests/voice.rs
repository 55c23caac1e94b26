//! A script read by a program: any that takes text and writes WAV.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]
#![cfg(unix)]

mod show;

use std::path::Path;

use camino::Utf8Path;
use insta::assert_snapshot;
use lorecast_testkit::tone::Tone;
use serde_json::Value;
use show::{done, lorecast_in};

const ID: &str = "2025-06-22";
const EPISODE: &str = "\
title: One
window: {from: 2025-06-16, to: 2025-06-22}
chapters:
  - {title: Headlines, take: headlines}
  - {title: Memory, take: mm}
";
const SCRIPT: &str = "\
# One

Hello there.

## Headlines

Ann Example [AN ig-ZAM-pul] wrote version 4.11-rc8.
It works!

## Memory

A second paragraph. Ann Example agrees.
";
/// Writes down what it is told, and a tone of half a second.
const PROGRAM: &str = "cat >> said.txt; echo -- >> said.txt; cat tone.wav";

/// A show whose voice is a shell script, with a script and no takes.
fn with_voice(command: &[&str], test: impl FnOnce(&Path, &Utf8Path)) {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap();
    let episode = root.join("episodes").join(ID);
    std::fs::create_dir_all(episode.join("takes")).unwrap();
    let command = serde_json::to_string(command).unwrap();
    let show = format!(
        "title: Tiny\ndescription: Tones.\nauthor: Nobody\nurl: http://127.0.0.1:8700/\nprofile: general\nvoice: {{command: {command}}}\nsound: {{channels: 1, pause: 0.5, chain: {{silence: {{on: false}}}}}}\n"
    );
    std::fs::write(root.join("show.yaml"), show).unwrap();
    std::fs::write(root.join("people.yaml"), "- {name: Ann Example, say: AN ig-ZAM-pul}\n")
        .unwrap();
    std::fs::write(episode.join("episode.yaml"), EPISODE).unwrap();
    std::fs::write(episode.join("script.md"), SCRIPT).unwrap();
    std::fs::write(episode.join("notes.md"), "Hello.\n").unwrap();
    Tone::sine(440.0).mono().rate(22_050).seconds(0.5).write(root.join("tone.wav"));
    test(dir.path(), &episode);
}

fn error(show: &Path, args: &[&str]) -> String {
    let run = lorecast_in(show, args);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    run.stderr
}

#[test]
fn every_sentence_is_read_with_names_as_they_are_said() {
    with_voice(&["sh", "-c", PROGRAM], |show, episode| {
        let run = lorecast_in(show, &["master", ID, "--voice", "--format", "json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let told: Vec<&str> = run.stderr.lines().filter(|line| line.contains(": read, ")).collect();
        assert_eq!(told, ["Headlines: read, 3 sentences, 0:03", "Memory: read, 2 sentences, 0:01"]);
        let said = || std::fs::read_to_string(show.join("said.txt")).unwrap();
        assert_snapshot!(said(), @r"
        Hello there.
        --
        an igzampul wrote version four point eleven R C eight.
        --
        It works!
        --
        A second paragraph.
        --
        an igzampul agrees.
        --
        ");
        let master: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(master["synthetic"], serde_json::json!(["Headlines", "Memory"]));
        assert_snapshot!(std::fs::read_to_string(episode.join("episode.yaml")).unwrap(), @r#"
        title: One
        window: {from: 2025-06-16, to: 2025-06-22}
        chapters:
          - {title: "Headlines", take: "headlines", synthetic: true}
          - {title: "Memory", take: "mm", synthetic: true}
        "#);
        assert_snapshot!(std::fs::read_to_string(episode.join("voice/mm.json")).unwrap(), @r#"
        {
          "made_of": "c5737e39d9a4148f1b6362cf004aa76ce396fc293b45c8f750e6174f1ad7280c",
          "sentences": [
            {
              "text": "A second paragraph.",
              "from": 0.0,
              "to": 0.5
            },
            {
              "text": "Ann Example agrees.",
              "from": 0.8,
              "to": 1.3
            }
          ]
        }
        "#);
        assert_eq!(std::fs::read_dir(episode.join("takes")).unwrap().count(), 0);
        // Nothing is read twice, and a change only where it is.
        let before = said();
        done(show, &["master", ID, "--voice"]);
        assert_eq!(said(), before);
        std::fs::write(episode.join("script.md"), SCRIPT.replace("agrees", "sleeps")).unwrap();
        done(show, &["master", ID, "--voice"]);
        assert_eq!(said().matches("--").count(), before.matches("--").count() + 2, "{}", said());
    });
}

#[test]
fn a_real_recording_comes_before_a_machine() {
    with_voice(&["sh", "-c", PROGRAM], |show, episode| {
        done(show, &["master", ID, "--voice"]);
        let take = episode.join("takes/mm.wav");
        Tone::sine(300.0).mono().seconds(2.0).write(&take);
        let bytes = std::fs::read(&take).unwrap();
        let master: Value =
            serde_json::from_str(&done(show, &["master", ID, "--format", "json"])).unwrap();
        assert_eq!(master["synthetic"], serde_json::json!(["Headlines"]));
        let run = lorecast_in(show, &["master", ID, "--voice"]);
        assert!(run.stderr.contains("Memory: your recording"), "{}", run.stderr);
        assert_eq!(std::fs::read(&take).unwrap(), bytes);
        let plan = std::fs::read_to_string(episode.join("episode.yaml")).unwrap();
        assert_eq!(plan.matches("synthetic: true").count(), 1, "{plan}");
        // The show has no artwork.
        done(show, &["publish", "--to", "public", "--despite-lint"]);
        let feed = std::fs::read_to_string(show.join("public/feed.xml")).unwrap();
        assert!(feed.contains("“Headlines” is read by a synthetic voice."), "{feed}");
        assert!(feed.contains("purpose=\"ai-content\""), "{feed}");
    });
}

#[test]
fn files_stand_for_standard_input_and_output() {
    let script = "cat \"$1\" >> said.txt; cp tone.wav \"$2\"";
    with_voice(&["sh", "-c", script, "sh", "{text}", "{wav}"], |show, _| {
        done(show, &["master", ID, "--voice"]);
        let said = std::fs::read_to_string(show.join("said.txt")).unwrap();
        assert!(said.contains("It works!\n"), "{said}");
    });
}

#[test]
fn an_episode_without_script_and_chapters_gets_both() {
    with_voice(&["sh", "-c", PROGRAM], |show, episode| {
        std::fs::remove_file(episode.join("script.md")).unwrap();
        std::fs::write(
            episode.join("notes.md"),
            "## What’s new\n\nA thing.\n\n## Bye\n\nSee you.\n",
        )
        .unwrap();
        let plan = EPISODE.split("chapters").next().unwrap();
        std::fs::write(episode.join("episode.yaml"), plan).unwrap();
        let text = done(show, &["master", ID, "--voice"]);
        assert_snapshot!(text, @r"
        0:03 at -19.0 LUFS, true peak -12.6 dBTP, 48000 Hz, 35 kB
             0:00  What’s new
             0:02  Bye
        ");
        assert!(episode.join("voice/whats-new.wav").is_file());
    });
}

#[test]
fn a_voice_that_does_not_work_is_named() {
    let check = |command: &[&str]| {
        let mut said = String::new();
        with_voice(command, |show, episode| {
            said = error(show, &["master", ID, "--voice"]);
            assert!(!episode.join("voice/headlines.wav").exists());
            assert!(!episode.join("master.wav").exists());
            assert_eq!(std::fs::read_to_string(episode.join("episode.yaml")).unwrap(), EPISODE);
        });
        said
    };
    assert_snapshot!(check(&[]), @"error: ./show.yaml names no voice: write `voice: {command: [espeak-ng]}`, or any program that reads text and writes WAV; see docs/voice.md");
    assert_snapshot!(check(&["./no-such-voice"]), @"error: cannot run the voice `./no-such-voice`: No such file or directory (os error 2); correct `voice.command` in `show.yaml`, nothing was changed");
    assert_snapshot!(check(&["sh", "-c", "exit 3"]), @"error: the voice `sh` failed: exit status: 3; correct `voice.command` in `show.yaml`, nothing was changed");
    assert_snapshot!(check(&["true"]), @"error: the voice `true`: wrote no sound for “Hello there.”; correct `voice.command` in `show.yaml`, nothing was changed");
    assert_snapshot!(check(&["echo", "hello"]), @"error: the voice `echo`: wrote no WAV that can be read for “Hello there.”; correct `voice.command` in `show.yaml`, nothing was changed");
    assert_snapshot!(check(&["sh", "-c", "head -c 300000000 /dev/zero"]), @"error: the voice `sh` wrote more than 268435456 bytes; correct `voice.command` in `show.yaml`, nothing was changed");
}

#[test]
fn a_chapter_without_words_is_named() {
    with_voice(&["sh", "-c", PROGRAM], |show, episode| {
        std::fs::write(episode.join("script.md"), SCRIPT.split("## Memory").next().unwrap())
            .unwrap();
        assert_snapshot!(error(show, &["master", ID, "--voice"]), @"error: the script of `2025-06-22` has no words for the chapter `Memory`; give it a heading of that name in `script.md`, or delete the chapter from `episode.yaml`");
    });
}
