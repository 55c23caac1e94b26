use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::Desk;

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Shows every value of `show.yaml` that is in force, and where it came from.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast config --show my-show")]
pub(crate) struct Config {
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Config {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let settings = Desk::open(show, &Bars)?.settings()?;
        if let Format::Json = self.format {
            out::json(&settings)?;
            return Ok(Exit::Done);
        }
        let mut out = out::stdout();
        for setting in &settings {
            writeln!(out, "{:<16} {:<10} {}", setting.key, setting.origin, setting.value)?;
        }
        out.flush()?;
        Ok(Exit::Done)
    }
}
