//! Everything that people do through pages, for programs: JSON below `/api/v1/`, and what happens as it happens.
//!
//! | file | address |
//! |---|---|
//! | `views` | `week`, `stories/<message-id>`, `proposals/<number>`, `log`, `me` |
//! | `produce` | `episodes/<date>`, and its `notes` and `script`: for editors |
//! | `people` | `people`, `people/<id>`, `following` |
//! | `deeds` | `POST deeds`: whatever a token may do |
//! | `sound` | `episodes/<date>/sound`, `POST episodes/<date>/takes`, `POST stories/<message-id>/fillers`, `fillers/<number>` |
//! | `events` | `/events`: server-sent events |
//! | `problem` | what goes wrong, after RFC 9457 |
//! | `openapi.json` | all of it in words for programs (OpenAPI 3.1) |

mod deeds;
mod events;
mod people;
mod problem;
mod produce;
mod sound;
mod views;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde::Serialize;

use crate::answer::Answer;
use crate::app::App;

pub(crate) use events::Events;
pub(crate) use problem::Problem;

/// Everything below `/api/v1/`, and `/events`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/week", get(views::week))
        .route("/api/v1/stories/{id}", get(views::story))
        .route("/api/v1/proposals/{number}", get(views::proposal))
        .route("/api/v1/log", get(views::log))
        .route("/api/v1/me", get(views::me))
        .route("/api/v1/episodes/{date}", get(produce::episode))
        .route("/api/v1/episodes/{date}/{sheet}", get(produce::words).post(produce::save))
        .route("/api/v1/people", get(people::people))
        .route("/api/v1/people/{id}", get(people::person))
        .route("/api/v1/following", get(people::following))
        .route("/api/v1/deeds", post(deeds::deeds))
        .route("/api/v1/episodes/{date}/sound", get(sound::sound))
        .route("/api/v1/fillers/{number}", get(sound::filler))
        .merge(recordings())
        .route("/api/v1/{*nothing}", get(nothing))
        .route("/events", get(events::events))
}

/// Where whole recordings are sent.
fn recordings() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/episodes/{date}/takes", post(sound::add_take))
        .route("/api/v1/stories/{id}/fillers", post(sound::offer_filler))
        .layer(DefaultBodyLimit::disable())
}

async fn openapi() -> Answer {
    Answer::new("application/json", include_bytes!("openapi.json").to_vec())
}

async fn nothing() -> Problem {
    Problem::from(crate::fault::Fault::NoPage)
}

fn json(value: &impl Serialize) -> Result<Answer, Problem> {
    let bytes = serde_json::to_vec(value).map_err(crate::fault::Fault::ours)?;
    Ok(Answer::new("application/json", bytes))
}
