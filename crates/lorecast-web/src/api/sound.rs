//! The sound of an episode, for programs.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use lorecast_community::{Deed, EntryId, Role, Scope, SoundStep};
use lorecast_desk::{SoundView, TakeOf, TakeView};
use lorecast_model::{EpisodeId, Master, MessageId};
use serde::{Deserialize, Serialize};

use super::deeds::Program;
use super::json;
use super::problem::Problem;
use crate::address::OfMail;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::sound::{JobView, OfEpisode, Raw, keep, of_episode, offer, receive};
use crate::taking_part::Number;

#[derive(Serialize)]
struct EpisodeSound {
    episode: EpisodeId,
    title: String,
    comes_out: Option<Timestamp>,
    takes: Vec<OwnTakes>,
    others: Vec<OneTake>,
    wrong: Option<String>,
    jobs: Vec<JobView>,
    master: Option<Master>,
}

#[derive(Serialize)]
struct OwnTakes {
    title: String,
    take: String,
    filler: bool,
    files: Vec<OneTake>,
}

#[derive(Serialize)]
struct OneTake {
    file: String,
    bytes: u64,
    counts: bool,
}

impl From<TakeView> for OneTake {
    fn from(TakeView { name, bytes, counts }: TakeView) -> Self {
        Self { file: name, bytes, counts }
    }
}

impl From<TakeOf> for OwnTakes {
    fn from(TakeOf { title, take, filler, takes }: TakeOf) -> Self {
        Self { title, take, filler, files: takes.into_iter().map(OneTake::from).collect() }
    }
}

/// A program of an editor, with a key for that.
async fn editor(app: &App, headers: &HeaderMap) -> Result<Program, Fault> {
    let program = Program::of(app, headers).await?;
    program.may(Some(Scope::Edit))?;
    program.is(app, Role::Editor)?;
    Ok(program)
}

/// `/api/v1/episodes/<date>/sound`
pub(super) async fn sound(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    episode: Result<OfEpisode, Fault>,
) -> Result<Answer, Problem> {
    let OfEpisode(episode) = episode?;
    editor(&app, &headers).await?;
    let (view, jobs, comes_out) = app
        .desk(move |desk| {
            Ok((desk.sound(episode)?, of_episode(desk, episode)?, desk.comes_out(episode)?))
        })
        .await?;
    let SoundView { title, wanted, others, wrong, master } = view;
    json(&EpisodeSound {
        episode,
        title,
        comes_out,
        takes: wanted.into_iter().map(OwnTakes::from).collect(),
        others: others.into_iter().map(OneTake::from).collect(),
        wrong,
        jobs,
        master,
    })
}

/// For which chapter or filler a recording is.
#[derive(Deserialize)]
pub(super) struct ForTake {
    #[serde(default)]
    take: String,
}

#[derive(Serialize)]
struct Added {
    file: String,
}

/// `POST /api/v1/episodes/<date>/takes?take=<name>`: the recording as it is.
pub(super) async fn add_take(
    State(app): State<Arc<App>>,
    episode: Result<OfEpisode, Fault>,
    query: Result<Query<ForTake>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Result<Answer, Problem> {
    let OfEpisode(episode) = episode?;
    let Query(ForTake { take }) = query.map_err(Fault::query)?;
    let program = editor(&app, request.headers()).await?;
    let step = SoundStep::AddTake { file: "take.wav".to_owned() };
    let _place = app.may_send(program.acting, &Deed::Sound { episode, step }).await?;
    let mut body = Raw::of(request.into_body());
    let incoming = receive(&app, &mut body, move |desk| Ok(desk.incoming(episode)?)).await?;
    let take = Some(take).filter(|take| !take.is_empty());
    json(&Added { file: keep(&app, program.acting, episode, incoming, take).await? })
}

#[derive(Serialize)]
struct Offered {
    entry: EntryId,
}

/// `POST /api/v1/stories/<message-id>/fillers`: the recording as it is.
pub(super) async fn offer_filler(
    State(app): State<Arc<App>>,
    story: Result<OfMail, Fault>,
    request: Request,
) -> Result<Answer, Problem> {
    let OfMail(story) = story?;
    let program = Program::of(&app, request.headers()).await?;
    program.may(Some(Scope::TakePart))?;
    let _place = app.may_offer(program.acting, &story).await?;
    let mut body = Raw::of(request.into_body());
    let incoming = receive(&app, &mut body, |desk| Ok(desk.incoming_filler()?)).await?;
    let done = offer(&app, program.acting, story, incoming).await?;
    json(&Offered { entry: done.entry })
}

#[derive(Serialize)]
struct FillerView {
    id: EntryId,
    by: String,
    at: Timestamp,
    story: MessageId,
    seconds: f64,
    state: &'static str,
}

/// `/api/v1/fillers/<number>`: for who offered it, and editors.
pub(super) async fn filler(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    number: Result<Number, Fault>,
) -> Result<Answer, Problem> {
    let Number(id) = number?;
    let program = Program::of(&app, &headers).await?;
    program.may(Some(Scope::Read))?;
    let edits = program.is(&app, Role::Editor).is_ok();
    let view = app.community.look(|commons| {
        let own = program.acting.account();
        let filler = commons.filler(id).filter(|filler| edits || own == Some(filler.by))?;
        Some(FillerView {
            id,
            by: commons.name(filler.by).to_owned(),
            at: filler.at,
            story: filler.story.clone(),
            seconds: f64::from(filler.millis) / 1000.0,
            state: filler.state.word(),
        })
    });
    json(&view.ok_or_else(|| Fault::Nothing(format!("There is no filler {id}.")))?)
}
