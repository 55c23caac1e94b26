//! Where a revision stands after what happened to it.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{CommitId, Event, Proof, Revision, What};
use lorecast_tracker::{series, state};
use mails::{id, mails};

mod mails;

fn revision() -> Revision {
    series::revisions(&mails("a | ada | [PATCH] x")).remove(0).revision
}

/// One event a word: `day:what`, told by a mail, or by a commit where it ends in `!`.
fn events(text: &str) -> Vec<Event> {
    let event = |word: &str| {
        let (day, what) = word.split_once(':').unwrap();
        let (what, by_commit) = what.strip_suffix('!').map_or((what, false), |what| (what, true));
        let (tree, commit) = (String::new(), None);
        let what = match what {
            "answered" => What::Answered,
            "vouched" => What::Vouched { key: "acked-by".to_owned() },
            "changes" => What::ChangesRequested,
            "promised" => What::Promised,
            "applied" => What::Applied { tree, commit: by_commit.then(|| "a".repeat(40)) },
            "dropped" => What::Dropped { tree },
            "next" => What::Next,
            "landed" => {
                What::Landed { tag: by_commit.then(|| "v9".to_owned()), release: None, commit }
            }
            "reverted" => What::Reverted,
            "rejected" => What::Rejected,
            other => panic!("{other}"),
        };
        let proof = match by_commit {
            true => {
                Proof::Commit { tree: "t".to_owned(), id: CommitId::new(&"a".repeat(40)).unwrap() }
            }
            false => Proof::Message(id(&format!("{day}@x"))),
        };
        let date = start() + SignedDuration::from_hours(24 * day.parse::<i64>().unwrap());
        Event { date, what, who: String::new(), proof, patches: vec![] }
    };
    text.split_whitespace().map(event).collect()
}

fn start() -> Timestamp {
    "2023-04-01T00:00:00Z".parse().unwrap()
}

fn check(text: &str, expected: &str) {
    assert_eq!(state::decide(&revision(), &events(text), None, None).0.name(), expected, "{text}");
}

#[test]
fn the_furthest_that_it_came_counts() {
    check("", "posted");
    check("1:answered", "under-review");
    check("1:vouched", "under-review");
    check("1:vouched 2:changes", "changes-requested");
    check("1:changes 2:answered", "changes-requested");
    check("1:promised 2:answered", "changes-requested");
    check("1:rejected", "rejected");
    check("1:changes 2:applied", "applied");
    check("1:applied 2:next!", "next");
    check("1:applied 2:next! 3:landed!", "landed");
    check("1:landed! 2:applied", "landed");
}

#[test]
fn what_was_taken_back_is_not_there() {
    check("1:applied 2:dropped", "dropped");
    check("1:applied 2:dropped 3:applied", "applied");
    check("1:next! 2:dropped!", "dropped");
    check("1:landed! 5:reverted!", "reverted");
    check("1:landed! 2:dropped", "landed");
    check("1:applied 2:dropped 3:landed!", "landed");
}

#[test]
fn a_commit_with_a_tag_says_more_than_a_mail() {
    for text in ["1:landed! 2:landed", "1:landed 2:landed!"] {
        let (state, _) = state::decide(&revision(), &events(text), None, None);
        assert_eq!(serde_json::to_value(&state).unwrap()["tag"], "v9", "{text}");
    }
}

#[test]
fn a_later_revision_counts_unless_it_was_taken() {
    let (next, day) = (id("b"), start() + SignedDuration::from_hours(24 * 5));
    let state =
        |text: &str| state::decide(&revision(), &events(text), Some((&next, day)), None).0.name();
    assert_eq!(state("1:changes"), "superseded");
    assert_eq!(state("9:applied"), "applied");
    assert_eq!(state("1:applied"), "superseded", "somebody said so, and a new version came");
    assert_eq!(state("1:applied!"), "applied", "there is a commit");
    assert_eq!(state("1:landed!"), "landed");
}

#[test]
fn each_patch_is_looked_at_on_its_own() {
    let thread = "
        a | ada | [PATCH 1/3] x
        b < a | ada | [PATCH 2/3] y
        c < a | ada | [PATCH 3/3] z";
    let three = series::revisions(&mails(thread)).remove(0).revision;
    let check = |events: &[(&str, &[u32])], expected: &str| {
        let all = events.iter().map(|(text, patches)| Event {
            patches: patches.to_vec(),
            ..self::events(text).remove(0)
        });
        let (state, taken) = state::decide(&three, &all.collect::<Vec<_>>(), None, None);
        let told = format!("{} {}/{}/{}", state.name(), taken.applied, taken.next, taken.landed);
        assert_eq!(told, expected, "{events:?}");
    };
    check(&[("1:applied", &[])], "applied 3/0/0");
    check(&[("1:applied", &[1, 2])], "applied 2/0/0");
    check(&[("1:landed!", &[]), ("2:reverted!", &[2])], "landed 2/2/2");
    check(&[("1:landed!", &[2]), ("2:reverted!", &[2])], "reverted 0/0/0");
    check(&[("1:applied!", &[]), ("2:dropped!", &[3])], "applied 2/0/0");
    check(&[("1:next!", &[]), ("2:dropped!", &[1, 2, 3])], "dropped 0/0/0");
}

#[test]
fn what_one_tree_drops_another_may_hold() {
    let named = |tree: &str, what: fn(String) -> What, day: i64| Event {
        date: start() + SignedDuration::from_hours(24 * day),
        what: what(tree.to_owned()),
        who: String::new(),
        proof: Proof::Message(id("m")),
        patches: vec![],
    };
    let applied = |tree| What::Applied { tree, commit: None };
    let dropped = |tree| What::Dropped { tree };
    let events = [named("net", applied, 1), named("mm", applied, 2), named("mm", dropped, 3)];
    assert_eq!(state::decide(&revision(), &events, None, None).0.name(), "applied");
    assert_eq!(state::decide(&revision(), &events[1..], None, None).0.name(), "dropped");
}

#[test]
fn silence_makes_stale_what_nobody_took() {
    let at = |text: &str, day: i64| {
        let now = start() + SignedDuration::from_hours(24 * day);
        state::decide(&revision(), &events(text), None, Some(now)).0.name()
    };
    assert_eq!(at("", 89), "posted");
    assert_eq!(at("", 91), "stale");
    assert_eq!(at("50:answered", 91), "under-review");
    assert_eq!(at("1:changes", 99), "stale");
    assert_eq!(at("1:applied", 999), "applied");
    assert_eq!(at("1:rejected", 999), "rejected");
}
