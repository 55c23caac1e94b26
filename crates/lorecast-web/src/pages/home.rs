//! The threads with the latest mail.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use lorecast_desk::Page;
use lorecast_model::Thread;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::pager::{self, Pager};
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::shown;

/// So many threads are on a page.
const THREADS: usize = 50;

/// What the address may ask for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<String>,
}

#[derive(Serialize)]
struct HomePage {
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

/// `/`: of a show that has read no mail, the first page of what is published.
pub(crate) async fn home(
    State(app): State<Arc<App>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Fault> {
    match threads(&app, asked.map_err(Fault::query)?.0).await {
        Err(Fault::Empty) if app.is_published() => {
            Ok(Redirect::temporary("/site/").into_response())
        }
        page => Ok(page?.into_response()),
    }
}

async fn threads(app: &App, asked: Asked) -> Result<Answer, Fault> {
    let number = pager::number(asked.page.as_deref())?;
    let pages = Arc::clone(&app.pages);
    app.readers
        .ask(move |reader| {
            // One more than is shown tells whether there are more.
            let page = Page { skip: ((number - 1) * THREADS) as u32, take: THREADS as u32 + 1 };
            let threads = reader.latest_threads(page)?;
            let goes_on = threads.len() > THREADS;
            let page = HomePage {
                title: "Latest threads",
                threads: threads.iter().take(THREADS).map(line).collect(),
                pager: Pager::open(number, goes_on, |n| format!("/?page={n}")),
                q: String::new(),
            };
            pages.page("home", &page)
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
