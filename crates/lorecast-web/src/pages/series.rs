//! A series: its revisions, where each stands, and how two of them differ.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use lorecast_community::Interest;
use lorecast_desk::{Change, PatchChange, RevisionView};
use lorecast_model::{Patch, Revision, Version};
use serde::{Deserialize, Serialize};

use super::beside::{Happening, capital, happenings, version};
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{self, one_line, shown};
use crate::taking_part::FollowView;
use crate::text::fitting;
use crate::who::You;

/// So many patches, trailers and entries of a change log are listed.
const MOST: usize = 200;

/// So much of a patch's changes is shown, in bytes, and of all patches together.
const ROOM: (usize, usize) = (200 << 10, 2 << 20);

#[derive(Serialize)]
struct SeriesPage {
    title: String,
    by: String,
    /// Leads to who posted it.
    writer: String,
    state: String,
    atom: String,
    follow: FollowView,
    /// The latest first.
    revisions: Vec<RevisionItem>,
    q: String,
}

#[derive(Serialize)]
struct RevisionItem {
    version: String,
    date: Moment,
    state: String,
    thread: String,
    /// How it differs from the one before.
    interdiff: Option<String>,
    announced: u32,
    patches: Vec<PatchItem>,
    changes: Vec<String>,
    trailers: Vec<TrailerItem>,
    /// Trailers that name somebody else than the sender.
    mismatches: Vec<TrailerItem>,
    happenings: Vec<Happening>,
    covered: Vec<String>,
}

#[derive(Serialize)]
struct PatchItem {
    number: u32,
    title: String,
    link: String,
}

#[derive(Serialize)]
struct TrailerItem {
    text: String,
    link: String,
}

/// `/series/<message-id>/`
pub(crate) async fn series(
    State(app): State<Arc<App>>,
    you: You,
    OfMail(id): OfMail,
) -> Result<Answer, Fault> {
    let (pages, community) = (Arc::clone(&app.pages), app.community.clone());
    app.readers
        .ask(move |reader| {
            let all = reader.series(&id)?;
            let latest = all.last().ok_or_else(|| Fault::NotHeld(id.clone()))?;
            let page = SeriesPage {
                title: one_line(&latest.standing.revision.title),
                by: shown::sender(&latest.standing.revision.author),
                writer: format!("{}writer", address::of_mail(&latest.standing.revision.root)),
                state: one_line(&latest.state()),
                // Followed by its first revision, so that every revision's page knows.
                follow: FollowView::of(
                    &community,
                    &you,
                    Interest::Series(all[0].standing.revision.root.clone()),
                    &address::of_series(&id),
                ),
                atom: format!("{}atom.xml", address::of_series(&id)),
                revisions: all.iter().rev().take(MOST).map(item).collect(),
                q: String::new(),
            };
            pages.page("series", &page, &you)
        })
        .await
}

fn item(view: &RevisionView) -> RevisionItem {
    let standing = &view.standing;
    let revision = &standing.revision;
    let trailer = |given: &lorecast_desk::Given| TrailerItem {
        text: one_line(&format!("{}: {}", capital(&given.key), given.value)),
        link: address::of_mail(&given.message),
    };
    let interdiff = format!("{}interdiff", address::of_series(&revision.root));
    RevisionItem {
        version: version(standing),
        date: revision.date.into(),
        state: one_line(&view.state()),
        thread: address::of_thread(&revision.root),
        interdiff: revision.previous.is_some().then_some(interdiff),
        announced: revision.announced,
        patches: revision.patches.iter().take(MOST).map(patch).collect(),
        changes: view.changes.iter().take(MOST).map(|text| change(text)).collect(),
        trailers: view.trailers.iter().take(MOST).map(trailer).collect(),
        mismatches: view.mismatches.iter().take(MOST).map(trailer).collect(),
        happenings: happenings(&standing.events),
        covered: view.covered.iter().map(ToString::to_string).collect(),
    }
}

/// An entry of a change log as it stands, without the empty lines around it.
fn change(text: &str) -> String {
    shown(fitting(text.trim_matches('\n'), ROOM.0)).into_owned()
}

fn patch(patch: &Patch) -> PatchItem {
    PatchItem {
        number: patch.number,
        title: one_line(&patch.title),
        link: address::of_mail(&patch.id),
    }
}

/// What the address may ask for: the version to compare with, the one before when not given.
#[derive(Deserialize)]
pub(crate) struct Asked {
    from: Option<String>,
}

#[derive(Serialize)]
struct InterdiffPage {
    title: String,
    series: String,
    before: Side,
    after: Side,
    patches: Vec<ChangeItem>,
    q: String,
}

#[derive(Serialize)]
struct Side {
    version: String,
    thread: String,
}

#[derive(Serialize)]
struct ChangeItem {
    title: String,
    before: Option<u32>,
    after: Option<u32>,
    change: &'static str,
    lines: Vec<Run>,
    /// Whether lines were left out.
    cut: bool,
}

/// Lines of a kind: `hunk`, `added`, `removed`, `context`.
#[derive(Serialize)]
struct Run {
    kind: &'static str,
    text: String,
}

/// `/series/<message-id>/interdiff`
pub(crate) async fn interdiff(
    State(app): State<Arc<App>>,
    you: You,
    OfMail(id): OfMail,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    let from = asked.map_err(Fault::query)?.0.from.as_deref().map(read_version).transpose()?;
    let pages = Arc::clone(&app.pages);
    app.readers
        .ask(move |reader| {
            let (before, after, changes) = reader.interdiff(&id, from)?;
            let side = |revision: &Revision| Side {
                version: format!("v{}", revision.version),
                thread: address::of_thread(&revision.root),
            };
            let mut left = ROOM.1;
            let page = InterdiffPage {
                title: one_line(&after.title),
                series: address::of_series(&after.root),
                before: side(&before),
                after: side(&after),
                patches: changes
                    .iter()
                    .take(MOST)
                    .map(|change| changed(change, &mut left))
                    .collect(),
                q: String::new(),
            };
            pages.page("interdiff", &page, &you)
        })
        .await
}

fn changed(change: &PatchChange, left: &mut usize) -> ChangeItem {
    let text = fitting(&change.diff, ROOM.0.min(*left));
    *left -= text.len();
    ChangeItem {
        title: one_line(&change.title),
        before: change.before,
        after: change.after,
        change: match change.change {
            Change::Same => "unchanged",
            Change::Edited => "changed",
            Change::New => "new",
            Change::Dropped => "dropped",
            _ => "changed, and too long to show how",
        },
        lines: runs(text),
        cut: text.len() < change.diff.len(),
    }
}

fn runs(diff: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in diff.split_inclusive('\n') {
        let kind = match line.as_bytes().first() {
            Some(b'@') => "hunk",
            Some(b'+') => "added",
            Some(b'-') => "removed",
            _ => "context",
        };
        match runs.last_mut() {
            Some(run) if run.kind == kind => run.text.push_str(&shown(line)),
            _ => runs.push(Run { kind, text: shown(line).into_owned() }),
        }
    }
    runs
}

/// Reads `4`, `v4` or `v5.1`.
fn read_version(text: &str) -> Result<Version, Fault> {
    let number = text.trim().trim_start_matches(['v', 'V']);
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    match (major.parse(), minor.parse()) {
        (Ok(major), Ok(minor)) => Ok(Version { major, minor }),
        _ => Err(Fault::Wrong("`from` is a version: write `2` or `v2`.".to_owned())),
    }
}
