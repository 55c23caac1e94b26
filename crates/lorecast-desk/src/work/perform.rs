//! What a job does.

use std::time::Duration;

use camino::Utf8Path;
use jiff::Timestamp;
use lorecast_model::EpisodeId;
use lorecast_store::jobs::Job;

use super::watch::Watch;
use super::worker::site;
use super::{EpisodeJob, Work};
use crate::{
    Deliver, Desk, DeskError, Mastered, Mastering, Publishing, Result, SplitReport, SplitSection,
};

/// Findings of the linter that are told; the site that it refused lies in `.lorecast/refused`.
const FINDINGS: usize = 10;

/// What came of it, or why it failed, in words.
type Outcome = std::result::Result<String, String>;

/// Does a job: what came of it, or why it failed, in words.
pub(super) fn perform(root: &Utf8Path, job: &Job, watch: &Watch) -> Outcome {
    let told = |error: DeskError| in_words(&error, root);
    let Some(EpisodeJob { work, episode, .. }) = EpisodeJob::of(job.clone()) else {
        return Err(format!("this server does not know how to {}; use a newer one", job.task.kind));
    };
    let desk = Desk::open(root, watch).map_err(told)?;
    match work {
        Work::Split => split(&desk, episode).map_err(told),
        Work::Master => master(&desk, episode).map_err(told),
        Work::Publish => publish(&desk, episode).map_err(told)?,
    }
}

fn split(desk: &Desk<'_>, episode: EpisodeId) -> Result<String> {
    desk.bring_episode(episode)?;
    let SplitReport { file, how, notice, sections } = desk.split(episode)?;
    let recording = file.file_name().unwrap_or_default();
    let mut words = format!("found in {recording} by {how}; hear them, and make the master");
    for SplitSection { chapter, from, to, .. } in &sections {
        words.push_str(&format!("\n{from} to {to}: {chapter}"));
    }
    if let Some(notice) = &notice {
        words.push_str(&format!("\n{notice}"));
    }
    Ok(words)
}

fn master(desk: &Desk<'_>, episode: EpisodeId) -> Result<String> {
    desk.bring_episode(episode)?;
    let Mastered { master, placement, unchanged } = desk.master(episode, &Mastering::default())?;
    desk.hand_on(episode)?;
    let mut words = format!(
        "{} at {:.1} LUFS, true peak {:.1} dBTP",
        master.length, master.loudness.0, master.true_peak.0
    );
    if unchanged {
        words.push_str("; nothing was changed since it was made");
    }
    for notice in &placement.notices {
        words.push_str(&format!("\n{notice}"));
    }
    Ok(words)
}

fn publish(desk: &Desk<'_>, episode: EpisodeId) -> Result<Outcome> {
    // Feeds have no fractions of a second.
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH);
    let how = Publishing { deliver: Deliver::AsSet, ..Publishing::at(now) };
    let _alone = desk.publishing_alone(episode)?;
    desk.catch_up()?;
    let report = desk.publish(&site(desk.root()), &how)?;
    desk.hand_on_all(Duration::ZERO)?;
    desk.tell_site(now)?;
    if report.unmastered.contains(&episode) {
        return Ok(Err("the site is out, without this episode: it has no master yet".to_owned()));
    }
    if let Some((_, date)) = report.scheduled.iter().find(|(id, _)| *id == episode) {
        return Ok(Ok(format!("the site is out; this episode follows on {date}")));
    }
    let mut words = format!(
        "{} episodes, {} of {} files changed",
        report.episodes.len(),
        report.changed(),
        report.files.len()
    );
    if let Some(delivered) = &report.delivered {
        words.push_str(&format!("; delivered to {}", delivered.to));
    }
    for notice in &report.notices {
        words.push_str(&format!("\n{notice}"));
    }
    Ok(Ok(words))
}

/// An error with its reasons, and without where the show lies on this machine.
fn in_words(error: &DeskError, root: &Utf8Path) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(reason) = source {
        let reason_words = reason.to_string();
        if !words.contains(&reason_words) {
            words.push_str(&format!(": {reason_words}"));
        }
        source = reason.source();
    }
    if let DeskError::Unfit { findings, .. } = error {
        for finding in findings.iter().take(FINDINGS) {
            let lorecast_model::Finding { place, message, hint, .. } = finding;
            words.push_str(&format!("\n{place}: {message}; {hint}"));
        }
    }
    words.replace(&format!("{root}/"), "")
}
