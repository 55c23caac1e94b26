//! A recording for between two chapters: offered on the page of a story, heard and decided by an editor.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{Acting, Commons, Deed, EntryId, Filler, FillerState, Refusal, Role};
use lorecast_desk::{Done, Incoming};
use lorecast_model::MessageId;
use serde::{Deserialize, Serialize};

use super::hearing::hearing;
use super::takes::Empty;
use super::upload::{Sent, receive, text};
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;
use crate::taking_part::{Number, to};
use crate::who::{Posted, You};

/// A filler in a list.
#[derive(Serialize)]
pub(crate) struct FillerLine {
    id: EntryId,
    link: String,
    by: String,
    at: Moment,
    seconds: String,
    state: &'static str,
}

#[derive(Serialize)]
struct FillerPage {
    title: String,
    #[serde(flatten)]
    line: FillerLine,
    story: String,
    open: bool,
    yours: bool,
    /// Whether the recording can be heard here.
    here: bool,
    decided: Option<String>,
    q: String,
}

/// The fillers of a story that somebody may know of: their own, and for editors all.
pub(crate) fn filler_lines(commons: &Commons, you: &You, story: &MessageId) -> Vec<FillerLine> {
    let talk = commons.talk(story);
    let ids = talk.into_iter().flat_map(|talk| &talk.fillers);
    let seen = ids.filter_map(|id| Some((*id, commons.filler(*id)?)));
    seen.filter(|(_, filler)| may_hear(you, filler)).map(|one| line(commons, one)).collect()
}

/// The fillers that wait for an editor.
pub(super) fn waiting(commons: &Commons, you: &You) -> Vec<FillerLine> {
    let open = commons.fillers().filter(|(_, filler)| filler.is_open() && may_hear(you, filler));
    open.map(|one| line(commons, one)).collect()
}

fn may_hear(you: &You, filler: &Filler) -> bool {
    you.is(Role::Editor) || you.account() == Some(filler.by)
}

fn line(commons: &Commons, (id, filler): (EntryId, &Filler)) -> FillerLine {
    FillerLine {
        id,
        link: place(id),
        by: one_line(commons.name(filler.by)),
        at: filler.at.into(),
        seconds: format!("{:.1}", f64::from(filler.millis) / 1000.0),
        state: filler.state.word(),
    }
}

fn place(id: EntryId) -> String {
    format!("/fillers/{id}/")
}

/// `POST /stories/<message-id>/filler`: one recording.
pub(super) async fn send(
    State(app): State<Arc<App>>,
    OfMail(story): OfMail,
    mut sent: Sent,
) -> Result<Redirect, Fault> {
    let acting = sent.you.acting;
    let _place = app.may_send(acting, &wish(&story)).await?;
    let mut kept = None;
    while let Some(mut field) = sent.next().await? {
        match field.name() {
            Some("recording") if kept.is_none() => {
                let room = |desk: &lorecast_desk::Desk<'_>| Ok(desk.incoming_filler()?);
                kept = Some(receive(&app, &mut field, room).await?);
            }
            _ => drop(text(field).await?),
        }
    }
    let incoming = kept.filter(|incoming| !incoming.is_empty());
    let incoming = incoming.ok_or_else(|| Fault::Wrong("Choose a recording first.".to_owned()))?;
    let done = offer(&app, acting, story, incoming).await?;
    Ok(to(&place(done.entry)))
}

/// Any filler for a story, to know whether somebody may offer one.
fn wish(story: &MessageId) -> Deed {
    Deed::OfferFiller { story: story.clone(), recording: "filler".to_owned(), millis: 45_000 }
}

/// Offers a recording that came in.
pub(crate) async fn offer(
    app: &Arc<App>,
    acting: Acting,
    story: MessageId,
    incoming: Incoming,
) -> Result<Done, Fault> {
    if let Some(account) = acting.account() {
        app.limits.deed(account)?;
    }
    let community = app.community.clone();
    app.desk(move |_| Ok(community.offer_filler(acting, story, &incoming, Timestamp::now())?)).await
}

impl App {
    /// Whether somebody may offer a filler, and a place among those who send recordings.
    pub(crate) async fn may_offer(
        &self,
        acting: Acting,
        story: &MessageId,
    ) -> Result<tokio::sync::SemaphorePermit<'_>, Fault> {
        self.may_send(acting, &wish(story)).await
    }

    /// Puts accepted fillers among the takes.
    pub(crate) async fn place_fillers(&self) {
        let community = self.community.clone();
        let placed = self.desk(move |_| Ok(community.place_fillers(Timestamp::now())?)).await;
        if placed.is_err() {
            tracing::warn!("an accepted filler waits until it can be put among the takes");
        }
    }
}

fn find(app: &App, you: &You, id: EntryId) -> Result<Filler, Fault> {
    let found = app.community.look(|commons| commons.filler(id).cloned());
    match found.filter(|filler| may_hear(you, filler)) {
        Some(filler) => Ok(filler),
        None if you.account().is_none() => Err(Refusal::NotSignedIn.into()),
        None => Err(Fault::Nothing(format!("There is no filler {id} that you may hear."))),
    }
}

/// `/fillers/<number>/`
pub(super) async fn filler(
    State(app): State<Arc<App>>,
    you: You,
    Number(id): Number,
) -> Result<Answer, Fault> {
    let filler = find(&app, &you, id)?;
    let page = app.community.look(|commons| {
        let name = |account| one_line(commons.name(account));
        let decided = match &filler.state {
            FillerState::Open | FillerState::Withdrawn => None,
            FillerState::Accepted { by, placed: Some(episode), .. } => {
                Some(format!("by {}; it is among the takes of {episode}", name(*by)))
            }
            FillerState::Accepted { by, .. } => {
                Some(format!("by {}; it goes among the takes as soon as it can", name(*by)))
            }
            FillerState::Declined { by, why, .. } => {
                Some(format!("by {}: {}", name(*by), one_line(why)))
            }
        };
        FillerPage {
            title: format!("Filler {id}"),
            line: line(commons, (id, &filler)),
            story: address::of_story(&filler.story),
            open: filler.is_open(),
            yours: you.account() == Some(filler.by),
            here: filler.is_needed(),
            decided,
            q: String::new(),
        }
    });
    app.pages.page("filler", &page, &you)
}

/// `/fillers/<number>/recording`
pub(super) async fn hear(
    State(app): State<Arc<App>>,
    you: You,
    Number(id): Number,
    request: Request,
) -> Result<Response, Fault> {
    let filler = find(&app, &you, id)?;
    if !filler.is_needed() {
        return Err(Fault::Nothing("This recording is not kept here any more.".to_owned()));
    }
    let name = filler.recording.clone();
    let file = app.desk(move |desk| Ok(desk.filler_recording(&name)?)).await?;
    // It is open by now, and gone from the folder when this returns.
    Ok(hearing(file.path(), &filler.recording, request).await)
}

/// `POST /fillers/<number>/accept`
pub(super) async fn accept(
    State(app): State<Arc<App>>,
    Number(filler): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::AcceptFiller { filler }).await?;
    // What cannot be done now is done the next time; the page says that it waits.
    app.place_fillers().await;
    Ok(to(&place(filler)))
}

/// A reason.
#[derive(Deserialize)]
pub(super) struct Why {
    why: String,
}

/// `POST /fillers/<number>/decline`
pub(super) async fn decline(
    State(app): State<Arc<App>>,
    Number(filler): Number,
    Posted(you, form): Posted<Why>,
) -> Result<Response, Fault> {
    app.does(you.acting, Deed::DeclineFiller { filler, why: form.why }).await?;
    Ok(to(&place(filler)).into_response())
}

/// `POST /fillers/<number>/withdraw`
pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    Number(filler): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::WithdrawFiller { filler }).await?;
    Ok(to(&place(filler)))
}
