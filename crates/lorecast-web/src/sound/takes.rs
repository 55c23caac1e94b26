//! Sending, hearing, ordering and removing recordings.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use lorecast_community::{Acting, Deed, Role, SoundStep};
use lorecast_desk::{DeskError, Incoming};
use lorecast_model::EpisodeId;
use serde::Deserialize;

use super::hearing::hearing;
use super::upload::{Sent, receive, text};
use super::{OfEpisode, page, place};
use crate::app::App;
use crate::fault::Fault;
use crate::taking_part::to;
use crate::who::{Posted, You};

/// Recordings in one form.
const MOST: usize = 50;

/// `POST /produce/<date>/takes`: for which chapter, and then one or several recordings.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    mut sent: Sent,
) -> Result<Response, Fault> {
    sent.you.needs(Role::Editor)?;
    let you = sent.you.clone();
    match add_all(&app, episode, &mut sent).await {
        Ok(()) => Ok(to(&place(episode)).into_response()),
        Err(fault) => page::again(&app, &you, episode, fault).await,
    }
}

async fn add_all(app: &Arc<App>, episode: EpisodeId, sent: &mut Sent) -> Result<(), Fault> {
    let acting = sent.you.acting;
    let (mut take, mut added) = (None, 0);
    while let Some(mut field) = sent.next().await? {
        match field.name() {
            Some("take") => take = Some(text(field).await?).filter(|take| !take.is_empty()),
            Some("recording") if added < MOST => {
                let _place = app.may_send(acting, &added_deed(episode, "take.wav")).await?;
                let incoming =
                    receive(app, &mut field, move |desk| Ok(desk.incoming(episode)?)).await?;
                // A browser sends an empty one when nothing was chosen.
                if !incoming.is_empty() {
                    keep(app, acting, episode, incoming, take.clone()).await?;
                    added += 1;
                }
            }
            _ => return Err(Fault::Wrong("This form has a field that nobody knows.".to_owned())),
        }
    }
    match added {
        0 => Err(Fault::Wrong("Choose a recording first.".to_owned())),
        _ => Ok(()),
    }
}

fn added_deed(episode: EpisodeId, file: &str) -> Deed {
    Deed::Sound { episode, step: SoundStep::AddTake { file: file.to_owned() } }
}

/// Makes a take of what came in: its name is ours, and the journal has it first.
pub(crate) async fn keep(
    app: &Arc<App>,
    acting: Acting,
    episode: EpisodeId,
    incoming: Incoming,
    take: Option<String>,
) -> Result<String, Fault> {
    if let Some(account) = acting.account() {
        app.limits.deed(account)?;
    }
    let community = app.community.clone();
    app.desk(move |desk| {
        let kept = |name: &str| {
            let now = jiff::Timestamp::now();
            community.does_now(acting, added_deed(episode, name), now)?;
            Ok::<_, DeskError>(())
        };
        Ok(desk.add_take(episode, incoming, take.as_deref(), kept)?)
    })
    .await
}

/// A file of an episode.
#[derive(Deserialize)]
pub(super) struct OfTake {
    file: String,
}

/// `/produce/<date>/takes/<file>`
pub(super) async fn hear(
    State(app): State<Arc<App>>,
    you: You,
    OfEpisode(episode): OfEpisode,
    Path(OfTake { file }): Path<OfTake>,
    request: Request,
) -> Result<Response, Fault> {
    you.needs(Role::Editor)?;
    let name = file.clone();
    let path = app.desk(move |desk| Ok(desk.take_path(episode, &name)?)).await?;
    Ok(hearing(path.as_std_path(), &file, request).await)
}

/// `/produce/<date>/master.mp3`
pub(super) async fn master(
    State(app): State<Arc<App>>,
    you: You,
    OfEpisode(episode): OfEpisode,
    request: Request,
) -> Result<Response, Fault> {
    you.needs(Role::Editor)?;
    let path = app.desk(move |desk| Ok(desk.master_path(episode)?)).await?;
    Ok(hearing(path.as_std_path(), &format!("{episode}.mp3"), request).await)
}

/// A form with nothing to fill in.
#[derive(Deserialize)]
pub(super) struct Empty {}

/// `POST /produce/<date>/takes/<file>/prefer`
pub(super) async fn prefer(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Path(OfTake { file }): Path<OfTake>,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.sounds(you.acting, episode, SoundStep::PreferTake { file }).await?;
    Ok(to(&place(episode)))
}

/// `POST /produce/<date>/takes/<file>/remove`
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Path(OfTake { file }): Path<OfTake>,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.sounds(you.acting, episode, SoundStep::RemoveTake { file }).await?;
    Ok(to(&place(episode)))
}
