use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, TrackReport};
use lorecast_model::{EpisodeId, FollowUp, State, What};

use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};
use crate::{Exit, events};

/// Reads the git trees of `show.yaml` and finds the commit of each patch.
///
/// Only what is new since the last time is read. A tree that cannot be read keeps its last good state
/// and gives exit code 1. With `--episode`, shows what became of every patch of an earlier episode.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast track\n  lorecast track mainline\n  lorecast track --episode 2023-04-02"
)]
pub(crate) struct Track {
    /// Names of trees in `show.yaml`; all when there are none.
    #[arg(value_name = "TREE", conflicts_with = "episode")]
    trees: Vec<String>,
    /// Read no tree, and show what became of the stories of this episode.
    #[arg(long, value_name = "DATE")]
    episode: Option<EpisodeId>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Track {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        if let Some(episode) = self.episode {
            let follow_ups = desk.follow_ups(episode)?;
            match self.format {
                Format::Text => follow(&follow_ups)?,
                Format::Json => out::json(&follow_ups)?,
            }
            if follow_ups.is_empty() {
                terminal::say(&format!("the episode of {episode} told of no patch"));
            }
            return Ok(Exit::Done);
        }
        let report = desk.track(&self.trees)?;
        match self.format {
            Format::Text => text(&report)?,
            Format::Json => out::json(&report)?,
        }
        for tree in &report.trees {
            tree.notices
                .iter()
                .for_each(|notice| terminal::say(&format!("{}: {notice}", tree.name)));
        }
        let failed = report.trees.iter().any(|tree| tree.failed);
        Ok(if failed { Exit::Findings } else { Exit::Done })
    }
}

fn text(report: &TrackReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for tree in &report.trees {
        if tree.failed {
            writeln!(out, "{}: could not be read; what was known of it stays", tree.name)?;
            continue;
        }
        write!(out, "{}: {}", tree.name, count(tree.commits, "new commit", "new commits"))?;
        if tree.released > 0 {
            write!(out, ", {} came out in a release", tree.released)?;
        }
        if tree.gone > 0 {
            write!(out, ", {} dropped", tree.gone)?;
        }
        writeln!(out)?;
    }
    let landed = count(report.landed, "patch was", "patches were");
    writeln!(out, "{landed} found as a commit of some tree")?;
    Ok(out.flush()?)
}

fn follow(follow_ups: &[FollowUp]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for (at, story) in follow_ups.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "v{}  {}  ({})", story.version, story.title, story.author.called())?;
        writeln!(out, "    {}", story.told)?;
        let latest = story.later.last().map(|later| format!("v{} ", later.version));
        writeln!(out, "    now {}{}", latest.unwrap_or_default(), now(story))?;
        for later in &story.later {
            let day = later.date.strftime("%Y-%m-%d");
            writeln!(out, "    {day} v{} was posted ({})", later.version, later.root)?;
        }
        let told = story.events.iter().filter(|event| !matches!(event.what, What::Answered));
        for line in events::lines(told) {
            writeln!(out, "    {line}")?;
        }
        if !story.is_news() {
            writeln!(out, "    no new version, trailer, tag or commit since")?;
        }
    }
    Ok(out.flush()?)
}

fn now(story: &FollowUp) -> String {
    let all = story.patches;
    let part = |n: u32| if n > 0 && n < all { format!(", {n} of {all}") } else { String::new() };
    match &story.state {
        State::Landed { tag, .. } => {
            let tag = tag.as_ref().map(|tag| format!(" in {tag}")).unwrap_or_default();
            format!("landed{tag}{}", part(story.taken.landed))
        }
        State::Next { .. } => format!("in linux-next{}", part(story.taken.next)),
        State::Applied { .. } => format!("applied{}", part(story.taken.applied)),
        state => state.name().replace('-', " "),
    }
}
