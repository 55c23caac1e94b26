//! Measures trailers, events and pull requests of real threads against truths.
//!
//! ```text
//! cargo run --release -p lorecast-tracker --example vouch -- TRUTH ARCHIVE… [--misses] [--events]
//! ```
//!
//! TRUTH is a folder with `trailers.tsv`, `applied.tsv` and `pulls.tsv`; their columns stand at the
//! top of each file. Only rows whose mails are all in the archives count. Prints recall with n and
//! the 95 % Wilson interval, wrongly credited trailers, and the speed.

#![allow(clippy::print_stdout, clippy::print_stderr)] // that is what it is for

use std::collections::{BTreeMap, HashMap, HashSet};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use lorecast_archive::{ArchiveError, Hints, Item, discover};
use lorecast_mail::{Arrival, parse, trailer_person};
use lorecast_model::{Event, Group, Message, MessageId, Revision, What};
use lorecast_tracker::{Pull, Vouched, agrees, events, named, pulls, series, threads, vouched};

fn main() -> ExitCode {
    let (flags, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let Some((truth, archives)) = paths.split_first().filter(|(_, archives)| !archives.is_empty())
    else {
        eprintln!("usage: vouch TRUTH ARCHIVE… [--misses]");
        return ExitCode::from(2);
    };
    let show = flags.iter().any(|flag| flag == "--misses");
    match read(archives) {
        Ok(messages) => {
            let tracked = Tracked::new(messages);
            tracked.speed();
            trailers(truth, &tracked, show);
            applied(truth, &tracked, show);
            merged(truth, &tracked, show);
            tracked.counts();
            if flags.iter().any(|flag| flag == "--events") {
                tracked.list();
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Every mail once.
fn read(archives: &[String]) -> Result<Vec<Message>, ArchiveError> {
    let mut seen = HashSet::new();
    let mut messages = Vec::new();
    for path in archives {
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

/// One thread, with the notices from elsewhere that name something in it.
struct Tracked {
    messages: usize,
    threads: Vec<Thread>,
    thread_of: HashMap<MessageId, usize>,
    spent: Duration,
}

struct Thread {
    revisions: Vec<Revision>,
    vouched: Vec<Vouched>,
    events: Vec<Vec<Event>>,
    pulls: Vec<Pull>,
}

impl Tracked {
    fn new(messages: Vec<Message>) -> Self {
        let count = messages.len();
        let placement = threads::place(messages.iter().map(|m| &m.header), &[], &HashMap::new());
        let group_of: HashMap<MessageId, Group> = placement.members.into_iter().collect();
        let mut numbers: HashMap<Group, usize> = HashMap::new();
        let mut grouped: Vec<Vec<Message>> = Vec::new();
        let mut thread_of = HashMap::new();
        for message in messages {
            let next = numbers.len();
            let at = *numbers.entry(group_of[&message.header.id]).or_insert(next);
            if at == grouped.len() {
                grouped.push(Vec::new());
            }
            thread_of.insert(message.header.id.clone(), at);
            grouped[at].push(message);
        }
        let revisions: Vec<Vec<Revision>> =
            grouped.iter().map(|messages| posted(messages)).collect();
        let spent = Instant::now();
        let visits = visits(&grouped, &revisions, &thread_of);
        let mut took = spent.elapsed();
        for (at, messages) in visits {
            grouped[at].extend(messages);
        }
        let mut all = Vec::new();
        for (messages, revisions) in grouped.into_iter().zip(revisions) {
            let begun = Instant::now();
            let vouched = vouched(&messages, &revisions);
            let events = events(&messages, &revisions, &vouched);
            let pulls = pulls(&messages);
            took += begun.elapsed();
            all.push(Thread { revisions, vouched, events, pulls });
        }
        Self { messages: count, threads: all, thread_of, spent: took }
    }

    fn speed(&self) {
        let rate = self.messages as f64 / self.spent.as_secs_f64();
        let spent = self.spent.as_secs_f64();
        println!(
            "speed\t{} messages in {spent:.2} s on one core: {rate:.0} messages/s",
            self.messages
        );
    }

    fn counts(&self) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for event in self.threads.iter().flat_map(|thread| thread.events.iter().flatten()) {
            let name = format!("{:?}", event.what);
            let name = name.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
            *counts.entry(name).or_default() += 1;
        }
        let shown: Vec<String> =
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        println!("events\t{}", shown.join(", "));
    }

    fn list(&self) {
        let all =
            self.threads.iter().flat_map(|thread| thread.revisions.iter().zip(&thread.events));
        for (revision, event) in
            all.flat_map(|(r, events)| events.iter().map(move |event| (r, event)))
        {
            println!(
                "  event\t{}\t{:?}\t{}\t{:?}\t{:?}",
                revision.root, event.what, event.who, event.patches, event.proof
            );
        }
        let all =
            self.threads.iter().flat_map(|thread| thread.revisions.iter().zip(&thread.vouched));
        for (patch, vouched) in
            all.flat_map(|(r, vouched)| r.patches.iter().map(move |patch| (patch, vouched)))
        {
            for vouch in vouched.for_patch(patch.number) {
                println!(
                    "  vouch\t{}\t{}\t{}\t{}",
                    patch.id, vouch.trailer.key, vouch.trailer.value, vouch.message
                );
            }
        }
        for pull in self.threads.iter().flat_map(|thread| &thread.pulls) {
            println!(
                "  pull\t{}\t{:?}\t{:?}",
                pull.root,
                pull.request,
                pull.events.iter().map(|e| &e.what).collect::<Vec<_>>()
            );
        }
    }

    fn thread(&self, id: &MessageId) -> Option<&Thread> {
        self.thread_of.get(id).map(|at| &self.threads[*at])
    }

    fn holds(&self, id: &str) -> bool {
        MessageId::new(id).is_ok_and(|id| self.thread_of.contains_key(&id))
    }
}

fn posted(messages: &[Message]) -> Vec<Revision> {
    series::revisions(messages).into_iter().map(|posted| posted.revision).collect()
}

/// Which threads a notice is to be shown to beside its own.
fn visits(
    grouped: &[Vec<Message>],
    revisions: &[Vec<Revision>],
    thread_of: &HashMap<MessageId, usize>,
) -> Vec<(usize, Vec<Message>)> {
    let mut by_title: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, revisions) in revisions.iter().enumerate() {
        for patch in revisions.iter().flat_map(|revision| &revision.patches) {
            by_title.entry(patch.title.to_lowercase()).or_default().push(at);
        }
    }
    let mut found: BTreeMap<usize, Vec<Message>> = BTreeMap::new();
    for (own, messages) in grouped.iter().enumerate() {
        for message in messages {
            let Some(named) = named(message) else { continue };
            let by_id = named.messages.iter().filter_map(|id| thread_of.get(id)).copied();
            let titled =
                named.titles.iter().filter_map(|title| by_title.get(&title.to_lowercase()));
            let to: HashSet<usize> =
                by_id.chain(titled.flatten().copied()).filter(|at| *at != own).collect();
            for at in to {
                found.entry(at).or_default().push(message.clone());
            }
        }
    }
    found.into_iter().collect()
}

/// The rows of a table without its head.
fn rows(folder: &str, name: &str) -> Vec<Vec<String>> {
    let path = format!("{folder}/{name}");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        eprintln!("{path}: {error}");
        String::new()
    });
    let split = |line: &str| line.split('\t').map(str::to_owned).collect();
    text.lines().skip(1).map(split).collect()
}

/// Where a patch is: its thread, the number of its revision, its own number.
fn patch<'t>(tracked: &'t Tracked, id: &str) -> Option<(&'t Thread, usize, u32)> {
    let id = MessageId::new(id).ok()?;
    let thread = tracked.thread(&id)?;
    thread.revisions.iter().enumerate().find_map(|(at, revision)| {
        let patch = revision.patches.iter().find(|patch| patch.id == id)?;
        Some((thread, at, patch.number))
    })
}

fn trailers(truth: &str, tracked: &Tracked, show: bool) {
    let mut score = Score::default();
    for row in rows(truth, "trailers.tsv") {
        let [set, posted, key, value, answer] = &row[..] else { continue };
        if !tracked.holds(posted) || !tracked.holds(answer) {
            continue;
        }
        let wanted = trailer_person(value);
        let found = patch(tracked, posted).is_some_and(|(thread, at, number)| {
            thread.vouched[at].for_patch(number).any(|vouch| {
                vouch.trailer.key == *key && agrees(&trailer_person(&vouch.trailer.value), &wanted)
            })
        });
        score.add(found, show, || format!("{set}\t{posted}\t{key}\t{value}\t{answer}"));
    }
    score.print("lorecast: trailers");
    let all = || tracked.threads.iter().flat_map(|thread| &thread.vouched);
    let counted = all().flat_map(|vouched| &vouched.vouches);
    let by_others = counted.clone().filter(|vouch| {
        let person = trailer_person(&vouch.trailer.value);
        vouch.trailer.key.ends_with("-by") && !agrees(&person, &vouch.by)
    });
    println!(
        "credited\t{} trailers, {} to somebody else than the sender; {} mismatches listed",
        counted.clone().count(),
        by_others.count(),
        all().map(|vouched| vouched.mismatches.len()).sum::<usize>()
    );
    if show {
        for vouch in all().flat_map(|vouched| &vouched.mismatches) {
            println!(
                "  mismatch\t{}: {}\tby {}\t{}",
                vouch.trailer.key, vouch.trailer.value, vouch.by, vouch.message
            );
        }
    }
}

fn applied(truth: &str, tracked: &Tracked, show: bool) {
    let mut scores: BTreeMap<String, (Score, Score)> = BTreeMap::new();
    for row in rows(truth, "applied.tsv") {
        let [posted, commit, _, how, thanks, ..] = &row[..] else { continue };
        if !tracked.holds(posted) || !tracked.holds(thanks) {
            continue;
        }
        let said = |event: &&Event, number: u32| {
            let by =
                matches!(&event.proof, lorecast_model::Proof::Message(id) if id.as_str() == thanks);
            by && (event.patches.is_empty() || event.patches.contains(&number))
        };
        let same = |event: &Event| match &event.what {
            What::Applied { commit: Some(told), .. } => {
                told.starts_with(commit.as_str()) || commit.starts_with(told.as_str())
            }
            _ => false,
        };
        let place = patch(tracked, posted);
        let told: Vec<&Event> = place.map_or(vec![], |(thread, at, number)| {
            thread.events[at].iter().filter(|event| said(event, number)).collect()
        });
        let (exact, any) = scores.entry(how.clone()).or_default();
        any.add(
            told.iter().any(|event| matches!(event.what, What::Applied { .. })),
            false,
            String::new,
        );
        exact.add(told.iter().any(|event| same(event)), show, || {
            let why = if place.is_none() { "no such patch" } else { "not told" };
            format!("{how}\t{posted}\t{commit}\t{thanks}\t{why}\t{told:?}")
        });
    }
    for (how, (exact, any)) in scores {
        exact.print(&format!("applied, {how}: the commit on the patch"));
        any.print(&format!("applied, {how}: any event on the patch"));
    }
}

fn merged(truth: &str, tracked: &Tracked, show: bool) {
    let mut score = Score::default();
    for row in rows(truth, "pulls.tsv") {
        let [posted, commit, bot, ..] = &row[..] else { continue };
        if !tracked.holds(posted) || !tracked.holds(bot) {
            continue;
        }
        let id = MessageId::new(posted).ok();
        let thread = id.as_ref().and_then(|id| tracked.thread(id));
        let pull = thread
            .and_then(|thread| thread.pulls.iter().find(|pull| Some(&pull.root) == id.as_ref()));
        let found = pull.is_some_and(|pull| {
            pull.events.iter().any(|event| matches!(&event.what, What::Landed { commit: Some(told), .. } if told == commit))
        });
        score.add(found, show, || format!("{posted}\t{commit}\t{bot}\t{pull:?}"));
    }
    score.print("pull requests: the merge commit");
}

#[derive(Default)]
struct Score {
    hits: usize,
    all: usize,
}

impl Score {
    fn add(&mut self, hit: bool, show: bool, miss: impl FnOnce() -> String) {
        self.all += 1;
        self.hits += usize::from(hit);
        if show && !hit {
            println!("  miss\t{}", miss());
        }
    }

    /// Recall with the 95 % Wilson interval.
    fn print(&self, name: &str) {
        if self.all == 0 {
            println!("{name:<52} no case");
            return;
        }
        let (n, p, z) = (self.all as f64, self.hits as f64 / self.all as f64, 1.96_f64);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let (low, high) = (100.0 * (middle - half), (100.0 * (middle + half)).min(100.0));
        println!("{name:<52} {:6.2} %  n {:5}  95 % {low:5.1}-{high:5.1}", 100.0 * p, self.all);
    }
}
