//! Revisions of one piece of work, across threads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lorecast_model::{ClueKey, Posted, SeriesId, Version};

use super::likeness::{Claim, Compared};
use crate::union::Sets;

/// How many revisions with one clue are compared: a bound on time. What more have in common
/// ("Documentation update") says nothing.
const MOST_ALIKE: usize = 48;

/// Below this the version of a candidate does not make up for a doubt.
const SURE: u8 = 80;

/// Says of each revision which one it continues, and joins those of one piece of work.
///
/// The candidates of a revision are those that it has a key in common with. Of those that it continues for a good reason, the one before is the one
/// with the highest version below its own, or the same version when it was sent again; of several,
/// the one with the best reason, then the latest. What was sent again comes after the version
/// below, as the first sending does. Sets `series` to the earliest root, `previous`, `tie`,
/// `confidence` and `next`.
///
/// Pure; the order of the input does not matter, and linking twice changes nothing. To link new
/// revisions with old ones, it needs the old ones that share a key with them, and the whole series
/// of these. The result is sorted by date, then by root.
pub fn link(mut all: Vec<Posted>) -> Vec<Posted> {
    all.sort_by(|a, b| {
        (a.revision.date, &a.revision.root).cmp(&(b.revision.date, &b.revision.root))
    });
    all.dedup_by(|a, b| a.revision.root == b.revision.root);
    let mut before = predecessors(&all);
    let mut sets = Sets::new(all.len());
    for (at, found) in before.iter_mut().enumerate() {
        // Wrong dates can make revisions continue each other in a circle, which one must leave.
        if found.is_some_and(|(before, _)| sets.find(at) == sets.find(before)) {
            *found = None;
        }
        if let Some((before, _)) = found {
            sets.join(at, *before);
        }
    }
    let mut series: BTreeMap<usize, SeriesId> = BTreeMap::new();
    for (at, posted) in all.iter().enumerate() {
        // The first one met is the earliest.
        let root = || SeriesId(posted.revision.root.clone());
        series.entry(sets.find(at)).or_insert_with(root);
    }
    let mut next = BTreeMap::new();
    for (at, found) in before.iter().enumerate() {
        if let Some((before, _)) = found {
            next.entry(*before).or_insert_with(|| all[at].revision.root.clone());
        }
    }
    let before: Vec<_> = (0..all.len()).map(|at| version_before(&all, &before, at)).collect();
    for at in 0..all.len() {
        let previous = before[at].map(|(before, _)| all[before].revision.root.clone());
        let claim = before[at].map(|(_, claim)| claim);
        let revision = &mut all[at].revision;
        revision.series = series[&sets.find(at)].clone();
        revision.previous = previous;
        revision.tie = claim.map(|claim| claim.tie);
        revision.confidence = claim.map_or(0, |claim| claim.confidence);
        revision.next = next.remove(&at);
    }
    all
}

/// What a revision comes after: what it continues, and when that is the same version, what that
/// comes after, if anything.
fn version_before(
    all: &[Posted],
    before: &[Option<(usize, Claim)>],
    at: usize,
) -> Option<(usize, Claim)> {
    let (version, rfc) = (all[at].revision.version, all[at].revision.rfc);
    let same =
        |place: usize| (all[place].revision.version, all[place].revision.rfc) == (version, rfc);
    let mut found = before[at];
    // `link` has taken circles apart.
    while let Some((place, _)) = found.filter(|(place, _)| same(*place)) {
        match before[place] {
            Some(further) => found = Some(further),
            None => break,
        }
    }
    if found.is_some_and(|(place, _)| same(place)) { before[at] } else { found }
}

/// The revision that each one continues, by place.
fn predecessors(all: &[Posted]) -> Vec<Option<(usize, Claim)>> {
    let compared: Vec<Compared<'_>> = all.iter().map(Compared::new).collect();
    let mut holders: HashMap<ClueKey, Vec<usize>> = HashMap::new();
    for (at, posted) in all.iter().enumerate() {
        posted.clues.keys.iter().for_each(|key| holders.entry(*key).or_default().push(at));
    }
    let mut found = Vec::with_capacity(all.len());
    for (at, posted) in all.iter().enumerate() {
        let keys = posted.clues.keys.iter();
        let mut candidates: Vec<usize> = keys.flat_map(|key| near(&holders[key], at)).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let claims = candidates.into_iter().filter_map(|before| {
            let claim = compared[at].continues(&compared[before])?;
            Some((before, claim))
        });
        found.push(claims.max_by_key(|(before, claim)| {
            let (next, before_it) = (&all[at].revision, &all[*before].revision);
            let again = next.version == before_it.version && next.rfc == before_it.rfc;
            let below = next.version > before_it.version;
            (
                claim.confidence >= SURE,
                again || below,
                before_it.version,
                !before_it.rfc,
                std::cmp::Reverse(claim.tie),
                *before,
            )
        }));
    }
    drop_doubtful(all, &mut found);
    found
}

/// A weak claim counts only while nothing has a better one to the same revision: then that is the next
/// one, and this is other work.
fn drop_doubtful(all: &[Posted], found: &mut [Option<(usize, Claim)>]) {
    let version = |at: usize| all[at].revision.version;
    let mut better: BTreeSet<(usize, Version)> = BTreeSet::new();
    for (at, found) in found.iter().enumerate() {
        if let Some((before, claim)) = found
            && claim.confidence >= SURE
        {
            better.insert((*before, version(at)));
        }
    }
    for (at, found) in found.iter_mut().enumerate() {
        let doubtful = |(before, claim): &mut (usize, Claim)| {
            claim.confidence < SURE && better.contains(&(*before, version(at)))
        };
        found.take_if(doubtful);
    }
}

/// The holders of a key nearest to one of them, the earlier first.
fn near(holders: &[usize], at: usize) -> impl Iterator<Item = usize> {
    let place = holders.partition_point(|other| *other < at);
    let from = place.saturating_sub(MOST_ALIKE);
    let to = (place + 1 + MOST_ALIKE / 4).min(holders.len());
    holders[from..to].iter().copied().filter(move |other| *other != at)
}
