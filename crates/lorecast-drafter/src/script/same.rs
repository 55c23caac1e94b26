//! The words that two texts have in common.

use diffy::{DiffOptions, Line};

/// More words are not compared: that takes time that grows with their number times the number of
/// differences, and no episode has as many.
const MOST_WORDS: usize = 30_000;

/// For each word of `a` the number of the same one in `b`, in order, as many as can be (E. W. Myers, "An
/// O(ND) difference algorithm and its variations", Algorithmica 1, 1986). No word has a line break.
pub(super) fn same<T: AsRef<str> + PartialEq>(a: &[T], b: &[T]) -> Vec<Option<usize>> {
    if a == b {
        return (0..a.len()).map(Some).collect();
    }
    let mut found = vec![None; a.len()];
    if a.len().max(b.len()) > MOST_WORDS {
        return found;
    }
    let (before, after) = (lines(a), lines(b));
    let mut options = DiffOptions::new();
    options.set_context_len(a.len() + b.len());
    let patch = options.create_patch(&before, &after);
    let (mut here, mut there) = (0, 0);
    for line in patch.hunks().iter().flat_map(|hunk| hunk.lines()) {
        match line {
            Line::Context(_) => {
                found[here] = Some(there);
                (here, there) = (here + 1, there + 1);
            }
            Line::Delete(_) => here += 1,
            Line::Insert(_) => there += 1,
        }
    }
    found
}

fn lines<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().flat_map(|word| [word.as_ref(), "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::same;

    #[track_caller]
    fn check(a: &str, b: &str, expected: &[(usize, usize)]) {
        let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        let (a, b) = (a.to_owned().leak(), b.to_owned().leak());
        let found = same(&words(a), &words(b));
        let pairs: Vec<_> =
            found.iter().enumerate().filter_map(|(at, other)| Some((at, (*other)?))).collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn most_words_are_found_and_in_order() {
        check("a b c", "a b c", &[(0, 0), (1, 1), (2, 2)]);
        check("128 MB from one place", "one hundred from one place", &[(2, 2), (3, 3), (4, 4)]);
        check("a b", "c d", &[]);
    }
}
