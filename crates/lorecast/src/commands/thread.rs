use std::io::Write;

use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, ThreadView};
use lorecast_model::MessageId;
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::Bars;

/// Prints the thread of a message as a tree.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast thread 20230406165339.1017597-1-shr@devkernel.io")]
pub(crate) struct Thread {
    /// The id of any message of the thread, with or without `<>`.
    #[arg(value_parser = crate::ids::message_id)]
    id: MessageId,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A tree is not drawn further to the right than this.
const DEEPEST: usize = 20;

impl Thread {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let view = Desk::open(show, &Bars)?.read()?.thread(&self.id)?;
        match self.format {
            Format::Text => text(&view)?,
            Format::Json => json(&view)?,
        }
        Ok(Exit::Done)
    }
}

fn text(view: &ThreadView) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let messages = count(view.thread.messages.into(), "message", "messages");
    let people = count(view.thread.participants.into(), "person", "people");
    writeln!(out, "{}\n{messages} by {people}\n", view.thread.subject)?;
    for (node, header) in &view.tree {
        let indent = "  ".repeat((node.depth as usize).min(DEEPEST));
        match header {
            Some(header) => {
                let when = header.date.strftime("%Y-%m-%d %H:%M");
                let who = header.from.called();
                writeln!(out, "{when}  {indent}{who}: {}", header.subject)?;
            }
            None => writeln!(out, "   not here yet   {indent}[{}]", node.id)?,
        }
    }
    Ok(out.flush()?)
}

fn json(view: &ThreadView) -> anyhow::Result<()> {
    let rows: Vec<_> = view
        .tree
        .iter()
        .map(|(node, header)| {
            json!({
                "message_id": node.id,
                "depth": node.depth,
                "held": node.held,
                "date": header.as_ref().map(|h| h.date),
                "from": header.as_ref().map(|h| h.from.to_string()),
                "subject": header.as_ref().map(|h| &h.subject),
            })
        })
        .collect();
    out::json(&json!({ "thread": view.thread, "messages": rows }))
}
