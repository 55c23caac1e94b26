//! Marks of one revision in the next.

use std::ops::Range;
use std::sync::OnceLock;

use lorecast_model::{Carriage, Carried, Mark, Message, MessageId};

use super::align::align;
use super::body::{Body, Numbers, scalars};
use super::judge::judge;
use super::pairing::{Mail, continuing};
use super::place;
use super::runs::{Known, Runs, has_better_twin, moved};

/// Two revisions of a series, ready to carry any number of marks from one to the next.
pub struct Carrier<'m> {
    before: Vec<Mail<'m>>,
    after: Vec<Mail<'m>>,
    runs_before: Runs,
    runs_after: Runs,
    /// For each old mail, when it was asked for: the mails that continue it, and its words in them.
    continued: Vec<OnceLock<Vec<Continued>>>,
}

struct Continued {
    mail: usize,
    places: Vec<Option<u32>>,
}

impl<'m> Carrier<'m> {
    /// Reads the mails of a revision and of the next: cover letters and patches, in any order.
    pub fn new(before: &'m [Message], after: &'m [Message]) -> Self {
        // Each revision has its share of words, so that the old one leaves room for the new.
        let mut numbers = Numbers::default();
        let before: Vec<Mail<'m>> =
            before.iter().map(|message| Mail::read(message, &mut numbers)).collect();
        numbers.begin_anew();
        let after: Vec<Mail<'m>> =
            after.iter().map(|message| Mail::read(message, &mut numbers)).collect();
        Self {
            runs_before: Runs::of(&bodies(&before)),
            runs_after: Runs::of(&bodies(&after)),
            continued: before.iter().map(|_| OnceLock::new()).collect(),
            before,
            after,
        }
    }

    /// Where the text is that was marked in a message of the old revision; nothing when the mark is
    /// outdated: its text is gone, or it cannot be told which of several places is meant.
    pub fn carry(&self, message: &MessageId, mark: &Mark) -> Option<Carried> {
        let mail = self.before.iter().position(|mail| mail.message.header.id == *message)?;
        let old = &self.before[mail].body;
        let span = place::bytes(mark, &old.text)?;
        self.unchanged(mail, &span)
            .or_else(|| self.in_place(mail, &span))
            .or_else(|| self.elsewhere(mail, &span))
    }

    /// In a mail that was posted again as it was: the one of its title, or, when there are as many of that
    /// text as there were, the one of its rank.
    fn unchanged(&self, mail: usize, span: &Range<usize>) -> Option<Carried> {
        let text = &self.before[mail].body.text;
        let continued = self.continued(mail).iter().map(|next| next.mail);
        let same = |mails: &[Mail<'_>]| -> Vec<usize> {
            (0..mails.len()).filter(|&at| mails[at].body.text == *text).collect()
        };
        let by_rank = || {
            let (before, after) = (same(&self.before), same(&self.after));
            let rank = before.iter().position(|&at| at == mail)?;
            after.get(rank).copied().filter(|_| before.len() == after.len())
        };
        let next = continued.into_iter().find(|&next| self.after[next].body.text == *text);
        self.carried(next.or_else(by_rank)?, span, Carriage::Kept)
    }

    /// Where the words stood, in the mails that continue this one.
    fn in_place(&self, mail: usize, span: &Range<usize>) -> Option<Carried> {
        let old = &self.before[mail].body;
        let marked = old.words_in(span);
        let after = bodies(&self.after);
        let after = Known { bodies: &after, runs: &self.runs_after };
        self.continued(mail).iter().find_map(|next| {
            let new = after.bodies[next.mail];
            let found = judge(old, &marked, new, &next.places)?;
            let is_free = |word: usize| !next.places.contains(&u32::try_from(word).ok());
            let here = (next.mail, found.words.start);
            if found.same && has_better_twin(&marked, old, here, after, is_free) {
                return None;
            }
            let how = if found.same { Carriage::Kept } else { Carriage::Edited };
            self.carried(next.mail, &old.span(span, &marked, new, &found)?, how)
        })
    }

    /// The same words at another place.
    fn elsewhere(&self, mail: usize, span: &Range<usize>) -> Option<Carried> {
        let (before, after) = (bodies(&self.before), bodies(&self.after));
        let old = before[mail];
        let marked = old.words_in(span);
        if marked.is_empty() {
            return None;
        }
        let known = Known { bodies: &before, runs: &self.runs_before };
        let now = Known { bodies: &after, runs: &self.runs_after };
        let is_heir = |to: usize| self.continued(mail).iter().any(|next| next.mail == to);
        let (to, found) = moved(&marked, mail, known, now, is_heir)?;
        self.carried(to, &old.span(span, &marked, after[to], &found)?, Carriage::Moved)
    }

    fn continued(&self, mail: usize) -> &[Continued] {
        self.continued[mail].get_or_init(|| {
            let old = &self.before[mail];
            let text = (mail, &*old.body.ids);
            let shares = self.runs_after.shares(text, &self.runs_before, self.after.len());
            let next = continuing(old, &self.before, &self.after, &shares);
            let aligned = |mail: usize| Continued {
                mail,
                places: align(&old.body.ids, &self.after[mail].body.ids),
            };
            next.into_iter().map(aligned).collect()
        })
    }

    fn carried(&self, mail: usize, span: &Range<usize>, how: Carriage) -> Option<Carried> {
        let Mail { message, body, .. } = &self.after[mail];
        let mark = Mark::of(&body.text, scalars(&body.text, span)).ok()?;
        Some(Carried { message: message.header.id.clone(), mark, how })
    }
}

fn bodies<'b>(mails: &'b [Mail<'_>]) -> Vec<&'b Body> {
    mails.iter().map(|mail| &mail.body).collect()
}
