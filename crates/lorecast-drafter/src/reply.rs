//! Who answered, and the sentence of theirs that says most.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_mail::{is_robot, poster};
use lorecast_model::{Mailbox, Message, Window};

use crate::quote::{Quotation, answer};

/// A reply worth telling.
pub(crate) struct Reply<'a> {
    pub message: &'a Message,
    pub quotation: Quotation,
    /// The author of the work speaks.
    pub author: bool,
}

/// How many people to quote, and how much their words must say.
#[derive(Clone, Copy)]
pub(crate) struct Voices {
    most: usize,
    least: f64,
    author: bool,
}

impl Voices {
    /// The same with at most so many people.
    pub fn of(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// The same with a limit of `least`, where that asks for less.
    pub fn from(self, least: f64) -> Self {
        Self { least: self.least.min(least), ..self }
    }

    /// A conversation with a heading of its own: three people, and the author's answer.
    pub const TOPIC: Self = Self { most: 3, least: 1.6, author: true };
    /// A story in passing: one person who takes a stand.
    pub const ASIDE: Self = Self { most: 1, least: 2.4, author: false };
}

/// The replies of the window to tell, in order of time: of each of the people who say most the best
/// sentence, and one answer of the author's after them.
pub(crate) fn replies<'a>(
    messages: &'a [Message],
    about: &Message,
    window: Window,
    voices: Voices,
) -> Vec<Reply<'a>> {
    let answers = |m: &&Message| {
        window.contains(m.header.date)
            && m.header.id != about.header.id
            && !is_robot(&m.header.from)
            && m.diff.is_empty()
    };
    let title = lorecast_mail::subject_tags(&about.header.subject).title;
    let about = poster(about);
    let mut by_person: BTreeMap<String, (f64, Reply<'a>)> = BTreeMap::new();
    for message in messages.iter().filter(answers).take(400) {
        let Some((score, quotation)) = answer(&message.text, &title) else { continue };
        if score < voices.least {
            continue;
        }
        let from = poster(message);
        let author = same_person(&from, &about);
        let held = by_person.get(&from.email);
        if held.is_none_or(|(best, _)| score > *best) {
            by_person.insert(from.email, (score, Reply { message, quotation, author }));
        }
    }
    in_order(by_person.into_values().collect(), &voices)
}

/// People post from one address and answer from another.
fn same_person(a: &Mailbox, b: &Mailbox) -> bool {
    a.email.eq_ignore_ascii_case(&b.email) || !a.name.is_empty() && a.name == b.name
}

fn in_order<'a>(mut found: Vec<(f64, Reply<'a>)>, voices: &Voices) -> Vec<Reply<'a>> {
    found.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.1.message.header.id.cmp(&b.1.message.header.id))
    });
    let (own, others): (Vec<_>, Vec<_>) =
        found.into_iter().map(|(_, reply)| reply).partition(|reply| reply.author);
    let mut told: Vec<Reply<'a>> = others.into_iter().take(voices.most).collect();
    let first = told.iter().map(|reply| reply.message.header.date).min();
    told.extend(
        own.into_iter()
            .take(usize::from(voices.author))
            .filter(|reply| first.is_some_and(|date| date < reply.message.header.date)),
    );
    told.sort_by(|a, b| {
        (a.message.header.date, &a.message.header.id)
            .cmp(&(b.message.header.date, &b.message.header.id))
    });
    let mut said = BTreeSet::new();
    told.retain(|reply| said.insert(reply.quotation.text.clone()));
    told
}
