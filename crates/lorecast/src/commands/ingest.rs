use std::io::Write;

use camino::Utf8Path;
use clap::{Args, ValueEnum};
use lorecast_desk::{Desk, IngestReport, Named};
use lorecast_model::{ListId, MboxEscapes};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Reads archives: public inboxes, mbox files, Maildirs and single mails.
///
/// Only what is new since the last time is read. A mail that came through several lists is kept
/// once, with all of them. An archive that cannot be read is reported; the others are read all the
/// same. Files may be plain, gzip, xz or zstd.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast ingest archives/                        every archive in a folder
  lorecast ingest linux-pci.vger.kernel.org.git    a public-inbox repository (bare or not)
  lorecast ingest https://lore.kernel.org/linux-pci/
  lorecast ingest --list linux-mm.kvack.org old.mbox.xz
  curl -s https://lore.kernel.org/all/ID/raw | lorecast ingest -
  lorecast ingest                                  the `sources:` of show.yaml, as `sync` does")]
pub(crate) struct Ingest {
    /// Files, Maildirs, repositories, folders of them, URLs of public inboxes, or `-` for standard
    /// input.
    #[arg(value_name = "SOURCE")]
    archives: Vec<String>,
    /// The list that the archives hold, when neither their names nor their mails tell.
    #[arg(long, value_name = "LIST-ID")]
    list: Option<ListId>,
    /// How mbox files escape `From ` lines, when their content does not tell.
    #[arg(long, value_enum)]
    escapes: Option<Escapes>,
    /// How to print what was read.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Escapes {
    Mboxrd,
    Mboxo,
    Mboxcl2,
}

impl From<Escapes> for MboxEscapes {
    fn from(escapes: Escapes) -> Self {
        match escapes {
            Escapes::Mboxrd => Self::Mboxrd,
            Escapes::Mboxo => Self::Mboxo,
            Escapes::Mboxcl2 => Self::Mboxcl2,
        }
    }
}

impl Ingest {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        if self.archives.is_empty() {
            return print(desk.sync()?, self.format);
        }
        let escapes = self.escapes.map(MboxEscapes::from);
        let named = |text: &String| Named::new(text, self.list.clone(), escapes);
        print(desk.ingest(self.archives.iter().map(named).collect())?, self.format)
    }
}

/// Shows what was read, and what could not be.
pub(super) fn print(mut report: IngestReport, format: Format) -> anyhow::Result<Exit> {
    match format {
        Format::Text => text(&report)?,
        Format::Json => json(&report)?,
    }
    // The last failure becomes the command's own, so that it ends with code 2.
    let last = report.failures.pop();
    report.failures.into_iter().for_each(|failure| terminal::show_error(&failure.into()));
    last.map_or(Ok(Exit::Done), |failure| Err(failure.into()))
}

fn text(report: &IngestReport) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for source in &report.sources {
        let new = count(source.new, "new message", "new messages");
        write!(out, "{}: {new}, {} known already", source.path, source.known)?;
        if source.removed > 0 {
            write!(out, ", {} removed", source.removed)?;
        }
        writeln!(out)?;
    }
    let new: u64 = report.sources.iter().map(|source| source.new).sum();
    writeln!(out, "{} in all", count(new, "new message", "new messages"))?;
    Ok(out.flush()?)
}

fn json(report: &IngestReport) -> anyhow::Result<()> {
    let sources: Vec<_> = report
        .sources
        .iter()
        .map(|s| json!({ "path": s.path, "new": s.new, "known": s.known, "removed": s.removed }))
        .collect();
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    out::json(&json!({ "sources": sources, "failures": failures }))
}
