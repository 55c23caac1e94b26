//! From changed lines to the patches that change them.

use rustc_hash::FxHashMap;

use super::postings::Postings;

/// A line that more patches change than this finds none of them.
const HOT: usize = 64;

/// How many lines of one patch are found again: those with the smallest hashes.
const KEPT: usize = 256;

/// How many lines of one commit are looked up, again the smallest.
const ASKED: usize = 256;

/// How many patches one look-up goes through, the rarest lines first.
const BUDGET: usize = 1_500;

/// A line that so many patches change counts in full; of more, in proportion less. Revisions of one
/// patch share most of their lines, and that must not make these weigh less than edited ones.
const RARE: u32 = 8;

/// The weight of a rare line.
pub(super) const FULL: u32 = 64;

/// Patches by the lines that they add and remove, each line with its path and side. A print has
/// these as hashes.
#[derive(Clone, Debug)]
pub struct LineIndex {
    postings: Postings<u32>,
}

impl Default for LineIndex {
    fn default() -> Self {
        Self { postings: Postings::new(HOT) }
    }
}

impl LineIndex {
    /// Adds a patch under a number of the caller's, with the hashes of its lines in ascending order.
    pub fn insert(&mut self, patch: u32, lines: &[u32]) {
        for &line in lines.iter().take(KEPT) {
            self.postings.insert(line, patch);
        }
    }

    /// How much it says that two patches share this line, from 1 to 64: the more patches change it,
    /// the less.
    pub fn weight(&self, line: u32) -> u32 {
        let count = self.postings.count(line).max(RARE);
        (FULL * RARE / count).max(1)
    }

    /// The patches that share lines with these, which ascend, and the weight of what they share, in
    /// no order. Lines that too many patches change are passed over.
    pub fn sharing(&self, lines: &[u32]) -> Vec<(u32, u32)> {
        let mut asked: Vec<(u32, u32)> = lines
            .iter()
            .take(ASKED)
            .map(|&line| (self.postings.count(line), line))
            .filter(|(count, _)| (1..=HOT as u32).contains(count))
            .collect();
        asked.sort_unstable();
        let mut budget = BUDGET;
        let mut found: FxHashMap<u32, u32> = FxHashMap::default();
        for (count, line) in asked {
            let Some(rest) = budget.checked_sub(count as usize) else { break };
            budget = rest;
            let weight = FULL * RARE / count.max(RARE);
            for patch in self.postings.get(line) {
                *found.entry(patch).or_default() += weight;
            }
        }
        found.into_iter().collect()
    }
}
