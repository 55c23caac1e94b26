//! How long an index of so many patches takes to build, and one look-up in it.
//!
//!     line_index NUMBER ARCHIVE…
//!
//! The patches of the archives are multiplied until they are so many: in each copy two of three
//! changed lines are made its own, and so are its title and date. Then one patch of a hundred is
//! looked up as a commit that somebody edited: each eighth of its changed lines is another.
//! `tests/parity/landings.sh` runs it.
#![allow(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use jiff::{SignedDuration, Timestamp};
use lorecast_archive::{Hints, Item, discover};
use lorecast_mail::{Arrival, parse};
use lorecast_model::{Commit, CommitId, MessageId};
use lorecast_tracker::landings::{Index, PostedPatch, Print, Seen, land};

/// One copy of so many is looked up.
const ASKED: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let number: usize = words.next().ok_or("line_index NUMBER ARCHIVE…")?.parse()?;
    let mut patches: Vec<(PostedPatch, String)> = Vec::new();
    for path in words {
        for archive in discover(Utf8Path::new(&path), &Hints::default())? {
            for item in archive.read(None)? {
                let Item::Mail(raw) = item? else { continue };
                let arrival = Arrival { list: raw.list, received: raw.received };
                let message = parse(&raw.bytes, &arrival);
                patches.extend(PostedPatch::read(&message).map(|post| (post, message.diff)));
            }
        }
    }
    if patches.is_empty() {
        return Err("there is no patch in these archives".into());
    }
    println!("{} real patches, {} MB of diffs", patches.len(), megabytes(&patches));

    let before = memory();
    let (mut index, mut commits) = (Index::default(), Vec::new());
    let (mut printing, mut inserting) = (Duration::ZERO, Duration::ZERO);
    for at in 0..number {
        let copy = at / patches.len();
        let (post, diff) = &patches[at % patches.len()];
        let diff = edited(diff, copy, |line| line % 3 != 0 && copy > 0);
        let start = Instant::now();
        let Some(print) = Print::of(&diff) else { continue };
        printing += start.elapsed();
        let mut post = PostedPatch { print, ..post.clone() };
        post.id = MessageId::new(&format!("{copy}.{}", post.id))?;
        post.date = post.date.checked_add(SignedDuration::from_secs(7 * copy as i64))?;
        post.title = format!("{} {copy}", post.title);
        if at % ASKED == 0 {
            commits.push(commit(&post, &edited(&diff, number + at, |line| line % 8 == 0))?);
        }
        let start = Instant::now();
        index.insert(post);
        inserting += start.elapsed();
    }
    println!("{} patches in the index, {} MB", index.len(), memory().saturating_sub(before) / 1024);
    println!(
        "built in {:.1} s: {:.1} s to take prints of diffs, {:.1} s to index them",
        (printing + inserting).as_secs_f64(),
        printing.as_secs_f64(),
        inserting.as_secs_f64()
    );
    let seen: Vec<Seen> = commits.iter().map(Seen::read).collect();
    tell("look-up by lines", &seen, |seen| {
        seen.prints.first().is_some_and(|print| !index.lines().sharing(print.lines()).is_empty())
    });
    tell("whole landing", &seen, |seen| land(seen, &index).first().is_some_and(|f| f.best));
    Ok(())
}

/// Measures each call by itself.
fn tell(what: &str, seen: &[Seen], mut ask: impl FnMut(&Seen) -> bool) {
    let mut hits = 0;
    let mut times: Vec<f64> = Vec::new();
    for seen in seen {
        let start = Instant::now();
        hits += usize::from(ask(seen));
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!(
        "{what}: mean {mean:.3} ms, median {:.3} ms, p99 {:.3} ms, most {:.3} ms; {hits} of {} found",
        at(0.5),
        at(0.99),
        at(1.0),
        times.len()
    );
}

/// A diff with some of its changed lines made another.
fn edited(diff: &str, salt: usize, which: impl Fn(usize) -> bool) -> String {
    let mut out = String::with_capacity(diff.len() + diff.len() / 4);
    let mut count = 0;
    for line in diff.lines() {
        out.push_str(line);
        let changed =
            line.starts_with(['+', '-']) && !line.starts_with("+++ ") && !line.starts_with("--- ");
        count += usize::from(changed);
        if changed && which(count) {
            out.push_str(&format!(" x{salt}"));
        }
        out.push('\n');
    }
    out
}

fn commit(post: &PostedPatch, diff: &str) -> Result<Commit, Box<dyn Error>> {
    let hour = SignedDuration::from_hours(1);
    let date: Timestamp = post.date.checked_add(hour)?;
    Ok(Commit {
        id: CommitId::new(&"a".repeat(40))?,
        parents: Vec::new(),
        author: post.author.clone(),
        authored: date,
        committer: post.author.clone(),
        committed: date,
        message: format!("another title than {}\n", post.id),
        diffs: vec![diff.to_owned()],
    })
}

fn megabytes(patches: &[(PostedPatch, String)]) -> usize {
    patches.iter().map(|(_, diff)| diff.len()).sum::<usize>() >> 20
}

/// The memory of this process in KB, where the system tells.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
