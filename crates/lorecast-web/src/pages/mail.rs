//! One mail, with its place in the thread.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use lorecast_desk::ThreadView;
use lorecast_model::{MessageId, Node};
use serde::Serialize;

use super::mails::{MailView, Mails, Room};
use super::notes::{NoteForm, NoteView, Notes};
use super::outline::{Leading, Place, Titles, outline};
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::shown;
use crate::who::You;

/// How much of a mail is shown, in bytes; the raw mail has all.
const ROOM: Room = Room { each: 1 << 20, all: 2 << 20 };

/// So many mails before and after are in the outline.
const AROUND: usize = 15;

/// So many mails of one id are shown.
const MOST: usize = 10;

#[derive(Serialize)]
struct MailPage<'a> {
    title: String,
    /// Mostly one; several when different mails have this id.
    mails: Vec<MailView<'a>>,
    link: String,
    raw: String,
    lore: String,
    thread: String,
    messages: u32,
    outline: Vec<Place>,
    previous: Option<String>,
    next: Option<String>,
    notes: Vec<NoteView>,
    /// How many are left out.
    notes_left_out: usize,
    /// A note that is being written.
    note: NoteForm,
    q: String,
}

/// `/<message-id>/`; `?exact=…` begins a note on words of it.
pub(crate) async fn mail(
    State(app): State<Arc<App>>,
    you: You,
    OfMail(id): OfMail,
    asked: Result<Query<NoteForm>, QueryRejection>,
) -> Result<Answer, Fault> {
    page(&app, you, id, asked.map_err(Fault::query)?.0).await
}

pub(super) async fn page(
    app: &App,
    you: You,
    id: MessageId,
    note: NoteForm,
) -> Result<Answer, Fault> {
    let (pages, community) = (Arc::clone(&app.pages), app.community.clone());
    app.readers
        .ask(move |reader| {
            let view = reader.thread(&id)?;
            let mut messages = reader.messages_of(std::slice::from_ref(&id))?;
            messages.truncate(MOST);
            let Some(first) = messages.first() else { return Err(Fault::NotHeld(id)) };
            let node = Node { id: id.clone(), depth: 0, held: true };
            let mut mails = Mails { room: ROOM, titles: Titles::default(), above: HashMap::new() };
            let at = view.tree.iter().position(|(node, _)| node.id == id).unwrap_or_default();
            let mut notes = Notes::of(reader, &community, &you, std::slice::from_ref(&id))?;
            let page = MailPage {
                title: shown::subject(&first.header.subject),
                mails: messages.iter().map(|message| mails.view(&node, message)).collect(),
                link: address::of_mail(&id),
                raw: format!("{}raw", address::of_mail(&id)),
                lore: id.lore_url(),
                thread: address::of_thread(&view.thread.id),
                messages: view.thread.messages,
                outline: outline(&view, around(at, view.tree.len()), Leading::Away(&id)),
                previous: held(&view, &id, (0..at).rev()),
                next: held(&view, &id, at + 1..view.tree.len()),
                notes: notes.take(&id),
                notes_left_out: notes.left_out,
                note,
                q: String::new(),
            };
            pages.page("mail", &page, &you)
        })
        .await
}

fn around(at: usize, all: usize) -> Range<usize> {
    at.saturating_sub(AROUND)..all.min(at + AROUND + 1)
}

/// The first of these places that another mail is held for.
fn held(
    view: &ThreadView,
    id: &MessageId,
    mut places: impl Iterator<Item = usize>,
) -> Option<String> {
    places.find_map(|at| {
        let (node, header) = view.tree.get(at)?;
        (header.is_some() && node.id != *id).then(|| address::of_mail(&node.id))
    })
}
