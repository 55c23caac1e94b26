//! The takes, jobs, master and schedule of an episode.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lorecast_community::Role;
use lorecast_desk::{SoundView, TakeOf, TakeView};
use lorecast_model::{EpisodeId, Master};
use serde::Serialize;

use super::fillers::{FillerLine, waiting};
use super::jobs::{JobLine, of_episode};
use super::{OfEpisode, place};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{one_line, shown};
use crate::who::You;

#[derive(Serialize)]
struct SoundPage {
    title: String,
    date: EpisodeId,
    /// `/produce/<date>`
    link: String,
    wanted: Vec<Wanted>,
    others: Vec<TakeLine>,
    /// What is wrong with the takes.
    apart: Option<String>,
    missing: usize,
    jobs: Vec<JobLine>,
    master: Option<MasterView>,
    out: Option<Out>,
    fillers: Vec<FillerLine>,
    wrong: Option<String>,
    q: String,
}

#[derive(Serialize)]
struct Wanted {
    title: String,
    /// As `episode.yaml` has it: it comes back with the form.
    take: String,
    filler: bool,
    takes: Vec<TakeLine>,
}

#[derive(Serialize)]
struct TakeLine {
    name: String,
    link: String,
    size: String,
    counts: bool,
}

#[derive(Serialize)]
struct MasterView {
    length: String,
    loudness: String,
    peak: String,
    chapters: Vec<(String, String)>,
    /// What was done to each take, and what is wrong with it.
    findings: Vec<Findings>,
    synthetic: Vec<String>,
}

#[derive(Serialize)]
struct Findings {
    take: String,
    words: Vec<String>,
}

#[derive(Serialize)]
struct Out {
    at: Moment,
    passed: bool,
}

/// `/produce/<date>/sound`
pub(super) async fn sound(
    State(app): State<Arc<App>>,
    you: You,
    OfEpisode(episode): OfEpisode,
) -> Result<Answer, Fault> {
    you.needs(Role::Editor)?;
    page(&app, &you, episode, None).await
}

/// The page with what is wrong, when whoever filled in a form can do something about it.
pub(super) async fn again(
    app: &Arc<App>,
    you: &You,
    episode: EpisodeId,
    fault: Fault,
) -> Result<Response, Fault> {
    if !matches!(fault, Fault::Sound(_) | Fault::Wrong(_)) && !fault.is_about_the_form() {
        return Err(fault);
    }
    let mut response = page(app, you, episode, Some(fault.words())).await?.into_response();
    *response.status_mut() = fault.status();
    Ok(response)
}

async fn page(
    app: &Arc<App>,
    you: &You,
    episode: EpisodeId,
    wrong: Option<String>,
) -> Result<Answer, Fault> {
    let now = Timestamp::now();
    let (view, jobs, out) = app
        .desk(move |desk| {
            Ok((desk.sound(episode)?, of_episode(desk, episode)?, desk.comes_out(episode)?))
        })
        .await?;
    let SoundView { wanted, others, wrong: apart, master, .. } = view;
    let line = |take: TakeView| take_line(episode, take);
    let page = SoundPage {
        title: format!("Sound of {episode}"),
        date: episode,
        link: place(episode).trim_end_matches("/sound").to_owned(),
        missing: wanted.iter().filter(|one| one.takes.iter().all(|take| !take.counts)).count(),
        wanted: wanted.into_iter().map(|one| wanted_line(episode, one)).collect(),
        others: others.into_iter().map(line).collect(),
        apart: apart.map(|words| shown(&words).into_owned()),
        jobs: jobs.into_iter().map(|job| job.line(now)).collect(),
        master: master.map(|master| master_view(&master)),
        out: out.map(|at| Out { at: at.into(), passed: at <= now }),
        fillers: app.community.look(|commons| waiting(commons, you)),
        wrong,
        q: String::new(),
    };
    app.pages.page("sound", &page, you)
}

fn wanted_line(episode: EpisodeId, one: TakeOf) -> Wanted {
    let takes = one.takes.into_iter().map(|take| take_line(episode, take)).collect();
    Wanted { title: one_line(&one.title), take: one.take, filler: one.filler, takes }
}

fn take_line(episode: EpisodeId, take: TakeView) -> TakeLine {
    let escaped =
        percent_encoding::utf8_percent_encode(&take.name, percent_encoding::NON_ALPHANUMERIC);
    TakeLine {
        link: format!("/produce/{episode}/takes/{escaped}"),
        name: one_line(&take.name),
        size: size(take.bytes),
        counts: take.counts,
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn master_view(master: &Master) -> MasterView {
    let findings = master.effects.chunk_by(|one, next| one.take == next.take).map(|effects| {
        let felt = effects.iter().filter(|effect| effect.is_felt());
        let told = |effect: &lorecast_model::Effect| match effect.stage.as_str() {
            "take" => effect.to_string(),
            stage => format!("{stage}: {effect}"),
        };
        Findings {
            take: effects.first().map_or(String::new(), |effect| one_line(&effect.take)),
            words: felt.map(|effect| one_line(&told(effect))).collect(),
        }
    });
    MasterView {
        length: master.length.to_string(),
        loudness: format!("{:.1}", master.loudness.0),
        peak: format!("{:.1}", master.true_peak.0),
        chapters: master
            .chapters
            .iter()
            .map(|chapter| (chapter.start.to_string(), one_line(&chapter.title)))
            .collect(),
        findings: findings.filter(|take| !take.words.is_empty()).collect(),
        synthetic: master.synthetic.iter().map(|title| one_line(title)).collect(),
    }
}
