//! Which commits are reachable from here and not from there (gitrevisions(7), `^there here`).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use git2::Odb;

use super::graph::Graph;
use super::object::{Sha, Unread};

/// 1 January 1990: a commit that claims to be older has no date, and stands where its child does.
const OLDEST: i64 = 631_152_000;

/// How many commits in a row may be older than asked for before a line of history is left: clocks
/// are wrong for a commit or a series, not for more.
const OLD_RUN: u8 = 64;

/// How many hidden commits are looked at behind the oldest wanted one: with clocks that were wrong,
/// one of them may still hide it.
const HIDDEN_SLOP: usize = 256;

/// What to look for.
pub(super) struct Request<'a> {
    /// Reachable from any of these, which have to be there.
    pub wanted: &'a [Sha],
    /// Not reachable from any of these; those that are gone hide nothing.
    pub hidden: &'a [Sha],
    /// Committed no earlier than this, in seconds of Unix.
    pub since: i64,
    /// No more commits than this are met.
    pub limit: usize,
}

/// What was found.
pub(super) struct Found {
    /// Parents before children, else the older first.
    pub commits: Vec<u32>,
    /// The limit was reached.
    pub cut: bool,
}

const WANTED: u8 = 1;
const HIDDEN: u8 = 2;
const DONE_WANTED: u8 = 4;
const DONE_HIDDEN: u8 = 8;

/// What a walk knows of a commit.
#[derive(Clone, Copy, Default)]
struct Mark {
    /// The walk that made it: what an earlier one left counts as nothing.
    walk: u32,
    flags: u8,
    /// How many commits up to this one were too old.
    run: u8,
    /// The time that it is sorted by.
    time: i64,
}

impl Mark {
    /// Whether it waits to be found.
    fn waits(self) -> bool {
        self.flags & (WANTED | HIDDEN | DONE_WANTED) == WANTED
    }
}

/// The marks of all commits that were met, kept from walk to walk: most walks mark a few of them.
#[derive(Default)]
pub(super) struct Marks {
    all: Vec<Mark>,
    walk: u32,
}

impl Marks {
    fn of(&self, node: u32) -> Mark {
        let mark = self.all.get(node as usize).copied().unwrap_or_default();
        if mark.walk == self.walk { mark } else { Mark { walk: self.walk, ..Mark::default() } }
    }

    fn set(&mut self, node: u32, mark: Mark) {
        let place = node as usize;
        if place >= self.all.len() {
            self.all.resize(place + 1, Mark::default());
        }
        self.all[place] = mark;
    }
}

struct Walk<'a> {
    graph: &'a mut Graph,
    since: i64,
    marks: Marks,
    /// Newest first.
    queue: BinaryHeap<(i64, Reverse<u32>)>,
    waiting: usize,
}

/// Walks from the newest to the oldest, wanted and hidden commits alike, until none is left that may
/// be wanted.
///
/// # Errors
/// When a commit that may be wanted cannot be read.
pub(super) fn walk(
    graph: &mut Graph,
    odb: &Odb<'_>,
    request: &Request<'_>,
) -> Result<Found, Unread> {
    let mut marks = graph.take_marks();
    marks.walk += 1;
    let mut walk =
        Walk { graph, since: request.since, marks, queue: BinaryHeap::new(), waiting: 0 };
    let found = walk.find(odb, request);
    let marks = walk.marks;
    let found = found.map(|(found, cut)| {
        let commits = sort(graph, &found, |node| marks.of(node).time);
        Found { commits, cut }
    });
    graph.keep_marks(marks);
    found
}

impl Walk<'_> {
    /// Returns what was found, newest first, and whether the limit was reached.
    fn find(&mut self, odb: &Odb<'_>, request: &Request<'_>) -> Result<(Vec<u32>, bool), Unread> {
        for &sha in request.hidden {
            if let Ok(node) = self.graph.read(odb, sha) {
                self.mark(node, HIDDEN, None);
            }
        }
        for &sha in request.wanted {
            let node = self.graph.read(odb, sha)?;
            self.mark(node, WANTED, None);
        }
        let (mut met, cut) = self.run(odb, request.limit)?;
        met.retain(|&node| self.is_found(node));
        Ok((met, cut))
    }

    /// Returns the commits that may have been found, and whether the limit was reached.
    fn run(&mut self, odb: &Odb<'_>, limit: usize) -> Result<(Vec<u32>, bool), Unread> {
        let (mut met, mut oldest, mut slop) = (Vec::new(), i64::MAX, HIDDEN_SLOP);
        while let Some((time, Reverse(node))) = self.queue.pop() {
            let flags = self.marks.of(node).flags;
            let hides = flags & HIDDEN != 0;
            if self.waiting == 0 && time < oldest {
                // Nothing wanted is left, and what is hidden is older.
                match slop.checked_sub(1) {
                    Some(left) if !met.is_empty() => slop = left,
                    _ => break,
                }
            }
            let (done, kind) = if hides { (DONE_HIDDEN, HIDDEN) } else { (DONE_WANTED, WANTED) };
            if flags & done != 0 {
                continue;
            }
            self.change(node, |mark| mark.flags |= done);
            if !hides {
                if met.len() >= limit {
                    return Ok((met, true));
                }
                met.push(node);
                oldest = oldest.min(time);
            }
            self.go_on(odb, node, kind)?;
        }
        Ok((met, false))
    }

    fn go_on(&mut self, odb: &Odb<'_>, node: u32, kind: u8) -> Result<(), Unread> {
        if self.marks.of(node).run > OLD_RUN {
            return Ok(());
        }
        for at in 0..self.graph.parents(node).len() {
            let parent = self.graph.parents(node)[at];
            match self.graph.load(odb, parent) {
                Ok(()) => self.mark(parent, kind, Some(node)),
                Err(_) if kind == HIDDEN => {}
                Err(unread) => return Err(unread),
            }
        }
        Ok(())
    }

    /// Marks a commit as wanted or hidden, like the child it was reached from.
    fn mark(&mut self, node: u32, kind: u8, child: Option<u32>) {
        let own = self.graph.time(node);
        let (time, run) = match child.map(|child| self.marks.of(child)) {
            Some(child) if own < OLDEST => (child.time, child.run),
            Some(child) if own < self.since => (child.time, child.run.saturating_add(1)),
            None if own < OLDEST => (i64::MAX, 0),
            None if own < self.since => (own, 1),
            _ => (own, 0),
        };
        let before = self.marks.of(node);
        let known = before.flags & (WANTED | HIDDEN) != 0;
        self.change(node, |mark| {
            if !known {
                (mark.time, mark.run) = (time, run);
            } else if run < mark.run {
                if mark.run > OLD_RUN {
                    // It was left because of how it was reached before.
                    mark.flags &= !(DONE_WANTED | DONE_HIDDEN);
                }
                mark.run = run;
            }
            mark.flags |= kind;
        });
        let after = self.marks.of(node);
        if after.flags != before.flags {
            self.queue.push((after.time, Reverse(node)));
        }
    }

    /// Changes a mark, and counts what waits.
    fn change(&mut self, node: u32, change: impl FnOnce(&mut Mark)) {
        let mut mark = self.marks.of(node);
        let before = mark.waits();
        change(&mut mark);
        self.marks.set(node, mark);
        self.waiting = self.waiting + usize::from(mark.waits()) - usize::from(before);
    }

    fn is_found(&self, node: u32) -> bool {
        let mark = self.marks.of(node);
        let own = self.graph.time(node);
        mark.flags & HIDDEN == 0 && (own >= self.since || own < OLDEST && mark.run == 0)
    }
}

/// Sorts commits: parents before children, else the older first, else by name.
fn sort(graph: &Graph, commits: &[u32], time: impl Fn(u32) -> i64) -> Vec<u32> {
    let mut missing: HashMap<u32, usize> = commits.iter().map(|&node| (node, 0)).collect();
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for &node in missing.keys().copied().collect::<Vec<_>>().iter() {
        for &parent in graph.parents(node) {
            if missing.contains_key(&parent) {
                children.entry(parent).or_default().push(node);
                *missing.entry(node).or_default() += 1;
            }
        }
    }
    let key = |node: u32| Reverse((time(node), graph.sha(node), node));
    let ready = missing.iter().filter(|(_, missing)| **missing == 0);
    let mut ready: BinaryHeap<_> = ready.map(|(&node, _)| key(node)).collect();
    let mut sorted = Vec::with_capacity(missing.len());
    while let Some(Reverse((_, _, node))) = ready.pop() {
        sorted.push(node);
        for child in children.remove(&node).unwrap_or_default() {
            if let Some(left) = missing.get_mut(&child) {
                *left -= 1;
                if *left == 0 {
                    ready.push(key(child));
                }
            }
        }
    }
    sorted
}
