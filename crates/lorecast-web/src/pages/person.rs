//! Somebody who wrote, and what they wrote lately.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use lorecast_community::{AccountId, DescriptionState, EntryId, Interest, Role};
use lorecast_desk::{Circle, Employment, Lately, Reader, Somebody};
use lorecast_model::{Header, MessageId, PersonId, Standing, Vouch};
use serde::Serialize;

use super::atom;
use super::beside::capital;
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{self, one_line, shown};
use crate::taking_part::FollowView;
use crate::who::You;

/// So many changes of a page are told to editors, the latest.
const CHANGES: usize = 10;
/// A recording that is sent has no more bytes.
const LARGEST: u64 = 10 << 20;

/// The person that a path names.
pub(crate) struct OfPerson(pub(crate) PersonId);

impl<S: Send + Sync> FromRequestParts<S> for OfPerson {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Fault::NoPage)?;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let is_id = !text.is_empty() && text.len() <= 100 && text.bytes().all(plain);
        if is_id { Ok(Self(PersonId(text))) } else { Err(Fault::NoPage) }
    }
}

#[derive(Serialize)]
struct PersonPage {
    title: String,
    lang: Option<String>,
    pronouns: Option<String>,
    say: Option<String>,
    ipa: Option<String>,
    /// The address of a recording of the name.
    spoken: Option<String>,
    bio: Option<String>,
    links: Vec<LinkItem>,
    employers: Vec<EmployerItem>,
    mails: u64,
    first: Option<Moment>,
    last: Option<Moment>,
    atom: String,
    link: String,
    /// The page of the published site.
    published: Option<String>,
    follow: FollowView,
    /// Whether who looks may change it.
    yours: bool,
    series: Vec<SeriesLine>,
    landings: Vec<LandingLine>,
    threads: Vec<MailLine>,
    answers: Vec<MailLine>,
    /// What was changed by whoever proved to be them, the latest first.
    changes: Vec<ChangeLine>,
    q: String,
}

#[derive(Serialize)]
struct LinkItem {
    title: String,
    url: String,
}

#[derive(Serialize)]
struct EmployerItem {
    name: String,
    years: String,
    source: &'static str,
}

#[derive(Serialize)]
struct SeriesLine {
    title: String,
    link: String,
    version: String,
    state: String,
    date: Moment,
}

#[derive(Serialize)]
struct LandingLine {
    title: String,
    link: String,
    how: String,
    date: Moment,
}

#[derive(Serialize)]
struct MailLine {
    subject: String,
    link: String,
    date: Moment,
}

#[derive(Serialize)]
struct ChangeLine {
    id: EntryId,
    by: String,
    at: Moment,
    what: String,
    stands: bool,
}

/// `/people/<id>/`
pub(crate) async fn person(
    State(app): State<Arc<App>>,
    you: You,
    OfPerson(id): OfPerson,
) -> Result<Answer, Fault> {
    let inner = Arc::clone(&app);
    let found = move |reader: &Reader| {
        let circle = inner.everybody.of(reader)?;
        let somebody = somebody(&circle, &id)?;
        let work = reader.work(&circle, somebody)?;
        let view = inner.person(&circle, somebody, &work, &you);
        inner.pages.page("person", &view, &you)
    };
    app.readers.ask(found).await
}

/// `/people/<id>/mails.atom`: the mails that somebody wrote.
pub(crate) async fn person_feed(
    State(app): State<Arc<App>>,
    OfPerson(id): OfPerson,
) -> Result<Answer, Fault> {
    let inner = Arc::clone(&app);
    let found = move |reader: &Reader| {
        let circle = inner.everybody.of(reader)?;
        let somebody = somebody(&circle, &id)?;
        let mails = reader.mails_of(&circle, somebody, atom::MOST as u32)?;
        let ids: Vec<MessageId> = mails.into_iter().map(|mail| mail.id).collect();
        let name = circle.portrait(somebody).name;
        let page = address::of_person(&id);
        atom::feed_of_mails(&inner, reader, &name, &page, &format!("{page}mails.atom"), &ids)
    };
    app.readers.ask(found).await
}

/// `/<message-id>/writer`: to who wrote a mail. So a page of mails links names without knowing who is who.
pub(crate) async fn writer(
    State(app): State<Arc<App>>,
    OfMail(id): OfMail,
) -> Result<Redirect, Fault> {
    let inner = Arc::clone(&app);
    let found = move |reader: &Reader| {
        let messages = reader.messages_of(std::slice::from_ref(&id))?;
        let message = messages.first().ok_or_else(|| Fault::NotHeld(id.clone()))?;
        let circle = inner.everybody.of(reader)?;
        match circle.writer(&message.writer.who) {
            Some(somebody) => Ok(address::of_person(&somebody.id)),
            None => Err(Fault::Nothing("Who wrote this mail has no page here.".to_owned())),
        }
    };
    Ok(Redirect::temporary(&app.readers.ask(found).await?))
}

/// `/people/<id>/spoken`: how somebody says their name.
pub(crate) async fn spoken(
    State(app): State<Arc<App>>,
    OfPerson(id): OfPerson,
) -> Result<Response, Fault> {
    let inner = Arc::clone(&app);
    let found = move |reader: &Reader| {
        let circle = inner.everybody.of(reader)?;
        let audio = circle.portrait(somebody(&circle, &id)?).audio;
        let none = || Fault::Nothing("Nobody recorded how this name is said.".to_owned());
        let file = audio.ok_or_else(none)?;
        let kind = file.extension().and_then(kind).ok_or_else(none)?;
        let size = std::fs::metadata(&file).map_err(|_| none())?.len();
        if size > LARGEST {
            return Err(none());
        }
        Ok((std::fs::read(&file).map_err(Fault::ours)?, kind))
    };
    let (bytes, kind) = app.readers.ask(found).await?;
    let mut response = Body::from(bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let shown = HeaderValue::from_static("inline");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, shown);
    Ok(response)
}

/// What a browser takes a recording for.
fn kind(extension: &str) -> Option<&'static str> {
    match extension {
        "wav" => Some("audio/wav"),
        "mp3" => Some("audio/mpeg"),
        "flac" => Some("audio/flac"),
        "opus" | "ogg" | "oga" => Some("audio/ogg"),
        "m4a" => Some("audio/mp4"),
        _ => None,
    }
}

pub(crate) fn somebody<'a>(circle: &'a Circle, id: &PersonId) -> Result<&'a Somebody, Fault> {
    let nobody = || Fault::Nothing("Nobody of that name wrote what this show reads.".to_owned());
    circle.get(id).ok_or_else(nobody)
}

impl App {
    fn person(&self, circle: &Circle, somebody: &Somebody, work: &Lately, you: &You) -> PersonPage {
        let told = circle.portrait(somebody);
        let link = address::of_person(&told.id);
        let words = |text: &Option<String>| text.as_deref().map(one_line);
        let safe = |(title, url): (&String, &String)| LinkItem {
            title: shown::subject(title),
            url: url.clone(),
        };
        let links = told.links.iter().filter(|(_, url)| is_web(url)).map(safe).collect();
        let interest = Interest::Person(told.id.clone());
        let site = self.has_page_of(&told.id).then(|| self.link(&format!("/site{link}")));
        PersonPage {
            title: shown::subject(&told.name),
            lang: told.lang.clone(),
            pronouns: words(&told.pronouns),
            say: words(&told.say),
            ipa: words(&told.ipa),
            spoken: told.audio.filter(|file| file.is_file()).map(|_| format!("{link}spoken")),
            bio: told.bio.as_deref().map(|bio| shown(bio).into_owned()),
            links,
            employers: told.employers.iter().map(employer).collect(),
            mails: somebody.mails,
            first: somebody.active.map(|(first, _)| first.into()),
            last: somebody.active.map(|(_, last)| last.into()),
            atom: format!("{link}mails.atom"),
            published: site,
            follow: FollowView::of(&self.community, you, interest, &link),
            yours: self.is_theirs(circle, you, &told.id),
            series: work.series.iter().map(series).collect(),
            landings: work
                .landings
                .iter()
                .map(|(one, event)| LandingLine {
                    title: shown::subject(&one.revision.title),
                    link: address::of_series(&one.revision.root),
                    how: capital(&one_line(&event.what.in_words())),
                    date: event.date.into(),
                })
                .collect(),
            threads: work.threads.iter().map(mail).collect(),
            answers: work.answers.iter().map(mail).collect(),
            changes: self.changes_of(somebody, you),
            link,
            q: String::new(),
        }
    }

    /// Whether an account proved an address of somebody.
    pub(crate) fn is_theirs(&self, circle: &Circle, you: &You, id: &PersonId) -> bool {
        let Some(account) = you.account() else { return false };
        self.community.look(|commons| {
            commons.proved(account).any(|email| circle.holder(email).is_some_and(|by| by.id == *id))
        })
    }

    /// What whoever proved to be somebody changed.
    fn changes_of(&self, somebody: &Somebody, you: &You) -> Vec<ChangeLine> {
        let most = if you.is(Role::Editor) { CHANGES } else { 1 };
        let sure = |email: &str| somebody.sure.iter().any(|sure| sure == email);
        self.community.look(|commons| {
            let accounts = somebody.sure.iter().filter_map(|email| commons.proof(email));
            let accounts: BTreeSet<AccountId> = accounts.map(|proof| proof.by).collect();
            let all =
                accounts.into_iter().flat_map(|account| commons.descriptions_by(account).rev());
            all.filter(|(_, one)| one.address().is_some_and(sure))
                .take(most)
                .map(|(id, one)| ChangeLine {
                    id,
                    by: one_line(commons.name(one.by)),
                    at: one.at.into(),
                    what: one_line(&one.keys().collect::<Vec<_>>().join(", ")),
                    stands: matches!(one.state, DescriptionState::Stands { .. }),
                })
                .collect()
        })
    }

    fn has_page_of(&self, id: &PersonId) -> bool {
        self.site().join(format!("people/{id}/index.html")).is_file()
    }
}

/// Whether a link leads to a page, and to nothing that a browser would run.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn employer(one: &Employment) -> EmployerItem {
    EmployerItem {
        name: one_line(&one.employer),
        years: one_line(&one.years),
        source: match one.source {
            Vouch::Own => "as they say",
            Vouch::Producer => "as the show knows",
            Vouch::Name | Vouch::Header | Vouch::Signature => "by their mails",
            Vouch::Map => "by a map that was imported",
            Vouch::Domain => "by their address",
        },
    }
}

fn series(one: &Standing) -> SeriesLine {
    SeriesLine {
        title: shown::subject(&one.revision.title),
        link: address::of_series(&one.revision.root),
        version: format!("v{}", one.revision.version),
        state: one_line(&one.in_words()),
        date: one.revision.date.into(),
    }
}

fn mail(header: &Header) -> MailLine {
    MailLine {
        subject: shown::subject(&header.subject),
        link: address::of_mail(&header.id),
        date: header.date.into(),
    }
}
