//! `lorecast script`, on an episode that was written by hand.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::Path;

use insta::assert_snapshot;
use show::{done, lorecast_in};

const NOTES: &str = "\
# A Show for 2025-06-22

In this week’s edition: Linux 9.4-rc3.

## Linux 9.4-rc3

Lina Torvik announced [Linux 9.4-rc3](https://lore.example/r/1/), saying “rc3 is 25% smaller”. Bo Ek replied.
";

const YAML: &str = "\
title: A Show
window: {from: 2025-06-16, to: 2025-06-22}
stories:
  - id: 1@a.example
    section: mainline
    kind: mainline
    title: Linux 9.4-rc3
    score: 1.0
    evidence:
      - {fact: author, value: Lina Torvik, message: 1@a.example}
      - {fact: reply, value: Bo Ek, message: 2@a.example}
";

/// A show with one episode, in a folder of its own.
fn with_episode(test: impl FnOnce(&Path, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["init", "show", "--title", "A Show", "--author", "Ann"]);
    let show = folder.path().join("show");
    let episode = show.join("episodes/2025-06-22");
    std::fs::create_dir_all(&episode).unwrap();
    std::fs::write(episode.join("notes.md"), NOTES).unwrap();
    std::fs::write(episode.join("episode.yaml"), YAML).unwrap();
    std::fs::write(show.join("people.yaml"), "- {name: Lina Torvik, say: LEE-na TOR-vick}\n")
        .unwrap();
    test(&show, &episode);
}

#[test]
fn notes_are_said_and_timed() {
    with_episode(|show, episode| {
        let run = lorecast_in(show, &["script", "2025-06-22"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_snapshot!(run.stdout, @r"
        0.1 min     11 words  A Show for 2025-06-22
        0.1 min     21 words  Linux 9.4-rc3
        0.2 min     32 words  in all, at 150 words a minute, as most people read
        ");
        assert_snapshot!(run.stderr, @r"
        ./episodes/2025-06-22/script.md: written
        note: 1 name has no spoken form; give it as `say:` in people.yaml:
             1 Bo Ek
        ");
        let script = std::fs::read_to_string(episode.join("script.md")).unwrap();
        assert_snapshot!(script, @r"
        # A Show for 2025-06-22

        In this week’s edition: Linux nine point four R C three.

        ## Linux 9.4-rc3

        Lina Torvik [LEE-na TOR-vick] announced Linux nine point four R C three, saying “R C three is twenty-five percent smaller”.
        Bo Ek replied.
        ");
        let before = std::fs::read(episode.join("script.md")).unwrap();
        assert!(done(show, &["script", "2025-06-22", "--format", "markdown"]) == script);
        assert_eq!(std::fs::read(episode.join("script.md")).unwrap(), before);
    });
}

#[test]
fn a_script_is_printed_in_every_form() {
    with_episode(|show, _| {
        done(show, &["script", "2025-06-22", "--out", "read.html"]);
        let page = std::fs::read_to_string(show.join("read.html")).unwrap();
        assert!(
            page.starts_with("<!doctype html>") && page.contains("[LEE-na TOR-vick]"),
            "{page}"
        );
        assert_snapshot!(done(show, &["script", "2025-06-22", "--format", "text"]), @r"
        A SHOW FOR 2025-06-22  (0.1 min)

        In this week’s edition: Linux nine point four R C three.

        LINUX 9.4-RC3  (0.1 min)

        Lina Torvik [LEE-na TOR-vick] announced Linux nine point four R C three, saying “R C three is twenty-five percent smaller”. Bo Ek replied.
        ");
        let json = done(show, &["script", "2025-06-22", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["unspoken"], serde_json::json!([{"name": "Bo Ek", "times": 1}]));
        assert_eq!(json["sections"][1]["title"], "Linux 9.4-rc3");
    });
}

#[test]
fn a_script_is_printed_over_no_file_of_the_show() {
    with_episode(|show, _| {
        let error = |file: &str, format: &[&str]| {
            let before = std::fs::read(show.join(file)).ok();
            let args: Vec<&str> =
                ["script", "2025-06-22", "--out", file].iter().chain(format).copied().collect();
            let run = lorecast_in(show, &args);
            assert_eq!(run.code, 2, "{file}: {}", run.stderr);
            assert_eq!(std::fs::read(show.join(file)).ok(), before, "{file}");
            run.stderr.lines().last().unwrap().to_owned()
        };
        assert_snapshot!(error("episodes/2025-06-22/notes.md", &[]), @"error: `episodes/2025-06-22/notes.md` is a file of the show; name another file to print to, such as `read.html`");
        let text = ["--format", "text"];
        std::fs::write(show.join("README.MD"), "Mine.").unwrap();
        std::fs::create_dir_all(show.join("templates/script")).unwrap();
        let kept = ["show.yaml", "people.yaml", "episodes/2025-06-22/episode.yaml", "README.MD"];
        let new = ["new.yml", "templates/script/script.html", "episodes/2025-06-22/master.json"];
        for file in kept.into_iter().chain(new) {
            assert!(error(file, &text).contains("is a file of the show"), "{file}");
        }
        assert!(error("episodes/2025-06-22/script.md", &text).contains("is a file of the show"));
        done(show, &["script", "2025-06-22", "--out", "episodes/2025-06-22/script.md"]);
        assert_snapshot!(error("read.pdf", &[]), @"error: the ending of `read.pdf` tells no format; end it in `.html`, `.txt`, `.md` or `.json`, or name one with `--format`");
        done(show, &["script", "2025-06-22", "--out", "read.doc", "--format", "html"]);
    });
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_of_the_show_is_that_file() {
    with_episode(|show, _| {
        std::os::unix::fs::symlink("show.yaml", show.join("read.txt")).unwrap();
        let run = lorecast_in(show, &["script", "2025-06-22", "--out", "read.txt"]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(show.join("read.txt").is_symlink());
    });
}

#[test]
fn an_edited_script_is_merged_and_a_conflict_ends_with_1() {
    with_episode(|show, episode| {
        let file = episode.join("script.md");
        let read = || std::fs::read_to_string(&file).unwrap();
        done(show, &["script", "2025-06-22"]);
        std::fs::write(&file, read().replace("Bo Ek replied.", "Bo replied, kindly.")).unwrap();
        let change = |from: &str, to: &str| {
            let notes = std::fs::read_to_string(episode.join("notes.md")).unwrap();
            std::fs::write(episode.join("notes.md"), notes.replace(from, to)).unwrap();
        };
        change("In this week’s edition", "This week");
        done(show, &["script", "2025-06-22"]);
        assert!(read().contains("Bo replied, kindly.") && read().contains("This week: Linux nine"));
        change("Bo Ek replied.", "Bo Ek answered.");
        let run = lorecast_in(show, &["script", "2025-06-22"]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
        assert!(read().contains("<<<<<<< yours"), "{}", read());
        assert_eq!(lorecast_in(show, &["script", "2025-06-22"]).code, 2);
    });
}
