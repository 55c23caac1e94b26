use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use lorecast_desk::Desk;
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::Bars;

/// Shows how much has been read, by list; or how often episodes were downloaded.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  lorecast stats --format json\n  lorecast stats downloads /var/log/nginx/access.log*"
)]
pub(crate) struct Stats {
    #[command(subcommand)]
    what: Option<What>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    Downloads(Downloads),
}

/// Counts downloads of each episode in logs of the web server that sends the sound.
///
/// What one listener took of one episode on one day (UTC) is one download, when a minute of sound or all
/// of it was sent; bots do not count (IAB Podcast Measurement Technical Guidelines 2.2). Addresses are
/// neither kept nor shown.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast stats downloads /var/log/nginx/access.log*\n  ssh server cat access.log | lorecast stats downloads - --format json"
)]
struct Downloads {
    /// Logs in the Common or Combined Log Format, or as JSON lines; packed with gzip or not. `-` reads
    /// standard input.
    #[arg(required = true)]
    logs: Vec<Utf8PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Stats {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        if let Some(What::Downloads(downloads)) = &self.what {
            return downloads.run(show);
        }
        let stats = Desk::open(show, &Bars)?.read()?.stats()?;
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
        writeln!(out, "{:>24} {n:>7} {}", list.short(), bar(*n, most))?;
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

/// A bar as long as a number is large beside the largest.
fn bar(n: u64, most: u64) -> String {
    "▇".repeat((n * WIDEST).div_ceil(most.max(1)) as usize)
}

impl Downloads {
    fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let found = Desk::open(show, &Bars)?.downloads(&self.logs)?;
        match self.format {
            Format::Text => self.text(&found)?,
            Format::Json => out::json(&json!({
                "method": METHOD,
                "episodes": named(&found.episodes),
                "days": named(&found.days),
                "apps": named(&found.apps),
                "lines": found.lines,
                "unreadable": found.unreadable,
                "bots": found.bots,
                "short": found.short,
                "beyond": found.beyond,
            }))?,
        }
        Ok(Exit::Done)
    }

    fn text(&self, found: &lorecast_desk::Downloads) -> anyhow::Result<()> {
        let mut out = out::stdout();
        let total: u64 = found.episodes.values().sum();
        writeln!(out, "{} ({METHOD})\n", count(total, "download", "downloads"))?;
        let most = found.episodes.values().copied().max().unwrap_or_default();
        for (id, n) in &found.episodes {
            writeln!(out, "{id} {n:>7} {}", bar(*n, most))?;
        }
        let mut apps: Vec<_> = found.apps.iter().collect();
        apps.sort_by_key(|(app, n)| (std::cmp::Reverse(**n), **app));
        for (app, n) in apps {
            writeln!(out, "{n:>18} with {app}")?;
        }
        writeln!(
            out,
            "\n{} read, {} of them unreadable; not counted: {} of bots, {} of less than a minute",
            count(found.lines, "line", "lines"),
            found.unreadable,
            count(found.bots, "request", "requests"),
            count(found.short, "listener", "listeners"),
        )?;
        if found.beyond > 0 {
            writeln!(out, "more listeners than fit into memory: {} are missing", found.beyond)?;
        }
        Ok(out.flush()?)
    }
}

/// After which rules is counted.
const METHOD: &str = "after the IAB Podcast Measurement Technical Guidelines 2.2";

fn named<T: ToString>(
    counts: &std::collections::BTreeMap<T, u64>,
) -> serde_json::Map<String, serde_json::Value> {
    counts.iter().map(|(name, n)| (name.to_string(), json!(n))).collect()
}
