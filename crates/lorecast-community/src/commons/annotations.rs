//! What was said of spans of mails.

use jiff::Timestamp;
use lorecast_model::{Mark, MessageId};

use super::Commons;
use crate::{AccountId, Entry, EntryId};

/// Something said of a span of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Who said it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// The mail.
    pub on: MessageId,
    /// The span.
    pub mark: Mark,
    /// What was said.
    pub text: String,
}

impl Commons {
    /// Whether anything was said of any mail.
    pub fn has_annotations(&self) -> bool {
        !self.annotations.is_empty()
    }

    /// An annotation.
    pub fn annotation(&self, id: EntryId) -> Option<&Annotation> {
        self.annotations.get(&id)
    }

    /// The annotations of a mail, the oldest first.
    pub fn annotations_on(&self, mail: &MessageId) -> impl Iterator<Item = (EntryId, &Annotation)> {
        let ids = self.annotated.get(mail).into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.annotations.get(id)?)))
    }

    pub(super) fn annotate(
        &mut self,
        by: AccountId,
        entry: &Entry,
        on: &MessageId,
        mark: &Mark,
        text: &str,
    ) {
        let (on, mark, text) = (on.clone(), mark.clone(), text.to_owned());
        self.annotated.entry(on.clone()).or_default().push(entry.id);
        self.annotations.insert(entry.id, Annotation { by, at: entry.at, on, mark, text });
    }

    pub(super) fn retract(&mut self, annotation: EntryId) {
        let Some(annotated) = self.annotations.remove(&annotation) else { return };
        if let Some(all) = self.annotated.get_mut(&annotated.on) {
            all.retain(|id| *id != annotation);
            if all.is_empty() {
                self.annotated.remove(&annotated.on);
            }
        }
    }
}
