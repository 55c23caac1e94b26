//! The workbench, for programs of editors.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use lorecast_community::{EntryId, Role, Scope};
use lorecast_desk::{DeskError, Edited, Saved};
use lorecast_model::{EpisodeId, Finding, MessageId, Sheet};
use serde::{Deserialize, Serialize};

use super::deeds::{Program, body, done};
use super::json;
use super::problem::Problem;
use super::views::week_view;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::producing::{OfEpisode, OfSheet};

/// A program of an editor, which may read what is not out yet.
async fn editor(app: &App, headers: &HeaderMap) -> Result<Program, Fault> {
    let program = Program::of(app, headers).await?;
    program.may(Some(Scope::Read))?;
    program.is(app, Role::Editor)?;
    Ok(program)
}

/// `/api/v1/episodes/<date>`: the rundown of any episode.
pub(super) async fn episode(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    of: Result<OfEpisode, Fault>,
) -> Result<Answer, Problem> {
    editor(&app, &headers).await?;
    let OfEpisode(id) = of?;
    let week = app.desk(move |desk| Ok(desk.week_of(id)?)).await?;
    json(&app.community.look(|commons| week_view(commons, week)))
}

#[derive(Serialize)]
struct WordsView {
    episode: EpisodeId,
    sheet: Sheet,
    story: Option<MessageId>,
    text: String,
    /// The line of the file in which the text begins, from 1.
    line: usize,
    /// Lines of the file with markers of a conflict that a draft left.
    markers: Vec<usize>,
    minutes: f64,
    target_minutes: Option<f64>,
    /// `null` where nothing can be checked.
    findings: Option<Vec<Finding>>,
}

/// Which part of the text.
#[derive(Deserialize)]
pub(super) struct Asked {
    story: Option<MessageId>,
}

/// `/api/v1/episodes/<date>/notes` and `script`
pub(super) async fn words(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    of: Result<OfSheet, Fault>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Problem> {
    editor(&app, &headers).await?;
    let OfSheet(episode, sheet) = of?;
    let story = asked.map_err(Fault::query)?.0.story;
    let view = app.desk(move |desk| {
        let Some(words) = desk.words(episode, sheet, story.as_ref())? else {
            return Err(Fault::Nothing("There is no such text of the episode.".to_owned()));
        };
        let length = desk.length(episode, sheet, story.as_ref(), &words.text)?;
        let checked = match sheet {
            Sheet::Script => None,
            Sheet::Notes => Some(desk.check_words(episode, story.as_ref(), &words.text)),
        };
        let findings = match checked {
            None | Some(Err(DeskError::NothingIngested { .. })) => None,
            Some(findings) => Some(findings?),
        };
        let (minutes, target_minutes) = (length.minutes, length.target);
        let lorecast_desk::Words { text, line, markers } = words;
        Ok(WordsView {
            episode,
            sheet,
            story,
            text,
            line,
            markers,
            minutes,
            target_minutes,
            findings,
        })
    });
    json(&view.await?)
}

/// What a program made of a text.
#[derive(Deserialize)]
struct WordsBody {
    #[serde(default)]
    story: Option<MessageId>,
    base: String,
    text: String,
}

#[derive(Serialize)]
struct SavedView {
    /// `null` when the text says so already.
    entry: Option<EntryId>,
}

/// A conflict as a problem with both texts (RFC 9457 section 3.2).
#[derive(Serialize)]
struct ConflictView {
    title: &'static str,
    status: u16,
    detail: &'static str,
    now: String,
    both: String,
}

/// `POST /api/v1/episodes/<date>/notes` and `script`
pub(super) async fn save(
    State(app): State<Arc<App>>,
    of: Result<OfSheet, Fault>,
    request: Request,
) -> Result<Response, Problem> {
    let program = Program::of(&app, request.headers()).await?;
    program.may(Some(Scope::Edit))?;
    let OfSheet(episode, sheet) = of?;
    let bytes = body(request).await?;
    let WordsBody { story, base, text } = serde_json::from_slice(&bytes).map_err(|error| {
        Fault::Wrong(format!("This is no text: {error}; see /api/v1/openapi.json."))
    })?;
    let left = program.counts(&app)?;
    let (entry, saved) =
        app.saves(program.acting, Edited { episode, sheet, story, base, text }).await?;
    match saved {
        Saved::Kept(_) => Ok(done(json(&SavedView { entry })?, left)),
        Saved::Gone => {
            Err(Fault::Nothing("There is no such text of the episode any more.".to_owned()).into())
        }
        Saved::Conflict { now, both } => {
            let status = StatusCode::CONFLICT;
            let view = ConflictView {
                title: "Both changed it",
                status: status.as_u16(),
                detail: "Others changed the same lines meanwhile, and nothing was saved: choose in `both`, and send it with `now` as the base.",
                now,
                both: both.text,
            };
            let kind = [("content-type", "application/problem+json")];
            let bytes = serde_json::to_vec(&view).map_err(Fault::ours)?;
            Ok((status, kind, bytes).into_response())
        }
    }
}
