//! Files that people edit, edited wrongly: each slip is told at its line, with the next step, and
//! nothing is changed. And weeks that have next to nothing to tell.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::Path;

use insta::assert_snapshot;
use lorecast_testkit::mailbox::{mail, mboxrd};
use show::{done, lorecast_in};

const WEEK: &str = "2025-06-22";
const SHOW: &str = "title: My Kernel Podcast\ndescription: d\nauthor: Ann\nurl: https://a.example/\nstories: 24\nsound:\n  channels: 2\n";
const EPISODE: &str = "episodes/2025-06-22/episode.yaml";

/// A show with a drafted week: a conversation of five people and a series.
fn with_draft(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(at, &["init"]);
    std::fs::write(at.join("show.yaml"), SHOW).unwrap();
    let mut mails = vec![
        mail("20250617-folio-v1-0@a.example")
            .from("Ann Example <ann@a.example>")
            .date("Tue, 17 Jun 2025 10:00:00 +0000")
            .subject("[PATCH 0/2] mm: sort the folios")
            .body(
                "This series sorts the folios by age, so that reclaim finds the old ones sooner.\n",
            ),
    ];
    for n in 1..6 {
        mails.push(
            mail(&format!("reply{n}@b.example"))
                .from(&format!("Person {n} <p{n}@b{n}.example>"))
                .date("Wed, 18 Jun 2025 10:00:00 +0000")
                .subject("Re: [PATCH 0/2] mm: sort the folios")
                .reply_to(&["20250617-folio-v1-0@a.example"])
                .body(
                    "I like how this sorts the folios, but what does it cost on a small machine?\n",
                ),
        );
    }
    let mails: Vec<Vec<u8>> = mails.into_iter().map(|mail| mail.bytes()).collect();
    std::fs::write(at.join("linux-mm.mbox"), mboxrd(&mails)).unwrap();
    done(at, &["ingest", "linux-mm.mbox"]);
    done(at, &["draft", "--week", WEEK]);
    test(at);
}

/// Replaces `from` by `to` in a file of the show, drafts again, and returns what is said.
fn check(file: &str, from: &str, to: &str) -> String {
    let mut said = String::new();
    with_draft(|at| {
        let path = at.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        let edited = text.replacen(from, to, 1);
        std::fs::write(&path, &edited).unwrap();
        let notes = std::fs::read(at.join("episodes/2025-06-22/notes.md")).unwrap();
        let run = lorecast_in(at, &["draft", "--week", WEEK]);
        assert_eq!(run.code, 2, "{run:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), edited, "an edit was lost");
        assert_eq!(std::fs::read(at.join("episodes/2025-06-22/notes.md")).unwrap(), notes);
        said = without_list(run.stderr.trim());
    });
    said
}

/// The keys that there are stand in the message, and change when one is added.
fn without_list(said: &str) -> String {
    match said.split_once("expected one of ") {
        Some((before, list)) if list.starts_with("`title`") => {
            format!("{before}expected one of …{}", &list[list.find(';').unwrap()..])
        }
        _ => said.to_owned(),
    }
}

#[test]
fn a_key_that_does_not_exist() {
    assert_snapshot!(check(EPISODE, "credits:", "colour: red\ncredits:"), @"error: ./episodes/2025-06-22/episode.yaml:41:1: unknown field `colour`, expected one of …; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check(EPISODE, "  section: ", "  sektion: "), @"error: ./episodes/2025-06-22/episode.yaml:9:3: stories[0]: unknown field `sektion`, expected one of `id`, `state`, `with`, `assisted`, `section`, `kind`, `title`, `score`, `reasons`, `evidence`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check("show.yaml", "stories: 24", "storeys: 24"), @"error: ./show.yaml:5:1: unknown field `storeys`, expected one of …; nothing was changed, correct the line and run the command again");
}

#[test]
fn a_value_that_cannot_be() {
    assert_snapshot!(check(EPISODE, "state: proposed", "state: pined"), @"error: ./episodes/2025-06-22/episode.yaml:8:10: stories[0].state: unknown variant `pined`, expected one of `proposed`, `pinned`, `dropped`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check(EPISODE, "to: 2025-06-22", "to: 2025-06-31"), @"error: ./episodes/2025-06-22/episode.yaml:5:7: window.to: parsed date is not valid: parameter 'day' for `2025-06` is invalid, must be in range `1..=30`; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check(EPISODE, "to: 2025-06-22", "to: 2025-06-02"), @"error: ./episodes/2025-06-22/episode.yaml:4: `window`: it begins on 2025-06-16 and ends before, on 2025-06-02: write the first day under `from:`");
    assert_snapshot!(check("show.yaml", "stories: 24", "stories: 0"), @"error: ./show.yaml:5: `stories`: write 1 to 1000");
    assert_snapshot!(check("show.yaml", "channels: 2", "channels: 7"), @"error: ./show.yaml:7: `sound.channels`: write 1 (mono) or 2 (stereo)");
}

#[test]
fn a_section_that_does_not_exist() {
    assert_snapshot!(check(EPISODE, "section: mm", "section: memory"), @"error: ./episodes/2025-06-22/episode.yaml:9: there is no section `memory`: write one of mainline, releases, pulls, topics, core, mm, fs, block, net, bpf, virt, security, rust, tracing, power, pci, graphics, media, usb, x86, arm, arch, drivers, tools, other, or add it to `subsystems.yaml`; nothing was changed");
}

#[test]
fn a_message_that_is_not_there() {
    let id = "- id: 20250617-folio-v1-0@a.example";
    assert_snapshot!(check(EPISODE, id, "- id: 20250617-folio-v1-O@a.example"), @"error: ./episodes/2025-06-22/episode.yaml:7: no message `20250617-folio-v1-O@a.example` in the index; did you mean `20250617-folio-v1-0@a.example`?; nothing was changed");
    assert_snapshot!(check(EPISODE, id, "- id: somebody@else.example"), @"error: ./episodes/2025-06-22/episode.yaml:7: no message `somebody@else.example` in the index: search for it with `lorecast search`, ingest the archive that holds it, or delete the story; nothing was changed");
    assert_snapshot!(check(EPISODE, id, "- id: https://lore.kernel.org/r/20250617-folio-v1-O@a.example/"), @"error: ./episodes/2025-06-22/episode.yaml:7: no message `https://lore.kernel.org/r/20250617-folio-v1-O@a.example/` in the index; did you mean `20250617-folio-v1-0@a.example`?; nothing was changed");
    assert_snapshot!(check(EPISODE, id, "- id: not a message-id"), @"error: ./episodes/2025-06-22/episode.yaml:7:3: stories[0]: `not a message-id` is not a valid message-id; nothing was changed, correct the line and run the command again");
    assert_snapshot!(check(EPISODE, "  section: mm", "  with:\n  - reply9@b.example\n  section: mm"), @"error: ./episodes/2025-06-22/episode.yaml:10: no message `reply9@b.example` in the index: search for it with `lorecast search`, ingest the archive that holds it, or delete the story; nothing was changed");
}

#[test]
fn a_story_that_stands_twice() {
    let story = "- id: 20250617-folio-v1-0@a.example\n  section: topics\n  kind: series\n  title: x\n  score: 1.0\n";
    assert_snapshot!(check(EPISODE, "chapters:", &format!("{story}chapters:")), @"error: ./episodes/2025-06-22/episode.yaml:34: the story `20250617-folio-v1-0@a.example` stands here a second time, after line 7: keep one of them; nothing was changed");
}

#[test]
fn sections_that_share_a_key() {
    let wrong = |yaml: &str| {
        let mut said = String::new();
        with_draft(|at| {
            std::fs::write(at.join("subsystems.yaml"), yaml).unwrap();
            let run = lorecast_in(at, &["draft", "--week", WEEK]);
            assert_eq!(run.code, 2, "{run:?}");
            said = run.stderr.trim().to_owned();
        });
        said
    };
    assert_snapshot!(wrong("- {key: mm, title: Memory}\n- key: mm\n  title: More\n"), @"error: ./subsystems.yaml:2: `mm` is the key of two sections: give the section another key; nothing was changed");
    assert_snapshot!(wrong("- key: mm\n  title: Memory\n- key: topics\n  title: Topics\n"), @"error: ./subsystems.yaml:3: `topics` is the name of a part of the notes: give the section another key; nothing was changed");
}

/// A pinned story whose archive went away stays in the episode, and the draft says so.
#[test]
fn a_message_that_left_the_archives_loses_no_edit() {
    with_draft(|at| {
        let path = at.join(EPISODE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("state: proposed", "state: pinned")).unwrap();
        std::fs::remove_dir_all(at.join(".lorecast")).unwrap();
        let other =
            mail("other@a.example").date("Tue, 17 Jun 2025 10:00:00 +0000").subject("Hello");
        std::fs::write(at.join("linux-mm.mbox"), mboxrd(&[other.bytes()])).unwrap();
        done(at, &["ingest", "linux-mm.mbox"]);
        let run = lorecast_in(at, &["draft", "--week", WEEK]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stderr.contains("no message of it was found"), "{}", run.stderr);
        assert!(std::fs::read_to_string(&path).unwrap().contains("state: pinned"));
    });
}

#[test]
fn a_week_without_mail() {
    with_draft(|at| {
        let run = lorecast_in(at, &["draft", "--week", "2024-01-07"]);
        assert_eq!(run.code, 0, "{run:?}");
        let notes = std::fs::read_to_string(at.join("episodes/2024-01-07/notes.md")).unwrap();
        assert_snapshot!(notes, @r"
        # My Kernel Podcast for 2024-01-07

        There is nothing to tell from 2024-01-01 to 2024-01-07: no message of these days is in the archives.

        That’s all for this week’s edition of My Kernel Podcast. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
        ");
        assert_snapshot!(run.stderr, @r"
        note: no mail from 2024-01-01 to 2024-01-07 is in these archives: add sources that cover those days
        0 stories in 53 words, about 0 minutes, out of 0 threads
          ./episodes/2024-01-07/episode.yaml: written
          ./episodes/2024-01-07/notes.md: written
        ");
    });
}

#[test]
fn a_week_with_one_list_of_one_mail() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(at, &["init"]);
    let only = mail("only@a.example")
        .from("Ann Example <ann@a.example>")
        .date("Tue, 17 Jun 2025 10:00:00 +0000")
        .subject("[PATCH] mm: sort the folios")
        .body("Sorting the folios by age finds the old ones sooner.\n");
    std::fs::write(at.join("linux-mm.mbox"), mboxrd(&[only.bytes()])).unwrap();
    done(at, &["ingest", "linux-mm.mbox"]);
    done(at, &["draft", "--week", WEEK]);
    let notes = std::fs::read_to_string(at.join("episodes/2025-06-22/notes.md")).unwrap();
    assert_snapshot!(notes, @r"
    # My Kernel Podcast for 2025-06-22

    In this week’s edition: mm sort the folios, and ongoing development in memory management.

    ## Ongoing Development

    ### Memory Management

    Ann Example posted [“mm: sort the folios”](https://lore.kernel.org/r/only@a.example/), saying “Sorting the folios by age finds the old ones sooner”.

    That’s all for this week’s edition of My Kernel Podcast. The links to all of these mails are in the show notes. Thanks for listening, and until next time.
    ");
}
