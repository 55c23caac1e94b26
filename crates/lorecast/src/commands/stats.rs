use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::Desk;
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Shows how much has been read, by list.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast stats --format json")]
pub(crate) struct Stats {
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Stats {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let stats = Desk::open(show, &Bars)?.stats()?;
        match self.format {
            Format::Text => text(&stats)?,
            Format::Json => json(&stats)?,
        }
        Ok(Exit::Done)
    }
}

/// The longest bar of the chart, in characters.
const WIDEST: u64 = 40;

fn text(stats: &lorecast_desk::Stats) -> anyhow::Result<()> {
    let mut out = out::stdout();
    writeln!(out, "{:>9} messages, {} of them with defects", stats.messages, stats.defective)?;
    writeln!(out, "{:>9} threads", stats.threads)?;
    writeln!(out, "{:>9} revisions of patch series", stats.revisions)?;
    writeln!(out, "{:>9.1} MB of index\n", stats.bytes as f64 / 1e6)?;
    let most = stats.lists.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    for (list, n) in &stats.lists {
        let bar = "▇".repeat((n * WIDEST).div_ceil(most) as usize);
        writeln!(out, "{:>24} {n:>7} {bar}", list.short())?;
    }
    Ok(out.flush()?)
}

fn json(stats: &lorecast_desk::Stats) -> anyhow::Result<()> {
    let lists: serde_json::Map<_, _> =
        stats.lists.iter().map(|(list, n)| (list.to_string(), json!(n))).collect();
    out::json(&json!({
        "messages": stats.messages,
        "threads": stats.threads,
        "revisions": stats.revisions,
        "defective": stats.defective,
        "bytes": stats.bytes,
        "lists": lists,
    }))
}
