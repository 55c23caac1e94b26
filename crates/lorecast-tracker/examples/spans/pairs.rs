//! Two revisions of a series, with all their mails, out of archives.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs;

use lorecast_archive::{Hints, Item, discover};
use lorecast_mail::{Arrival, parse};
use lorecast_model::{Message, MessageId};
use lorecast_tracker::{marks::body, series, threads};
use serde_json::{Value, json};

/// A revision and the next.
pub(crate) struct Pair {
    pub(crate) before: Vec<Message>,
    pub(crate) after: Vec<Message>,
}

impl Pair {
    pub(crate) fn as_json(&self) -> Value {
        json!({ "before": mails(&self.before), "after": mails(&self.after) })
    }
}

/// The pairs of a table (newer root, older root, …; a head line) whose roots are both held, in its order.
/// The cover letter or first patch of a revision comes first.
pub(crate) fn read(truth: &str, archives: &[&str]) -> Result<Vec<Pair>, Box<dyn Error>> {
    let table = fs::read_to_string(truth).map_err(|error| format!("{truth}: {error}"))?;
    let roots: Vec<(&str, &str)> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let wanted: HashSet<&str> = roots.iter().flat_map(|(newer, older)| [*newer, *older]).collect();
    let revisions = revisions(held(archives, &wanted)?);
    let find = |root: &str| {
        revisions.iter().find(|mails| mails.iter().any(|mail| mail.header.id.as_str() == root))
    };
    let pair = |(newer, older): &(&str, &str)| {
        Some(Pair { before: find(older)?.clone(), after: find(newer)?.clone() })
    };
    Ok(roots.iter().filter_map(pair).collect())
}

/// The mails that are, or answer, one of those wanted, each once.
fn held(archives: &[&str], wanted: &HashSet<&str>) -> Result<Vec<Message>, Box<dyn Error>> {
    let (mut messages, mut seen) = (Vec::new(), HashSet::new());
    for path in archives {
        for archive in discover((*path).into(), &Hints::default())? {
            for item in archive.read(None)? {
                let Item::Mail(mail) = item? else { continue };
                if !names_any(&mail.bytes, wanted) {
                    continue;
                }
                let message = parse(&mail.bytes, &Arrival::default());
                if seen.insert(message.header.id.clone()) {
                    messages.push(message);
                }
            }
        }
    }
    Ok(messages)
}

/// Whether the head of a mail holds one of the ids.
fn names_any(raw: &[u8], wanted: &HashSet<&str>) -> bool {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(64 * 1024)]);
    let head = head.split("\n\n").next().unwrap_or_default();
    head.split('<').filter_map(|rest| rest.split_once('>')).any(|(id, _)| wanted.contains(id))
}

/// The mails of each revision.
fn revisions(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let headers = messages.iter().map(|message| &message.header);
    let placement = threads::place(headers, &[], &HashMap::new());
    let groups: HashMap<MessageId, _> = placement.members.into_iter().collect();
    let mut threads: HashMap<_, Vec<Message>> = HashMap::new();
    for message in messages {
        threads.entry(groups.get(&message.header.id).copied()).or_default().push(message);
    }
    let mut found = Vec::new();
    for messages in threads.into_values() {
        let by_id: HashMap<&MessageId, &Message> =
            messages.iter().map(|message| (&message.header.id, message)).collect();
        for posted in series::revisions(&messages) {
            let revision = posted.revision;
            let cover = revision.cover.iter().map(|cover| &cover.id);
            let ids = cover.chain(revision.patches.iter().map(|patch| &patch.id));
            found.push(ids.filter_map(|id| by_id.get(id)).map(|mail| (*mail).clone()).collect());
        }
    }
    found
}

fn mails(messages: &[Message]) -> Vec<Value> {
    let mail = |message: &Message| {
        let header = &message.header;
        json!({ "id": header.id.as_str(), "subject": header.subject, "body": body(message) })
    };
    messages.iter().map(mail).collect()
}
