use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, RankedStory};
use lorecast_model::{EpisodeId, Window};

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Shows the threads of a week, most newsworthy first, each with its reasons.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast rank --week 2023-04-16 --top 50")]
pub(crate) struct Rank {
    /// The last of the seven days.
    #[arg(long, value_name = "DATE")]
    week: EpisodeId,
    /// How many to show.
    #[arg(long, default_value_t = 25)]
    top: usize,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Rank {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let mut stories = Desk::open(show, &Bars)?.rank(Window::week_ending(self.week))?;
        stories.truncate(self.top);
        match self.format {
            Format::Text => text(&stories)?,
            Format::Json => out::json(&stories)?,
        }
        Ok(Exit::Done)
    }
}

fn text(stories: &[RankedStory]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for story in stories {
        writeln!(
            out,
            "{:>3}. {:>6.1}  {}  ({})",
            story.rank, story.score, story.title, story.author
        )?;
        writeln!(out, "             {}: {}", story.section, story.reasons.join("; "))?;
        writeln!(out, "             {}", story.thread_id)?;
    }
    Ok(out.flush()?)
}
