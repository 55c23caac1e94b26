//! A whole thread: its tree, then every mail.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use lorecast_community::Interest;
use lorecast_desk::{Reader, ThreadView};
use lorecast_model::{Header, Message, MessageId};
use serde::{Deserialize, Serialize};

use super::beside::{Beside, beside};
use super::mails::{MailView, Mails, Room};
use super::notes::{NoteView, Notes};
use super::outline::{Leading, Place, Titles, outline};
use super::pager::{self, Pager};
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown;
use crate::taking_part::{FollowView, Talk, VotesView};
use crate::who::You;

/// So many mails are on a page.
const MAILS: usize = 100;

/// How much of a mail, and of all mails of a page, is shown, in bytes: longer ones are a link away.
const ROOM: Room = Room { each: 200 << 10, all: 2 << 20 };

/// What the address may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<String>,
}

#[derive(Serialize)]
struct ThreadPage<'a> {
    title: String,
    /// How many mails are held, and of how many people.
    messages: u32,
    participants: u32,
    first: Moment,
    last: Moment,
    /// The mail that names the thread.
    link: String,
    lists: Vec<String>,
    /// The thread as a story of the show, and its votes.
    story: VotesView,
    follow: FollowView,
    outline: Vec<Place>,
    mails: Vec<MailView<'a>>,
    /// How many notes are left out.
    notes_left_out: usize,
    /// Notes on earlier revisions, of text that is gone.
    outdated: Vec<NoteView>,
    beside: Option<Beside>,
    pager: Pager,
    q: String,
}

/// `/<message-id>/t/`
pub(crate) async fn thread(
    State(app): State<Arc<App>>,
    you: You,
    OfMail(id): OfMail,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    let number = pager::number_in(asked.map_err(Fault::query)?.page.as_deref())?;
    let (pages, community) = (Arc::clone(&app.pages), app.community.clone());
    app.readers
        .ask(move |reader| {
            let view = reader.thread(&id)?;
            let start = (number - 1) * MAILS;
            if start > 0 && start >= view.tree.len() {
                return Err(Fault::Wrong("This thread has no such page.".to_owned()));
            }
            let range = start..view.tree.len().min(start + MAILS);
            let ids = ids(&view.tree[range.clone()]);
            let messages = reader.messages_of(&ids)?;
            let mut notes = Notes::of(reader, &community, &you, &ids)?;
            let thread = &view.thread;
            let page = ThreadPage {
                title: shown::subject(&thread.subject),
                messages: thread.messages,
                participants: thread.participants,
                first: thread.first.into(),
                last: thread.last.into(),
                link: address::of_mail(&thread.id),
                lists: lists(&view),
                story: community.look(|commons| Talk { commons, you: &you }.votes(&thread.id)),
                follow: FollowView::of(
                    &community,
                    &you,
                    Interest::Thread(thread.id.clone()),
                    &address::of_thread(&thread.id),
                ),
                outline: outline(&view, range.clone(), Leading::Down),
                mails: mails(&view, range.start, &messages, &mut notes),
                notes_left_out: notes.left_out,
                outdated: std::mem::take(&mut notes.outdated),
                beside: of_thread(reader, &view)?,
                pager: Pager::of(number, view.tree.len(), MAILS, |n| {
                    format!("{}?page={n}", address::of_thread(&thread.id))
                }),
                q: String::new(),
            };
            pages.page("thread", &page, &you)
        })
        .await
}

/// The revisions of what the thread posts.
fn of_thread(reader: &Reader, view: &ThreadView) -> Result<Option<Beside>, Fault> {
    let held = view.tree.iter().find_map(|(node, header)| header.as_ref().map(|_| &node.id));
    held.map_or(Ok(None), |first| beside(reader, first))
}

/// The ids of some places, each once.
fn ids(places: &[(lorecast_model::Node, Option<Header>)]) -> Vec<MessageId> {
    let held = places.iter().filter(|(_, header)| header.is_some());
    let mut ids: Vec<MessageId> = held.map(|(node, _)| node.id.clone()).collect();
    // Different mails of one id stand together.
    ids.dedup();
    ids
}

fn mails<'a>(
    view: &'a ThreadView,
    start: usize,
    messages: &'a [Message],
    notes: &mut Notes,
) -> Vec<MailView<'a>> {
    let mut by_id: HashMap<&MessageId, VecDeque<&Message>> = HashMap::new();
    for message in messages {
        by_id.entry(&message.header.id).or_default().push_back(message);
    }
    let headers = view.tree.iter().filter_map(|(_, header)| header.as_ref());
    let above = headers.map(|header| (&header.id, &header.from)).collect();
    let mut mails = Mails { room: ROOM, titles: Titles::default(), above };
    let places = view.tree.iter().skip(start).take(MAILS);
    places
        .map(|(node, _)| match by_id.get_mut(&node.id).and_then(VecDeque::pop_front) {
            Some(message) => mails.view(node, message).with(notes.take(&node.id)),
            None => MailView::of_ghost(node),
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
