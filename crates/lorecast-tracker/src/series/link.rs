//! Revisions of one piece of work, across threads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::SignedDuration;
use lorecast_model::{MessageId, Revision, SeriesId, State};

use super::title::folded;
use crate::union::Sets;

/// A title posted again after a longer silence is another piece of work, unless its version is next.
const SILENCE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// How many earlier postings of one patch are looked at: a bound on time.
const RECENT: usize = 32;

/// Joins revisions of one piece of work: those of one sender with equal titles (case, punctuation
/// and white space aside) and growing versions, a resend, those that share most of their patches'
/// titles when the title itself was changed, and those that `previous` joins already.
///
/// Sets `series` to the earliest root, `previous`, and the state of what was superseded, unless it
/// was applied. Takes all revisions of the senders it is given. Pure; the order of the input does not matter, and linking twice changes nothing.
/// The result is sorted by date, then by root.
pub fn link(mut revisions: Vec<Revision>) -> Vec<Revision> {
    revisions.sort_by(|a, b| (a.date, &a.root).cmp(&(b.date, &b.root)));
    revisions.dedup_by(|a, b| a.root == b.root);
    let mut sets = Sets::new(revisions.len());
    join_by_previous(&revisions, &mut sets);
    join_by_title(&revisions, &mut sets);
    join_by_patches(&revisions, &mut sets);
    let mut series: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..revisions.len() {
        series.entry(sets.find(at)).or_default().push(at);
    }
    for members in series.values() {
        chain(&mut revisions, members);
    }
    revisions
}

/// Whether `next` can be the revision after `before`: a higher version, or no longer an RFC.
pub(super) fn progress(before: &Revision, next: &Revision) -> bool {
    match (before.rfc, next.rfc) {
        (true, false) => true,
        _ => next.version > before.version,
    }
}

/// Within a year, or whenever the version says that it is the next.
fn soon_enough(before: &Revision, next: &Revision) -> bool {
    next.date.duration_since(before.date) <= SILENCE
        || before.version.major.checked_add(1) == Some(next.version.major)
}

fn join_by_previous(revisions: &[Revision], sets: &mut Sets) {
    let roots: HashMap<&MessageId, usize> =
        revisions.iter().enumerate().map(|(at, revision)| (&revision.root, at)).collect();
    for (at, revision) in revisions.iter().enumerate() {
        if let Some(&before) = revision.previous.as_ref().and_then(|id| roots.get(id)) {
            sets.join(at, before);
        }
    }
}

fn join_by_title(revisions: &[Revision], sets: &mut Sets) {
    let mut equal: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (at, revision) in revisions.iter().enumerate() {
        let title = folded(&revision.title);
        if !title.is_empty() {
            equal.entry((revision.author.email.to_lowercase(), title)).or_default().push(at);
        }
    }
    for postings in equal.values() {
        for (number, &at) in postings.iter().enumerate().skip(1) {
            if let Some(before) = predecessor(revisions, &postings[..number], &revisions[at]) {
                sets.join(at, before);
            }
        }
    }
}

/// A later revision that holds at least half the patches of an earlier one, by title, and no less
/// than half of its own, continues it whatever the cover letters say.
fn join_by_patches(revisions: &[Revision], sets: &mut Sets) {
    let titles: Vec<BTreeSet<String>> = revisions.iter().map(patch_titles).collect();
    let mut holders: HashMap<(String, &str), Vec<usize>> = HashMap::new();
    for (at, revision) in revisions.iter().enumerate() {
        let author = revision.author.email.to_lowercase();
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for title in &titles[at] {
            let held = holders.entry((author.clone(), title)).or_default();
            held.iter().rev().take(RECENT).for_each(|&at| *shared.entry(at).or_default() += 1);
            held.push(at);
        }
        let continued = shared.into_iter().filter(|&(before, shared)| {
            shared * 2 >= titles[at].len().max(titles[before].len())
                && progress(&revisions[before], revision)
                && soon_enough(&revisions[before], revision)
        });
        let best = continued.max_by_key(|&(before, shared)| (shared, before));
        if let Some((before, _)) = best {
            sets.join(at, before);
        }
    }
}

fn patch_titles(revision: &Revision) -> BTreeSet<String> {
    let titles = revision.patches.iter().map(|patch| folded(&patch.title));
    titles.filter(|title| !title.is_empty()).collect()
}

/// The posting that `next` continues: the highest version below its own, or, for a resend, the
/// last posting, when that has the same version.
fn predecessor(revisions: &[Revision], earlier: &[usize], next: &Revision) -> Option<usize> {
    let recent = || {
        let near = |at: &&usize| soon_enough(&revisions[**at], next);
        earlier.iter().filter(near)
    };
    let last = recent().next_back().map(|&at| &revisions[at])?;
    if (last.version, last.rfc) == (next.version, next.rfc) {
        return recent().next_back().copied();
    }
    recent()
        .filter(|&&at| progress(&revisions[at], next))
        .max_by_key(|&&at| (!revisions[at].rfc, revisions[at].version, at))
        .copied()
}

/// Names the series and strings its members together, in order of date.
fn chain(revisions: &mut [Revision], members: &[usize]) {
    let Some(&first) = members.first() else { return };
    let series = SeriesId(revisions[first].root.clone());
    for (number, &at) in members.iter().enumerate() {
        let next = members.get(number + 1).map(|&next| revisions[next].root.clone());
        let previous = number.checked_sub(1).map(|n| revisions[members[n]].root.clone());
        let revision = &mut revisions[at];
        revision.series = series.clone();
        revision.previous = previous;
        revision.state = match (std::mem::take(&mut revision.state), next) {
            (applied @ State::Applied { .. }, _) => applied,
            (_, Some(by)) => State::Superseded { by },
            (_, None) => State::Posted,
        };
    }
}
