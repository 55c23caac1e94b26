use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, Playing, Source};
use lorecast_model::EpisodeId;

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Plays a section of an episode.
///
/// A section is named by its number, its title or its take. What the studio made of it is played, or
/// the recording itself when nothing is mastered yet, with `--take`, or when a filler is named. The
/// player is ffplay, mpv, paplay or aplay, whichever is installed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast play 2023-04-16 mm\n  lorecast play 2023-04-16 3 --take --format json     what would be played"
)]
pub(crate) struct Play {
    /// The episode.
    #[arg(value_name = "DATE")]
    episode: EpisodeId,
    /// The section: a number, a title, or the name of a take.
    #[arg(value_name = "SECTION")]
    section: String,
    /// Play the recording as it came.
    #[arg(long)]
    take: bool,
    /// Play what the studio made, or say that there is nothing.
    #[arg(long, conflicts_with = "take")]
    master: bool,
    /// With `json`: print what would be played, and play nothing.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Play {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let source = match (self.take, self.master) {
            (true, _) => Some(Source::Take),
            (_, true) => Some(Source::Master),
            _ => None,
        };
        let playing = Desk::open(show, &Bars)?.find_sound(self.episode, &self.section, source)?;
        match self.format {
            Format::Json => out::json(&playing)?,
            Format::Text => {
                text(&playing)?;
                playing.play()?;
            }
        }
        Ok(Exit::Done)
    }
}

fn text(playing: &Playing) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let to = playing.to.map_or("the end".to_owned(), lorecast_model::Seconds::clock);
    let Playing { section, file, from, .. } = playing;
    writeln!(out, "{section}: {file} from {} to {to}", from.clock())?;
    Ok(out.flush()?)
}
