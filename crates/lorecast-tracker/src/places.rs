//! Which revision, and which of its patches, a mail is about.

use std::collections::{HashMap, HashSet};

use lorecast_mail::{poster, subject_tags};
use lorecast_model::{Message, MessageId, Revision};

use crate::vouch::agrees;

/// How many mails are gone through on the way up from an answer.
const DEEPEST: usize = 1000;

/// Where a mail belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The number of the revision in the list that was given.
    pub(crate) revision: usize,
    /// The number of the patch; `None` for the cover letter, that is for the whole revision.
    pub(crate) patch: Option<u32>,
}

/// The postings of a thread and the mails between them and an answer.
pub(crate) struct Places<'m> {
    members: HashMap<&'m MessageId, Place>,
    held: HashMap<&'m MessageId, &'m Message>,
    revisions: &'m [Revision],
}

impl<'m> Places<'m> {
    pub(crate) fn new(messages: &'m [Message], revisions: &'m [Revision]) -> Self {
        let held: HashMap<&MessageId, &Message> =
            messages.iter().map(|message| (&message.header.id, message)).collect();
        let mut members = HashMap::new();
        for (number, revision) in revisions.iter().enumerate() {
            if let Some(cover) = &revision.cover {
                members.insert(&cover.id, Place { revision: number, patch: None });
            }
            for patch in &revision.patches {
                members.insert(&patch.id, Place { revision: number, patch: Some(patch.number) });
            }
        }
        let strays = strays(&held, &members, revisions);
        members.retain(|id, _| !strays.contains(id));
        Self { members, held, revisions }
    }

    /// The place of a posting.
    pub(crate) fn posting(&self, id: &MessageId) -> Option<Place> {
        self.members.get(id).copied()
    }

    /// The place of the nearest posting above an answer. What answers a patch that is in no revision,
    /// such as one that was sent again, is about none; and so is what answers a patch in an answer,
    /// unless the author shows there what his own patch will be.
    pub(crate) fn answered(&self, message: &'m Message) -> Option<Place> {
        let mut seen: HashSet<&MessageId> = HashSet::new();
        let mut at = message;
        let mut proposals: Vec<&Message> = Vec::new();
        for _ in 0..DEEPEST {
            let mut held = None;
            for id in at.header.references.iter().rev() {
                if let Some(place) = self.members.get(id) {
                    let revision = &self.revisions[place.revision];
                    let own = proposals.iter().all(|proposal| continues(proposal, revision));
                    return own.then_some(*place);
                }
                if seen.insert(id)
                    && let Some(parent) = self.held.get(id)
                {
                    held = Some(*parent);
                    break;
                }
            }
            at = held?;
            match proposes(at) {
                Some(Proposal::Posting) => return None,
                Some(Proposal::Answer) => proposals.push(at),
                None => {}
            }
        }
        None
    }
}

enum Proposal {
    /// A patch by its subject.
    Posting,
    /// An answer with a patch that is signed off.
    Answer,
}

fn proposes(message: &Message) -> Option<Proposal> {
    if message.diff.is_empty() {
        return None;
    }
    let tags = subject_tags(&message.header.subject);
    if tags.patch && !tags.reply {
        return Some(Proposal::Posting);
    }
    let signed = message.text.lines().any(|line| line.starts_with("Signed-off-by:"));
    signed.then_some(Proposal::Answer)
}

/// Whether a patch in an answer is what a patch of this revision becomes.
fn continues(proposal: &Message, revision: &Revision) -> bool {
    let tags = subject_tags(&proposal.header.subject);
    agrees(&poster(proposal), &revision.author) && tags.version <= revision.version
}

/// Revisions that are none: a mail without a diff that answers a posting under the same title is an
/// answer whose `Re:` was lost.
fn strays<'m>(
    held: &HashMap<&'m MessageId, &'m Message>,
    members: &HashMap<&'m MessageId, Place>,
    revisions: &'m [Revision],
) -> HashSet<&'m MessageId> {
    let alone =
        revisions.iter().filter(|revision| revision.cover.is_none() && revision.patches.len() == 1);
    alone
        .filter(|revision| {
            let Some(message) = held.get(&revision.root) else { return false };
            let answers = |id: &MessageId| {
                let place = members
                    .get(id)
                    .filter(|place| revisions[place.revision].version == revision.version);
                place.is_some_and(|place| title_at(revisions, *place) == Some(&revision.title))
            };
            message.diff.is_empty() && message.header.references.iter().any(answers)
        })
        .map(|revision| &revision.root)
        .collect()
}

fn title_at(revisions: &[Revision], place: Place) -> Option<&String> {
    let revision = revisions.get(place.revision)?;
    match place.patch {
        None => Some(&revision.title),
        Some(number) => {
            let patch = revision.patches.iter().find(|patch| patch.number == number);
            patch.map(|patch| &patch.title)
        }
    }
}
