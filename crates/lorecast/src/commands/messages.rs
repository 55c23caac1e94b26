use std::io::Write;

use anyhow::bail;
use camino::Utf8Path;
use clap::Args;
use lorecast_desk::{Desk, MessageView, Page, Reader};
use lorecast_model::{Defect, Header, MessageId};
use serde_json::json;

use crate::Exit;
use crate::out::{self, Format, count};
use crate::terminal::{self, Bars};

/// Shows messages, their raw bytes, or what is wrong with them.
///
/// With an id: the message with its lists and times of arrival, its archives and defects. Different
/// mails under one id are all shown. With `--raw`: the mail byte for byte as its archive keeps it.
/// With `--defects`: every message with a defect that matters, or with the one named.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast messages 20230406165339.1017597-1-shr@devkernel.io
  lorecast messages --raw ID > mail.eml
  lorecast messages --defects
  lorecast messages --defects charset --format json")]
pub(crate) struct Messages {
    /// The id of a message, with or without `<>`.
    #[arg(required_unless_present = "defects", conflicts_with = "defects")]
    id: Option<MessageId>,
    /// The raw bytes and nothing else.
    #[arg(long, requires = "id")]
    raw: bool,
    /// Which of several mails under one id, as shown without `--raw`.
    #[arg(long, value_name = "HASH", requires = "id")]
    content: Option<String>,
    /// Messages with this defect, or with any that matters.
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "any", value_parser = defect)]
    defects: Option<Wanted>,
    /// How many to show.
    #[arg(long, default_value_t = 25, requires = "defects")]
    limit: u32,
    /// How many to pass over.
    #[arg(long, default_value_t = 0, requires = "defects")]
    skip: u32,
    /// How to print them.
    #[arg(long, value_enum, default_value_t, conflicts_with = "raw")]
    format: Format,
}

/// Any defect, or one.
#[derive(Clone, Copy, Debug)]
struct Wanted(Option<Defect>);

fn defect(name: &str) -> Result<Wanted, String> {
    if name == "any" {
        return Ok(Wanted(None));
    }
    let names = || Defect::ALL.iter().map(Defect::name).collect::<Vec<_>>().join(", ");
    Defect::named(name)
        .map(|defect| Wanted(Some(defect)))
        .ok_or_else(|| format!("the defects are {}", names()))
}

impl Messages {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let reader = Desk::open(show, &Bars)?.read()?;
        match &self.id {
            Some(id) => self.one(&reader, id)?,
            None => self.defective(&reader)?,
        }
        Ok(Exit::Done)
    }

    fn one(&self, reader: &Reader, id: &MessageId) -> anyhow::Result<()> {
        let mut views = reader.messages(id)?;
        if let Some(content) = &self.content {
            views.retain(|view| view.message.content.to_string().starts_with(content.as_str()));
            if views.is_empty() {
                bail!("no mail `{id}` has the content `{content}`; see `lorecast messages {id}`");
            }
        }
        match (self.raw, self.format) {
            (true, _) => raw(reader, &views),
            (_, Format::Text) => views.iter().try_for_each(text),
            (_, Format::Json) => out::json(&views.iter().map(whole).collect::<Vec<_>>()),
        }
    }

    fn defective(&self, reader: &Reader) -> anyhow::Result<()> {
        let Wanted(wanted) = self.defects.unwrap_or(Wanted(None));
        let headers = reader.defective(wanted, Page { skip: self.skip, take: self.limit })?;
        match self.format {
            Format::Json => out::json(&headers.iter().map(header).collect::<Vec<_>>()),
            Format::Text => {
                list(reader, &headers, wanted.is_none())?;
                terminal::note_rest(headers.len(), self.skip, self.limit);
                Ok(())
            }
        }
    }
}

fn raw(reader: &Reader, views: &[MessageView]) -> anyhow::Result<()> {
    if let [_, other, ..] = views {
        let content = other.message.content;
        terminal::note(&format!("another mail has this id: see it with `--content {content}`"));
    }
    let mut out = out::bytes();
    if let Some(view) = views.first() {
        out.write_all(&reader.raw(view)?)?;
    }
    Ok(out.flush()?)
}

fn text(view: &MessageView) -> anyhow::Result<()> {
    let mut out = out::stdout();
    let (message, original) = (&view.message, &view.original);
    let header = &message.header;
    let people = |all: &[lorecast_model::Mailbox]| {
        all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "Subject:     {}", header.subject)?;
    writeln!(out, "From:        {}", header.from)?;
    for (name, all) in [("To:", &message.to), ("Cc:", &message.cc)] {
        if !all.is_empty() {
            writeln!(out, "{name:<12} {}", people(all))?;
        }
    }
    writeln!(out, "Date:        {}", header.date)?;
    writeln!(out, "Message-ID:  {}", header.id)?;
    for (list, received) in &original.arrivals {
        let when = received.map_or("at an unknown time".to_owned(), |when| when.to_string());
        writeln!(out, "List:        {list}, {when}")?;
    }
    for (source, blob) in &original.places {
        let blob = blob.map_or_else(String::new, |blob| format!(" blob {blob}"));
        writeln!(out, "Archive:     {}{blob}", source.0)?;
    }
    writeln!(out, "Content:     {}", message.content)?;
    if !header.defects.is_empty() {
        writeln!(out, "Defects:     {}", names(header))?;
    }
    for name in &message.attachments {
        writeln!(out, "Attachment:  {name}")?;
    }
    writeln!(out, "\n{}", message.text)?;
    if !message.diff.is_empty() {
        writeln!(out, "{}", message.diff)?;
    }
    Ok(out.flush()?)
}

fn whole(view: &MessageView) -> serde_json::Value {
    let original = &view.original;
    let arrivals = original.arrivals.iter();
    let arrivals: Vec<_> =
        arrivals.map(|(list, at)| json!({ "list": list, "received": at })).collect();
    let places = original.places.iter();
    let places: Vec<_> = places
        .map(|(source, blob)| json!({ "archive": source.0, "blob": blob.map(|b| b.to_string()) }))
        .collect();
    let mut message = json!(view.message);
    message["content"] = json!(view.message.content.to_string());
    json!({
        "message": message,
        "content": view.message.content.to_string(),
        "arrivals": arrivals,
        "archives": places,
    })
}

fn list(reader: &Reader, headers: &[Header], all: bool) -> anyhow::Result<()> {
    let mut out = out::stdout();
    if all {
        for (defect, messages) in reader.stats()?.defects {
            let harmless = if defect.is_harmless() { "  (harmless)" } else { "" };
            let messages = count(messages, "message", "messages");
            writeln!(out, "{:>18}  {messages}{harmless}", defect.name())?;
        }
        writeln!(out)?;
    }
    for header in headers {
        let day = header.date.strftime("%Y-%m-%d");
        writeln!(out, "{day}  {}  {}", header.from.called(), header.subject)?;
        writeln!(out, "            {}  [{}]", header.id, names(header))?;
    }
    Ok(out.flush()?)
}

fn header(header: &Header) -> serde_json::Value {
    json!({
        "message_id": header.id,
        "date": header.date,
        "from_name": header.from.name,
        "from_email": header.from.email,
        "subject": header.subject,
        "lists": header.lists,
        "defects": header.defects,
    })
}

fn names(header: &Header) -> String {
    header.defects.iter().map(Defect::name).collect::<Vec<_>>().join(", ")
}
