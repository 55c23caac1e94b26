use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use lorecast_desk::Desk;
use lorecast_model::{Finding, Severity};

use crate::out::{self, Format, count};
use crate::{Exit, terminal};

/// Checks a published site and its feed.
///
/// Exit code 1 when an error was found; warnings alone do not count.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast lint public --format json")]
pub(crate) struct Lint {
    /// The published folder, `public` in the show when not given.
    dir: Option<Utf8PathBuf>,
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Lint {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let dir = self.dir.clone().unwrap_or_else(|| show.join("public"));
        let findings = Desk::lint(&dir)?;
        match self.format {
            Format::Text => text(&findings)?,
            Format::Json => out::json(&findings)?,
        }
        let errors = findings.iter().filter(|f| f.severity == Severity::Error).count() as u64;
        let warnings = findings.len() as u64 - errors;
        terminal::say(&format!(
            "{dir}: {}, {}",
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        ));
        Ok(if errors == 0 { Exit::Done } else { Exit::Findings })
    }
}

fn text(findings: &[Finding]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let Finding { place, rule, message, hint, .. } = finding;
        writeln!(out, "{severity}: {place}: {message} [{rule}]\n  next: {hint}")?;
    }
    Ok(out.flush()?)
}
