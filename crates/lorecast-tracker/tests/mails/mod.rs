//! Mails from one line each: `id < parent parent | From | Subject | text | file +line -line`, a minute
//! apart.
#![allow(dead_code, reason = "each test file uses its part")]

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Header, Mailbox, Message, MessageId};

pub fn id(name: &str) -> MessageId {
    MessageId::new(name).unwrap()
}

/// One mail a line; `\n` in the text is a line break. The date is line number times a minute,
/// plus so many days as stand behind a `+` in front of the id.
pub fn mails(text: &str) -> Vec<Message> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.enumerate().map(|(number, line)| mail(number as i64, line)).collect()
}

fn mail(number: i64, line: &str) -> Message {
    let mut cells = line.split('|').map(str::trim);
    let mut cell = || cells.next().unwrap_or_default();
    let (ids, from, subject) = (cell(), cell(), cell());
    let text = cell().replace("\\n", "\n");
    let diff = diff(cell());
    let (name, parents) = ids.split_once('<').unwrap_or((ids, ""));
    let (days, name) = match name.trim().strip_prefix('+') {
        Some(rest) => rest.split_once(' ').unwrap(),
        None => ("0", name.trim()),
    };
    let start: Timestamp = "2023-04-01T00:00:00Z".parse().unwrap();
    let hours = days.parse::<i64>().unwrap() * 24;
    Message {
        header: Header {
            id: id(name),
            date: start + SignedDuration::from_hours(hours) + SignedDuration::from_mins(number),
            from: Mailbox { name: from.to_owned(), email: format!("{from}@kernel.example") },
            subject: subject.to_owned(),
            references: parents.split_whitespace().map(id).collect(),
            lists: vec![],
            defects: vec![],
        },
        to: vec![],
        cc: vec![],
        text,
        diff,
        attached: String::new(),
        attachments: vec![],
        signature: None,
        writer: lorecast_model::Writer::default(),
        content: lorecast_model::ContentHash::default(),
    }
}

/// `f.c +one -two` as a diff of that file that adds and removes these lines.
fn diff(changes: &str) -> String {
    let Some((file, lines)) = changes.split_once(' ') else { return String::new() };
    let lines: Vec<&str> = lines.split_whitespace().collect();
    let count = |mark: char| lines.iter().filter(|line| line.starts_with(mark)).count();
    format!(
        "diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -1,{} +1,{} @@\n{}\n",
        count('-'),
        count('+'),
        lines.join("\n")
    )
}
