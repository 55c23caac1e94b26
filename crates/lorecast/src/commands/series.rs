use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::Desk;
use lorecast_model::{MessageId, Revision};

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Shows the revisions of a patch series, and where each stands.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast series 20230406165339.1017597-1-shr@devkernel.io")]
pub(crate) struct Series {
    /// The id of a cover letter or patch of any revision.
    id: MessageId,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Series {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let revisions = Desk::open(show, &Bars)?.series(&self.id)?;
        match self.format {
            Format::Text => text(&revisions)?,
            Format::Json => out::json(&revisions)?,
        }
        Ok(Exit::Done)
    }
}

fn text(revisions: &[Revision]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for revision in revisions {
        let day = revision.date.strftime("%Y-%m-%d");
        let (version, title) = (revision.version, &revision.title);
        writeln!(out, "{day}  v{version}  {title}  ({})", revision.author.called())?;
        let held = revision.patches.len();
        let holes = (1..=revision.announced)
            .filter(|n| !revision.patches.iter().any(|patch| patch.number == *n))
            .map(|n| n.to_string())
            .collect::<Vec<_>>();
        write!(out, "            {held} of {} patches", revision.announced)?;
        if !holes.is_empty() {
            write!(out, ", missing {}", holes.join(", "))?;
        }
        writeln!(out, "; {}; {}", revision.state.name(), revision.root)?;
    }
    Ok(out.flush()?)
}
