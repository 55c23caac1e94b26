//! Whether one revision continues another, and how one knows.

use std::hash::{BuildHasher, Hash};

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{MessageId, Patch, Posted, Revision, Tie};
use rustc_hash::FxBuildHasher;

use super::clues::SAMPLE;
use super::title::folded;
use crate::person;

/// A title posted again after a longer silence is another piece of work, unless its version is next.
const SILENCE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Most next versions come within this time.
const SHORTLY: SignedDuration = SignedDuration::from_hours(24 * 60);

/// An author who answers a review at once sends the next version within this time.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Clocks may be wrong by so much.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// Moments before 1998 and from 2038 on are mistakes: kernel patches are no older, and that is what
/// broken clocks show.
const SANE: std::ops::Range<i64> = 883_612_800..2_145_916_800;

/// How many lines two samples must share to say anything.
const FEWEST_LINES: usize = 3;

/// How many lines the smaller sample must have for a part of it to say something.
const MANY_LINES: usize = 8;

/// How many words a title must have to be compared by them.
const FEWEST_WORDS: usize = 3;

/// How many patches are compared by their words.
const MOST_TITLES: usize = 32;

/// What the claim that one revision continues another rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) tie: Tie,
    /// In percent.
    pub(super) confidence: u8,
}

/// Everything about a revision that is compared again and again, read once. Sets of words and titles
/// are hashes in ascending order.
pub(super) struct Compared<'a> {
    pub(super) posted: &'a Posted,
    name: String,
    title: String,
    words: Vec<u32>,
    patches: Vec<u32>,
    /// The words of each patch's title.
    patch_words: Vec<Vec<u32>>,
}

impl<'a> Compared<'a> {
    pub(super) fn new(posted: &'a Posted) -> Self {
        let revision = &posted.revision;
        let titles = revision.patches.iter().map(|patch| folded(&patch.title));
        let patches = set(titles.filter(|title| !title.is_empty()));
        let words_of = |patch: &Patch| words(&patch.title);
        Self {
            posted,
            name: person::name(&revision.author),
            title: folded(&revision.title),
            words: words(&revision.title),
            patches,
            patch_words: revision.patches.iter().take(MOST_TITLES).map(words_of).collect(),
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
        let same_person = self.is_by_author_of(before);
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
        let answers = ours.answers.iter().any(|id| before.holds(id));
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
                true if likeness.copy && self.follows(before, SHORTLY) => claim(Tie::Lines, 85),
                _ => None,
            };
        }
        match (same_person, soon || next) {
            (true, true) if likeness.title => claim(Tie::Title, 95),
            (true, true) if likeness.patches => claim(Tie::Patches, 92),
            (true, true) if likeness.lines && (higher || likeness.copy) => claim(Tie::Lines, 88),
            // Little in common is enough when the author says that there was a version before.
            (true, true) if next && higher && likeness.some && self.follows(before, SHORTLY) => {
                claim(Tie::Lines, 75)
            }
            (true, true) if next && higher && likeness.near && self.follows(before, AT_ONCE) => {
                claim(Tie::Lines, 70)
            }
            (false, _) if next && likeness.title && likeness.lines => claim(Tie::Title, 85),
            (false, _) if next && answers && likeness.most => claim(Tie::Reply, 85),
            (false, _) if next && likeness.lines && likeness.patches => claim(Tie::Patches, 80),
            _ => None,
        }
    }

    fn is_by_author_of(&self, other: &Self) -> bool {
        let (one, two) = (&self.revision().author, &other.revision().author);
        !one.email.is_empty() && one.email.eq_ignore_ascii_case(&two.email)
            || self.name.contains(' ') && self.name == other.name
    }

    fn holds(&self, id: &MessageId) -> bool {
        self.revision().messages().any(|own| own == id)
    }

    fn follows(&self, before: &Self, within: SignedDuration) -> bool {
        let later = self.revision().date.duration_since(before.revision().date);
        later > SignedDuration::ZERO && later <= within
    }

    /// Whether this names a message of `before` as an earlier revision: true when it says which
    /// version that is, and it is.
    fn names(&self, before: &Self) -> Option<bool> {
        let version = before.revision().version;
        let named = self.posted.clues.named.iter();
        let ours = named.filter(|(_, id)| before.holds(id));
        ours.filter_map(|(said, _)| match said {
            Some(said) if said.major == version.major => Some(true),
            Some(_) => None,
            None => Some(false),
        })
        .max()
    }

    /// Whether a patch of each has nearly the title of one of the other.
    fn has_patch_like(&self, before: &Self) -> bool {
        let pairs = self
            .patch_words
            .iter()
            .flat_map(|ours| before.patch_words.iter().map(move |theirs| Shared::of(ours, theirs)));
        let mut telling = pairs.filter(|words| words.smaller > FEWEST_WORDS);
        telling.any(|words| words.of_larger() >= 0.7)
    }

    fn likeness(&self, before: &Self) -> Likeness {
        let patches = Shared::of(&self.patches, &before.patches);
        let (ours, theirs) = (&self.posted.clues, &before.posted.clues);
        let lines = Shared::of_samples(&ours.lines, &theirs.lines);
        let paths = Shared::of(&ours.paths, &theirs.paths);
        let words = Shared::of(&self.words, &before.words);
        let title = !self.title.is_empty() && self.title == before.title;
        let most_patches = patches.shared > 0 && patches.of_larger() >= 0.5;
        let alike = lines.shared >= FEWEST_LINES.min(lines.smaller) && lines.shared > 0;
        let same_lines = alike && (lines.of_all() >= 0.3 || lines.of_smaller() >= 0.6);
        let many = lines.smaller >= MANY_LINES;
        let related_lines = alike && (lines.of_all() >= 0.08 || many && lines.of_smaller() >= 0.25);
        // Titles of one or two words say nothing.
        let (of_larger, of_smaller) = match words.smaller >= FEWEST_WORDS {
            true => (words.of_larger(), words.of_smaller()),
            false => (0.0, 0.0),
        };
        Likeness {
            title,
            patches: most_patches,
            lines: same_lines,
            copy: alike && lines.of_all() >= 0.5,
            most: title || most_patches || same_lines,
            near: lines.shared > 0 && paths.of_smaller() >= 0.5,
            some: title
                || patches.shared > 0 && patches.of_smaller() >= 0.33
                || related_lines
                || of_larger >= 0.6
                || of_smaller >= 0.75
                || of_larger >= 0.4 && paths.shared > 0
                || paths.of_all() >= 0.5 && of_larger >= 0.3
                || self.has_patch_like(before),
        }
    }
}

/// The words of a title. Those before its last colon name the part of the code that it is about, which
/// a hundred other titles do as well.
fn words(title: &str) -> Vec<u32> {
    let said = title.rsplit(": ").next().unwrap_or(title);
    let folded = folded(said);
    set(folded.split(' ').filter(|word| !word.is_empty()))
}

/// The hashes of some strings in ascending order, each once.
fn set(strings: impl Iterator<Item = impl Hash>) -> Vec<u32> {
    let hash = |string| FxBuildHasher.hash_one(string) as u32;
    let mut hashes: Vec<u32> = strings.map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
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
    /// A line in the same files is.
    near: bool,
}

/// What two sets of ascending hashes have in common.
struct Shared {
    shared: usize,
    smaller: usize,
    larger: usize,
}

impl Shared {
    fn of(one: &[u32], other: &[u32]) -> Self {
        let (mut one_at, mut other_at, mut shared) = (0, 0, 0);
        while let (Some(a), Some(b)) = (one.get(one_at), other.get(other_at)) {
            shared += usize::from(a == b);
            one_at += usize::from(a <= b);
            other_at += usize::from(b <= a);
        }
        let (smaller, larger) = (one.len().min(other.len()), one.len().max(other.len()));
        Self { shared, smaller, larger }
    }

    /// Compares the smallest hashes of two sets. Where one sample is cut, only hashes up to the
    /// smaller of both ends were seen by both.
    fn of_samples(one: &[u32], other: &[u32]) -> Self {
        let end = |sample: &[u32]| match sample.last() {
            Some(last) if sample.len() >= SAMPLE => *last,
            _ => u32::MAX,
        };
        let end = end(one).min(end(other));
        let seen = |sample: &'_ [u32]| sample.partition_point(|hash| *hash <= end);
        Self::of(&one[..seen(one)], &other[..seen(other)])
    }

    /// The share of what either has.
    fn of_all(&self) -> f64 {
        share(self.shared, self.smaller + self.larger - self.shared)
    }

    fn of_smaller(&self) -> f64 {
        share(self.shared, self.smaller)
    }

    fn of_larger(&self) -> f64 {
        share(self.shared, self.larger)
    }
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
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
