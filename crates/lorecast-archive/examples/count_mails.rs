//! Prints how many mails, removals, errors and bytes the archives behind a path hold, and a sum
//! over all bytes that tells whether two archives hold the same.
//!
//! ```text
//! cargo run --example count_mails -- PATH
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)] // that is what it is for

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::ExitCode;

use lorecast_archive::{ArchiveError, Hints, Item, discover};

fn main() -> ExitCode {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    match paths.iter().try_for_each(|path| count(path)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn count(path: &str) -> Result<(), ArchiveError> {
    let (mut mails, mut removals, mut errors, mut bytes, mut sum) = (0, 0, 0, 0, 0_u64);
    for archive in discover(path.into(), &Hints::default())? {
        for item in archive.read(None)? {
            match item {
                Ok(Item::Mail(mail)) => {
                    mails += 1;
                    bytes += mail.bytes.len();
                    sum = sum.wrapping_add(hash(&mail.bytes));
                }
                Ok(Item::Removal(_)) => removals += 1,
                Err(error) => {
                    errors += 1;
                    eprintln!("{error}");
                }
            }
        }
    }
    println!(
        "{path}\t{mails} mails\t{removals} removals\t{errors} errors\t{bytes} bytes\t{sum:016x}"
    );
    Ok(())
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
