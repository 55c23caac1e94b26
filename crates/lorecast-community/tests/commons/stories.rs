//! Votes, claims and proposals.

use insta::assert_snapshot;
use lorecast_community::{Ballot, By, Commons, Deed, EntryId, ProposalState, Role};
use lorecast_model::Mark;
use lorecast_model::mark::{Position, Quote};
use proptest::prelude::*;

use crate::hall::{Hall, id, propose, vote};

#[test]
fn what_is_said_of_one_thing_has_a_bound_that_hiding_makes_room_below() {
    let mut hall = Hall::new();
    let ed = hall.joins("Ed", Role::Editor);
    let on = hall.does(ed, propose("a@x", "Words.")).unwrap();
    let quote = Quote { exact: "words".to_owned(), prefix: String::new(), suffix: String::new() };
    let mark = Mark::new(quote, Position { start: 0, end: 5 }).unwrap();
    let (comment, note) = (
        Deed::Comment { on, text: "Words.".to_owned() },
        Deed::Annotate { on: id("1@x"), mark, text: "Words.".to_owned() },
    );
    let mut notes = Vec::new();
    for who in 0..5 {
        let by = hall.joins(&format!("Writer {who}"), Role::Contributor);
        for _ in 0..100 {
            hall.does(by, comment.clone()).unwrap();
        }
        assert_eq!(
            hall.tries(by, comment.clone()),
            "no more than 100 comments of yours on one proposal at a time; finish one first"
        );
        for _ in 0..40 {
            notes.push(hall.does(by, note.clone()).unwrap());
        }
        assert_eq!(
            hall.tries(by, note.clone()),
            "no more than 40 annotations of yours on one mail at a time; finish one first"
        );
    }
    assert_snapshot!(hall.tries(ed, comment.clone()), @"no more than 500 comments on one proposal at a time; finish one first");
    assert_snapshot!(hall.tries(ed, note.clone()), @"no more than 200 annotations on one mail at a time; finish one first");
    hall.does(ed, Deed::Hide { what: notes[0], why: "noise".to_owned() }).unwrap();
    hall.does(ed, note).unwrap();
}

#[test]
fn everybody_has_one_vote() {
    let mut hall = Hall::new();
    let (ann, bob) = (hall.joins("Ann", Role::Reader), hall.joins("Bob", Role::Reader));
    let mut votes = |by, ballot| {
        hall.does(by, vote("a@x", ballot)).unwrap();
        hall.commons.talk(&id("a@x")).unwrap().votes()
    };
    assert_eq!(votes(ann, Ballot::For), (1, 0));
    assert_eq!(votes(ann, Ballot::For), (1, 0));
    assert_eq!(votes(bob, Ballot::For), (2, 0));
    assert_eq!(votes(ann, Ballot::Against), (1, 1));
    assert_eq!(votes(ann, Ballot::None), (1, 0));
}

#[test]
fn a_claim_keeps_others_away_until_it_runs_out() {
    let mut hall = Hall::new();
    let (ann, bob) = (hall.joins("Ann", Role::Contributor), hall.joins("Bob", Role::Contributor));
    let claim = |hall: &Hall, hours| Deed::Claim { story: id("a@x"), until: hall.hours(hours) };
    let (for_a_day, for_ever) = (claim(&hall, 24), claim(&hall, 24 * 365));
    assert_snapshot!(hall.tries(ann, for_ever), @"this has to end later than now, and within 7 days");
    assert_snapshot!(hall.tries(ann, for_a_day.clone()), @"done");
    assert_snapshot!(hall.tries(bob, for_a_day.clone()), @"Ann writes this one, until 2026-03-03 10:00 UTC");
    assert_snapshot!(hall.tries(ann, for_a_day), @"done");
    assert_snapshot!(hall.tries(bob, Deed::Release { story: id("a@x") }), @"only editors may do this; ask an owner of the show for the role");
    hall.passes(25);
    let again = claim(&hall, 24);
    assert_snapshot!(hall.tries(bob, again), @"done");
    for at in 0..4 {
        let more = Deed::Claim { story: id(&format!("{at}@x")), until: hall.hours(1) };
        hall.does(bob, more).unwrap();
    }
    let one_more = Deed::Claim { story: id("more@x"), until: hall.hours(1) };
    assert_snapshot!(hall.tries(bob, one_more), @"no more than 5 claims at a time; finish one first");
}

#[test]
fn a_proposal_is_decided_once() {
    let mut hall = Hall::new();
    let (ann, ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let proposal = hall.does(ann, propose("a@x", "Words.")).unwrap();
    let accept = Deed::Accept { proposal, base: String::new(), text: "Words!".to_owned() };
    assert_snapshot!(hall.tries(ed, Deed::Decline { proposal, why: " ".to_owned() }), @"a reason is missing; write one");
    let markers =
        Deed::Accept { proposal, base: String::new(), text: "<<<<<<< yours\na\n".to_owned() };
    assert_snapshot!(hall.tries(ed, markers), @"both sides are still between markers; choose one, and delete the marker lines");
    assert_snapshot!(hall.tries(ed, accept.clone()), @"done");
    assert_snapshot!(hall.tries(ed, accept), @"this was accepted already");
    assert_snapshot!(hall.tries(ann, Deed::Withdraw { proposal }), @"this was accepted already");
    let to_merge = |commons: &Commons| commons.to_merge().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(to_merge(&hall.commons), [proposal]);
    hall.does(By::Show, Deed::Merged { proposal }).unwrap();
    assert_eq!(to_merge(&hall.commons), []);
    let state = &hall.commons.proposal(proposal).unwrap().state;
    assert!(
        matches!(state, ProposalState::Accepted { merged: true, text, .. } if text == "Words!")
    );
}

#[test]
fn what_is_hidden_can_be_shown_again() {
    let mut hall = Hall::new();
    let (ann, ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let what = hall.does(ann, propose("a@x", "Rude.")).unwrap();
    hall.does(ann, Deed::Report { what, why: "I regret it".to_owned() }).unwrap();
    assert_eq!(hall.commons.reports().count(), 1);
    hall.does(ed, Deed::Hide { what, why: "rude".to_owned() }).unwrap();
    assert!(hall.commons.is_hidden(what));
    assert_eq!(hall.commons.reports().count(), 0, "answered");
    hall.does(ed, Deed::Unhide { what, why: "it was a quotation".to_owned() }).unwrap();
    assert!(!hall.commons.is_hidden(what));
    let nothing = Deed::Hide { what: EntryId(99), why: "x".to_owned() };
    assert_snapshot!(hall.tries(ed, nothing), @"there is no text of anybody's 99");
}

/// Something that one of three people may try.
fn deeds() -> impl Strategy<Value = Vec<(usize, u8, u64, bool)>> {
    prop::collection::vec((0..4usize, 0..16u8, 1..30u64, any::<bool>()), 0..60)
}

proptest! {
    /// Whatever people try, in whatever order: nothing panics, and reading the journal again says the same.
    #[test]
    fn a_journal_read_again_says_the_same(tries in deeds()) {
        let mut hall = Hall::new();
        let all = [
            By::Visitor,
            hall.joins("Ann", Role::Contributor),
            hall.joins("Ed", Role::Editor),
            hall.joins("Olga", Role::Owner),
        ];
        for (who, what, about, flag) in tries {
            let (proposal, why) = (EntryId(about), "why".to_owned());
            let (what_entry, story) = (proposal, id(&format!("{}@x", about % 3)));
            let deed = match what {
                0 => vote(story.as_str(), if flag { Ballot::For } else { Ballot::None }),
                1 => Deed::Claim { story, until: hall.hours(if flag { 2 } else { 200 }) },
                2 => Deed::Release { story },
                3 | 4 => propose(story.as_str(), if flag { "text" } else { "" }),
                5 => Deed::Withdraw { proposal },
                6 => Deed::Accept { proposal, base: String::new(), text: "text".to_owned() },
                7 => Deed::Decline { proposal, why },
                8 => Deed::Comment { on: proposal, text: why },
                9 => Deed::Suggest { story, why },
                10 => Deed::Report { what: what_entry, why },
                11 if flag => Deed::Hide { what: what_entry, why },
                11 => Deed::Unhide { what: what_entry, why },
                12 => Deed::Ban { who: lorecast_community::AccountId(what_entry), why },
                13 => Deed::Merged { proposal },
                14 => { hall.passes(1); continue }
                _ => Deed::Erase,
            };
            let by = if flag && what == 13 { By::Show } else { all[who] };
            let _ = hall.does(by, deed);
        }
        let mut again = Commons::default();
        hall.entries.iter().for_each(|entry| again.apply(entry));
        prop_assert_eq!(&again, &hall.commons);
        // Nor does it say anything else when what goes with somebody who leaves is gone.
        for by in &all[1..] {
            let who = by.account().unwrap();
            let entries = hall.entries.clone();
            let left: Vec<_> = entries.iter().map(|entry| hall.commons.left_behind(who, entry)).collect();
            if hall.does(*by, Deed::Erase).is_err() {
                continue;
            }
            for (entry, left) in hall.entries.iter_mut().zip(left) {
                entry.deed = left.unwrap_or(entry.deed.clone());
            }
            let mut again = Commons::default();
            hall.entries.iter().for_each(|entry| again.apply(entry));
            again.tidy(hall.now);
            hall.commons.tidy(hall.now);
            prop_assert_eq!(&again, &hall.commons);
        }
    }
}
