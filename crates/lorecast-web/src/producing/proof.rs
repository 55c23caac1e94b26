//! How words would come out.

use std::sync::Arc;

use lorecast_desk::Length;
use lorecast_model::{EpisodeId, Finding, MessageId, Severity, Sheet};
use serde::Serialize;

use crate::app::App;
use crate::fault::Fault;
use crate::shown::{one_line, shown};

/// How words would come out, as a page shows it.
#[derive(Serialize)]
pub(super) struct ProofView {
    minutes: String,
    target: Option<String>,
    /// Whether it could be checked: not without mail in the show, nor are words of the script.
    checked: bool,
    found: usize,
    /// What is said of the text as a whole.
    whole: Vec<FindingView>,
    /// Every line, with what is said of it beside.
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct LineView {
    number: usize,
    text: String,
    findings: Vec<FindingView>,
}

#[derive(Serialize)]
struct FindingView {
    error: bool,
    column: u32,
    message: String,
    hint: String,
}

/// What is looked at: words for a text of an episode, or for one story in it.
#[derive(Clone)]
pub(super) struct Looked {
    pub(super) episode: EpisodeId,
    pub(super) sheet: Sheet,
    pub(super) story: Option<MessageId>,
    pub(super) text: String,
}

/// What `check` finds, and how long the episode is.
pub(super) async fn proof(app: &Arc<App>, looked: Looked) -> Result<ProofView, Fault> {
    app.desk(move |desk| {
        let Looked { episode, sheet, story, text } = &looked;
        let length = desk.length(*episode, *sheet, story.as_ref(), text)?;
        let findings = match sheet {
            Sheet::Script => None,
            Sheet::Notes => match desk.check_words(*episode, story.as_ref(), text) {
                Ok(findings) => Some(findings),
                Err(lorecast_desk::DeskError::NothingIngested { .. }) => None,
                Err(error) => return Err(error.into()),
            },
        };
        Ok(view(text, length, findings))
    })
    .await
}

/// The words as the page of the episode has them.
pub(super) async fn rendered(app: &Arc<App>, looked: Looked) -> Result<String, Fault> {
    let html = app.desk(move |desk| Ok(desk.render_words(looked.episode, &looked.text)?)).await?;
    html.ok_or_else(|| {
        Fault::Wrong(
            "The text is too long, or lists and quotations in it nest too deeply.".to_owned(),
        )
    })
}

fn view(text: &str, length: Length, findings: Option<Vec<Finding>>) -> ProofView {
    let mut lines: Vec<LineView> = text
        .lines()
        .enumerate()
        .map(|(at, line)| LineView {
            number: at + 1,
            text: shown(line).into_owned(),
            findings: Vec::new(),
        })
        .collect();
    let (checked, mut whole) = (findings.is_some(), Vec::new());
    let found = findings.as_ref().map_or(0, Vec::len);
    for finding in findings.into_iter().flatten() {
        let line = finding.at.and_then(|at| lines.get_mut((at.line as usize).checked_sub(1)?));
        let beside = line.map_or(&mut whole, |line| &mut line.findings);
        beside.push(FindingView {
            error: finding.severity == Severity::Error,
            column: finding.at.map_or(0, |at| at.column),
            message: one_line(&finding.message),
            hint: one_line(&finding.hint),
        });
    }
    ProofView {
        minutes: format!("{:.1}", length.minutes),
        target: length.target.map(|minutes| format!("{minutes:.0}")),
        checked,
        found,
        whole,
        lines,
    }
}
