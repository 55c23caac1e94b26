//! The workbench of editors: an episode on its way.
//!
//! | file | address |
//! |---|---|
//! | `rundown` | `/produce/<date>/`: which stories are told, in which order |
//! | `words` | `/produce/<date>/notes` and `script`: what they say, all of it or one story |
//! | `proof` | how that would come out: what `check` finds beside its lines |

mod proof;
mod rundown;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::routing::{get, post};
use jiff::Timestamp;
use lorecast_community::{Acting, Arrangement, EntryId};
use lorecast_desk::{Edited, Saved};
use lorecast_model::{EpisodeId, MessageId, Sheet};

use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;

/// The pages of the workbench.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/produce/", get(rundown::coming))
        .route("/produce/{date}", get(rundown::to_rundown))
        .route("/produce/{date}/", get(rundown::rundown))
        .route("/produce/{date}/arrange", post(rundown::arrange))
        .route("/produce/{date}/script/make", post(words::make))
        .route("/produce/{date}/{sheet}", get(words::words).post(words::save))
        .route("/produce/{date}/{sheet}/preview", post(words::preview))
        .route("/produce.js", get(script))
}

async fn script(axum::extract::State(app): axum::extract::State<Arc<App>>) -> Answer {
    app.pages.script("web/produce.js")
}

impl App {
    /// Decides about a story of an episode for somebody.
    pub(crate) async fn arranges(
        &self,
        acting: Acting,
        episode: EpisodeId,
        story: MessageId,
        to: Arrangement,
    ) -> Result<EntryId, Fault> {
        let community = self.community.clone();
        let now = Timestamp::now();
        self.desk(move |_| Ok(community.arranges(acting, episode, story, to, now)?.0)).await
    }

    /// Saves a text of an episode for somebody.
    pub(crate) async fn saves(
        &self,
        acting: Acting,
        edited: Edited,
    ) -> Result<(Option<EntryId>, Saved), Fault> {
        let community = self.community.clone();
        self.desk(move |_| Ok(community.saves(acting, edited, Timestamp::now())?)).await
    }

    /// Counts something that somebody does.
    pub(super) fn counts(&self, acting: Acting) -> Result<(), Fault> {
        acting.account().map_or(Ok(()), |account| self.limits.deed(account).map(drop))
    }
}

/// The episode of an address.
pub(crate) struct OfEpisode(pub(crate) EpisodeId);

impl<S: Send + Sync> FromRequestParts<S> for OfEpisode {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(day(&path.map_err(|_| Fault::NoPage)?)?))
    }
}

/// A text of an episode in an address.
pub(crate) struct OfSheet(pub(crate) EpisodeId, pub(crate) Sheet);

impl<S: Send + Sync> FromRequestParts<S> for OfSheet {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((date, word)) = path.map_err(|_| Fault::NoPage)?;
        let sheet = Sheet::ALL.into_iter().find(|sheet| sheet.word() == word);
        Ok(Self(day(&date)?, sheet.ok_or(Fault::NoPage)?))
    }
}

/// A day, written in the one way in which addresses have it.
fn day(text: &str) -> Result<EpisodeId, Fault> {
    let day = EpisodeId::new(text).ok().filter(|day| day.to_string() == text);
    day.ok_or(Fault::NoPage)
}
