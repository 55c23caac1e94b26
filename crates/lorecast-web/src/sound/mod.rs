//! Where the sound of an episode is made, and where people send recordings.
//!
//! | file | address |
//! |---|---|
//! | `page` | `/produce/<date>/sound`: takes, jobs, the master and when it comes out |
//! | `takes` | `/produce/<date>/takes…`: sending, hearing, ordering and removing recordings |
//! | `jobs` | `/produce/<date>/…`: making the master, publishing, the schedule; how far that is |
//! | `fillers` | `/stories/<message-id>/filler`, `/fillers/<number>/…`: a recording for between two chapters |
//! | `upload` | a recording on its way in: never whole in memory |
//! | `hearing` | a recording on its way out: byte ranges, and a type that is only sound |

mod fillers;
mod hearing;
mod jobs;
mod page;
mod takes;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::routing::{get, post};
use lorecast_community::{Acting, Deed, SoundStep};
use lorecast_desk::{Done, Work};
use lorecast_model::EpisodeId;
use tokio::sync::Semaphore;

use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;

pub(crate) use fillers::{FillerLine, filler_lines, offer};
pub(crate) use jobs::{JobView, of_episode};
pub(crate) use takes::keep;
pub(crate) use upload::{Raw, receive};

/// Recordings that come in at the same time; each has a file that is being written, and then a thread that decodes it.
const AT_ONCE: usize = 4;
/// Browsers that watch jobs at the same time.
const WATCHING: usize = 64;

/// What requests about sound share.
pub(crate) struct Studio {
    uploads: Semaphore,
    watching: Arc<Semaphore>,
}

impl Studio {
    pub(crate) fn new() -> Self {
        let watching = Arc::new(Semaphore::new(WATCHING));
        Self { uploads: Semaphore::new(AT_ONCE), watching }
    }
}

/// All addresses about sound.
pub(crate) fn routes() -> Router<Arc<App>> {
    let uploads = Router::new()
        .route("/produce/{date}/takes", post(takes::add))
        .route("/stories/{id}/filler", post(fillers::send))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/produce/{date}/sound", get(page::sound))
        .route("/produce/{date}/sound/events", get(jobs::events))
        .route("/produce/{date}/takes/{file}", get(takes::hear))
        .route("/produce/{date}/takes/{file}/prefer", post(takes::prefer))
        .route("/produce/{date}/takes/{file}/remove", post(takes::remove))
        .route("/produce/{date}/master.mp3", get(takes::master))
        .route("/produce/{date}/split", post(jobs::split))
        .route("/produce/{date}/master", post(jobs::master))
        .route("/produce/{date}/publish", post(jobs::publish))
        .route("/produce/{date}/stop", post(jobs::stop))
        .route("/produce/{date}/schedule", post(jobs::schedule))
        .route("/produce/{date}/unschedule", post(jobs::unschedule))
        .route("/fillers/{number}/", get(fillers::filler))
        .route("/fillers/{number}/recording", get(fillers::hear))
        .route("/fillers/{number}/accept", post(fillers::accept))
        .route("/fillers/{number}/decline", post(fillers::decline))
        .route("/fillers/{number}/withdraw", post(fillers::withdraw))
        .route("/sound.js", get(script))
        .merge(uploads)
}

async fn script(State(app): State<Arc<App>>) -> Answer {
    app.pages.script("web/sound.js")
}

/// The episode that a path names.
pub(crate) struct OfEpisode(pub(crate) EpisodeId);

impl<S: Send + Sync> FromRequestParts<S> for OfEpisode {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Path(path) = path.map_err(|_| Fault::NoPage)?;
        let date = path.into_iter().find(|(name, _)| name == "date").ok_or(Fault::NoPage)?.1;
        EpisodeId::new(&date).map(Self).map_err(|_| Fault::NoPage)
    }
}

/// `/produce/<date>/sound`
fn place(episode: EpisodeId) -> String {
    format!("/produce/{episode}/sound")
}

impl App {
    /// Does something for the sound of an episode, for somebody who may. It is in the journal first: nothing is done that
    /// nobody said.
    pub(crate) async fn sounds(
        self: &Arc<Self>,
        acting: Acting,
        episode: EpisodeId,
        step: SoundStep,
    ) -> Result<Done, Fault> {
        self.exists(episode).await?;
        let done = self.does(acting, Deed::Sound { episode, step: step.clone() }).await?;
        self.carry_out(acting, episode, step).await?;
        Ok(done)
    }

    /// What follows from such a deed.
    pub(crate) async fn carry_out(
        &self,
        acting: Acting,
        episode: EpisodeId,
        step: SoundStep,
    ) -> Result<(), Fault> {
        let account = acting.account();
        let name = self.community.look(|commons| {
            account.map_or(String::new(), |account| commons.name(account).to_owned())
        });
        let now = jiff::Timestamp::now();
        self.desk(move |desk| {
            match step {
                // It is there by now, or just about to be.
                SoundStep::AddTake { .. } => {}
                SoundStep::PreferTake { file } => drop(desk.prefer_take(episode, &file)?),
                SoundStep::RemoveTake { file } => desk.remove_take(episode, &file)?,
                SoundStep::Split => {
                    jobs::asked(desk.ask_for(Work::Split, episode, &name, now)?)?;
                }
                SoundStep::Master => {
                    jobs::asked(desk.ask_for(Work::Master, episode, &name, now)?)?
                }
                SoundStep::Publish => {
                    jobs::asked(desk.ask_for(Work::Publish, episode, &name, now)?)?;
                }
                SoundStep::Stop { job } => jobs::stopped(desk, episode, job)?,
                SoundStep::Schedule { at } => desk.schedule(episode, at, &name, now)?,
                SoundStep::Unschedule => desk.unschedule(episode, now)?,
            }
            Ok(())
        })
        .await
    }

    /// Whether there is such an episode.
    async fn exists(&self, episode: EpisodeId) -> Result<(), Fault> {
        self.desk(move |desk| Ok(desk.comes_out(episode).map(|_| ())?)).await
    }
}
