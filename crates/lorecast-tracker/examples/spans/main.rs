//! Carries marked spans of real patches into the next revision and says how many came out right.
//!
//! ```text
//! cargo run -p lorecast-tracker --example spans -- bodies TRUTH ARCHIVE… > BODIES
//! ```
//!
//! `bodies` prints, for each pair of roots of TRUTH (`versions.tsv`) whose mails the archives hold, the
//! mails of both revisions as a line of JSON. `tests/parity/web/spans.sh` runs it.

#![allow(clippy::print_stdout, clippy::print_stderr)] // that is what it is for

use std::process::ExitCode;

mod pairs;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match given.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bodies", truth, ref archives @ ..] => match pairs::read(truth, archives) {
            Ok(pairs) => {
                pairs.iter().for_each(|pair| println!("{}", pair.as_json()));
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("usage: spans bodies TRUTH ARCHIVE…");
            ExitCode::from(2)
        }
    }
}
