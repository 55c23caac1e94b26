//! A page of a thread as far as it is the same for everybody: all but what people do.

use std::collections::{HashMap, VecDeque};

use lorecast_desk::{Reader, ThreadView};
use lorecast_model::{Header, Message, MessageId, Node};
use serde::Serialize;

use super::beside::{Beside, beside};
use super::mails::{MailView, Mails, Room};
use super::outline::{Leading, Place, Titles, outline};
use super::pager::Pager;
use crate::address;
use crate::fault::Fault;
use crate::kept::Bytes;
use crate::moment::Moment;
use crate::render::Pages;
use crate::shown;

/// So many mails are on a page.
const MAILS: usize = 100;

/// How much of a mail, and of all mails of a page, is shown, in bytes: longer ones are a link away.
const ROOM: Room = Room { each: 200 << 10, all: 2 << 20 };

/// The page, with its long parts as HTML.
#[derive(Serialize)]
pub(crate) struct Printed {
    /// The mail that names the thread.
    #[serde(skip)]
    pub(super) thread: MessageId,
    #[serde(skip)]
    pub(super) title: String,
    /// How many mails are held, and of how many people.
    messages: u32,
    participants: u32,
    first: Moment,
    last: Moment,
    /// The address of the mail that names the thread.
    link: String,
    lists: Vec<String>,
    outline: String,
    beside: Option<String>,
    #[serde(skip)]
    pub(super) mails: Vec<PrintedMail>,
    #[serde(skip)]
    pub(super) pager: Pager,
}

/// A mail of the page.
#[derive(Serialize)]
pub(super) struct PrintedMail {
    #[serde(skip)]
    pub(super) id: MessageId,
    /// What its place on the page is called.
    anchor: String,
    /// Its own page.
    link: String,
    /// Whether it is held at all.
    #[serde(skip)]
    pub(super) held: bool,
    html: String,
}

#[derive(Serialize)]
struct OutlinePart {
    outline: Vec<Place>,
}

#[derive(Serialize)]
struct BesidePart {
    beside: Beside,
}

impl Printed {
    /// The page of this number, from 1, of the thread of a mail.
    pub(super) fn of(
        reader: &Reader,
        pages: &Pages,
        id: &MessageId,
        number: usize,
    ) -> Result<Self, Fault> {
        let view = reader.thread(id)?;
        let start = (number - 1) * MAILS;
        if start > 0 && start >= view.tree.len() {
            return Err(Fault::Wrong("This thread has no such page.".to_owned()));
        }
        let range = start..view.tree.len().min(start + MAILS);
        let messages = reader.messages_of(&ids(&view.tree[range.clone()]))?;
        let thread = &view.thread;
        let outlined = OutlinePart { outline: outline(&view, range, Leading::Down) };
        let beside = of_thread(reader, &view)?;
        let beside = beside.map(|beside| pages.part("beside", "page", &BesidePart { beside }));
        Ok(Self {
            title: shown::subject(&thread.subject),
            messages: thread.messages,
            participants: thread.participants,
            first: thread.first.into(),
            last: thread.last.into(),
            link: address::of_mail(&thread.id),
            lists: lists(&view),
            outline: pages.part("outline", "page", &outlined)?,
            beside: beside.transpose()?,
            mails: mails(pages, &view, start, &messages)?,
            pager: Pager::of(number, view.tree.len(), MAILS, |n| {
                format!("{}?page={n}", address::of_thread(&thread.id))
            }),
            thread: thread.id.clone(),
        })
    }
}

impl Bytes for Printed {
    fn bytes(&self) -> usize {
        let mails = self
            .mails
            .iter()
            .map(|mail| size_of::<PrintedMail>() + mail.html.len() + 3 * mail.id.as_str().len());
        let beside = self.beside.as_ref().map_or(0, String::len);
        size_of::<Self>() + self.outline.len() + beside + mails.sum::<usize>()
    }
}

/// The revisions of what the thread posts.
fn of_thread(reader: &Reader, view: &ThreadView) -> Result<Option<Beside>, Fault> {
    let held = view.tree.iter().find_map(|(node, header)| header.as_ref().map(|_| &node.id));
    held.map_or(Ok(None), |first| beside(reader, first))
}

/// The ids of some places, each once.
fn ids(places: &[(Node, Option<Header>)]) -> Vec<MessageId> {
    let held = places.iter().filter(|(_, header)| header.is_some());
    let mut ids: Vec<MessageId> = held.map(|(node, _)| node.id.clone()).collect();
    // Different mails of one id stand together.
    ids.dedup();
    ids
}

fn mails(
    pages: &Pages,
    view: &ThreadView,
    start: usize,
    messages: &[Message],
) -> Result<Vec<PrintedMail>, Fault> {
    let mut by_id: HashMap<&MessageId, VecDeque<&Message>> = HashMap::new();
    for message in messages {
        by_id.entry(&message.header.id).or_default().push_back(message);
    }
    let headers = view.tree.iter().filter_map(|(_, header)| header.as_ref());
    let above = headers.map(|header| (&header.id, &header.from)).collect();
    let mut mails = Mails { room: ROOM, titles: Titles::default(), above };
    let places = view.tree.iter().skip(start).take(MAILS);
    places
        .map(|(node, _)| {
            let view = match by_id.get_mut(&node.id).and_then(VecDeque::pop_front) {
                Some(message) => mails.view(node, message),
                None => MailView::of_ghost(node),
            };
            Ok(PrintedMail {
                id: node.id.clone(),
                anchor: format!("m{}", node.id.as_str()),
                link: address::of_mail(&node.id),
                held: view.is_held(),
                html: pages.part("thread-mail", "mail", &view)?,
            })
        })
        .collect()
}

fn lists(view: &ThreadView) -> Vec<String> {
    let headers = view.tree.iter().filter_map(|(_, header)| header.as_ref());
    let mut lists: Vec<String> =
        headers.flat_map(|header| &header.lists).map(ToString::to_string).collect();
    lists.sort();
    lists.dedup();
    lists
}
