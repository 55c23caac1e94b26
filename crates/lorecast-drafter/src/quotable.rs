//! Every sentence of a thread that a draft would quote.

use lorecast_model::{Message, MessageId, Profile, Revision, Window};
use serde::Serialize;

use crate::Pick;
use crate::detail::Detail;
use crate::facts::{about, newest};
use crate::kind::{Nature, nature};
use crate::names::sender;
use crate::quote::{Quotation, Stance, purpose_of_patch, said};
use crate::reply::replies;

/// A sentence worth quoting, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quotable {
    /// What it is good for.
    pub role: Role,
    /// The mail that it stands in.
    pub message: MessageId,
    /// Who wrote it.
    pub by: String,
    /// The words.
    pub quotation: Quotation,
}

/// What a quotation tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What the work, the report or the announcement is about.
    Matter,
    /// An answer, and where it stands.
    Answer(Stance),
}

/// The sentences that a long story about a thread would quote: up to `words` of the message that it
/// is about, the best first, then those of up to `people` who answered, in order of time.
pub fn quotable(
    pick: &Pick,
    window: Window,
    profile: Profile,
    words: usize,
    people: usize,
) -> Vec<Quotable> {
    let (_, end) = window.bounds();
    let seen: Vec<_> = pick.messages.iter().filter(|m| m.header.date < end).collect();
    let revision = newest(&pick.revisions, window);
    let Some(about) = about(&seen, revision, window) else { return Vec::new() };
    let nature = Nature { kind: pick.ranked.facts.kind, ..nature(about, profile) };
    let title = &nature.tags.title;
    let mut source = about;
    let mut own = said(&about.text, title, nature.kind, nature.tags.reply, words);
    if own.is_empty()
        && let Some(revision) = revision
        && let Some((_, patch, quoted)) = of_a_patch(revision, &pick.messages, title)
    {
        (own, source) = (vec![quoted], patch);
    }
    let matter = own.into_iter().map(|quotation| Quotable {
        role: Role::Matter,
        message: source.header.id.clone(),
        by: sender(source),
        quotation,
    });
    let heard = Detail { quotations: words, voices: people, changes: true }.heard(people > 1);
    let answers = replies(&pick.messages, about, window, heard);
    let answers = answers.into_iter().map(|reply| Quotable {
        role: Role::Answer(Stance::of(&reply.quotation.text)),
        message: reply.message.header.id.clone(),
        by: sender(reply.message),
        quotation: reply.quotation,
    });
    matter.chain(answers).collect()
}

/// So many patches are read for words about the whole.
const MOST_PATCHES: usize = 6;

/// Words of the first patch with substance, for a series whose cover letter says nothing, with its
/// number and the patch.
pub(crate) fn of_a_patch<'a>(
    revision: &Revision,
    messages: &'a [Message],
    title: &str,
) -> Option<(usize, &'a Message, Quotation)> {
    let patches = revision.patches.iter().take(MOST_PATCHES);
    patches.enumerate().find_map(|(at, patch)| {
        let message = messages.iter().find(|m| m.header.id == patch.id)?;
        let words = purpose_of_patch(&message.text, title, revision.patches.len())?;
        Some((at + 1, message, words))
    })
}
