use camino::Utf8Path;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_desk::{
    Assistance, Decisions, Desk, Doubt, DraftReport, Drafting, Fate, Outcome, StoryChange, Unknown,
};
use lorecast_model::{EpisodeId, MessageId};
use serde_json::json;

use crate::Exit;
use crate::ids::message_id;
use crate::interrupt;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};
use crate::window::Days;

/// Drafts the notes of a week, or merges a new draft into your edits.
///
/// Writes `episodes/DATE/episode.yaml` (stories with evidence) and `episodes/DATE/notes.md`. What
/// you changed in either is never lost: a new draft is merged into it, and where both changed the
/// same lines you find both between markers (exit code 1).
///
/// Stories are yours: add one, drop it, move it to another section or merge it into another, with the
/// options below or in `episode.yaml` (`state: pinned`, `state: dropped`, `section:`, the order of
/// `stories:`); every later draft keeps to it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast draft --week 2023-04-16      the seven days from April 10 to 16\n  lorecast draft --from 2023-04-24 --to 2023-05-07      a whole merge window\n  lorecast draft --since-last           everything since the last episode\n  lorecast draft --week 2023-04-16 --drop ID --move ID topics"
)]
pub(crate) struct Draft {
    #[command(flatten)]
    days: Days,
    /// The days since the last episode, until `--to` or the newest mail.
    #[arg(long, conflicts_with_all = ["week", "from"])]
    since_last: bool,
    /// Tell the thread of this message, whatever the ranking says (a message-id, or its address).
    #[arg(long, visible_alias = "pin", value_name = "ID", value_parser = message_id)]
    add: Vec<MessageId>,
    /// Leave this story out, whatever the ranking says.
    #[arg(long, value_name = "ID", value_parser = message_id)]
    drop: Vec<MessageId>,
    /// Leave this story to the ranking again: takes `--add` or `--drop` back.
    #[arg(long, value_name = "ID", value_parser = message_id)]
    release: Vec<MessageId>,
    /// Tell this story in another section, named by its key in `subsystems.yaml` or a part of the
    /// notes (`topics`).
    #[arg(long = "move", value_names = ["ID", "SECTION"], num_args = 2)]
    moves: Vec<String>,
    /// Tell this story as part of another one.
    #[arg(long = "merge", value_names = ["ID", "INTO"], num_args = 2, value_parser = message_id)]
    merges: Vec<MessageId>,
    /// How long this episode is to be, in minutes at the reader's pace; kept in `episode.yaml`.
    #[arg(long, value_name = "N", value_parser = minutes)]
    minutes: Option<f64>,
    /// Ask the program under `assistant:` in `show.yaml` for the words of each story; what the mails
    /// do not bear out is refused. Without this, a draft is made of the mails' own words alone.
    #[arg(long)]
    assist: bool,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Draft {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        if self.assist {
            interrupt::stops_assistants()?;
        }
        let window = self.days.window_or_since_last(self.since_last, &desk)?;
        let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
        let how = Drafting { assist: self.assist, today };
        let report = desk.draft(EpisodeId(window.to), window, &self.decisions()?, how)?;
        report.days.iter().for_each(|odd| terminal::note(odd));
        report.doubts.iter().for_each(doubt);
        report.absent.iter().for_each(|line| terminal::note(line));
        unknown(&report);
        assistance(&report);
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

impl Draft {
    fn decisions(&self) -> anyhow::Result<Decisions> {
        let moves = self.moves.chunks_exact(2).map(|pair| {
            let id = message_id(&pair[0]).map_err(anyhow::Error::msg)?;
            Ok((id, pair[1].clone()))
        });
        let merges = self.merges.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
        Ok(Decisions {
            pin: self.add.clone(),
            drop: self.drop.clone(),
            release: self.release.clone(),
            moves: moves.collect::<anyhow::Result<_>>()?,
            merges: merges.collect(),
            minutes: self.minutes,
        })
    }
}

/// Offers a correction.
fn doubt(doubt: &Doubt) {
    let errors = count(doubt.findings.len() as u64, "error", "errors");
    let (id, first) = (doubt.episode, doubt.findings.first());
    let first = first.map_or(String::new(), |found| format!(" ({})", found.message));
    terminal::note(&format!(
        "`check` finds {errors}{first} in the published episode {id}: look with `lorecast check {id}`, and correct it with `lorecast check {id} --correct`"
    ));
}

fn text(report: &DraftReport, folder: &Utf8Path) {
    let threads = count(report.threads as u64, "thread", "threads");
    let stories = count(report.stories as u64, "story", "stories");
    let target = report.target.map_or(String::new(), |target| format!(" of {target:.0}"));
    terminal::say(&format!(
        "{stories} in {} words, about {:.0}{target} minutes, out of {threads}",
        report.words, report.minutes
    ));
    report.changes.iter().take(MOST_CHANGES).for_each(change);
    let more = report.changes.len().saturating_sub(MOST_CHANGES);
    if more > 0 {
        terminal::say(&format!("  and {more} other changes, which `--format json` lists"));
    }
    for (name, outcome) in [("episode.yaml", report.episode), ("notes.md", report.notes)] {
        terminal::say(&format!("  {}: {}", folder.join(name), words(outcome)));
    }
}

/// So many changes are printed.
const MOST_CHANGES: usize = 30;

fn change(change: &StoryChange) {
    let what = match change.what {
        Fate::New => "new",
        Fate::Changed => "changed",
        Fate::Gone => "gone",
    };
    terminal::say(&format!("  {what}: {}: {}", change.title, change.why));
}

/// What `show.yaml` allows.
fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "write a number of minutes".to_owned())?;
    if (1.0..=600.0).contains(&minutes) { Ok(minutes) } else { Err("write 1 to 600".to_owned()) }
}

fn unknown(report: &DraftReport) {
    let named = |u: &Unknown| format!("{} ({})", u.acronym, u.count);
    let names: Vec<String> = report.unknown.iter().map(named).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        terminal::note(&format!("unknown acronyms: {names}; add them to `glossary.yaml`"));
    }
}

fn assistance(report: &DraftReport) {
    for Assistance { story, title, refused } in &report.assistance {
        if let Some(why) = refused {
            terminal::note(&format!(
                "the assistant’s words for “{title}” (`{story}`) are not shown: {why}"
            ));
        }
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
        "minutes": report.minutes,
        "target_minutes": report.target,
        "odd_days": report.days,
        "changes": report.changes,
        "episode_yaml": words(report.episode),
        "notes_md": words(report.notes),
        "doubts": report.doubts.iter().map(|doubt| json!({"episode": doubt.episode, "findings": doubt.findings})).collect::<Vec<_>>(),
        "absent": report.absent,
        "unknown_acronyms": report.unknown,
        "assistance": report.assistance.iter().map(|asked| json!({
            "story": asked.story,
            "title": asked.title,
            "shown": asked.refused.is_none(),
            "refused": asked.refused,
        })).collect::<Vec<_>>(),
    }))
}
