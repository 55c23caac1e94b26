//! Where a revision stands, from everything that happened to it.

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Event, MessageId, Proof, Revision, State, What};

pub use crate::events::{is_commit_notice, says_taken};

/// After so long a silence nobody is working on it: most next versions come within weeks, and a
/// release takes about ten.
pub const SILENCE: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Decides where a revision stands. `events` are by date; `now` tells whether it went stale, which it
/// never does when absent.
///
/// What was taken counts for more than what was said: landed, linux-next, a maintainer's tree, in
/// this order, unless it was taken out or undone later. Then whether a later revision came, what the
/// last reviewer asked for, and whether anybody answered.
pub fn decide(revision: &Revision, events: &[Event], now: Option<Timestamp>) -> State {
    let mut taken = Taken::default();
    let mut said = State::Posted;
    for event in events {
        taken.read(event);
        match (&event.what, &event.proof) {
            (What::ChangesRequested, Proof::Message(by)) => {
                said = State::ChangesRequested { by: by.clone() };
            }
            (What::Rejected, Proof::Message(by)) => said = State::Rejected { by: by.clone() },
            (What::Answered | What::Vouched { .. }, Proof::Message(last))
                if matches!(said, State::Posted | State::UnderReview { .. }) =>
            {
                said = State::UnderReview { last: last.clone() };
            }
            _ => {}
        }
    }
    if let Some(state) = taken.state() {
        return state;
    }
    if let Some(by) = &revision.next {
        return State::Superseded { by: by.clone() };
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

/// The furthest that it came, and whether that was taken back.
#[derive(Default)]
struct Taken {
    applied: Option<(Timestamp, Proof)>,
    next: Option<(Timestamp, Proof)>,
    landed: Option<(Timestamp, State)>,
    dropped: Option<(Timestamp, Proof)>,
    reverted: Option<(Timestamp, Proof)>,
}

impl Taken {
    fn read(&mut self, event: &Event) {
        let (date, by) = (event.date, event.proof.clone());
        match &event.what {
            What::Applied { .. } => self.applied = Some((date, by)),
            What::Next => self.next = Some((date, by)),
            What::Landed { tag, release, .. } => {
                let state = State::Landed { by, tag: tag.clone(), release: release.clone() };
                // A commit says more than a mail about it, and a tag more than none.
                let told = |state: &State| match state {
                    State::Landed { by, tag, .. } => {
                        (matches!(by, Proof::Commit { .. }), tag.is_some())
                    }
                    _ => (false, false),
                };
                if self.landed.as_ref().is_none_or(|(_, old)| told(&state) >= told(old)) {
                    self.landed = Some((date, state));
                }
            }
            What::Dropped { .. } => self.dropped = Some((date, by)),
            What::Reverted => self.reverted = Some((date, by)),
            _ => {}
        }
    }

    fn state(self) -> Option<State> {
        if let Some((date, state)) = self.landed {
            let undone = self.reverted.filter(|(later, _)| *later >= date);
            return Some(undone.map_or(state, |(_, by)| State::Reverted { by }));
        }
        let held = match (self.next, self.applied) {
            (Some((date, by)), _) => Some((date, State::Next { by })),
            (None, Some((date, by))) => Some((date, State::Applied { by })),
            (None, None) => None,
        };
        match (held, self.dropped) {
            (Some((date, _)), Some((later, by))) if later >= date => Some(State::Dropped { by }),
            (Some((_, state)), _) => Some(state),
            (None, Some((_, by))) => Some(State::Dropped { by }),
            (None, None) => None,
        }
    }
}
