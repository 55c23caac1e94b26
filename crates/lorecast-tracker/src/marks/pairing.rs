//! Which mails of a new revision continue a mail of the old one.

use lorecast_mail::subject_tags;
use lorecast_model::Message;

use super::body::{Body, Numbers};
use crate::series::{folded, likeness};

/// How much titles have in common that are two versions of one: half of the longer.
const ALIKE: f64 = 0.5;

/// How much of the old text a mail holds that continues it: with a title like the old one, and without.
const SOME: f64 = 0.1;
const MUCH: f64 = 0.35;

/// How many mails can continue one.
const MOST: usize = 2;

/// A mail of a revision.
pub(super) struct Mail<'m> {
    pub(super) message: &'m Message,
    pub(super) body: Body,
    title: String,
    is_cover: bool,
}

impl<'m> Mail<'m> {
    pub(super) fn read(message: &'m Message, numbers: &mut Numbers) -> Self {
        let tags = subject_tags(&message.header.subject);
        Self {
            message,
            body: Body::of(message, numbers),
            title: folded(&tags.title),
            is_cover: tags.number == Some(0),
        }
    }

    fn has_title_of(&self, other: &Self) -> bool {
        !self.title.is_empty() && self.title == other.title && self.is_cover == other.is_cover
    }
}

/// How sure it is that a mail continues another, the surest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Text,
    LikeTitle,
    Cover,
    Title,
}

/// The mails that continue an old one, the surest first; `shares` says how much of it each holds.
pub(super) fn continuing(
    old: &Mail<'_>,
    before: &[Mail<'_>],
    after: &[Mail<'_>],
    shares: &[f64],
) -> Vec<usize> {
    let mut found: Vec<(Tie, f64, usize)> = Vec::new();
    for (at, (new, &share)) in after.iter().zip(shares).enumerate() {
        let taken = || before.iter().any(|other| other.has_title_of(new));
        let tie = if old.has_title_of(new) {
            Tie::Title
        } else if old.is_cover && new.is_cover {
            Tie::Cover
        } else if taken() {
            continue;
        } else if likeness(&old.title, &new.title).0 >= ALIKE && share >= SOME {
            Tie::LikeTitle
        } else if share >= MUCH {
            Tie::Text
        } else {
            continue;
        };
        found.push((tie, share, at));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    found.into_iter().map(|(_, _, at)| at).take(MOST).collect()
}
