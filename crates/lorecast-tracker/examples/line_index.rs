//! How long an index of so many patches takes to build, and one look-up in it.
//!
//!     line_index NUMBER ARCHIVE…
//!
//! The patches of the archives are multiplied until they are so many: in each copy two of three
//! changed lines are made its own, and so are its title and date. Then one patch of a hundred is
//! looked up as a commit that somebody edited: each eighth of its changed lines is another.
//! `tests/parity/landings.sh` runs it.
#![allow(clippy::print_stdout, reason = "it is a program")]

use std::collections::HashSet;
use std::error::Error;
use std::sync::LazyLock;
use std::time::Instant;

use camino::Utf8Path;
use jiff::{SignedDuration, Timestamp};
use lorecast_archive::{Hints, Item, discover};
use lorecast_mail::{Arrival, parse};
use lorecast_model::{Commit, CommitId, MessageId};
use lorecast_tracker::landings::{Index, PostedPatch, Print, Seen, land};

/// How many patches are made at a time.
const CHUNK: usize = 1_000;

/// One copy of so many is looked up.
const ASKED: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let number: usize = words.next().ok_or("line_index NUMBER ARCHIVE…")?.parse()?;
    let mut patches: Vec<(PostedPatch, String)> = Vec::new();
    let mut seen = HashSet::new();
    for path in words {
        for archive in discover(Utf8Path::new(&path), &Hints::default())? {
            for item in archive.read(None)? {
                let Item::Mail(raw) = item? else { continue };
                let arrival = Arrival { list: raw.list, received: raw.received };
                let message = parse(&raw.bytes, &arrival);
                let post = PostedPatch::read(&message).filter(|post| seen.insert(post.id.clone()));
                patches.extend(post.map(|post| (post, message.diff)));
            }
        }
    }
    if patches.is_empty() {
        return Err("there is no patch in these archives".into());
    }
    println!("{} real patches, {} MB of diffs", patches.len(), megabytes(&patches));

    let before = memory();
    let (mut index, mut commits) = (Index::default(), Vec::new());
    let (mut printing, mut inserting) = (0.0, 0.0);
    let numbers: Vec<usize> = (0..number).collect();
    for chunk in numbers.chunks(CHUNK) {
        let diff = |&at: &usize| {
            let (_, diff) = &patches[at % patches.len()];
            edited(diff, at / patches.len(), |line| line % 3 != 0 && at >= patches.len())
        };
        let diffs: Vec<String> = chunk.iter().map(diff).collect();
        let start = processor();
        let prints: Vec<Option<Print>> = diffs.iter().map(|diff| Print::of(diff)).collect();
        printing += processor() - start;
        let mut posts = Vec::with_capacity(chunk.len());
        for ((&at, print), diff) in chunk.iter().zip(prints).zip(&diffs) {
            let post = copy(&patches[at % patches.len()].0, at / patches.len(), print)?;
            if at % ASKED == 0 {
                commits.push(commit(&post, &edited(diff, number + at, |line| line % 8 == 0))?);
            }
            posts.push(post);
        }
        let start = processor();
        posts.into_iter().for_each(|post| index.insert(post));
        inserting += processor() - start;
    }
    println!("{} patches in the index, {} MB", index.len(), memory().saturating_sub(before) / 1024);
    println!(
        "built in {:.1} s of one core: {printing:.1} s to take prints of diffs, {inserting:.1} s to index",
        printing + inserting
    );
    let seen: Vec<Seen> = commits.iter().map(Seen::read).collect();
    tell("look-up by lines", &seen, |seen| {
        seen.prints.first().is_some_and(|print| !index.lines().sharing(print.lines()).is_empty())
    });
    tell("whole landing", &seen, |seen| land(seen, &index).first().is_some_and(|f| f.best));
    Ok(())
}

fn copy(
    post: &PostedPatch,
    copy: usize,
    print: Option<Print>,
) -> Result<PostedPatch, Box<dyn Error>> {
    let mut post =
        PostedPatch { print: print.unwrap_or_else(|| post.print.clone()), ..post.clone() };
    post.id = MessageId::new(&format!("{copy}.{}", post.id))?;
    post.date = post.date.checked_add(SignedDuration::from_secs(7 * copy as i64))?;
    post.title = format!("{} {copy}", post.title);
    Ok(post)
}

/// Measures each call by itself.
fn tell(what: &str, seen: &[Seen], mut ask: impl FnMut(&Seen) -> bool) {
    let mut hits = 0;
    let mut times: Vec<f64> = Vec::new();
    let begun = processor();
    for seen in seen {
        let start = Instant::now();
        hits += usize::from(ask(seen));
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let mean = (processor() - begun) * 1e3 / times.len() as f64;
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!(
        "{what}: mean {mean:.3} ms of one core, median {:.3} ms, p99 {:.3} ms, most {:.3} ms; {hits} of {} found",
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

/// The seconds that this process had a processor, which a busy machine does not change; the clock
/// where the system does not tell.
fn processor() -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The memory of this process in KB, where the system tells.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
