//! `docs/security.md` names what proves each requirement: all of it has to be there, and the count right.

use std::collections::BTreeSet;
use std::fs;

const PAGE: &str = include_str!("../../../docs/security.md");
const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

/// The requirements of levels 1 and 2 in ASVS 5.0.0.
const OF_LEVEL: [(&str, usize); 2] = [("1", 70), ("2", 183)];

/// A requirement.
struct Row {
    number: &'static str,
    level: &'static str,
    answer: &'static str,
}

/// The cells of a line of a table.
fn cells(line: &'static str) -> Option<Vec<&'static str>> {
    let cells = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(cells.split(" | ").collect())
}

fn rows() -> Vec<Row> {
    let is_number = |text: &str| {
        text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u8>().is_ok())
    };
    let row = |line| match cells(line)?[..] {
        [number, level, _, answer] if is_number(number) => Some(Row { number, level, answer }),
        _ => None,
    };
    PAGE.lines().filter_map(row).collect()
}

/// The paths and functions of the tests that are named.
fn tests(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split('`').skip(1).step_by(2).filter_map(|code| code.split_once(".rs::"))
}

/// The files and headings that are linked to.
fn links(answer: &str) -> impl Iterator<Item = (&str, &str)> {
    let targets = answer.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(|target| target.split_once('#').unwrap_or((target, "")))
}

/// What the table at the end counts an answer as.
fn state(row: &Row) -> &'static str {
    let starts = ["document", "not applicable", "**untested**", "**open**"];
    let start = starts.into_iter().find(|start| row.answer.starts_with(&format!("{start}: ")));
    assert!(
        start.is_some() || row.answer.starts_with('`') && tests(row.answer).next().is_some(),
        "{}: `{}` neither begins with a test nor with one of {starts:?}",
        row.number,
        row.answer
    );
    start.unwrap_or("met with a test").trim_matches('*')
}

/// A heading as links name it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().chars();
    let kept = kept.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

#[test]
fn every_requirement_stands_there_once() {
    let rows = rows();
    let mut seen = BTreeSet::new();
    for row in &rows {
        assert!(seen.insert(row.number), "{} stands there twice", row.number);
    }
    for (level, asked) in OF_LEVEL {
        let found = rows.iter().filter(|row| row.level == level).count();
        assert_eq!(found, asked, "requirements of level {level}");
    }
}

#[test]
fn every_test_is_there() {
    for (path, name) in PAGE.lines().flat_map(tests) {
        let source = fs::read_to_string(format!("{CRATES}/{path}.rs"))
            .unwrap_or_else(|error| panic!("`{path}.rs` cannot be read: {error}"));
        // A helper of the same file proves nothing.
        let declared = source
            .split_once(&format!("fn {name}("))
            .is_some_and(|(before, _)| before.trim_end().ends_with("#[test]"));
        assert!(declared, "`{path}.rs` has no test `{name}`");
    }
}

#[test]
fn every_document_has_what_it_is_named_for() {
    for row in rows() {
        assert!(state(&row) != "document" || links(row.answer).next().is_some(), "{}", row.number);
        for (file, heading) in links(row.answer) {
            let file = if file.is_empty() { "security.md" } else { file };
            let text = fs::read_to_string(format!("{DOCS}/{file}"))
                .unwrap_or_else(|error| panic!("{}: `{file}`: {error}", row.number));
            let mut headings = text.lines().filter(|line| line.starts_with('#'));
            assert!(
                heading.is_empty() || headings.any(|line| anchor(line) == heading),
                "{}: `{file}` has no heading `{heading}`",
                row.number
            );
        }
    }
}

#[test]
fn the_count_is_right() {
    let rows = rows();
    for counted in ["met with a test", "document", "not applicable", "untested", "open"] {
        let found = rows.iter().filter(|row| state(row) == counted).count();
        let line = format!("| {counted} | {found} |");
        assert!(PAGE.lines().any(|other| other == line), "the count should say `{line}`");
    }
}
