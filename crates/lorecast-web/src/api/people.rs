//! People, and what somebody follows, for programs.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use lorecast_community::{Refusal, Scope};
use lorecast_desk::{Circle, Employment, Lately, Reader, Somebody};
use lorecast_model::{Header, MessageId, PersonId, Standing};
use serde::Serialize;

use super::deeds::Program;
use super::json;
use super::problem::Problem;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::pages::{Asked, OfPerson, page_number, part_of_people, somebody};

#[derive(Serialize)]
struct PersonView {
    id: PersonId,
    name: String,
    pronouns: Option<String>,
    say: Option<String>,
    ipa: Option<String>,
    bio: Option<String>,
    links: BTreeMap<String, String>,
    employers: Vec<EmployerView>,
    mails: u64,
    series: Vec<SeriesView>,
    threads: Vec<MailView>,
    answers: Vec<MailView>,
}

#[derive(Serialize)]
struct EmployerView {
    employer: String,
    years: String,
    source: &'static str,
}

#[derive(Serialize)]
struct SeriesView {
    root: MessageId,
    title: String,
    version: String,
    state: String,
    date: Timestamp,
}

#[derive(Serialize)]
struct MailView {
    id: MessageId,
    subject: String,
    date: Timestamp,
}

#[derive(Serialize)]
struct PeopleView {
    /// How many they are in all.
    count: usize,
    people: Vec<InListView>,
}

#[derive(Serialize)]
struct InListView {
    id: PersonId,
    name: String,
    mails: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// `/api/v1/people`: the part that `?page=` says.
pub(super) async fn people(
    State(app): State<Arc<App>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Problem> {
    let (number, inner) = (page_number(asked)?, Arc::clone(&app));
    let found = move |reader: &Reader| {
        let circle = inner.everybody.of(reader)?;
        let listed = circle.listed(part_of_people(number));
        let people = listed.map(|somebody| in_list(&circle, somebody)).collect();
        Ok(PeopleView { count: circle.len(), people })
    };
    json(&app.readers.ask(found).await?)
}

fn in_list(circle: &Circle, somebody: &Somebody) -> InListView {
    InListView {
        id: somebody.id.clone(),
        name: circle.portrait(somebody).name,
        mails: somebody.mails,
        first: somebody.active.map(|(first, _)| first),
        last: somebody.active.map(|(_, last)| last),
    }
}

/// `/api/v1/people/<id>`
pub(super) async fn person(
    State(app): State<Arc<App>>,
    id: Result<OfPerson, Fault>,
) -> Result<Answer, Problem> {
    let (OfPerson(id), inner) = (id?, Arc::clone(&app));
    let found = move |reader: &Reader| {
        let circle = inner.everybody.of(reader)?;
        let somebody = somebody(&circle, &id)?;
        Ok(view(&circle, somebody, &reader.work(&circle, somebody)?))
    };
    json(&app.readers.ask(found).await?)
}

fn view(circle: &Circle, somebody: &Somebody, work: &Lately) -> PersonView {
    let told = circle.portrait(somebody);
    PersonView {
        id: told.id,
        name: told.name,
        pronouns: told.pronouns,
        say: told.say,
        ipa: told.ipa,
        bio: told.bio,
        links: told.links,
        employers: told.employers.into_iter().map(employer).collect(),
        mails: somebody.mails,
        series: work.series.iter().map(series).collect(),
        threads: work.threads.iter().map(mail).collect(),
        answers: work.answers.iter().map(mail).collect(),
    }
}

fn employer(Employment { employer, years, source }: Employment) -> EmployerView {
    EmployerView { employer, years, source: source.name() }
}

fn series(one: &Standing) -> SeriesView {
    SeriesView {
        root: one.revision.root.clone(),
        title: one.revision.title.clone(),
        version: one.revision.version.to_string(),
        state: one.in_words(),
        date: one.revision.date,
    }
}

fn mail(header: &Header) -> MailView {
    MailView { id: header.id.clone(), subject: header.subject.clone(), date: header.date }
}

/// `/api/v1/following`
pub(super) async fn following(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Answer, Problem> {
    let program = Program::of(&app, &headers).await?;
    program.may(Some(Scope::Read))?;
    let account = program.acting.account().ok_or(Refusal::NotSignedIn)?;
    json(&app.following_of(account).await?)
}
