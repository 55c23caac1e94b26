use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use lorecast_desk::{Carried, Copied, Desk};
use serde_json::json;

use super::ingest;
use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::{self, Bars};

/// Looks after what is kept: finds damage, makes the index anew, copies what people did, and moves a show to another engine.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast store check --raw
  lorecast store rebuild
  lorecast store backup friday.db
  lorecast store restore friday.db
  lorecast store copy file postgres://lorecast@db.example.org/podcasts")]
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
    /// Copies what people did for the show (accounts, votes, claims, proposals) into a new file.
    ///
    /// It cannot be made again from the archives, so keep copies elsewhere. A server may run meanwhile.
    Backup {
        /// The file to write.
        file: Utf8PathBuf,
        /// How to print what was copied.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Puts a copy in the place of what people did for the show; what is there stays beside it. End the server first.
    Restore {
        /// The file that `backup` wrote.
        file: Utf8PathBuf,
        /// How to print what was copied.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Carries the show from one engine to another and compares both; code 1 when they differ.
    ///
    /// The archives and trees are read into the other place, and what people did is copied. End the server first. The show
    /// stays where it is until `store:` in `show.yaml` names the other place. A copy that was stopped goes on.
    Copy {
        /// Where it is: `file`, or the address of a PostgreSQL database.
        from: String,
        /// Where it shall be.
        to: String,
        /// How to print what was carried.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

impl Store {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        match &self.task {
            Task::Check { raw, format } => check(&desk, *raw, *format),
            Task::Rebuild { format } => ingest::print(desk.rebuild_store()?, *format),
            Task::Backup { file, format } => copied(desk.back_up(file)?, None, *format),
            Task::Restore { file, format } => {
                let (lines, aside) = desk.restore(file)?;
                copied(lines, aside, *format)
            }
            Task::Copy { from, to, format } => carried(desk.carry(from, to)?, *format),
        }
    }
}

fn carried(mut carried: Carried, format: Format) -> anyhow::Result<Exit> {
    match format {
        Format::Json => out::json(&json!({
            "messages": carried.messages,
            "entries": carried.entries,
            "differences": carried.differences,
            "failures": carried.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }))?,
        Format::Text => {
            let mut out = out::stdout();
            for difference in &carried.differences {
                writeln!(out, "{difference}")?;
            }
            if carried.differences.is_empty() {
                let messages = out::count(carried.messages, "message", "messages");
                let entries = out::count(carried.entries, "entry", "entries");
                writeln!(out, "{messages} and {entries} of what people did are the same in both")?;
            }
            out.flush()?;
        }
    }
    // The last failure becomes the command's own, so that it ends with code 2.
    let last = carried.failures.pop();
    carried.failures.into_iter().for_each(|failure| terminal::show_error(&failure.into()));
    match last {
        Some(failure) => Err(failure.into()),
        None if carried.differences.is_empty() => Ok(Exit::Done),
        None => Ok(Exit::Findings),
    }
}

fn copied(copied: Copied, aside: Option<Utf8PathBuf>, format: Format) -> anyhow::Result<Exit> {
    match format {
        Format::Json => out::json(&json!({ "entries": copied.lines, "aside": aside }))?,
        Format::Text => {
            let mut out = out::stdout();
            write!(out, "{} copied and read back", out::count(copied.lines, "entry", "entries"))?;
            if let Some(aside) = aside {
                write!(out, "; what was there is in `{aside}`")?;
            }
            writeln!(out)?;
            out.flush()?;
        }
    }
    Ok(Exit::Done)
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
