use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Desk, Hit, Page};
use lorecast_model::Order;
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format};
use crate::terminal::{self, Bars};

/// Finds messages.
///
/// The language is lore's. Words must all occur; `AND`, `OR`, `NOT` (or a leading `-`), brackets,
/// "phrases" and prefixes (`schedul*`) work. Words in small letters stand for all with their English
/// stem: `test` finds `tests`, `Test` and `test*` say what they mean.
///
/// Where: `s:` subject, `f:` sender, `t:` `c:` `tc:` `a:` recipients (`a:` with the sender), `b:`
/// body, `nq:` not quoted, `q:` quoted, `n:` names of attachments, `m:` message-id, `l:` list,
/// `dfn:` file names in diffs, `dfa:` removed, `dfb:` added and `dfctx:` context lines, `dfhh:`
/// functions named in hunks, `dfpre:` `dfpost:` `dfblob:` git's names of files, `patchid:`.
///
/// When: `d:20230401..20230415`, `d:last.week..`, `dt:20230401103000..`, `rt:` by arrival. And
/// `defect:charset` finds what is wrong with mails.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast search 's:folio f:wilcox d:20230410..20230416' --newest
  lorecast search 'dfhh:kmalloc (dfn:mm/slab.c OR dfn:mm/slub.c) -f:bot'
  lorecast search 'l:linux-pci d:2.weeks.ago..' --format json
  lorecast search -- '-f:bot s:regression'")]
pub(crate) struct Search {
    /// What to look for; behind `--` when it begins with `-`.
    #[arg(required = true)]
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
        let hits =
            Desk::open(show, &Bars)?.read()?.search(&self.text(), Timestamp::now(), order, page)?;
        match self.format {
            Format::Text => self.print(&hits)?,
            Format::Json => out::json(&hits.iter().map(json_hit).collect::<Vec<_>>())?,
        }
        Ok(Exit::Done)
    }

    /// What to look for, as one text.
    fn text(&self) -> String {
        self.query.join(" ")
    }

    fn print(&self, hits: &[Hit]) -> anyhow::Result<()> {
        let mut out = out::stdout();
        for Hit { header, snippet } in hits {
            let day = header.date.strftime("%Y-%m-%d");
            writeln!(out, "{day}  {}  {}", header.from.called(), header.subject)?;
            writeln!(out, "            {}", header.id)?;
            if !snippet.is_empty() {
                writeln!(out, "            {snippet}")?;
            }
        }
        out.flush()?;
        terminal::note_rest(hits.len(), self.skip, self.limit);
        Ok(())
    }
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
