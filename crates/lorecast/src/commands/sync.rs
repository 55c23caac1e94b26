use camino::Utf8Path;
use clap::Args;
use lorecast_desk::Desk;

use super::ingest;
use crate::Exit;
use crate::out::Format;
use crate::terminal::Bars;

/// Brings all sources of `show.yaml` up to date.
///
/// A source with a `url:` is mirrored with git below `.lorecast/cache/mirrors/` first: all epochs of
/// the inbox, and only what is new. It may be stopped at any time and goes on where it stopped. Mails
/// that an inbox has purged are removed here, too.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lorecast sync --show my-show

In show.yaml:
  sources:
    - url: https://lore.kernel.org/linux-pci/
    - path: archives/old.mbox.gz
      list: linux-mm.kvack.org")]
pub(crate) struct Sync {
    /// How to print what was read.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Sync {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        ingest::print(Desk::open(show, &Bars)?.sync()?, self.format)
    }
}
