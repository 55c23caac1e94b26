use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use lorecast_desk::{Desk, HubAnswer};
use serde_json::json;

use crate::out::{self, Format};
use crate::terminal::Bars;
use crate::{Exit, terminal};

/// Tells the show's hubs that the feed changed (WebSub), so that apps need not ask again and again.
///
/// Run it once the site is on its server: first it looks whether the feed's address answers with the feed
/// that was published. The hubs are those under `feed.hubs` in `show.yaml`. Exit code 1 when one of them
/// did not take it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast publish && rsync -a public/ server: && lorecast ping")]
pub(crate) struct Ping {
    /// The folder that was published, `public` in the show when not given.
    #[arg(long, value_name = "DIR")]
    from: Option<Utf8PathBuf>,
    /// How to print what the hubs say.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Ping {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let from = self.from.clone().unwrap_or_else(|| show.join("public"));
        let answers = Desk::open(show, &Bars)?.tell_hubs(&from)?;
        if answers.is_empty() {
            terminal::note("there are no hubs: `feed.hubs` in `show.yaml` names them");
        }
        match self.format {
            Format::Text => text(&answers)?,
            Format::Json => json(&answers)?,
        }
        let all = answers.iter().all(|answer| answer.failed.is_none());
        Ok(if all { Exit::Done } else { Exit::Findings })
    }
}

fn text(answers: &[HubAnswer]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for HubAnswer { hub, failed } in answers {
        match failed {
            None => writeln!(out, "{hub} knows")?,
            Some(why) => writeln!(out, "{hub} {why}")?,
        }
    }
    Ok(out.flush()?)
}

fn json(answers: &[HubAnswer]) -> anyhow::Result<()> {
    let answers =
        answers.iter().map(|answer| json!({ "hub": answer.hub, "failed": answer.failed }));
    out::json(&answers.collect::<Vec<_>>())
}
