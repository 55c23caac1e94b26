//! Which words of one text stand where in another.
//!
//! Runs of words that stand once in each text hold the two together, long runs first, then shorter ones
//! in what is left between them, down to single words (the "patience" way of comparing, with runs instead
//! of lines); small rests are compared in full. Each round goes over the text once, so hostile text costs
//! no more than any other.

use std::collections::HashMap;
use std::ops::Range;

/// The length of the runs that each round looks for.
const ROUNDS: [usize; 9] = [24, 12, 6, 6, 3, 3, 2, 1, 1];

/// The largest rest that is compared in full: words of one text times words of the other.
const SMALL: usize = 40_000;

/// For each word of `old` its place in `new`; places only ever grow.
pub(super) fn align(old: &[u32], new: &[u32]) -> Vec<Option<u32>> {
    let mut aligned = Aligned { old, new, places: vec![None; old.len()] };
    let mut gaps = vec![Gap { old: 0..old.len(), new: 0..new.len() }];
    for length in ROUNDS {
        gaps = gaps.into_iter().flat_map(|gap| aligned.split(gap, length)).collect();
    }
    gaps.into_iter().for_each(|gap| aligned.fill(gap));
    aligned.places
}

/// What lies between two places that are aligned.
#[derive(Clone)]
struct Gap {
    old: Range<usize>,
    new: Range<usize>,
}

impl Gap {
    fn is_closed(&self) -> bool {
        self.old.is_empty() || self.new.is_empty()
    }
}

struct Aligned<'t> {
    old: &'t [u32],
    new: &'t [u32],
    places: Vec<Option<u32>>,
}

/// Where a run stands in a gap: nowhere, once, or more often.
#[derive(Clone, Copy, Default)]
enum Seen {
    #[default]
    Never,
    Once(usize),
    Often,
}

impl Seen {
    fn at(&mut self, place: usize) {
        *self = match self {
            Self::Never => Self::Once(place),
            _ => Self::Often,
        };
    }
}

impl Aligned<'_> {
    fn put(&mut self, old: usize, new: usize) {
        self.places[old] = u32::try_from(new).ok();
    }

    /// Aligns the runs of a length that a gap holds once on either side, and what is equal at its ends.
    fn split(&mut self, gap: Gap, length: usize) -> Vec<Gap> {
        let gap = self.trimmed(gap);
        if gap.is_closed() {
            return vec![];
        }
        let (mut gaps, mut rest) = (Vec::new(), gap.clone());
        for (old, new) in rising(&self.unique(&gap, length)) {
            // Runs overlap; those that contradict one before are left out.
            let done = rest.old.start.saturating_sub(old).max(rest.new.start.saturating_sub(new));
            if done >= length {
                continue;
            }
            for at in done..length {
                self.put(old + at, new + at);
            }
            gaps.push(Gap { old: rest.old.start..old + done, new: rest.new.start..new + done });
            (rest.old.start, rest.new.start) = (old + length, new + length);
        }
        gaps.push(rest);
        gaps.into_iter().map(|gap| self.trimmed(gap)).filter(|gap| !gap.is_closed()).collect()
    }

    /// Aligns what is equal at both ends of a gap.
    fn trimmed(&mut self, mut gap: Gap) -> Gap {
        while !gap.is_closed() && self.old[gap.old.start] == self.new[gap.new.start] {
            self.put(gap.old.start, gap.new.start);
            gap.old.start += 1;
            gap.new.start += 1;
        }
        while !gap.is_closed() && self.old[gap.old.end - 1] == self.new[gap.new.end - 1] {
            gap.old.end -= 1;
            gap.new.end -= 1;
            self.put(gap.old.end, gap.new.end);
        }
        gap
    }

    /// The runs that stand once on either side, in the order of the old text.
    fn unique(&self, gap: &Gap, length: usize) -> Vec<(usize, usize)> {
        let (old, new) = (&self.old[gap.old.clone()], &self.new[gap.new.clone()]);
        let mut seen: HashMap<&[u32], [Seen; 2]> = HashMap::new();
        for (at, run) in old.windows(length).enumerate() {
            seen.entry(run).or_default()[0].at(gap.old.start + at);
        }
        for (at, run) in new.windows(length).enumerate() {
            if let Some(places) = seen.get_mut(run) {
                places[1].at(gap.new.start + at);
            }
        }
        let both = |places: &[Seen; 2]| match *places {
            [Seen::Once(old), Seen::Once(new)] => Some((old, new)),
            _ => None,
        };
        let mut pairs: Vec<_> = seen.values().filter_map(both).collect();
        pairs.sort_unstable();
        pairs
    }

    /// Compares what is left of a gap, when it is small: a longest common subsequence.
    fn fill(&mut self, gap: Gap) {
        let (old, new) = (&self.old[gap.old.clone()], &self.new[gap.new.clone()]);
        if old.len().saturating_mul(new.len()) > SMALL {
            return;
        }
        let width = new.len() + 1;
        let mut common = vec![0_u32; (old.len() + 1) * width];
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                common[i * width + j] = if old[i] == new[j] {
                    common[(i + 1) * width + j + 1] + 1
                } else {
                    common[(i + 1) * width + j].max(common[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < old.len() && j < new.len() {
            if old[i] == new[j] {
                self.places[gap.old.start + i] = u32::try_from(gap.new.start + j).ok();
                (i, j) = (i + 1, j + 1);
            } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
}

/// The longest part of pairs, in order of the first, whose second rises too (patience sorting).
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best row of each length, and the pair before each.
    let (mut rows, mut before): (Vec<usize>, Vec<Option<usize>>) =
        (vec![], vec![None; pairs.len()]);
    for (at, (_, new)) in pairs.iter().enumerate() {
        let row = rows.partition_point(|&last| pairs[last].1 < *new);
        before[at] = row.checked_sub(1).map(|row| rows[row]);
        match rows.get_mut(row) {
            Some(last) => *last = at,
            None => rows.push(at),
        }
    }
    let mut chain: Vec<(usize, usize)> =
        std::iter::successors(rows.last().copied(), |&at| before[at]).map(|at| pairs[at]).collect();
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words of the old text; those that are aligned with a word of the new one in brackets.
    fn check(old: &str, new: &str) -> String {
        let number = |text: &str| -> Vec<u32> {
            text.split(' ').map(|word| word.bytes().fold(7, |n, b| n * 31 + u32::from(b))).collect()
        };
        let places = align(&number(old), &number(new));
        let new: Vec<&str> = new.split(' ').collect();
        let word = |(word, place): (&str, &Option<u32>)| match place {
            Some(place) => {
                assert_eq!(word, new[*place as usize]);
                format!("[{word}]")
            }
            None => word.to_owned(),
        };
        old.split(' ').zip(&places).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn unchanged_words_are_aligned() {
        assert_eq!(check("a b c d", "a b c d"), "[a] [b] [c] [d]");
        assert_eq!(check("a b c d", "a x c d y"), "[a] b [c] [d]");
        assert_eq!(check("a b", "x y"), "a b");
    }

    #[test]
    fn of_two_that_changed_places_one_is_aligned() {
        assert_eq!(check("a b c d e f x y", "x y a b c d e f"), "[a] [b] [c] [d] [e] [f] x y");
    }

    proptest! {
        #[test]
        fn places_grow_and_hold_the_same_word(
            old in prop::collection::vec(0..6_u32, 0..120),
            new in prop::collection::vec(0..6_u32, 0..120),
        ) {
            let places = align(&old, &new);
            let found: Vec<(usize, usize)> =
                places.iter().enumerate().filter_map(|(at, p)| Some((at, (*p)? as usize))).collect();
            prop_assert!(found.windows(2).all(|pair| pair[0].1 < pair[1].1));
            prop_assert!(found.iter().all(|&(at, place)| old[at] == new[place]));
        }

        #[test]
        fn a_text_is_aligned_with_itself(text in prop::collection::vec(0..6_u32, 0..120)) {
            let whole: Vec<Option<u32>> = (0..text.len()).map(|at| Some(at as u32)).collect();
            prop_assert_eq!(align(&text, &text), whole);
        }
    }
}
