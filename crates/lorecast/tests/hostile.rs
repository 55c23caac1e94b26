//! One corpus that means harm, on the whole road: read, drafted, published, exported. `tests/browser/walks/hostile.mjs` opens
//! every page of it in Chromium.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod served;
mod show;

use std::path::{Path, PathBuf};

use lorecast_testkit::hostile;
use served::{Server, sign_in};
use show::{Run, demo, done, finish, shell};

/// The demo's show, which has read the archives and tells of each of their threads.
fn show_of_harm(folder: &Path) -> PathBuf {
    let archives = folder.join("archives");
    hostile::write(&archives).unwrap();
    let show = demo(folder, "show");
    let read = bounded(&show, "ingest ../archives/*.mbox*");
    assert_eq!(read.code, 2, "the bombs are told: {read:?}");
    for bomb in ["bomb.mbox.gz", "bomb.mbox.xz", "bomb.mbox.zst", "nested.mbox.gz", "cut.mbox.gz"] {
        assert!(read.stderr.contains(bomb), "{bomb}: {}", read.stderr);
    }
    let ids: Vec<String> = hostile::threads().iter().map(|id| format!("--add {id}")).collect();
    let drafted = bounded(&show, &format!("draft --week {} {}", hostile::WEEK, ids.join(" ")));
    assert!(matches!(drafted.code, 0 | 1), "{drafted:?}");
    show
}

/// Runs the command with 3 GiB of address space, which its allocator does not use up either.
fn bounded(show: &Path, line: &str) -> Run {
    let line = format!("ulimit -v 3145728 && {} {line}", env!("CARGO_BIN_EXE_lorecast"));
    finish(&mut shell(show, &line))
}

#[test]
fn everything_is_read_told_published_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let show = show_of_harm(folder.path());
    let held = done(&show, &["export", "messages"]);
    for id in hostile::threads().iter().map(String::as_str).chain([
        "deep@x.example",
        "parts@x.example",
        "references@x.example",
        "bomb.gz@x.example",
        "file-0@x.example",
        "before-the-bomb@x.example",
    ]) {
        assert!(held.contains(&format!("\n{id}\t")), "{id} was not read");
    }
    for line in [
        "check 2025-06-22",
        "script 2025-06-22",
        "publish",
        "lint public",
        "rank --week 2025-06-22",
    ] {
        let run = bounded(&show, line);
        assert!(matches!(run.code, 0 | 1), "{line}: {run:?}");
    }
    assert!(!folder.path().join("trap").exists() && !show.join("trap").exists(), "nothing was run");
    for table in ["messages", "threads", "series", "landings", "subsystems", "ranking", "people"] {
        check_table(&show, table);
    }
}

/// Each format of a table is what it says it is, and no cell of a spreadsheet is a formula.
fn check_table(show: &Path, table: &str) {
    let span = ["--from", "2025-06-01", "--to", "2025-07-01"];
    let export = |format| done(show, &[&["export", table, "--format", format], &span[..]].concat());
    let tsv = export("tsv");
    let columns = |line: &str| line.split('\t').count();
    assert!(
        tsv.lines().all(|line| columns(line) == columns(tsv.lines().next().unwrap())),
        "{table}"
    );
    let rows = export("jsonl")
        .lines()
        .map(serde_json::from_str::<serde_json::Value>)
        .map(Result::unwrap)
        .count();
    let csv = export("csv");
    assert_eq!((tsv.lines().count() - 1, check_csv(&csv)), (rows, rows), "{table}");
}

/// How many rows there are.
fn check_csv(text: &str) -> usize {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for cell in rows.iter().flatten() {
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        // A score may be below zero.
        assert!(!formula || cell.parse::<f64>().is_ok(), "a spreadsheet would run {cell}");
    }
    rows.len()
}

/// What a program reads of it is what its format says; the pages are in `tests/browser`.
#[test]
fn what_programs_are_answered_is_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    let show = show_of_harm(folder.path());
    std::fs::remove_file(show.join("episodes/2025-06-22/published.yaml")).unwrap();
    let server = Server::start(folder.path());
    let (cookie, token) = sign_in(folder.path(), &server);
    let send = |path: &str, fields: &[(&str, &str)]| {
        let form = form(&[&[("token", token.as_str())], fields].concat());
        server.ask("POST", path, &cookie, &form).unwrap()
    };
    let mut kept = 0;
    for (id, word) in hostile::threads().iter().zip(hostile::WORDS) {
        let answers = [
            send(
                &format!("/stories/{id}/propose"),
                &[("text", &format!("{word} {word}")), ("base", word)],
            ),
            send("/suggest", &[("story", &format!("missed-{id}")), ("why", word)]),
        ];
        kept += answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 303")).count();
        let headers = answers.iter().map(|answer| answer.split_once("\r\n\r\n").unwrap().0);
        assert!(headers.clone().all(|headers| !headers.contains("trap=")), "{word}");
    }
    assert!(kept > 40, "{kept}");
    for id in hostile::threads() {
        for path in [
            format!("/{id}/t.atom"),
            format!("/series/{id}/atom.xml"),
            format!("/search?q={id}&x=A"),
        ] {
            let answer = server.get(&path, "");
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(
                body.starts_with("<?xml") && roxmltree::Document::parse(body).is_ok(),
                "{path}: {answer}"
            );
        }
        let answer = server.get(&format!("/api/v1/stories/{id}"), "");
        json(&answer);
    }
    for path in ["/api/v1/week", "/api/v1/log", "/me/export.json"] {
        json(&server.get(path, &cookie));
    }
    let memory = server.memory();
    assert!(memory < 400, "the server has had {memory} MiB");
}

fn json(answer: &str) -> serde_json::Value {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect::<Vec<_>>()
        .join("&")
}
