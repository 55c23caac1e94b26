//! Everybody who wrote.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use lorecast_desk::{Circle, Page, Somebody};
use serde::Serialize;

use super::pager::{self, Asked, Pager};
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown;
use crate::who::You;

/// So many people are on a page.
const PEOPLE: usize = 100;

#[derive(Serialize)]
struct PeoplePage {
    title: &'static str,
    count: usize,
    people: Vec<PersonLine>,
    pager: Pager,
    q: String,
}

#[derive(Serialize)]
struct PersonLine {
    name: String,
    link: String,
    mails: u64,
    last: Option<Moment>,
}

/// `/people/`
pub(crate) async fn people(
    State(app): State<Arc<App>>,
    you: You,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    let number = pager::number(asked)?;
    let inner = Arc::clone(&app);
    app.readers
        .ask(move |reader| {
            let circle = inner.everybody.of(reader)?;
            let page = PeoplePage {
                title: "People",
                count: circle.len(),
                people: circle
                    .listed(part(number))
                    .map(|somebody| line(&circle, somebody))
                    .collect(),
                pager: Pager::of(number, circle.len(), PEOPLE, |n| format!("/people/?page={n}")),
                q: String::new(),
            };
            inner.pages.page("people", &page, &you)
        })
        .await
}

/// The people of that page.
pub(crate) fn part(number: usize) -> Page {
    Page { skip: ((number - 1) * PEOPLE) as u32, take: PEOPLE as u32 }
}

fn line(circle: &Circle, somebody: &Somebody) -> PersonLine {
    PersonLine {
        name: shown::subject(&circle.portrait(somebody).name),
        link: address::of_person(&somebody.id),
        mails: somebody.mails,
        last: somebody.active.map(|(_, last)| last.into()),
    }
}
