//! Tells how fast threads become series: reads archives, parses their mails, and then times, on one
//! thread, what the tracker does with them: revisions of each thread with what answers gave them and
//! what happened to them, and links across threads.
//!
//! ```text
//! cargo run --release --example speed -- ARCHIVE…
//! ```
//!
//! Prints mails, the median of five runs in seconds, and mails a second, between tabs.
//! `tests/parity/tracking/speed.sh` runs it beside b4.

#![allow(clippy::print_stdout, clippy::print_stderr)] // that is what it is for

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use lorecast_archive::{ArchiveError, Hints, Item, discover};
use lorecast_mail::{Arrival, parse};
use lorecast_model::{Message, MessageId};
use lorecast_tracker::{series, threads, track};

const RUNS: usize = 5;

fn main() -> ExitCode {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    match read(&paths) {
        Ok(messages) => {
            measure(messages);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(messages: Vec<Message>) {
    let count = messages.len();
    let threads = threads_of(messages);
    let mut seconds: Vec<f64> = (0..RUNS).map(|_| run(&threads)).collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds[RUNS / 2];
    println!("{count}\t{median:.3}\t{:.0}", count as f64 / median);
}

fn run(threads: &[Vec<Message>]) -> f64 {
    let start = Instant::now();
    let tracked = threads.iter().filter_map(|messages| track(messages, &[]));
    let revisions = series::link(tracked.flat_map(|thread| thread.revisions).collect());
    black_box(revisions);
    start.elapsed().as_secs_f64()
}

/// Every mail of the archives, once.
fn read(paths: &[String]) -> Result<Vec<Message>, ArchiveError> {
    let (mut messages, mut seen) = (Vec::new(), HashSet::new());
    for path in paths {
        for archive in discover(path.as_str().into(), &Hints::default())? {
            for item in archive.read(None)? {
                let Item::Mail(mail) = item? else { continue };
                let message = parse(&mail.bytes, &Arrival::default());
                if seen.insert(message.header.id.clone()) {
                    messages.push(message);
                }
            }
        }
    }
    Ok(messages)
}

fn threads_of(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let headers = messages.iter().map(|message| &message.header);
    let placement = threads::place(headers, &[], &HashMap::new());
    let groups: HashMap<MessageId, _> = placement.members.into_iter().collect();
    let mut threads: HashMap<_, Vec<Message>> = HashMap::new();
    for message in messages {
        threads.entry(groups.get(&message.header.id).copied()).or_default().push(message);
    }
    threads.into_values().collect()
}
