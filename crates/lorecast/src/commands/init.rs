use camino::Utf8PathBuf;
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Desk, MovedIn, MovingIn, Scaffold};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Starts a show in a folder, or takes over one that came out elsewhere.
///
/// Writes a commented `show.yaml`, an empty `episodes/` and a `.gitignore`. A show that is there
/// already is never touched.
///
/// With `--import` the show comes with all that its subscribers' apps remember: guids, dates, titles, and
/// the addresses, lengths and types of its sound. What breaks off can be run again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast init my-show --title 'Storage Weekly' --author 'Ann Example'\n  \
    lorecast init my-show --import https://old.example/feed/podcast/ --download"
)]
pub(crate) struct Init {
    /// The folder, made when it does not exist.
    #[arg(default_value = ".")]
    dir: Utf8PathBuf,
    /// The name of the show; that of the feed with `--import`.
    #[arg(long, default_value = "My Kernel Podcast", conflicts_with = "import")]
    title: String,
    /// Who makes it; who the feed says with `--import`.
    #[arg(long, default_value = "The producers", conflicts_with = "import")]
    author: String,
    /// Where it will be published, with a `/` at the end: http://127.0.0.1:8700/ when not given, with
    /// `--import` where it was.
    #[arg(long)]
    url: Option<String>,
    /// The feed of a podcast to take over: its address, or a file.
    #[arg(long, value_name = "FEED")]
    import: Option<String>,
    /// Fetch the sound, chapters and transcripts as well; without it the sound stays where it is.
    #[arg(long, requires = "import")]
    download: bool,
    /// A host that may be asked although it is on a private network; the feed's own always may.
    #[arg(long, value_name = "HOST", requires = "import")]
    allow: Vec<String>,
    /// How to print what moved in.
    #[arg(long, value_enum, default_value_t, requires = "import")]
    format: Format,
}

impl Init {
    pub(crate) fn run(&self) -> anyhow::Result<Exit> {
        match &self.import {
            Some(feed) => self.move_in(feed),
            None => self.start(),
        }
    }

    fn start(&self) -> anyhow::Result<Exit> {
        let url = self.url.as_deref().unwrap_or("http://127.0.0.1:8700/");
        let scaffold = Scaffold { title: &self.title, author: &self.author, url };
        Desk::init(&self.dir, &scaffold)?;
        terminal::say(&format!(
            "A show in `{0}`. Look at `{1}`, then read archives: lorecast ingest --show {0} ARCHIVE…",
            self.dir,
            self.dir.join("show.yaml"),
        ));
        Ok(Exit::Done)
    }

    fn move_in(&self, feed: &str) -> anyhow::Result<Exit> {
        let how = MovingIn {
            feed,
            url: self.url.as_deref(),
            download: self.download,
            allow: &self.allow,
            now: Timestamp::from_second(Timestamp::now().as_second())?,
        };
        let moved = Desk::move_in(&self.dir, &how, &Bars)?;
        if self.format == Format::Json {
            json(&moved)?;
            return Ok(Exit::Done);
        }
        moved.defects.iter().for_each(|line| terminal::note(line));
        terminal::say(&format!(
            "`{title}` in `{dir}`: {episodes}, {sound}. It will be at {url} (`url` in `{show}`).\n\
             Next: lorecast publish --show {dir} && lorecast lint {public}\n\
             `{redirects}` leads old addresses here; docs/moving.md tells the rest.",
            title = moved.title,
            dir = self.dir,
            episodes = count(moved.episodes.len() as u64, "episode", "episodes"),
            sound = match moved.downloaded {
                0 => "their sound stays where it is".to_owned(),
                n => format!("{n} with their sound"),
            },
            url = moved.url,
            show = self.dir.join("show.yaml"),
            public = self.dir.join("public"),
            redirects = moved.redirects,
        ));
        Ok(Exit::Done)
    }
}

fn json(moved: &MovedIn) -> anyhow::Result<()> {
    out::json(&json!({
        "title": moved.title,
        "url": moved.url,
        "episodes": moved.episodes,
        "downloaded": moved.downloaded,
        "redirects": moved.redirects,
        "defects": moved.defects,
    }))
}
