use anyhow::Context;
use camino::Utf8PathBuf;
use clap::{Args, CommandFactory};

use crate::cli::Cli;
use crate::{Exit, out};

/// Prints the manual page, or writes one for each command into a folder.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast man | man -l -
  lorecast man --to ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// The folder for all pages.
    #[arg(long, value_name = "DIR")]
    to: Option<Utf8PathBuf>,
}

impl Man {
    pub(crate) fn run(&self) -> anyhow::Result<Exit> {
        match &self.to {
            Some(dir) => {
                std::fs::create_dir_all(dir)
                    .and_then(|()| clap_mangen::generate_to(Cli::command(), dir))
                    .with_context(|| format!("cannot write manual pages to `{dir}`"))?;
            }
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(Cli::command()).render(&mut page)?;
                std::io::Write::write_all(&mut out::stdout(), &page)?;
            }
        }
        Ok(Exit::Done)
    }
}
