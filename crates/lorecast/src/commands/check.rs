use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
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
    after_help = "Examples:\n  lorecast check 2023-04-16          the notes of an episode\n  lorecast check 2023-04-16 --fix    and correct names, titles, versions, quoted words and links\n  lorecast check --notes mine.md     any Markdown file"
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
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Check {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let request =
            CheckRequest { episode: self.episode, notes: self.notes.clone(), fix: self.fix };
        let report = Desk::open(show, &Bars)?.check(&request)?;
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
