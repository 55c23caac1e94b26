//! The threads with the latest mail.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use lorecast_desk::Page;
use lorecast_model::Thread;
use serde::Serialize;

use super::pager::{self, Asked, Pager};
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown;
use crate::who::You;

/// So many threads are on a page.
const THREADS: usize = 50;

#[derive(Serialize)]
struct LatestPage {
    title: &'static str,
    threads: Vec<ThreadLine>,
    pager: Pager,
    q: String,
}

#[derive(Serialize)]
struct ThreadLine {
    subject: String,
    link: String,
    messages: u32,
    participants: u32,
    last: Moment,
}

/// `/latest`
pub(crate) async fn latest(
    State(app): State<Arc<App>>,
    you: You,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    let number = pager::number(asked)?;
    threads(&app, you, number).await
}

/// The first page of them.
pub(crate) async fn latest_threads(app: &App, you: &You) -> Result<Answer, Fault> {
    threads(app, you.clone(), 1).await
}

async fn threads(app: &App, you: You, number: usize) -> Result<Answer, Fault> {
    let pages = Arc::clone(&app.pages);
    app.readers
        .ask(move |reader| {
            // One more than is shown tells whether there are more.
            let page = Page { skip: ((number - 1) * THREADS) as u32, take: THREADS as u32 + 1 };
            let threads = reader.latest_threads(page)?;
            let goes_on = threads.len() > THREADS;
            let page = LatestPage {
                title: "Latest threads",
                threads: threads.iter().take(THREADS).map(line).collect(),
                pager: Pager::open(number, goes_on, |n| format!("/latest?page={n}")),
                q: String::new(),
            };
            pages.page("latest", &page, &you)
        })
        .await
}

fn line(thread: &Thread) -> ThreadLine {
    ThreadLine {
        subject: shown::subject(&thread.subject),
        link: address::of_thread(&thread.id),
        messages: thread.messages,
        participants: thread.participants,
        last: thread.last.into(),
    }
}
