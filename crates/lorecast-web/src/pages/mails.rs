//! Mails in full, one below the other.

use std::collections::HashMap;

use lorecast_model::{Header, Mailbox, Message, MessageId, Node};
use serde::Serialize;

use super::outline::Titles;
use crate::address;
use crate::moment::Moment;
use crate::shown::{self, one_line};
use crate::text::{Block, blocks};

/// So many recipients are named.
const MOST_RECIPIENTS: usize = 50;

/// A mail on a page.
#[derive(Debug, Serialize)]
pub(super) struct MailView<'a> {
    id: String,
    /// Its own page.
    link: String,
    depth: u32,
    /// What it answers, when that is on the page or elsewhere.
    parent: Option<Parent>,
    /// The subject, where it is another one than above.
    subject: Option<String>,
    by: String,
    /// Whether a person wrote it, and no program.
    person: bool,
    email: String,
    date: Option<Moment>,
    to: Vec<String>,
    cc: Vec<String>,
    /// How many recipients are not named.
    others: usize,
    lists: Vec<String>,
    attachments: Vec<String>,
    signed: Option<&'static str>,
    blocks: Vec<Block<'a>>,
    /// Whether text was left out because it is long.
    cut: bool,
    /// Whether it is held at all.
    held: bool,
}

/// The mail that another one answers.
#[derive(Debug, Serialize)]
struct Parent {
    link: String,
    by: String,
}

/// How much of each mail, and of all together, a page shows, in bytes.
pub(super) struct Room {
    pub(super) each: usize,
    pub(super) all: usize,
}

/// Arranges mails for a page. `above` are the senders of what may be answered, by id.
pub(super) struct Mails<'a> {
    pub(super) room: Room,
    pub(super) titles: Titles,
    pub(super) above: HashMap<&'a MessageId, &'a Mailbox>,
}

impl<'a> Mails<'a> {
    /// A mail at its place in a thread.
    pub(super) fn view(&mut self, node: &Node, message: &'a Message) -> MailView<'a> {
        let Message { header, to, cc, attachments, .. } = message;
        let mut left = self.room.each.min(self.room.all);
        let before = left;
        let (blocks, cut) = blocks(message, &mut left);
        self.room.all -= before - left;
        let named = to.len().min(MOST_RECIPIENTS);
        let copied = cc.len().min(MOST_RECIPIENTS - named);
        MailView {
            depth: node.depth,
            parent: self.parent(header),
            subject: self.titles.news(header),
            by: shown::sender(&header.from),
            person: !message.writer.robot,
            email: one_line(&header.from.email),
            date: Some(header.date.into()),
            to: names(&to[..named]),
            cc: names(&cc[..copied]),
            others: to.len() - named + cc.len() - copied,
            lists: header.lists.iter().map(ToString::to_string).collect(),
            attachments: attachments.iter().map(|name| one_line(name)).collect(),
            signed: message.signature.map(|signature| match signature {
                lorecast_model::Signature::Pgp => "OpenPGP",
                lorecast_model::Signature::Smime => "S/MIME",
            }),
            blocks,
            cut,
            held: true,
            ..MailView::empty(&node.id)
        }
    }

    fn parent(&self, header: &Header) -> Option<Parent> {
        let (id, by) =
            header.references.iter().rev().find_map(|id| self.above.get_key_value(id))?;
        Some(Parent { link: address::fragment(id), by: shown::sender(by) })
    }
}

fn names(all: &[Mailbox]) -> Vec<String> {
    all.iter().map(|mailbox| one_line(&mailbox.to_string())).collect()
}

impl MailView<'_> {
    /// Whether the mail is held at all.
    pub(super) fn is_held(&self) -> bool {
        self.held
    }

    /// A mail that others answer and that is not held.
    pub(super) fn of_ghost(node: &Node) -> Self {
        Self { depth: node.depth, ..Self::empty(&node.id) }
    }

    fn empty(id: &MessageId) -> Self {
        Self {
            id: one_line(id.as_str()),
            link: address::of_mail(id),
            depth: 0,
            parent: None,
            subject: None,
            by: String::new(),
            person: false,
            email: String::new(),
            date: None,
            to: vec![],
            cc: vec![],
            others: 0,
            lists: vec![],
            attachments: vec![],
            signed: None,
            blocks: vec![],
            cut: false,
            held: false,
        }
    }
}
