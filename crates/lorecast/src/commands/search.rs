use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, Hit, Page};
use lorecast_model::Order;
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::Bars;

/// Finds messages.
///
/// Words must all occur; `OR`, `NOT` (or a leading `-`), "phrases" and prefixes (`schedul*`) work,
/// and so do `s:` (subject), `f:` (sender), `b:` (prose), `l:` (list) and
/// `d:20230401..20230415` (dates).
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  lorecast search 's:folio f:wilcox d:20230410..20230416' --newest"
)]
pub(crate) struct Search {
    /// What to look for.
    #[arg(required = true, allow_hyphen_values = true)]
    query: Vec<String>,
    /// Newest first instead of best first.
    #[arg(long)]
    newest: bool,
    /// How many to show.
    #[arg(long, default_value_t = 25)]
    limit: u32,
    /// How many to pass over.
    #[arg(long, default_value_t = 0)]
    skip: u32,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Search {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let order = if self.newest { Order::Newest } else { Order::Relevance };
        let page = Page { skip: self.skip, take: self.limit };
        let hits = Desk::open(show, &Bars)?.search(&self.query.join(" "), order, page)?;
        match self.format {
            Format::Text => text(&hits)?,
            Format::Json => out::json(&hits.iter().map(json_hit).collect::<Vec<_>>())?,
        }
        Ok(Exit::Done)
    }
}

fn text(hits: &[Hit]) -> anyhow::Result<()> {
    let mut out = out::stdout();
    for Hit { header, snippet } in hits {
        let day = header.date.strftime("%Y-%m-%d");
        writeln!(out, "{day}  {}  {}", header.from.called(), header.subject)?;
        writeln!(out, "            {}", header.id)?;
        if !snippet.is_empty() {
            writeln!(out, "            {snippet}")?;
        }
    }
    Ok(out.flush()?)
}

fn json_hit(hit: &Hit) -> serde_json::Value {
    json!({
        "message_id": hit.header.id,
        "date": hit.header.date,
        "from_name": hit.header.from.name,
        "from_email": hit.header.from.email,
        "subject": hit.header.subject,
        "lists": hit.header.lists,
        "snippet": hit.snippet,
    })
}
