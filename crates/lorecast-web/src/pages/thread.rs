//! A whole thread: its tree, then every mail.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use lorecast_community::Interest;
use lorecast_model::MessageId;
use serde::{Deserialize, Serialize};

use super::notes::{NoteView, Notes};
use super::pager::{self, Pager};
use super::printed::{Printed, PrintedMail};
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::taking_part::{FollowView, Talk, VotesView};
use crate::who::You;

/// What the address may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<String>,
}

#[derive(Serialize)]
struct ThreadPage<'a> {
    title: &'a str,
    /// All that is the same for everybody, mails apart.
    printed: &'a Printed,
    /// The thread as a story of the show, and its votes.
    story: VotesView,
    follow: FollowView,
    mails: Vec<MailOfThread<'a>>,
    /// How many notes are left out.
    notes_left_out: usize,
    /// Notes on earlier revisions, of text that is gone.
    outdated: Vec<NoteView>,
    pager: &'a Pager,
    q: &'static str,
}

#[derive(Serialize)]
struct MailOfThread<'a> {
    printed: &'a PrintedMail,
    /// What people said of it.
    notes: Vec<NoteView>,
}

/// `/<message-id>/t/`
pub(crate) async fn thread(
    State(app): State<Arc<App>>,
    you: You,
    OfMail(id): OfMail,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    let number = pager::number_in(asked.map_err(Fault::query)?.page.as_deref())?;
    let kept = Arc::clone(&app);
    app.readers
        .ask(move |reader| {
            let App { pages, community, threads, .. } = &*kept;
            let print = || Printed::of(reader, pages, &id, number);
            let printed = &*threads.of(reader, (reader.thread_key(&id)?, number), print)?;
            let mut notes = Notes::of(reader, community, &you, &ids(printed))?;
            let page = ThreadPage {
                title: &printed.title,
                printed,
                story: community.look(|commons| Talk { commons, you: &you }.votes(&printed.thread)),
                follow: FollowView::of(
                    community,
                    &you,
                    Interest::Thread(printed.thread.clone()),
                    &address::of_thread(&printed.thread),
                ),
                mails: mails(printed, &mut notes),
                notes_left_out: notes.left_out,
                outdated: std::mem::take(&mut notes.outdated),
                pager: &printed.pager,
                q: "",
            };
            pages.page("thread", &page, &you)
        })
        .await
}

/// The ids of the mails that are held, each once.
fn ids(printed: &Printed) -> Vec<MessageId> {
    let held = printed.mails.iter().filter(|mail| mail.held);
    let mut ids: Vec<MessageId> = held.map(|mail| mail.id.clone()).collect();
    // Different mails of one id stand together.
    ids.dedup();
    ids
}

fn mails<'a>(printed: &'a Printed, notes: &mut Notes) -> Vec<MailOfThread<'a>> {
    let mails = printed.mails.iter();
    mails.map(|printed| MailOfThread { printed, notes: notes.take(&printed.id) }).collect()
}
