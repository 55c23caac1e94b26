use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use lorecast_desk::{Desk, Origin, Outcome, ScriptForm, ScriptReport, TimingReport, Unspoken};
use lorecast_model::EpisodeId;
use serde_json::{Value, json};

use crate::out::count;
use crate::terminal::{self, Bars};
use crate::{Exit, out};

/// Turns the notes of an episode into what is read aloud.
///
/// Writes `episodes/DATE/script.md` from `notes.md`: links become their text, numbers and releases
/// are written as one says them (`4.11-rc8` is "four point eleven R C eight"), and behind the first
/// mention of a name or term stands how it is said, in square brackets, as `people.yaml` and
/// `glossary.yaml` tell. What you change in it is never lost: run it again after editing the notes,
/// and both are merged; where both changed the same line you find both between markers (exit code 1).
///
/// Names without a spoken form are listed, the most frequent first, so that you can ask before you
/// record: those of the episode's evidence, of `people.yaml`, of everybody whose mails are held, and
/// what looks like a name.
///
/// Prints how many minutes each section takes at your pace: `voice: {words_per_minute: 140}` in
/// `show.yaml`, else what your earlier takes tell, else 150. With `--format` it prints the script. Once
/// the episode is mastered, `--timing` sets planned and real minutes beside each other.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast script 2023-04-16                              minutes for each section\n  lorecast script 2023-04-16 --format html --out read.html   a page to print, in large type"
)]
pub(crate) struct Script {
    /// The episode.
    #[arg(value_name = "DATE")]
    episode: EpisodeId,
    /// Print the script instead of its minutes.
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Compare the planned minutes of each section with those of the master, and show the pace that
    /// was learnt. Nothing is written.
    #[arg(long, conflicts_with = "out")]
    timing: bool,
    /// Where to save what is printed; the ending tells the format when `--format` does not.
    #[arg(long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Plain text, a paragraph a line.
    Text,
    /// `script.md` as it stands.
    Markdown,
    /// A page to print: large type, minutes in the margin.
    Html,
    /// Sections with their minutes, paragraphs and hints.
    Json,
}

impl Script {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        if self.timing {
            return self.compare(show);
        }
        let form = self.form()?;
        let desk = Desk::open(show, &Bars)?;
        let report = desk.script(self.episode)?;
        let file = desk.root().join("episodes").join(report.id.to_string()).join("script.md");
        terminal::say(&format!("{file}: {}", outcome(report.outcome)));
        if let Outcome::Conflict(_) = report.outcome {
            return Ok(Exit::Findings);
        }
        name_unspoken(&report);
        match (form, &self.out) {
            (None, _) => table(&report)?,
            (Some(form), None) => {
                let mut out = if form == Form::Json { out::json_lines() } else { out::stdout() };
                out.write_all(printed(&desk, &report, form)?.as_bytes())?;
                out.flush()?;
            }
            (Some(form), Some(file)) => {
                desk.save_print(&report, &printed(&desk, &report, form)?, file)?;
                terminal::say(&format!("{file}: written"));
                table(&report)?;
            }
        }
        Ok(Exit::Done)
    }

    fn compare(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let report = Desk::open(show, &Bars)?.timing(self.episode)?;
        match self.format {
            None | Some(Form::Text) => timing(&report)?,
            Some(Form::Json) => out::json(&report)?,
            Some(_) => anyhow::bail!("`--timing` is printed as `text` or `json`"),
        }
        Ok(Exit::Done)
    }

    /// What to print; nothing when neither option says so.
    fn form(&self) -> anyhow::Result<Option<Form>> {
        let file = match (self.format, &self.out) {
            (Some(form), _) => return Ok(Some(form)),
            (None, None) => return Ok(None),
            (None, Some(file)) => file,
        };
        match file.extension().unwrap_or_default().to_ascii_lowercase().as_str() {
            "html" | "htm" => Ok(Some(Form::Html)),
            "md" | "markdown" => Ok(Some(Form::Markdown)),
            "txt" | "text" => Ok(Some(Form::Text)),
            "json" => Ok(Some(Form::Json)),
            _ => anyhow::bail!(
                "the ending of `{file}` tells no format; end it in `.html`, `.txt`, `.md` or `.json`, or name one with `--format`"
            ),
        }
    }
}

fn printed(desk: &Desk<'_>, report: &ScriptReport, form: Form) -> anyhow::Result<String> {
    Ok(match form {
        Form::Text => desk.printed(report, ScriptForm::Text)?,
        Form::Markdown => desk.printed(report, ScriptForm::Markdown)?,
        Form::Html => desk.printed(report, ScriptForm::Html)?,
        Form::Json => serde_json::to_string_pretty(&as_json(report))? + "\n",
    })
}

fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::New => "written".to_owned(),
        Outcome::Same => "unchanged".to_owned(),
        Outcome::Merged => "merged, your edits are kept".to_owned(),
        Outcome::Conflict(line) => format!(
            "you and the new script changed the same lines: choose in line {line}, delete the markers, then run it again"
        ),
    }
}

/// The names that nobody has said how to say, for whoever prepares a recording.
fn name_unspoken(report: &ScriptReport) {
    if report.unspoken.is_empty() {
        return;
    }
    let number = count(report.unspoken.len() as u64, "name has", "names have");
    terminal::note(&format!("{number} no spoken form; give it as `say:` in people.yaml:"));
    for Unspoken { name, times } in &report.unspoken {
        terminal::say(&format!("{times:>6} {name}"));
    }
}

fn table(report: &ScriptReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for section in &report.timings {
        let indent = "  ".repeat(usize::from(section.level.saturating_sub(2)));
        let title = if section.title.is_empty() { "Opening" } else { &section.title };
        writeln!(out, "{:>6.1} min {:>6} words  {indent}{title}", section.minutes, section.words)?;
    }
    let words = report.script.words();
    let how = origin(report.pace.origin);
    let (minutes, pace) = (report.pace.minutes(words), report.pace.words_per_minute);
    writeln!(
        out,
        "{minutes:>6.1} min {words:>6} words  in all, at {pace:.0} words a minute, {how}"
    )?;
    Ok(out.flush()?)
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Voice => "as `show.yaml` says",
        Origin::Takes => "as in your earlier takes",
        Origin::Usual => "as most people read",
    }
}

/// Planned beside real, a section a line.
fn timing(report: &TimingReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    writeln!(out, "{:>8} {:>8} {:>10}", "planned", "real", "words/min")?;
    for section in &report.sections {
        let indent = "  ".repeat(usize::from(section.level.saturating_sub(2)));
        let title = if section.title.is_empty() { "Opening" } else { &section.title };
        let real = section.real.map_or("-".to_owned(), |minutes| format!("{minutes:.1}"));
        let pace = section.words_per_minute.map_or("-".to_owned(), |pace| format!("{pace:.0}"));
        writeln!(out, "{:>8.1} {real:>8} {pace:>10}  {indent}{title}", section.planned)?;
    }
    let tops = report.sections.iter().filter(|section| section.level <= 2);
    let planned: f64 = tops.map(|section| section.planned).sum();
    let real = report.length.map_or("-".to_owned(), |length| format!("{:.1}", length.0 / 60.0));
    writeln!(
        out,
        "{planned:>8.1} {real:>8} {:>10.0}  in all; the pace is {}, and {:.0} words a minute from now on",
        report.planned.words_per_minute,
        origin(report.planned.origin),
        report.learned.words_per_minute
    )?;
    Ok(out.flush()?)
}

fn as_json(report: &ScriptReport) -> Value {
    let sections = report.script.sections.iter().zip(&report.timings).map(|(section, timing)| {
        json!({
            "title": timing.title,
            "level": timing.level,
            "words": timing.words,
            "minutes": timing.minutes,
            "paragraphs": section.paragraphs,
        })
    });
    let words = report.script.words();
    json!({
        "episode": report.id,
        "script_md": outcome(report.outcome),
        "words": words,
        "minutes": report.pace.minutes(words),
        "pace": report.pace,
        "unspoken": report.unspoken,
        "sections": sections.collect::<Vec<_>>(),
    })
}
