//! Clocks that were wrong.

use lorecast_archive::{Span, Tips};

use crate::reading::{open, repo, since, tips, titles, try_read};

const SPRING: i64 = 1_680_307_200;
const DAY: i64 = 86_400;

/// Commits one after the other, each with its date, and what a first reading since March 2023
/// yields, then one that knows all but the last two.
fn check(dates: &[i64], first: &[&str], second: &[&str]) {
    let (_room, repo) = repo();
    let mut known = Tips::default();
    for (at, date) in dates.iter().enumerate() {
        if at + 2 == dates.len() {
            known = tips(&repo);
        }
        repo.commit(&format!("c{at}")).file("a", format!("{at}\n")).at(*date).make();
    }
    let now = tips(&repo);
    for (before, expected) in [(&Tips::default(), first), (&known, second)] {
        let span = Span { before, now: &now, since: since("2023-03-01T00:00:00Z") };
        let (commits, _) = try_read(&open(&repo.path), &span).unwrap();
        assert_eq!(titles(&commits), expected);
    }
}

#[test]
fn a_commit_of_1970_stops_nothing() {
    check(&[SPRING, 86_400, SPRING + DAY], &["c0", "c1", "c2"], &["c1", "c2"]);
    check(&[SPRING, SPRING + DAY, 86_400], &["c0", "c1", "c2"], &["c1", "c2"]);
    check(&[86_400, SPRING, SPRING + DAY], &["c0", "c1", "c2"], &["c1", "c2"]);
}

#[test]
fn a_commit_of_2038_or_later_stops_nothing() {
    for late in [i64::from(i32::MAX), 95_617_584_000] {
        check(&[SPRING, late, SPRING + DAY], &["c0", "c1", "c2"], &["c1", "c2"]);
        check(&[late, SPRING, SPRING + DAY], &["c0", "c1", "c2"], &["c1", "c2"]);
    }
}

#[test]
fn a_clock_that_was_years_late_stops_nothing_but_its_own_commit() {
    let late = SPRING - 3000 * DAY;
    check(&[SPRING, late, SPRING + DAY], &["c0", "c2"], &["c2"]);
    check(&[SPRING, SPRING + DAY, late], &["c0", "c1"], &["c1"]);
}

#[test]
fn a_line_of_old_commits_is_left_in_the_end() {
    let old = SPRING - 400 * DAY;
    let dates: Vec<i64> =
        [SPRING].into_iter().chain((0..80).map(|at| old + at)).chain([SPRING + DAY]).collect();
    // c0 is behind 80 old ones, which is no clock's fault.
    check(&dates, &["c81"], &["c81"]);
}
