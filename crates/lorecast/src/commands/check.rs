use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_desk::{CheckReport, CheckRequest, Desk};
use lorecast_model::{EpisodeId, Finding, Severity};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Checks notes against the mails that they cite.
///
/// Quotations are looked up word for word (`[…]` and `…` mark what an editor changed), names,
/// titles, versions, releases, counts and dates are compared with the mails and with
/// `episode.yaml`, and whoever is said to have said something has to be the sender. Works on drafts
/// and on notes that were written by hand. Exit code 1 when an error was found; warnings alone do
/// not count.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast check 2023-04-16          the notes of an episode\n  lorecast check 2023-04-16 --fix    and correct names, titles, versions, quoted words and links\n  lorecast check 2023-04-09 --correct    a dated correction of an episode that is out\n  lorecast check --notes mine.md     any Markdown file"
)]
pub(crate) struct Check {
    /// The episode, the latest one when not given.
    #[arg(value_name = "DATE")]
    episode: Option<EpisodeId>,
    /// Check this file instead of the episode's `notes.md`.
    #[arg(long, value_name = "FILE")]
    notes: Option<Utf8PathBuf>,
    /// Carry out the fixes that are certain; nothing else in the file changes.
    #[arg(long)]
    fix: bool,
    /// Give a published episode a dated correction for each error: `publish` shows them on its page
    /// and in the feed, and the next draft begins with them.
    #[arg(long, requires = "episode", conflicts_with_all = ["notes", "fix"])]
    correct: bool,
    /// The day of the correction; today (UTC) when not given.
    #[arg(long, value_name = "DATE", requires = "correct")]
    on: Option<Date>,
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Check {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let request =
            CheckRequest { episode: self.episode, notes: self.notes.clone(), fix: self.fix };
        let desk = Desk::open(show, &Bars)?;
        if let (true, Some(id)) = (self.correct, self.episode) {
            let added = desk.correct(id, self.on.unwrap_or_else(today))? as u64;
            let file = desk.root().join("episodes").join(id.to_string()).join("episode.yaml");
            let added = count(added, "correction", "corrections");
            terminal::say(&format!("{added} added to {file}; word them as you like, then publish"));
            return Ok(Exit::Done);
        }
        let report = desk.check(&request)?;
        match self.format {
            Format::Text => text(&report)?,
            Format::Json => out::json(&json!({
                "notes": report.notes,
                "fixed": report.fixed,
                "findings": report.findings,
            }))?,
        }
        let errors =
            report.findings.iter().filter(|f| f.severity == Severity::Error).count() as u64;
        let warnings = report.findings.len() as u64 - errors;
        let fixed = match report.fixed {
            0 => String::new(),
            some => format!("{} carried out, ", count(some as u64, "fix", "fixes")),
        };
        terminal::say(&format!(
            "{}: {fixed}{}, {}",
            report.notes,
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        ));
        Ok(if errors == 0 { Exit::Done } else { Exit::Findings })
    }
}

fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

fn text(report: &CheckReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for finding in &report.findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let Finding { place, at, rule, message, hint, fix, .. } = finding;
        let at = at.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        writeln!(out, "{severity}: {place}{at}: {message} [{rule}]\n  next: {hint}")?;
        if let Some(fix) = fix {
            writeln!(out, "  fix: {}", fix.text)?;
        }
    }
    Ok(out.flush()?)
}
