use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, DraftReport, Outcome};
use lorecast_model::{EpisodeId, Window};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Drafts the notes of a week, or merges a new draft into your edits.
///
/// Writes `episodes/DATE/episode.yaml` (stories with evidence) and `episodes/DATE/notes.md`. What
/// you changed in either is never lost: a new draft is merged into it, and where both changed the
/// same lines you find both between markers (exit code 1). In `episode.yaml`, set a story's
/// `state:` to `pinned` or `dropped` and draft again.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  lorecast draft --week 2023-04-16      the seven days from April 10 to 16"
)]
pub(crate) struct Draft {
    /// The last of the seven days; names the episode.
    #[arg(long, value_name = "DATE")]
    week: EpisodeId,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Draft {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        let report = desk.draft(self.week, Window::week_ending(self.week))?;
        report.absent.iter().for_each(|line| terminal::note(line));
        let folder = desk.root().join("episodes").join(report.id.to_string());
        match self.format {
            Format::Text => text(&report, &folder),
            Format::Json => json(&report)?,
        }
        let conflict =
            [report.episode, report.notes].iter().any(|o| matches!(o, Outcome::Conflict(_)));
        Ok(if conflict { Exit::Findings } else { Exit::Done })
    }
}

fn text(report: &DraftReport, folder: &Utf8Path) {
    let threads = count(report.threads as u64, "thread", "threads");
    let stories = count(report.stories as u64, "story", "stories");
    terminal::say(&format!("{stories} in {} words, out of {threads}", report.words));
    for (name, outcome) in [("episode.yaml", report.episode), ("notes.md", report.notes)] {
        terminal::say(&format!("  {}: {}", folder.join(name), words(outcome)));
    }
}

fn words(outcome: Outcome) -> String {
    match outcome {
        Outcome::New => "written".to_owned(),
        Outcome::Same => "unchanged".to_owned(),
        Outcome::Merged => "merged, your edits are kept".to_owned(),
        Outcome::Conflict(line) => format!(
            "you and the new draft changed the same lines: choose in line {line}, delete the markers, then draft again"
        ),
    }
}

fn json(report: &DraftReport) -> anyhow::Result<()> {
    out::json(&json!({
        "episode": report.id,
        "threads": report.threads,
        "stories": report.stories,
        "words": report.words,
        "episode_yaml": words(report.episode),
        "notes_md": words(report.notes),
        "absent": report.absent,
    }))
}
