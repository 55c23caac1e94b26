//! How much of a story is told.

use crate::reply::Voices;

/// How many of whose words a story quotes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Detail {
    /// Sentences of the author.
    pub quotations: usize,
    /// People who answered.
    pub voices: usize,
    /// What is new in this version is quoted too.
    pub changes: bool,
}

/// From a sentence to a long story.
pub(crate) const LEVELS: [Detail; 7] = [
    Detail { quotations: 1, voices: 0, changes: false },
    Detail { quotations: 1, voices: 1, changes: false },
    Detail { quotations: 1, voices: 2, changes: true },
    Detail { quotations: 2, voices: 3, changes: true },
    Detail { quotations: 2, voices: 4, changes: true },
    Detail { quotations: 3, voices: 5, changes: true },
    Detail { quotations: 4, voices: 8, changes: true },
];
/// Where an episode of usual length begins.
pub(crate) const USUAL: usize = 1;
/// Who wants to hear more than one voice of a story takes them when they say this much.
const LISTENED: f64 = 1.4;
/// So many words are no difference.
const NEAR: usize = 4;

impl Detail {
    /// Which answers are told: in passing only those that take a stand.
    pub fn heard(&self, topic: bool) -> Voices {
        let base = if topic { Voices::TOPIC } else { Voices::ASIDE };
        base.of(if topic { self.voices.max(3) } else { self.voices }).from(if self.voices > 1 {
            LISTENED
        } else {
            f64::MAX
        })
    }
}

/// Chooses a level for each of `stories`, so that all have about `target` words together.
/// `words(i, level)` is how long story `i` is at a level; the best story comes first. The best grow
/// first and the last shrink first, a level at a time.
pub(crate) fn levels(
    stories: usize,
    target: usize,
    mut words: impl FnMut(usize, usize) -> usize,
) -> Vec<usize> {
    let mut levels = vec![USUAL; stories];
    let mut lengths: Vec<usize> = (0..stories).map(|of| words(of, USUAL)).collect();
    let mut sum: usize = lengths.iter().sum();
    let mut change = |of: usize, level: usize, sum: &mut usize, fits: &dyn Fn(usize) -> bool| {
        let length = words(of, level);
        let changed = (*sum + length).saturating_sub(lengths[of]);
        if fits(changed) {
            (levels[of], lengths[of], *sum) = (level, length, changed);
        }
    };
    for of in (0..stories).rev() {
        if sum > target {
            change(of, 0, &mut sum, &|_| true);
        }
    }
    let mut growing: Vec<usize> = (0..stories).collect();
    for level in USUAL + 1..LEVELS.len() {
        // Near the target each level would be tried for nothing.
        if sum + NEAR > target {
            break;
        }
        growing.retain(|of| {
            let before = sum;
            change(*of, level, &mut sum, &|words| words <= target);
            sum != before || sum + NEAR <= target
        });
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_grow_first_and_the_last_shrink_first() {
        for (target, told) in [
            (10, [0, 0, 0]),
            (50, [1, 1, 0]),
            (60, [1, 1, 1]),
            (75, [2, 1, 1]),
            (100, [3, 2, 2]),
            (1000, [6, 6, 6]),
        ] {
            assert_eq!(levels(3, target, |_, level| 10 * level + 10), told, "{target}");
        }
        assert_eq!(levels(0, 10, |_, _| 0), Vec::<usize>::new());
    }
}
