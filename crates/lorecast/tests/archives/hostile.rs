//! Hostile mails, names and questions come out harmless: on a terminal, in a table, as JSON.

use std::process::Command;

use lorecast_testkit::mailbox::{MailText, mboxrd};
use serde_json::Value;

use crate::show::{Run, finish, shell};
use crate::world::{World, dated};

/// What a terminal, a shell, SQL, HTML or a spreadsheet might obey.
const EVIL: [&str; 10] = [
    "\u{1b}[2J",
    "\u{1b}]8;;http://evil.example\u{7}link\u{1b}]8;;\u{7}",
    "\u{9b}31m",
    "\u{202e}txt.exe",
    "\u{2066}hidden\u{2069}",
    "nul\0and\u{8}back\u{7f}",
    "'; DROP TABLE message; --",
    "\"quoted\" \\ and/slashed/../../etc",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A1",
];

/// Mails that carry them wherever mails carry text.
fn evil_mails() -> Vec<MailText> {
    let one = |(number, evil): (usize, &&str)| {
        let word = evil.replace(char::is_whitespace, "_");
        dated(&format!("{number}{word}@x"), number)
            .subject(&format!("{evil} folio"))
            .from(&format!("\"{evil}\" <{word}@x>"))
            .to(&format!("{evil} <to@x>"))
            .list(&format!("{word}.x.example"))
            .reply_to(&["0@x", &word])
            .header("Content-Type", &format!("text/plain; charset=utf-8; name=\"{evil}\""))
            .body(&format!("folio {evil}\n"))
    };
    EVIL.iter().enumerate().map(one).collect()
}

/// No byte that a terminal obeys.
fn check(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        let bad = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let at = text.find(bad).map(|at| text[at..].chars().take(40).collect::<String>());
        assert_eq!(at, None, "in {text}");
    }
}

fn world() -> World {
    World::with(&evil_mails().iter().map(MailText::bytes).collect::<Vec<_>>())
}

#[test]
fn messages_are_harmless_in_every_list_of_them() {
    let world = world();
    assert_eq!(world.ids().len(), EVIL.len());
    for args in [
        &["search", "folio", "--limit", "50"][..],
        &["search", "s:folio", "--newest"],
        &["messages", "--defects"],
        &["stats"],
        &["rank", "--week", "2023-04-16"],
        &["export", "messages"],
        &["export", "threads"],
        &["export", "series"],
        &["export", "subsystems"],
        &["export", "ranking"],
    ] {
        let run = world.run(args);
        assert_eq!(run.code, 0, "{args:?}: {run:?}");
        check(&run);
    }
}

#[test]
fn each_message_and_its_thread_are_harmless() {
    let world = world();
    for id in world.ids() {
        for args in [&["messages", &id][..], &["thread", &id]] {
            let run = world.run(args);
            assert_eq!(run.code, 0, "{args:?}: {run:?}");
            check(&run);
        }
    }
}

#[test]
fn json_of_them_is_valid() {
    let world = world();
    let id = &world.ids()[0];
    for args in
        [&["search", "folio"][..], &["messages", id], &["thread", id], &["messages", "--defects"]]
    {
        let run = world.run(&[args, &["--format", "json"]].concat());
        assert!(serde_json::from_str::<Value>(&run.stdout).is_ok(), "{run:?}");
        check(&run);
    }
    for table in ["messages", "threads", "ranking"] {
        let run = world.run(&["export", table, "--format", "jsonl"]);
        let rows = run.stdout.lines().map(serde_json::from_str::<Value>);
        assert!(rows.clone().all(|row| row.is_ok()) && rows.count() > 0, "{run:?}");
        check(&run);
    }
}

#[test]
fn every_row_of_a_table_keeps_its_columns() {
    let world = world();
    for table in ["messages", "threads", "subsystems", "ranking"] {
        let rows = world.done(&["export", table]);
        let columns = |line: &str| line.split('\t').count();
        let head = rows.lines().next().unwrap();
        assert!(rows.lines().all(|line| columns(line) == columns(head)), "{rows}");
    }
}

#[test]
fn a_question_finds_its_way_back_harmless() {
    let world = world();
    for evil in EVIL.map(|evil| evil.replace('\0', "\u{1}")) {
        for args in [
            &["search", "--", &format!("\"{evil}")][..],
            &["search", "--", &format!("s:{evil} d:{evil}")],
            &["search", "--", &evil],
            &["search", &format!("--{evil}")],
            &["thread", &format!("{evil}@x")],
            &["messages", &evil],
            &["messages", "--raw", "0@x", "--content", &evil],
            &["messages", "--defects", &evil],
            &["ingest", &evil],
            &["ingest", &format!("http://127.0.0.1:1/{evil}")],
            &["ingest", "a.mbox", "--list", &evil],
            &["export", "messages", "--from", &evil],
            &["config", "--show", &evil],
        ] {
            let run = match args[0] {
                "config" => finish(Command::new(env!("CARGO_BIN_EXE_lorecast")).args(args)),
                _ => world.run(args),
            };
            assert!(matches!(run.code, 0 | 2), "{args:?}: {run:?}");
            check(&run);
        }
    }
    assert_eq!(world.ids().len(), EVIL.len());
}

/// Names of files that a file system allows.
fn names() -> impl Iterator<Item = String> {
    let allowed = |evil: &&str| evil.replace('\0', "").replace('/', "|");
    EVIL.iter().map(allowed).chain(["new\nline".to_owned(), "tab\tand\r".to_owned()])
}

#[test]
fn names_of_files_are_harmless() {
    let world = World::new();
    for (number, name) in names().enumerate() {
        let good = format!("{name}.mbox");
        world.write(&good, &mboxrd(&[dated(&format!("{number}@x"), 0).bytes()]));
        let run = world.run(&["ingest", &good]);
        assert_eq!(run.code, 0, "{run:?}");
        check(&run);
        world.write(&format!("bad/{name}.mbox"), b"no mail at all");
        check(&world.run(&["ingest", &format!("bad/{name}.mbox")]));
        check(&world.run(&["messages", &format!("{number}@x")]));
        check(&world.run(&["ingest", "a.mbox", "--format", "json"]));
    }
    check(&world.run(&["ingest", "bad"]));
    check(&world.run(&["-vv", "ingest", "bad"]));
    check(&world.run(&["store", "rebuild"]));
}

#[test]
fn a_name_adds_no_line_to_the_log() {
    let world = World::new();
    let name = "a\n WARN forged\u{2028} WARN forged.mbox";
    let one = mboxrd(&[dated("1@x", 0).bytes()]);
    world.write(name, &one);
    world.done(&["ingest", name]);
    for (log, number) in [("text", 2), ("json", 3)] {
        // What was read is no longer the beginning of it, which is told.
        world.write(name, &mboxrd(&[dated(&format!("{number}@x"), 0).bytes()]));
        let run = world.run(&["--log-as", log, "ingest", name]);
        let told = run.stderr.lines().filter(|line| line.contains("WARN")).collect::<Vec<_>>();
        let [told] = told[..] else { panic!("{run:?}") };
        assert!(told.contains("was rewritten") && told.matches("forged").count() == 2, "{told}");
        match log {
            "json" => {
                let told: Value = serde_json::from_str(told).unwrap();
                assert!(told["message"].as_str().unwrap().contains("a\n WARN"), "{told}");
            }
            _ => assert!(told.contains("a\\n WARN forged\\u{2028} WARN"), "{told}"),
        }
    }
}

/// script(1) gives the command a terminal of its own, on which progress shows.
#[test]
fn progress_names_archives_harmlessly() {
    let world = World::new();
    // Enough to read that a bar is drawn on a fast machine as well.
    let mails: Vec<Vec<u8>> = evil_mails().iter().map(MailText::bytes).collect();
    world.write("a\u{1b}]0;title\u{7}\u{202e}b.mbox", &mboxrd(&mails).repeat(500));
    let line = format!(
        "script -qec '{} --show show ingest a*b.mbox' /dev/null",
        env!("CARGO_BIN_EXE_lorecast")
    );
    let folder = world.path("");
    let run = finish(shell(folder.as_std_path(), &line).env("TERM", "xterm").env("COLUMNS", "120"));
    assert!(run.stdout.contains("reading a"), "{run:?}");
    assert!(!run.stdout.contains("\u{1b}]0;") && !run.stdout.contains('\u{202e}'), "{run:?}");
}
