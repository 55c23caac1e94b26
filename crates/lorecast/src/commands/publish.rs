use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Desk, PublishReport};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Builds the site and the feed of all mastered episodes.
///
/// An episode keeps the guid, the date and the address that it was first published with for ever.
/// Equal input gives equal files, byte for byte.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast publish --to public && lorecast lint")]
pub(crate) struct Publish {
    /// The folder to build, `public` in the show when not given.
    #[arg(long, value_name = "DIR")]
    to: Option<Utf8PathBuf>,
    /// The date of episodes that are published for the first time, such as 2023-04-17T18:00:00Z;
    /// now when not given.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Publish {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let out = self.to.clone().unwrap_or_else(|| show.join("public"));
        let report =
            Desk::open(show, &Bars)?.publish(&out, self.at.unwrap_or_else(whole_second))?;
        for id in &report.unmastered {
            terminal::note(&format!(
                "episode {id} is left out until `lorecast master {id}` has made its sound"
            ));
        }
        report.notices.iter().for_each(|notice| terminal::note(notice));
        match self.format {
            Format::Text => text(&report)?,
            Format::Json => json(&report)?,
        }
        Ok(Exit::Done)
    }
}

/// Feeds have no fractions of a second.
fn whole_second() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn text(report: &PublishReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let episodes = count(report.episodes.len() as u64, "episode", "episodes");
    let files = count(report.files, "file", "files");
    writeln!(out, "{episodes} in {}: {files}, {} changed", report.out, report.changed)?;
    Ok(out.flush()?)
}

fn json(report: &PublishReport) -> anyhow::Result<()> {
    out::json(&json!({
        "out": report.out,
        "episodes": report.episodes,
        "unmastered": report.unmastered,
        "files": report.files,
        "changed": report.changed,
        "notices": report.notices,
    }))
}
