//! A thread as a tree of links.

use std::ops::Range;

use lorecast_desk::ThreadView;
use lorecast_model::{Header, MessageId, Node};
use serde::Serialize;

use crate::address;
use crate::moment::Moment;
use crate::shown;

/// Deeper answers are indented no further.
const DEEPEST: u32 = 12;

/// A place in the tree.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    /// How far it is indented.
    depth: u32,
    link: String,
    /// The sender; nothing for a mail that is not held.
    by: Option<String>,
    date: Option<Moment>,
    /// The subject, where it is another one than above.
    subject: Option<String>,
    /// Whether the page is about this mail.
    here: bool,
}

/// Some places of a thread. Mails lead to their place on the page, or to their own pages.
pub(super) fn outline(view: &ThreadView, shown: Range<usize>, to: Leading<'_>) -> Vec<Place> {
    let mut titles = Titles::default();
    let (start, all) = (shown.start, shown);
    let known = view.tree.iter().take(start).filter_map(|(_, header)| header.as_ref());
    known.for_each(|header| drop(titles.news(header)));
    let shown = view.tree.get(all).unwrap_or_default();
    shown.iter().map(|(node, header)| place(node, header.as_ref(), &mut titles, to)).collect()
}

/// Where the places of an outline lead.
#[derive(Clone, Copy)]
pub(super) enum Leading<'a> {
    /// Further down on this page.
    Down,
    /// To the mails' own pages; this one is open.
    Away(&'a MessageId),
}

fn place(node: &Node, header: Option<&Header>, titles: &mut Titles, to: Leading<'_>) -> Place {
    let (link, here) = match to {
        Leading::Down => (address::fragment(&node.id), false),
        Leading::Away(open) => (address::of_mail(&node.id), *open == node.id),
    };
    Place {
        depth: node.depth.min(DEEPEST),
        link,
        by: header.map(|header| shown::sender(&header.from)),
        date: header.map(|header| header.date.into()),
        subject: header.and_then(|header| titles.news(header)),
        here,
    }
}

/// Tells which subjects say something new.
#[derive(Default)]
pub(super) struct Titles {
    last: String,
}

impl Titles {
    /// The subject, unless the mail before had it, too.
    pub(super) fn news(&mut self, header: &Header) -> Option<String> {
        let title = without_prefix(&header.subject);
        if title == self.last {
            return None;
        }
        title.clone_into(&mut self.last);
        Some(shown::subject(&header.subject))
    }
}

/// The subject without its `Re: `.
pub(super) fn without_prefix(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some(shorter) = rest
        .get(..3)
        .filter(|start| start.eq_ignore_ascii_case("re:"))
        .map(|start| rest[start.len()..].trim_start())
    {
        rest = shorter;
    }
    rest
}
