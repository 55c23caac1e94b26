use camino::Utf8PathBuf;
use clap::Args;
use lorecast_desk::{Desk, Scaffold};

use crate::{Exit, terminal};

/// Starts a show in a folder.
///
/// Writes a commented `show.yaml`, an empty `episodes/` and a `.gitignore`. A show that is there
/// already is never touched.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  lorecast init my-show --title 'Storage Weekly' --author 'Ann Example'"
)]
pub(crate) struct Init {
    /// The folder, made when it does not exist.
    #[arg(default_value = ".")]
    dir: Utf8PathBuf,
    /// The name of the show.
    #[arg(long, default_value = "My Kernel Podcast")]
    title: String,
    /// Who makes it.
    #[arg(long, default_value = "The producers")]
    author: String,
    /// Where it will be published, with a `/` at the end.
    #[arg(long, default_value = "http://127.0.0.1:8700/")]
    url: String,
}

impl Init {
    pub(crate) fn run(&self) -> anyhow::Result<Exit> {
        let scaffold = Scaffold { title: &self.title, author: &self.author, url: &self.url };
        Desk::init(&self.dir, &scaffold)?;
        terminal::say(&format!(
            "A show in `{0}`. Look at `{1}`, then read archives: lorecast ingest --show {0} ARCHIVE…",
            self.dir,
            self.dir.join("show.yaml"),
        ));
        Ok(Exit::Done)
    }
}
