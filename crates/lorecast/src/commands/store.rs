use std::io::Write;

use camino::Utf8Path;
use clap::{Args, Subcommand};
use lorecast_desk::Desk;
use serde_json::json;

use super::ingest;
use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Looks after the store: finds damage, and makes it anew.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast store check --raw
  lorecast store rebuild")]
pub(crate) struct Store {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Looks for damage; code 1 when there is some.
    Check {
        /// Read every raw mail back, too, from the store or its git repository.
        #[arg(long)]
        raw: bool,
        /// How to print what was found.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Makes the store anew from all archives that it was read from.
    ///
    /// The old one stays as `.lorecast/index.db.old` until the new one is whole.
    Rebuild {
        /// How to print what was read.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

impl Store {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        match self.task {
            Task::Check { raw, format } => check(&desk, raw, format),
            Task::Rebuild { format } => ingest::print(desk.rebuild_store()?, format),
        }
    }
}

fn check(desk: &Desk<'_>, raw: bool, format: Format) -> anyhow::Result<Exit> {
    let report = desk.check_store(raw)?;
    let sound = report.findings.is_empty() && report.lost.is_empty();
    match format {
        Format::Json => out::json(&json!({
            "findings": report.findings, "lost": report.lost, "raw": report.raw,
        }))?,
        Format::Text => {
            let mut out = out::stdout();
            for finding in report.findings.iter().chain(&report.lost) {
                writeln!(out, "{finding}")?;
            }
            if sound {
                write!(out, "the store is sound")?;
                if raw {
                    let mails = out::count(report.raw, "raw mail", "raw mails");
                    write!(out, ", and {mails} can be read back")?;
                }
                writeln!(out)?;
            }
            let told = |finding: &String| finding.contains("`lorecast store rebuild`");
            if !report.findings.is_empty() && !report.findings.iter().any(told) {
                writeln!(out, "`lorecast store rebuild` makes the store anew")?;
            }
            out.flush()?;
        }
    }
    Ok(if sound { Exit::Done } else { Exit::Findings })
}
