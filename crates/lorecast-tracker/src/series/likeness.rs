//! Whether one revision continues another, and how one knows.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Posted, Revision, Tie};

use super::title::{folded, likeness as title_likeness};
use crate::person;

/// A title posted again after a longer silence is another piece of work, unless its version is next.
const SILENCE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Most next versions come within this time.
const SHORTLY: SignedDuration = SignedDuration::from_hours(24 * 60);

/// Clocks may be wrong by so much.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// Moments before 1998 and from 2038 on are mistakes: kernel patches are no older, and that is what
/// broken clocks show.
const SANE: std::ops::Range<i64> = 883_612_800..2_145_916_800;

/// How many lines two samples must share to say anything.
const FEWEST_LINES: usize = 3;

/// What the claim that one revision continues another rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) tie: Tie,
    /// In percent.
    pub(super) confidence: u8,
}

/// Everything about a revision that is compared again and again, read once.
pub(super) struct Compared<'a> {
    pub(super) posted: &'a Posted,
    title: String,
    patches: BTreeSet<String>,
    messages: BTreeSet<&'a str>,
}

impl<'a> Compared<'a> {
    pub(super) fn new(posted: &'a Posted) -> Self {
        let revision = &posted.revision;
        let titles = revision.patches.iter().map(|patch| folded(&patch.title));
        Self {
            posted,
            title: folded(&revision.title),
            patches: titles.filter(|title| !title.is_empty()).collect(),
            messages: revision.messages().map(|id| id.as_str()).collect(),
        }
    }

    fn revision(&self) -> &'a Revision {
        &self.posted.revision
    }

    /// Whether this continues `before`; nothing when there is no good reason to think so.
    pub(super) fn continues(&self, before: &Self) -> Option<Claim> {
        let order = Order::of(before.revision(), self.revision())?;
        let claim = |tie, confidence| Some(Claim { tie, confidence });
        let (ours, theirs) = (&self.posted.clues, &before.posted.clues);
        let same_person = person::same(&before.revision().author, &self.revision().author);
        let likeness = self.likeness(before);
        if let (Some(one), Some(other)) = (&ours.change_id, &theirs.change_id) {
            return if one == other { claim(Tie::ChangeId, 99) } else { None };
        }
        let related = same_person && likeness.some || likeness.most;
        if let Some(labelled) = self.names(before)
            && (labelled || related)
        {
            return claim(Tie::Link, if related { 98 } else { 90 });
        }
        if order == Order::Earlier || other_branch(before.revision(), self.revision()) {
            return None;
        }
        let again = order == Order::Again;
        let answers = ours.answers.iter().any(|id| before.messages.contains(id.as_str()));
        if answers && same_person && (!again || likeness.most) {
            return claim(Tie::Reply, 96);
        }
        let soon = soon(before.revision(), self.revision());
        let next = order == Order::Next;
        let higher = self.revision().version > before.revision().version;
        if again {
            let resent = self.revision().resend || likeness.lines;
            return match same_person {
                true if likeness.title && resent && soon => claim(Tie::Title, 93),
                true if likeness.copy && self.shortly_after(before) => claim(Tie::Lines, 85),
                _ => None,
            };
        }
        match (same_person, soon || next) {
            (true, true) if likeness.title => claim(Tie::Title, 95),
            (true, true) if likeness.patches => claim(Tie::Patches, 92),
            (true, true) if likeness.lines && (higher || likeness.copy) => claim(Tie::Lines, 88),
            // Little in common is enough when the author says that there was a version before.
            (true, true) if next && higher && likeness.some && self.shortly_after(before) => {
                claim(Tie::Lines, 75)
            }
            (false, _) if next && likeness.title && likeness.lines => claim(Tie::Title, 85),
            (false, _) if next && answers && likeness.most => claim(Tie::Reply, 85),
            (false, _) if next && likeness.lines && likeness.patches => claim(Tie::Patches, 80),
            _ => None,
        }
    }

    fn shortly_after(&self, before: &Self) -> bool {
        let later = self.revision().date.duration_since(before.revision().date);
        later > SignedDuration::ZERO && later <= SHORTLY
    }

    /// Whether this names a message of `before` as an earlier revision: true when it says which
    /// version that is, and it is.
    fn names(&self, before: &Self) -> Option<bool> {
        let version = before.revision().version;
        let named = self.posted.clues.named.iter();
        let ours = named.filter(|(_, id)| before.messages.contains(id.as_str()));
        ours.filter_map(|(said, _)| match said {
            Some(said) if said.major == version.major => Some(true),
            Some(_) => None,
            None => Some(false),
        })
        .max()
    }

    fn likeness(&self, before: &Self) -> Likeness {
        let shared = self.patches.intersection(&before.patches).count();
        let most = self.patches.len().max(before.patches.len());
        let least = self.patches.len().min(before.patches.len());
        let (ours, theirs) = (&self.posted.clues, &before.posted.clues);
        let lines = Samples::of(&ours.lines, &theirs.lines);
        let paths = Samples::of(&ours.paths, &theirs.paths);
        let title = !self.title.is_empty() && self.title == before.title;
        let patches = shared > 0 && shared * 2 >= most;
        let alike = lines.shared >= FEWEST_LINES.min(lines.smaller) && lines.shared > 0;
        let same_lines = alike && (lines.jaccard >= 0.3 || lines.contained >= 0.6);
        let (words, contained) = title_likeness(&self.title, &before.title);
        let related_lines = alike && (lines.jaccard >= 0.08 || lines.contained >= 0.25);
        Likeness {
            title,
            patches,
            lines: same_lines,
            copy: alike && lines.jaccard >= 0.5,
            most: title || patches || same_lines,
            some: title
                || shared > 0 && shared * 3 >= least
                || related_lines
                || words >= 0.6
                || contained >= 0.75
                || words >= 0.4 && paths.shared > 0
                || paths.jaccard >= 0.5 && words >= 0.2,
        }
    }
}

/// How alike two revisions are, whoever wrote them.
struct Likeness {
    /// Equal titles.
    title: bool,
    /// Most of the patches have equal titles.
    patches: bool,
    /// Many of the changed lines are equal, or most of those of the smaller.
    lines: bool,
    /// Most of all changed lines are equal.
    copy: bool,
    /// Any of these.
    most: bool,
    /// Something is.
    some: bool,
}

/// What two sorted samples have in common.
struct Samples {
    shared: usize,
    smaller: usize,
    /// Estimated share of what either has.
    jaccard: f64,
    /// Share of what the smaller has.
    contained: f64,
}

impl Samples {
    /// Compares the smallest hashes of two sets. Where one sample is cut, only hashes up to the
    /// smaller of both ends were seen by both.
    fn of(one: &[u32], other: &[u32]) -> Self {
        const FULL: usize = 64;
        let end = |sample: &[u32]| match sample.last() {
            Some(last) if sample.len() >= FULL => *last,
            _ => u32::MAX,
        };
        let end = end(one).min(end(other));
        let seen = |sample: &'_ [u32]| sample.partition_point(|hash| *hash <= end);
        let (one, other) = (&one[..seen(one)], &other[..seen(other)]);
        let shared = one.iter().filter(|hash| other.binary_search(hash).is_ok()).count();
        let (smaller, all) = (one.len().min(other.len()), one.len() + other.len() - shared);
        let share = |of: usize| if of == 0 { 0.0 } else { shared as f64 / of as f64 };
        Self { shared, smaller, jaccard: share(all), contained: share(smaller) }
    }
}

/// How the versions of two revisions follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// The version goes up by one, or an RFC becomes the first version.
    Next,
    /// The version goes up.
    Later,
    /// The same version again.
    Again,
    /// The version goes down, and the first was no RFC.
    Earlier,
}

impl Order {
    /// Nothing when `next` was certainly sent before.
    fn of(before: &Revision, next: &Revision) -> Option<Self> {
        let sane = |date: Timestamp| SANE.contains(&date.as_second());
        let (from, to) = (before.version, next.version);
        let higher = to > from;
        let early = next.date.duration_since(before.date) < -SLACK;
        if before.root == next.root || early && sane(before.date) && sane(next.date) {
            return None;
        }
        let again = to == from && before.rfc == next.rfc;
        if !higher && next.date <= before.date {
            return None;
        }
        Some(match () {
            () if to.major == from.major.saturating_add(1) => Self::Next,
            () if higher => Self::Later,
            () if again => Self::Again,
            () if before.rfc && !next.rfc => Self::Next,
            () => Self::Earlier,
        })
    }
}

/// Within a year, or whenever the version says that it is the next.
fn soon(before: &Revision, next: &Revision) -> bool {
    next.date.duration_since(before.date) <= SILENCE
}

/// Whether both are for different releases: fixes that are carried over to several branches look
/// alike and are no revisions of each other.
fn other_branch(one: &Revision, other: &Revision) -> bool {
    let branch = |revision: &Revision| {
        let release = |word: &&String| {
            let word = word.to_lowercase();
            word.starts_with(|c: char| c.is_ascii_digit())
                || ["stable", "autosel", "backport"].iter().any(|kind| word.contains(kind))
        };
        let mut words: Vec<String> = revision.trees.iter().filter(release).cloned().collect();
        words.sort();
        words
    };
    branch(one) != branch(other)
}
