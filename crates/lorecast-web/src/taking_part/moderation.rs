//! What should not stand, and what was decided about it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use lorecast_community::{
    Arrangement, By, Commons, Deed, EntryId, LogLine, Place, Role, SoundStep,
};
use lorecast_model::{EpisodeId, MessageId};
use serde::{Deserialize, Serialize};

use super::proposal::{Number, Why};
use super::to;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{one_line, shown};
use crate::who::{Posted, You};

/// So many decisions are shown, the latest.
const MOST: usize = 200;

#[derive(Serialize)]
struct LogPage {
    title: &'static str,
    lines: Vec<LineView>,
    q: String,
}

#[derive(Serialize)]
struct LineView {
    at: Moment,
    by: String,
    what: String,
    why: String,
}

/// `/log`: everybody may read it.
pub(crate) async fn log(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    let lines = app.community.look(|commons| {
        commons.log().iter().rev().take(MOST).map(|line| line_view(commons, line)).collect()
    });
    let page =
        LogPage { title: "What editors decided, and whose page changed", lines, q: String::new() };
    app.pages.page("log", &page, &you)
}

fn line_view(commons: &Commons, line: &LogLine) -> LineView {
    let name = |id| one_line(commons.name(id));
    let changed: String;
    let (what, why) = match &line.deed {
        Deed::Undo { what, why } => (format!("took back entry {what} on a page"), why.as_str()),
        Deed::Describe { person, changes, .. } => {
            changed = changes.join(", ");
            (format!("changed the page of {person}"), changed.as_str())
        }
        Deed::Hide { what, why } => (format!("hid entry {what}"), why.as_str()),
        Deed::Unhide { what, why } => (format!("showed entry {what} again"), why.as_str()),
        Deed::Ban { who, why } => (format!("shut out {}", name(*who)), why.as_str()),
        Deed::Unban { who, why } => (format!("let {} in again", name(*who)), why.as_str()),
        Deed::Dismiss { report, why } => (format!("left report {report} at that"), why.as_str()),
        Deed::Grant { who, role } => (format!("made {} {}", name(*who), role.word()), ""),
        Deed::Arrange { episode, story, to } => {
            (format!("{} in {episode}", arranged(story, to)), "")
        }
        Deed::Edit { episode, sheet, story } => {
            let story =
                story.as_ref().map(|story| format!("story {} in ", one_line(story.as_str())));
            (format!("edited {}the {} of {episode}", story.unwrap_or_default(), sheet.word()), "")
        }
        Deed::Accept { proposal, .. } => (format!("accepted proposal {proposal}"), ""),
        Deed::Decline { proposal, why } => (format!("declined proposal {proposal}"), why.as_str()),
        Deed::Sound { episode, step } => (dated(*episode, step), ""),
        _ => ("decided something".to_owned(), ""),
    };
    let by = match line.by {
        By::Account(id) => name(id),
        By::Show | By::Visitor => "the show".to_owned(),
    };
    LineView { at: line.at.into(), by, what, why: one_line(why) }
}

/// What somebody decided about when an episode comes out.
fn dated(episode: EpisodeId, step: &SoundStep) -> String {
    match step {
        SoundStep::Schedule { at } => {
            format!("lets {episode} come out on {}", Moment::from(*at).text())
        }
        SoundStep::Unschedule => format!("took back when {episode} comes out"),
        _ => format!("published {episode}"),
    }
}

/// What somebody decided about a story.
fn arranged(story: &MessageId, to: &Arrangement) -> String {
    let id = |id: &MessageId| one_line(id.as_str());
    let story = id(story);
    match to {
        Arrangement::Pin => format!("pinned story {story}"),
        Arrangement::Drop => format!("left out story {story}"),
        Arrangement::Release => format!("left story {story} to the ranking"),
        Arrangement::Section(key) => format!("moved story {story} to section {}", one_line(key)),
        Arrangement::Into(other) => format!("merged story {story} into {}", id(other)),
        Arrangement::Before(other) => format!("moved story {story} before {}", id(other)),
        Arrangement::Last => format!("moved story {story} to the end of its section"),
    }
}

#[derive(Serialize)]
struct ReportsPage {
    title: &'static str,
    reports: Vec<ReportView>,
    q: String,
}

#[derive(Serialize)]
struct ReportView {
    id: EntryId,
    by: String,
    at: Moment,
    why: String,
    what: EntryId,
    kind: &'static str,
    writer: String,
    text: String,
    link: Option<String>,
}

/// `/reports/`: for editors.
pub(crate) async fn reports(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    you.needs(Role::Editor)?;
    let reports = app.community.look(|commons| {
        let view = |(id, report): (EntryId, &lorecast_community::Report)| {
            let remark = commons.remark(report.what);
            ReportView {
                id,
                by: one_line(commons.name(report.by)),
                at: report.at.into(),
                why: one_line(&report.why),
                what: report.what,
                kind: remark.as_ref().map_or("text that is gone", |remark| remark.kind),
                writer: remark
                    .as_ref()
                    .map_or(String::new(), |remark| one_line(commons.name(remark.by))),
                text: remark
                    .as_ref()
                    .map_or(String::new(), |remark| shown(remark.text).into_owned()),
                link: remark.map(|remark| match remark.place {
                    Place::Proposal(id) => address::of_proposal(id),
                    Place::Mail(id) => address::of_mail(id),
                    Place::Story(id) => address::of_story(id),
                    Place::Person(id) => address::of_person(id),
                }),
            }
        };
        commons.reports().map(view).collect()
    });
    let page = ReportsPage { title: "Reports", reports, q: String::new() };
    app.pages.page("reports", &page, &you)
}

/// `POST /reports/<number>/dismiss`
pub(crate) async fn dismiss(
    State(app): State<Arc<App>>,
    Number(report): Number,
    Posted(you, form): Posted<Why>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Dismiss { report, why: form.why }).await?;
    Ok(to("/reports/"))
}

/// A reason, and where to go on.
#[derive(Deserialize)]
pub(crate) struct WhyForm {
    why: String,
    back: Option<String>,
}

impl WhyForm {
    fn back(self) -> Redirect {
        to(self.back.as_deref().unwrap_or("/"))
    }
}

/// `POST /entries/<number>/report`
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Number(what): Number,
    Posted(you, form): Posted<WhyForm>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Report { what, why: form.why.clone() }).await?;
    Ok(form.back())
}

/// `POST /entries/<number>/hide`
pub(crate) async fn hide(
    State(app): State<Arc<App>>,
    Number(what): Number,
    Posted(you, form): Posted<WhyForm>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Hide { what, why: form.why.clone() }).await?;
    Ok(form.back())
}

/// `POST /entries/<number>/unhide`
pub(crate) async fn unhide(
    State(app): State<Arc<App>>,
    Number(what): Number,
    Posted(you, form): Posted<WhyForm>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Unhide { what, why: form.why.clone() }).await?;
    Ok(form.back())
}
