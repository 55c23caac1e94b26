//! Answers the cases of other trackers' test suites with this library, and prints for each its id,
//! its kind and `ok`, `missing` (an unknown kind) or what differs, between tabs.
//!
//! ```text
//! cargo run --release --example cases -- CASES.json FOLDER-OF-MAILBOXES
//! ```
//!
//! `tests/parity/tracking/cases.py` runs it and says which fields of a case are compared.

#![allow(clippy::print_stdout, clippy::print_stderr)] // that is what it is for

mod content;
mod mailbox;
mod series;
mod subjects;
mod vouching;
mod words;

use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

/// What comes out of a case.
enum Answer {
    /// All that is compared agrees.
    Agrees,
    /// Nothing here knows the kind.
    Missing,
    /// What differs, one phrase for each field.
    Differs(Vec<String>),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cases, mail] = arguments.as_slice() else {
        eprintln!("usage: cases CASES.json FOLDER-OF-MAILBOXES");
        return ExitCode::FAILURE;
    };
    match read(cases) {
        Ok(cases) => {
            cases.iter().for_each(|case| print(case, Path::new(mail)));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{cases}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The cases of all sets in the file.
fn read(path: &str) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    let file: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let sets = file.as_object().into_iter().flat_map(|file| file.values());
    Ok(sets.filter_map(Value::as_array).flatten().cloned().collect())
}

fn print(case: &Value, mail: &Path) {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let result = match answer(case, mail) {
        Answer::Agrees => "ok".to_owned(),
        Answer::Missing => "missing".to_owned(),
        Answer::Differs(fields) => fields.join("; ").replace(['\t', '\n'], " "),
    };
    println!("{}\t{}\t{result}", text("id"), text("kind"));
}

fn answer(case: &Value, mail: &Path) -> Answer {
    let (input, expect) = (&case["input"], &case["expect"]);
    let messages = || mailbox::read(mail, case);
    let differences = match case["kind"].as_str().unwrap_or_default() {
        "subject" => subjects::subject(input, expect),
        "version" => subjects::version(input, expect),
        "series-marker" => subjects::marker(input, expect),
        "is-reply" => subjects::is_reply(input, expect),
        "mail-content" => content::content(&messages(), expect),
        "no-crash" => content::no_crash(&messages()),
        "series-grouping" | "cover-detection" => series::grouping(messages(), expect),
        "version-linking" => series::linking(expect),
        "trailers" => vouching::trailers(&messages(), expect),
        "trailers-to-local-commits" => vouching::to_commits(&messages(), &case["note"], expect),
        "trailer-address" => words::address(input, expect),
        "fixes-validation" => words::fixing(input, expect),
        "link-dedup" => words::links(input, expect),
        "pull-request" => words::pull(input, expect),
        _ => return Answer::Missing,
    };
    if differences.is_empty() { Answer::Agrees } else { Answer::Differs(differences) }
}

/// A phrase for a field that differs; nothing when both are equal.
fn compare(field: &str, ours: impl Into<Value>, theirs: &Value) -> Option<String> {
    let ours = ours.into();
    (ours != *theirs).then(|| format!("{field}: {ours} and not {theirs}"))
}
