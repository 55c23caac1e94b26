//! Making the master, publishing, the schedule; and how far all of that is.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lorecast_community::{Role, SoundStep};
use lorecast_desk::{Desk, EpisodeJob, JobId, JobState, Queued};
use lorecast_model::EpisodeId;
use serde::{Deserialize, Serialize};

use super::takes::Empty;
use super::{OfEpisode, page, place};
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{one_line, shown};
use crate::taking_part::to;
use crate::who::{Posted, You};

/// How often a browser that watches is told of changes.
const OFTEN: Duration = Duration::from_millis(700);
/// So many silences, and something is sent all the same: what stands between does not hang up.
const SILENCES: u32 = 30;
/// Jobs of an episode that its page shows, the latest.
const MOST: usize = 12;

/// A job as pages show it.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct JobView {
    id: JobId,
    work: &'static str,
    by: String,
    state: &'static str,
    over: bool,
    failed: bool,
    queued: Timestamp,
    due: Timestamp,
    ended: Option<Timestamp>,
    tries: u32,
    words: String,
    /// In thousandths.
    share: u16,
}

/// A job in a template.
#[derive(Serialize)]
pub(super) struct JobLine {
    #[serde(flatten)]
    view: JobView,
    at: Moment,
    /// Not before this, when that is later.
    later: Option<Moment>,
    percent: u16,
}

impl JobView {
    pub(crate) fn of(job: EpisodeJob) -> Self {
        let EpisodeJob { work, job, .. } = job;
        Self {
            id: job.id,
            work: work.word(),
            by: one_line(&job.by),
            state: job.state.word(),
            over: job.state.is_over(),
            failed: job.state == JobState::Failed,
            queued: job.queued,
            due: job.due,
            ended: job.ended,
            tries: job.tries,
            words: shown(&job.words).into_owned(),
            share: job.share,
        }
    }

    pub(super) fn line(self, now: Timestamp) -> JobLine {
        let later = (self.due > now && !self.over).then(|| self.due.into());
        let at = self.ended.unwrap_or(self.queued).into();
        JobLine { at, later, percent: self.share / 10, view: self }
    }
}

/// The jobs of an episode, the latest first.
pub(crate) fn of_episode(desk: &Desk<'_>, episode: EpisodeId) -> Result<Vec<JobView>, Fault> {
    let own = desk.jobs()?.into_iter().filter(|job| job.episode == episode);
    Ok(own.take(MOST).map(JobView::of).collect())
}

/// Whether a job waits now.
pub(super) fn asked(queued: Queued) -> Result<(), Fault> {
    match queued {
        Queued::New(_) | Queued::Already(_) => Ok(()),
        Queued::Full => Err(Fault::Busy),
    }
}

/// Takes a job of an episode back.
pub(super) fn stopped(desk: &Desk<'_>, episode: EpisodeId, job: u64) -> Result<(), Fault> {
    let own = |one: &EpisodeJob| one.job.id == JobId(job) && one.episode == episode;
    if !desk.jobs()?.iter().any(own) {
        return Err(Fault::Nothing(format!("This episode has no job {job}.")));
    }
    // One that ended meanwhile is what the page shows next.
    desk.take_back(JobId(job))?;
    Ok(())
}

async fn step(
    app: &Arc<App>,
    you: &You,
    episode: EpisodeId,
    step: SoundStep,
) -> Result<Response, Fault> {
    match app.sounds(you.acting, episode, step).await {
        Ok(_) => Ok(to(&place(episode)).into_response()),
        Err(fault) => page::again(app, you, episode, fault).await,
    }
}

/// `POST /produce/<date>/split`
pub(super) async fn split(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, _): Posted<Empty>,
) -> Result<Response, Fault> {
    step(&app, &you, episode, SoundStep::Split).await
}

/// `POST /produce/<date>/master`
pub(super) async fn master(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, _): Posted<Empty>,
) -> Result<Response, Fault> {
    step(&app, &you, episode, SoundStep::Master).await
}

/// `POST /produce/<date>/publish`
pub(super) async fn publish(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, _): Posted<Empty>,
) -> Result<Response, Fault> {
    step(&app, &you, episode, SoundStep::Publish).await
}

/// Which job.
#[derive(Deserialize)]
pub(super) struct JobForm {
    job: u64,
}

/// `POST /produce/<date>/stop`
pub(super) async fn stop(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, form): Posted<JobForm>,
) -> Result<Response, Fault> {
    step(&app, &you, episode, SoundStep::Stop { job: form.job }).await
}

/// A day and a time, UTC, as browsers write them (HTML, section 2.3.5.5): `2026-03-01T18:00`.
#[derive(Deserialize)]
pub(super) struct TimeForm {
    at: String,
}

/// `POST /produce/<date>/schedule`
pub(super) async fn schedule(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, form): Posted<TimeForm>,
) -> Result<Response, Fault> {
    you.needs(Role::Editor)?;
    let at = form.at.trim().parse::<DateTime>().ok();
    let at = at.and_then(|at| TimeZone::UTC.to_timestamp(at).ok());
    match at {
        Some(at) => step(&app, &you, episode, SoundStep::Schedule { at }).await,
        None => {
            let wrong = "Write the day and the time, UTC, such as 2026-03-01T18:00.".to_owned();
            page::again(&app, &you, episode, Fault::Wrong(wrong)).await
        }
    }
}

/// `POST /produce/<date>/unschedule`
pub(super) async fn unschedule(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, _): Posted<Empty>,
) -> Result<Response, Fault> {
    step(&app, &you, episode, SoundStep::Unschedule).await
}

/// `/produce/<date>/sound/events`: the jobs of an episode as JSON, whenever one changes (server-sent events).
pub(super) async fn events(
    State(app): State<Arc<App>>,
    you: You,
    OfEpisode(episode): OfEpisode,
) -> Result<Response, Fault> {
    you.needs(Role::Editor)?;
    let watching = Arc::clone(&app.studio.watching);
    let place = watching.try_acquire_owned().map_err(|_| Fault::Busy)?;
    let first = app.desk(move |desk| of_episode(desk, episode)).await?;
    let state = (app, None::<Vec<JobView>>, Some(first), place);
    let told = stream::unfold(state, move |(app, before, next, place)| async move {
        let mut next = next;
        for _ in 0..SILENCES {
            // What a database that is away does not tell, it tells when it is back.
            let now = match next.take() {
                Some(now) => Some(now),
                None => {
                    if app.events.end_within(OFTEN).await {
                        return None;
                    }
                    app.desk(move |desk| of_episode(desk, episode)).await.ok()
                }
            };
            if let Some(now) = now.filter(|now| before.as_ref() != Some(now)) {
                let data = serde_json::to_string(&now).ok()?;
                let event = Bytes::from(format!("data: {data}\n\n"));
                return Some((Ok::<_, Infallible>(event), (app, Some(now), None, place)));
            }
        }
        Some((Ok(Bytes::from_static(b":\n\n")), (app, before, None, place)))
    });
    let mut response = Body::from_stream(told).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // nginx hands on what it gets at once.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
