//! Which blocks of two texts are the same story.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::blocks::{Block, Layout};

/// From which likeness of their words on (0 to 1, Dice) two blocks are the same.
const ALIKE: f64 = 0.5;
/// And two that link to different mails: stories share the words of their templates.
const ALIKE_ABOUT_ANOTHER: f64 = 0.6;
/// So many blocks that nothing else tells apart are compared with each other by their words.
const MOST_COMPARED: usize = 300;

/// For each block of `old` the place of the same block in `new`: equal ones, then those that are known
/// by the same thing; in prose, where a newer version may stand for an older one, then those with
/// like words, then those that stand between the same neighbours.
pub(crate) fn pairs(layout: Layout, old: &[Block<'_>], new: &[Block<'_>]) -> Vec<Option<usize>> {
    let mut pairing = Pairing { of: vec![None; old.len()], taken: vec![false; new.len()] };
    pairing.by(old, new, |block| Some(block.text));
    pairing.by(old, new, |block| block.key.as_deref());
    if layout == Layout::Prose {
        pairing.by_words(old, new);
        pairing.by_place(old, new);
    }
    pairing.of
}

/// The same for blocks of two authors that have no ancestor: only what is equal or goes by the same
/// thing is one.
pub(crate) fn same(old: &[Block<'_>], new: &[Block<'_>]) -> Vec<Option<usize>> {
    let mut pairing = Pairing { of: vec![None; old.len()], taken: vec![false; new.len()] };
    pairing.by(old, new, |block| Some(block.text));
    pairing.by(old, new, |block| block.key.as_deref());
    pairing.of
}

struct Pairing {
    of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairing {
    fn pair(&mut self, old: usize, new: usize) {
        self.of[old] = Some(new);
        self.taken[new] = true;
    }

    fn open_old(&self) -> Vec<usize> {
        (0..self.of.len()).filter(|at| self.of[*at].is_none()).collect()
    }

    fn open_new(&self) -> Vec<usize> {
        (0..self.taken.len()).filter(|at| !self.taken[*at]).collect()
    }

    fn by<'a>(
        &mut self,
        old: &'a [Block<'_>],
        new: &'a [Block<'_>],
        name: impl Fn(&'a Block<'_>) -> Option<&'a str>,
    ) {
        let mut places: BTreeMap<(&str, usize), VecDeque<usize>> = BTreeMap::new();
        for at in self.open_new() {
            if let Some(name) = name(&new[at]) {
                places.entry((name, new[at].heading)).or_default().push_back(at);
            }
        }
        for at in self.open_old() {
            let place = name(&old[at]).and_then(|name| places.get_mut(&(name, old[at].heading)));
            if let Some(place) = place.and_then(VecDeque::pop_front) {
                self.pair(at, place);
            }
        }
    }

    /// The likest first.
    fn by_words(&mut self, old: &[Block<'_>], new: &[Block<'_>]) {
        let (left, right) = (self.open_old(), self.open_new());
        if left.len().max(right.len()) > MOST_COMPARED {
            return;
        }
        let words_of = |blocks: &[Block<'_>], places: &[usize]| {
            places.iter().map(|at| words(blocks[*at].text)).collect::<Vec<_>>()
        };
        let (old_words, new_words) = (words_of(old, &left), words_of(new, &right));
        let mut likely: Vec<(f64, usize, usize)> = Vec::new();
        for (a, old_at) in left.iter().enumerate() {
            for (b, new_at) in right.iter().enumerate() {
                let likeness = likeness(&old_words[a], &new_words[b]);
                let (one, other) = (&old[*old_at], &new[*new_at]);
                let known = one.heading == 0 && one.key.is_some() && other.key.is_some();
                let enough = if known { ALIKE_ABOUT_ANOTHER } else { ALIKE };
                if one.heading == other.heading && likeness >= enough {
                    likely.push((likeness, *old_at, *new_at));
                }
            }
        }
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, a, b) in likely {
            if self.of[a].is_none() && !self.taken[b] {
                self.pair(a, b);
            }
        }
    }

    /// Runs of as many blocks between the same neighbours, unless they are known to be different.
    fn by_place(&mut self, old: &[Block<'_>], new: &[Block<'_>]) {
        let mut at = 0;
        while at < old.len() {
            let end = (at..old.len()).find(|place| self.of[*place].is_some()).unwrap_or(old.len());
            let before = at.checked_sub(1).map_or(Some(0), |before| self.of[before].map(|n| n + 1));
            let behind = self.of.get(end).copied().map_or(Some(new.len()), |place| place);
            if let (Some(from), Some(to)) = (before, behind)
                && end > at
                && to.checked_sub(from) == Some(end - at)
                && (from..to).all(|place| !self.taken[place])
            {
                for (a, b) in (at..end).zip(from..to) {
                    let known = old[a].key.is_some() && new[b].key.is_some();
                    if old[a].heading == new[b].heading && (!known || old[a].heading > 0) {
                        self.pair(a, b);
                    }
                }
            }
            at = end + 1;
        }
    }
}

/// The words of a block in small letters.
fn words(text: &str) -> BTreeSet<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

fn likeness(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let shared = a.intersection(b).count();
    let all = a.len() + b.len();
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}
