//! Which episodes stand in the feed, and which in its archive pages (RFC 5005 section 4).

/// The episodes of the feed's documents, newest first in each.
pub(super) struct Pages<'a, T> {
    pub(super) current: &'a [T],
    /// The oldest page first.
    pub(super) archived: Vec<&'a [T]>,
}

/// Splits episodes, newest first. Pages are filled from the oldest on and hold `page` episodes each, so
/// that a full page never changes; the feed keeps at least one page of its own.
pub(super) fn split<T>(newest_first: &[T], page: usize) -> Pages<'_, T> {
    let page = page.max(1);
    let archived = (newest_first.len() / page).saturating_sub(1);
    let (current, old) = newest_first.split_at(newest_first.len() - archived * page);
    Pages { current, archived: old.rchunks(page).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(episodes: usize, expected: &str) {
        let newest_first: Vec<usize> = (1..=episodes).rev().collect();
        let pages = split(&newest_first, 3);
        assert_eq!(format!("{:?} {:?}", pages.current, pages.archived), expected);
    }

    #[test]
    fn full_pages_never_change() {
        check(0, "[] []");
        check(5, "[5, 4, 3, 2, 1] []");
        check(6, "[6, 5, 4] [[3, 2, 1]]");
        check(8, "[8, 7, 6, 5, 4] [[3, 2, 1]]");
        check(9, "[9, 8, 7] [[3, 2, 1], [6, 5, 4]]");
    }
}
