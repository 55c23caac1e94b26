use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, Learned, RankedStory};

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};
use crate::window::Days;

/// Shows the threads of a week, most newsworthy first, each with its reasons.
///
/// What counts, and how much, stands in `ranking.yaml`: ours, and beside `show.yaml` what your show
/// weighs otherwise. `--learn` fits the weights to the stories that you kept and dropped in your
/// episodes, held to ours the more the fewer they are, and writes them there under `learned:`; what
/// you wrote under `signals:` stays.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast rank --week 2023-04-16 --top 50\n  lorecast rank --from 2023-04-24 --to 2023-05-07      a whole merge window\n  lorecast rank --learn                 from your own keeps and drops"
)]
pub(crate) struct Rank {
    #[command(flatten)]
    days: Days,
    /// Learn the weights from the stories that you kept and dropped.
    #[arg(long, conflicts_with_all = ["week", "from", "to", "top"])]
    learn: bool,
    /// How many to show.
    #[arg(long, default_value_t = 25)]
    top: usize,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Rank {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        if self.learn {
            let learned = desk.learn()?;
            match self.format {
                Format::Text => lessons(&learned)?,
                Format::Json => out::json(&learned)?,
            }
            return Ok(Exit::Done);
        }
        let mut stories = desk.rank(self.days.window()?)?;
        stories.truncate(self.top);
        match self.format {
            Format::Text => text(&stories)?,
            Format::Json => out::json(&stories)?,
        }
        Ok(Exit::Done)
    }
}

fn lessons(learned: &Learned) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let stories = |n: usize| count(n as u64, "story", "stories");
    let episodes = count(learned.episodes as u64, "episode", "episodes");
    writeln!(
        out,
        "{} kept and {} dropped in {episodes}: of {} pairs, {} stood in your order before, {} do now",
        stories(learned.kept),
        learned.dropped,
        learned.pairs,
        learned.in_order_before,
        learned.in_order
    )?;
    if let Some(left_out) = learned.in_order_left_out {
        writeln!(out, "  {left_out} do by what the other episodes alone teach")?;
    }
    for lesson in &learned.changes {
        let weighs = if lesson.now > lesson.before { "more" } else { "less" };
        let name = serde_json::to_string(&lesson.signal)?;
        writeln!(
            out,
            "  {weighs}: {} ({}: {:.2} -> {:.2})",
            lesson.about,
            name.trim_matches('"'),
            lesson.before,
            lesson.now
        )?;
    }
    if learned.changes.is_empty() {
        writeln!(out, "  nothing to change")?;
    } else {
        writeln!(out, "the top of the newest episode's days, with the places before:")?;
    }
    for place in learned.top.iter().filter(|_| !learned.changes.is_empty()) {
        writeln!(out, "{:>3}. ({:>3})  {}", place.now, place.before, place.title)?;
    }
    if !learned.yours.is_empty() {
        let names: Vec<String> = learned
            .yours
            .iter()
            .map(|signal| Ok(serde_json::to_string(signal)?.trim_matches('"').to_owned()))
            .collect::<anyhow::Result<_>>()?;
        writeln!(out, "left alone, because your ranking.yaml sets them: {}", names.join(", "))?;
    }
    out.flush()?;
    if !learned.written {
        terminal::say("ranking.yaml is as it was");
        return Ok(());
    }
    terminal::say("written to ranking.yaml, below `learned:`; delete that block to undo it");
    Ok(())
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
