use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use lorecast_desk::{Desk, IngestReport};
use lorecast_model::ListId;
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Reads archives: mbox files and public-inbox git repositories.
///
/// Only what is new since the last time is read. A mail that came through several lists is kept
/// once, with all of them. An archive that cannot be read is reported; the others are read all the
/// same.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast ingest archives/                        every archive in a folder
  lorecast ingest linux-pci.vger.kernel.org.git    a public-inbox v2 epoch (bare or not)
  lorecast ingest --list linux-mm.kvack.org old.mbox.gz
  lorecast ingest                                  the `sources:` of show.yaml")]
pub(crate) struct Ingest {
    /// mbox files (plain or .gz), public-inbox v2 repositories, or folders of them.
    archives: Vec<Utf8PathBuf>,
    /// The list that the archives hold, when neither their names nor their mails tell.
    #[arg(long, value_name = "LIST-ID")]
    list: Option<ListId>,
    /// How to print what was read.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Ingest {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        let mut report = desk.ingest(&self.archives, self.list.as_ref())?;
        match self.format {
            Format::Text => text(&report)?,
            Format::Json => json(&report)?,
        }
        // The last failure becomes the command's own, so that it ends with code 2.
        let last = report.failures.pop();
        report.failures.into_iter().for_each(|failure| terminal::show_error(&failure.into()));
        last.map_or(Ok(Exit::Done), |failure| Err(failure.into()))
    }
}

fn text(report: &IngestReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for source in &report.sources {
        let new = count(source.new, "new message", "new messages");
        writeln!(out, "{}: {new}, {} known already", source.path, source.known)?;
    }
    let new: u64 = report.sources.iter().map(|source| source.new).sum();
    writeln!(out, "{} in all", count(new, "new message", "new messages"))?;
    Ok(out.flush()?)
}

fn json(report: &IngestReport) -> anyhow::Result<()> {
    let sources: Vec<_> = report
        .sources
        .iter()
        .map(|s| json!({ "path": s.path, "new": s.new, "known": s.known }))
        .collect();
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    out::json(&json!({ "sources": sources, "failures": failures }))
}
