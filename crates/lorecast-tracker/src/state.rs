//! Where a revision stands, from everything that happened to it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Event, MessageId, Proof, Revision, State, Taken, What};

pub use crate::events::{is_commit_notice, says_taken};

/// After so long a silence nobody is working on it: most next versions come within weeks, and a
/// release takes about ten.
pub const SILENCE: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Decides where a revision stands, and how many of its patches came how far. `events` are by date;
/// `next` is the revision that continues it, with its date; `now` tells whether it went stale, which
/// it never does when absent.
///
/// Each patch is looked at on its own: it is where it came furthest, unless it was taken out of that
/// tree or undone later. A revision is where the furthest of its patches is. When a later one was
/// posted, what is only said to be applied counts no more, and nor does a part. Then what the last
/// reviewer asked for counts, and whether anybody answered.
pub fn decide(
    revision: &Revision,
    events: &[Event],
    next: Option<(&MessageId, Timestamp)>,
    now: Option<Timestamp>,
) -> (State, Taken) {
    let numbers: Vec<u32> = match revision.patches.as_slice() {
        [] => vec![0], // a cover letter whose patches are not held
        patches => patches.iter().map(|patch| patch.number).collect(),
    };
    let fates: Vec<Fate> = numbers.iter().map(|number| Fate::of(*number, events)).collect();
    let count = |least: Reach| fates.iter().filter(|fate| fate.reach >= least).count() as u32;
    let taken = Taken {
        applied: count(Reach::Applied),
        next: count(Reach::Next),
        landed: count(Reach::Landed),
    };
    let whole = taken.applied as usize == fates.len();
    let furthest = fates.into_iter().max_by(|a, b| a.reach.cmp(&b.reach));
    let fate = furthest.filter(|fate| fate.reach > Reach::None);
    let superseded = next.map(|(by, _)| State::Superseded { by: by.clone() });
    let state = match (fate, superseded) {
        (Some(fate), Some(superseded)) => {
            let said = fate.hearsay && next.is_some_and(|(_, date)| date > fate.date);
            if whole && !said { fate.state } else { superseded }
        }
        (Some(fate), None) => fate.state,
        (None, Some(superseded)) => superseded,
        (None, None) => said(revision, events, now),
    };
    (state, taken)
}

/// What reviewers said last, when nobody took it.
fn said(revision: &Revision, events: &[Event], now: Option<Timestamp>) -> State {
    let mut said = State::Posted;
    for event in events {
        let Proof::Message(mail) = &event.proof else { continue };
        match &event.what {
            What::ChangesRequested | What::Promised => {
                said = State::ChangesRequested { by: mail.clone() };
            }
            What::Rejected => said = State::Rejected { by: mail.clone() },
            What::Answered | What::Vouched { .. }
                if matches!(said, State::Posted | State::UnderReview { .. }) =>
            {
                said = State::UnderReview { last: mail.clone() };
            }
            _ => {}
        }
    }
    let (last, date) = last_word(revision, events);
    let silent = now.is_some_and(|now| now.duration_since(date) > SILENCE);
    if silent && !matches!(said, State::Rejected { .. }) { State::Stale { last } } else { said }
}

fn last_word(revision: &Revision, events: &[Event]) -> (MessageId, Timestamp) {
    let mails = events.iter().filter_map(|event| match &event.proof {
        Proof::Message(id) => Some((id, event.date)),
        Proof::Commit { .. } => None,
    });
    let posted = (&revision.root, revision.date);
    let (id, date) = mails.chain([posted]).max_by_key(|(_, date)| *date).unwrap_or(posted);
    (id.clone(), date)
}

/// How far a patch came; what was taken back counts for less than what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    None,
    Dropped,
    Reverted,
    Applied,
    Next,
    Landed,
}

/// What became of one patch.
struct Fate {
    reach: Reach,
    state: State,
    date: Timestamp,
    /// Only words of a person say so, no commit.
    hearsay: bool,
}

impl Fate {
    fn of(number: u32, events: &[Event]) -> Self {
        let mut track = Track::default();
        let ours = |event: &&Event| event.patches.is_empty() || event.patches.contains(&number);
        events.iter().filter(ours).for_each(|event| track.read(event));
        track.end()
    }
}

/// Where one patch is, event by event.
#[derive(Default)]
struct Track {
    /// By tree, as mails or `show.yaml` name it: when, the proof, and whether a commit is known.
    applied: BTreeMap<String, (Timestamp, Proof, bool)>,
    next: Option<(Timestamp, Proof)>,
    landed: Option<(Timestamp, State)>,
    dropped: Option<(Timestamp, Proof)>,
    reverted: Option<(Timestamp, Proof)>,
}

impl Track {
    fn read(&mut self, event: &Event) {
        let (date, by) = (event.date, event.proof.clone());
        match &event.what {
            What::Applied { tree, commit } => {
                self.applied.insert(tree.clone(), (date, by, commit.is_some()));
            }
            What::Next => self.next = Some((date, by)),
            What::Landed { tag, release, .. } => {
                let state = State::Landed { by, tag: tag.clone(), release: release.clone() };
                if self.landed.as_ref().is_none_or(|(_, old)| told(&state) >= told(old)) {
                    self.landed = Some((date, state));
                }
            }
            What::Dropped { tree } => {
                let same_tree = |proof: &Proof| {
                    matches!((proof, &by), (Proof::Commit { tree: one, .. }, Proof::Commit { tree: other, .. })
                        if one == other)
                };
                match tree.is_empty() {
                    true => self.applied.clear(),
                    false => _ = self.applied.remove(tree),
                }
                self.next.take_if(|(_, proof)| same_tree(proof));
                self.dropped = Some((date, by));
            }
            What::Reverted => self.reverted = Some((date, by)),
            _ => {}
        }
    }

    fn end(self) -> Fate {
        if let Some((date, state)) = self.landed {
            return match self.reverted.filter(|(later, _)| *later >= date) {
                Some((date, by)) => Fate {
                    reach: Reach::Reverted,
                    state: State::Reverted { by },
                    date,
                    hearsay: false,
                },
                None => Fate { reach: Reach::Landed, state, date, hearsay: false },
            };
        }
        if let Some((date, by)) = self.next {
            return Fate { reach: Reach::Next, state: State::Next { by }, date, hearsay: false };
        }
        let applied = self.applied.into_values().max_by_key(|(date, ..)| *date);
        if let Some((date, by, commit)) = applied {
            let hearsay = !commit && matches!(by, Proof::Message(_));
            return Fate { reach: Reach::Applied, state: State::Applied { by }, date, hearsay };
        }
        match self.dropped {
            Some((date, by)) => {
                Fate { reach: Reach::Dropped, state: State::Dropped { by }, date, hearsay: false }
            }
            None => Fate {
                reach: Reach::None,
                state: State::Posted,
                date: Timestamp::MIN,
                hearsay: false,
            },
        }
    }
}

/// How much a landing tells: a commit says more than a mail about it, and a tag more than none.
fn told(state: &State) -> (bool, bool) {
    match state {
        State::Landed { by, tag, .. } => (matches!(by, Proof::Commit { .. }), tag.is_some()),
        _ => (false, false),
    }
}
