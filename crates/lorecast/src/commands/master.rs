use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::Desk;
use lorecast_model::EpisodeId;

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Makes the sound of an episode from its takes.
///
/// Joins the show's intro, the takes of the chapters in `episode.yaml` and the outro, brings them
/// to the loudness that podcast apps expect, and writes `master.wav` and `master.mp3` with tags,
/// cover and chapters.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast master 2023-04-16")]
pub(crate) struct Master {
    /// The episode.
    #[arg(value_name = "DATE")]
    episode: EpisodeId,
    /// How to print what was made.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Master {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let master = Desk::open(show, &Bars)?.master(self.episode)?;
        match self.format {
            Format::Text => text(&master)?,
            Format::Json => out::json(&master)?,
        }
        Ok(Exit::Done)
    }
}

fn text(master: &lorecast_model::Master) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let kilobytes = master.enclosure.bytes / 1000;
    writeln!(
        out,
        "{} at {:.1} LUFS, true peak {:.1} dBTP, {} Hz, {kilobytes} kB",
        master.length, master.loudness.0, master.true_peak.0, master.sample_rate
    )?;
    for chapter in &master.chapters {
        writeln!(out, "  {:>7}  {}", chapter.start.to_string(), chapter.title)?;
    }
    Ok(out.flush()?)
}
