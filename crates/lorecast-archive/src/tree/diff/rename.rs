//! Which files were renamed, found as git finds them (`-M`, gitdiffcore(7)): first equal files, then
//! names that exist once on both sides, then the most alike.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::blobs::Blobs;
use super::similar::{Pieces, SAME};
use super::trees::{Change, File};
use crate::tree::object::Unread;

/// Half alike is renamed (`-M50%`).
const LEAST: u64 = SAME / 2;

/// Files of one name are taken without a look at others when they are this much alike.
const LEAST_OF_NAME: u64 = LEAST + (SAME - LEAST) / 2;

/// No more pairs than this are compared (`diff.renameLimit`, squared).
const PAIRS: usize = 1000 * 1000;

/// Nor than this many pieces of old files with new ones: that takes about two seconds.
const COMPARISONS: usize = 200 * 1000 * 1000;

/// How many old files are kept in mind for each new one.
const CANDIDATES: usize = 4;

/// How many equal files are looked at to find one of the same name.
const EQUALS: usize = 100;

/// No more content than this is compared, in bytes.
const BYTES: usize = 64 * 1024 * 1024;

/// Joins what went and what came of one file.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn find(changes: &[Change], blobs: &mut Blobs<'_>) -> Result<Vec<Change>, Unread> {
    let gone = changes.iter().filter(|change| change.new.is_none());
    let come = changes.iter().filter(|change| change.old.is_none());
    let old: Vec<&File> = gone.filter_map(|change| change.old.as_ref()).collect();
    let new: Vec<&File> = come.filter_map(|change| change.new.as_ref()).collect();
    if old.is_empty() || new.is_empty() {
        return Ok(changes.to_vec());
    }
    let mut search =
        Search { used: vec![false; old.len()], pairs: vec![None; new.len()], old, new };
    search.equal();
    if let Some((old, new)) = search.weigh(blobs)? {
        search.by_name(&old, &new);
        search.most_alike(&old, &new);
    }
    Ok(search.join(changes))
}

/// The pieces of files that may be renamed.
type Weighed = Vec<Option<Pieces>>;

struct Search<'a> {
    old: Vec<&'a File>,
    new: Vec<&'a File>,
    /// Which old files have found their new one.
    used: Vec<bool>,
    /// For each new file the old one, and how alike they are.
    pairs: Vec<Option<(usize, u64)>>,
}

impl Search<'_> {
    /// Equal content, if possible of the same name.
    fn equal(&mut self) {
        let mut same: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, file) in self.old.iter().enumerate() {
            same.entry(file.sha).or_default().push(at);
        }
        for to in 0..self.new.len() {
            let new = self.new[to];
            let equals = same.get(&new.sha).into_iter().flatten().copied();
            let fits = |from: &usize| {
                let old = self.old[*from];
                let plain = old.is_regular() && new.is_regular();
                !self.used[*from] && (plain || old.mode == new.mode)
            };
            // The first one, unless another has the same name.
            let best = equals.filter(fits).take(EQUALS).enumerate().min_by_key(|(order, from)| {
                (Reverse(self.old[*from].name() == new.name()), *order)
            });
            if let Some((_, from)) = best {
                self.record(from, to, SAME);
            }
        }
    }

    /// The pieces of the files that are left; none when there are too many to compare.
    fn weigh(&self, blobs: &mut Blobs<'_>) -> Result<Option<(Weighed, Weighed)>, Unread> {
        let (old, new) = (self.left(), self.alone());
        if old.is_empty() || new.is_empty() || old.len() * new.len() > PAIRS {
            return Ok(None);
        }
        let mut bytes = 0;
        let mut weigh = |files: &[&File], left: &[usize]| -> Result<Weighed, Unread> {
            let mut weighed: Weighed = files.iter().map(|_| None).collect();
            for &at in left.iter().filter(|at| files[**at].is_regular()) {
                if let Some(content) = blobs.content(files[at])? {
                    bytes += content.len();
                    if bytes > BYTES {
                        break;
                    }
                    weighed[at] = Some(Pieces::of(&content));
                }
            }
            Ok(weighed)
        };
        let weighed = (weigh(&self.old, &old)?, weigh(&self.new, &new)?);
        Ok((bytes <= BYTES).then_some(weighed))
    }

    /// Names that stand once on each side, alike enough.
    fn by_name(&mut self, old: &Weighed, new: &Weighed) {
        let (from, to) = (names(&self.old, &self.left()), names(&self.new, &self.alone()));
        for at in self.left() {
            let name = self.old[at].name();
            if let (Some(Some(from)), Some(Some(to))) = (from.get(name), to.get(name)) {
                let score = score(old, new, *from, *to);
                if score >= LEAST_OF_NAME && self.pairs[*to].is_none() {
                    self.record(*from, *to, score);
                }
            }
        }
    }

    /// Of all that are left the most alike, then those of the same name.
    fn most_alike(&mut self, old: &Weighed, new: &Weighed) {
        type Candidate = (Reverse<u64>, Reverse<bool>, usize, usize);
        let rank = |candidate: &Candidate| (candidate.0, candidate.1);
        let (left, alone, mut all) = (self.left(), self.alone(), Vec::new());
        let pieces: usize = left.iter().filter_map(|at| old[*at].as_ref()).map(Pieces::count).sum();
        if pieces.saturating_mul(alone.len()) > COMPARISONS {
            return;
        }
        for to in alone {
            let mut best: Vec<Candidate> = Vec::new();
            for &from in &left {
                let same = self.old[from].name() == self.new[to].name();
                let new = (Reverse(score(old, new, from, to)), Reverse(same), from, to);
                if best.len() < CANDIDATES {
                    best.push(new);
                    continue;
                }
                // The first of the worst; the place of a candidate decides between equals.
                let worst = (1..best.len()).fold(0, |worst, at| {
                    if rank(&best[at]) > rank(&best[worst]) { at } else { worst }
                });
                if rank(&new) < rank(&best[worst]) {
                    best[worst] = new;
                }
            }
            all.extend(best);
        }
        all.sort_by_key(rank);
        for (Reverse(score), _, from, to) in all {
            if score >= LEAST && self.pairs[to].is_none() && !self.used[from] {
                self.record(from, to, score);
            }
        }
    }

    fn record(&mut self, from: usize, to: usize, score: u64) {
        self.used[from] = true;
        self.pairs[to] = Some((from, score));
    }

    fn left(&self) -> Vec<usize> {
        (0..self.old.len()).filter(|at| !self.used[*at]).collect()
    }

    fn alone(&self) -> Vec<usize> {
        (0..self.new.len()).filter(|at| self.pairs[*at].is_none()).collect()
    }

    fn join(&self, changes: &[Change]) -> Vec<Change> {
        let (mut gone, mut come) = (self.used.iter(), self.pairs.iter());
        let mut joined = Vec::with_capacity(changes.len());
        for change in changes {
            match (&change.old, &change.new) {
                (Some(_), None) if gone.next() == Some(&true) => {}
                (None, Some(new)) => {
                    let pair = come.next().copied().flatten();
                    joined.push(Change {
                        old: pair.map(|(from, _)| self.old[from].clone()),
                        new: Some(new.clone()),
                        renamed: pair.map(|(_, score)| (score * 100 / SAME) as u32),
                    });
                }
                _ => joined.push(change.clone()),
            }
        }
        joined
    }
}

fn score(old: &Weighed, new: &Weighed, from: usize, to: usize) -> u64 {
    match (&old[from], &new[to]) {
        (Some(old), Some(new)) => old.score(new, LEAST),
        _ => 0,
    }
}

/// Names with the place of their file, or nothing when several have that name.
fn names<'a>(files: &[&'a File], left: &[usize]) -> HashMap<&'a [u8], Option<usize>> {
    let mut names = HashMap::new();
    for &at in left {
        names.entry(files[at].name()).and_modify(|place| *place = None).or_insert(Some(at));
    }
    names
}
