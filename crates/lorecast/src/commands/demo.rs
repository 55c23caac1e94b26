use std::io::Write;
use std::time::Instant;

use camino::Utf8PathBuf;
use clap::Args;

use crate::terminal::Bars;
use crate::{Exit, out};

/// Makes a complete show from sample mail and sound, to see the whole road at once.
///
/// Three weeks of invented mailing lists, two earlier episodes and a third one that is drafted,
/// mastered, published and linted before your eyes. Needs no network.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast demo --out my-show && lorecast serve --show my-show")]
pub(crate) struct Demo {
    /// An empty or new folder.
    #[arg(long, value_name = "DIR")]
    out: Utf8PathBuf,
}

impl Demo {
    pub(crate) fn run(&self) -> anyhow::Result<Exit> {
        let start = Instant::now();
        let demo = lorecast_desk::Demo::make(&self.out, &Bars, &|| start.elapsed())?;
        let mut out = out::stdout();
        for step in &demo.steps {
            let command = &step.command;
            writeln!(out, "{command:<34} {:>5.2} s   {}", step.took.as_secs_f64(), step.result)?;
        }
        let (root, id) = (&demo.root, demo.episode);
        writeln!(out, "\nA complete show in {root}, in {:.1} s:", start.elapsed().as_secs_f64())?;
        writeln!(out, "  {root}/episodes/{id}/notes.md      the notes, for you to edit")?;
        writeln!(out, "  {root}/episodes/{id}/master.mp3    the episode")?;
        writeln!(
            out,
            "  {root}/public/index.html           the site; feed.xml beside it is the feed"
        )?;
        writeln!(out, "\nNext:")?;
        writeln!(
            out,
            "  lorecast serve --show {root}                  then open http://127.0.0.1:8700/site/"
        )?;
        writeln!(out, "  lorecast rank --show {root} --week {id}   why these stories")?;
        writeln!(
            out,
            "  lorecast draft --show {root} --week {id}  again, after you edited notes.md: nothing of yours is lost"
        )?;
        out.flush()?;
        Ok(Exit::Done)
    }
}
