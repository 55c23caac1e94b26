use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, Silent};
use lorecast_model::EpisodeId;

use crate::Exit;
use crate::out::{self, Format};

/// Writes what you send round about a published episode: a mail for a list, or a post for Mastodon.
///
/// Both say what the notes and the feed say: title, first paragraph, chapters, addresses. Their words are
/// in `templates/telling/`; copy a file into the `templates/telling/` of your show to change them. The
/// mail is from the show's `email`; `telling:` in `show.yaml` holds the list and hashtags.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast tell 2023-04-16 > episode.eml && git send-email --to list@lists.example episode.eml\n  \
    lorecast tell 2023-04-16 --post"
)]
pub(crate) struct Tell {
    /// The episode.
    episode: EpisodeId,
    /// The post, at most 500 characters, in the place of the mail.
    #[arg(long, conflicts_with = "format")]
    post: bool,
    /// How to print it; JSON has both.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Tell {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let told = Desk::open(show, &Silent)?.tell(self.episode)?;
        if self.format == Format::Json {
            out::json(&told)?;
            return Ok(Exit::Done);
        }
        let mut out = out::stdout();
        write!(out, "{}", if self.post { &told.post } else { &told.mail })?;
        out.flush()?;
        Ok(Exit::Done)
    }
}
