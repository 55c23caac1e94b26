//! Spans of mails that somebody marked, and where they went in later revisions.

use std::collections::{HashMap, HashSet};

use lorecast_model::mark::{Position, Quote};
use lorecast_model::series::Version;
use lorecast_model::{Carried, Mark, Message, MessageId, Revision};
use lorecast_tracker::marks::{Carrier, body, place};

use crate::{DeskError, Reader, Result};

/// So many revisions back are marks followed.
const MOST_REVISIONS: usize = 30;

/// A mark of an earlier revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed<K> {
    /// What the mark belongs to.
    pub key: K,
    /// The version that it was made on.
    pub version: Version,
    /// The mail that it was made on.
    pub on: MessageId,
    /// Where it is in the revision that was asked for; `None` when it is outdated.
    pub carried: Option<Carried>,
}

/// A mark on its way.
struct Alive<K> {
    key: K,
    version: Version,
    on: MessageId,
    at: (MessageId, Mark),
}

impl Reader {
    /// Marks words of a mail. `None` when they are not there, or stand in several places and nothing tells which is
    /// meant.
    ///
    /// # Errors
    /// When the mail is not held, or the words are none or too many.
    pub fn mark(&self, id: &MessageId, quote: Quote) -> Result<Option<Mark>> {
        let messages = self.messages_of(std::slice::from_ref(id))?;
        let message = messages.first().ok_or_else(|| DeskError::NoMessage { id: id.clone() })?;
        let text = body(message);
        let length = quote.exact.chars().count();
        let around = [&*quote.prefix, &quote.exact, &quote.suffix].concat();
        if let Some(at) = only(&text, &around) {
            let start = text[..at + quote.prefix.len()].chars().count();
            return Ok(Some(Mark::of(&text, start..start + length)?));
        }
        if text.match_indices(&quote.exact).nth(1).is_some() {
            return Ok(None);
        }
        let mark = Mark::new(quote, Position { start: 0, end: length })?;
        Ok(place(&mark, &text).map(|span| Mark::of(&text, span)).transpose()?)
    }

    /// The marks of all earlier revisions, in the one that a mail belongs to; `of` gives those of a mail.
    ///
    /// # Errors
    /// When the store fails.
    pub fn followed<K: Clone>(
        &self,
        id: &MessageId,
        of: impl Fn(&MessageId) -> Vec<(K, Mark)>,
    ) -> Result<Vec<Followed<K>>> {
        let Some((root, standings)) = self.standings(id)? else { return Ok(vec![]) };
        let all: HashMap<&MessageId, &Revision> = standings
            .iter()
            .map(|standing| (&standing.revision.root, &standing.revision))
            .collect();
        let before = |one: &&&Revision| one.previous.as_ref().and_then(|root| all.get(root));
        let mut chain: Vec<&Revision> =
            std::iter::successors(all.get(&root), before).take(MOST_REVISIONS).copied().collect();
        chain.reverse();
        let mut alive: Vec<Alive<K>> = Vec::new();
        let mut followed = Vec::new();
        for pair in chain.windows(2) {
            let [old, new] = pair else { continue };
            for on in &mails(old) {
                let own = of(on).into_iter().map(|(key, mark)| Alive {
                    key,
                    version: old.version,
                    on: on.clone(),
                    at: (on.clone(), mark),
                });
                alive.extend(own);
            }
            if alive.is_empty() {
                continue;
            }
            let (before, after) = (self.posted(old)?, self.posted(new)?);
            let carrier = Carrier::new(&before, &after);
            for mark in std::mem::take(&mut alive) {
                let Alive { key, version, on, at } = mark;
                match carrier.carry(&at.0, &at.1) {
                    Some(carried) if new.root == root => {
                        followed.push(Followed { key, version, on, carried: Some(carried) });
                    }
                    Some(carried) => {
                        let at = (carried.message, carried.mark);
                        alive.push(Alive { key, version, on, at });
                    }
                    None => followed.push(Followed { key, version, on, carried: None }),
                }
            }
        }
        Ok(followed)
    }

    fn posted(&self, revision: &Revision) -> Result<Vec<Message>> {
        self.messages_of(&mails(revision))
    }
}

/// Where words stand, in bytes, if they stand in one place.
fn only(text: &str, words: &str) -> Option<usize> {
    let mut places = text.match_indices(words);
    places.next().filter(|_| places.next().is_none()).map(|(at, _)| at)
}

/// The mails of a revision, each once: a cover letter is its root as well.
fn mails(revision: &Revision) -> Vec<MessageId> {
    let mut seen = HashSet::new();
    revision.messages().filter(|id| seen.insert(*id)).cloned().collect()
}
