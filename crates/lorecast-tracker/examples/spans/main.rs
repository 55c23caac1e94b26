//! Carries marked spans of real patches into the next revision and says how many came out right.
//!
//! ```text
//! cargo run -p lorecast-tracker --example spans -- bodies TRUTH ARCHIVE… > BODIES
//! cargo run -p lorecast-tracker --example spans -- carry SPANS TRUTH ARCHIVE… > ANSWERS
//! cargo run -p lorecast-tracker --example spans -- astray SPANS TRUTH ARCHIVE…
//! ```
//!
//! `bodies` prints, for each pair of roots of TRUTH (`versions.tsv`) whose mails the archives hold, the
//! mails of both revisions as a line of JSON. `carry` prints where each span of SPANS is in the new
//! revision, or `outdated`, and how it came there. `astray` counts marks that go somewhere though there is
//! nowhere to go. `tests/parity/web/spans.sh` runs all three.

#![allow(clippy::print_stdout, clippy::print_stderr)] // that is what it is for

use std::error::Error;
use std::process::ExitCode;

mod answers;
mod astray;
mod pairs;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match run(&given.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(given: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    match given {
        ["bodies", truth, archives @ ..] => Ok(pairs::read(truth, archives)?
            .iter()
            .map(|pair| pair.as_json().to_string())
            .collect()),
        ["carry", spans, truth, archives @ ..] => {
            answers::of(spans, &pairs::read(truth, archives)?)
        }
        ["astray", spans, truth, archives @ ..] => {
            astray::of(spans, &pairs::read(truth, archives)?)
        }
        _ => {
            Err("usage: spans bodies TRUTH ARCHIVE… | spans carry|astray SPANS TRUTH ARCHIVE…"
                .into())
        }
    }
}
