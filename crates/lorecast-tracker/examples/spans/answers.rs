//! Where the marked spans are in the new revision.

use std::error::Error;
use std::fs;
use std::ops::Range;

use lorecast_model::{Carried, Mark, Message, MessageId};
use lorecast_tracker::marks::{body, place};

use crate::pairs::Pair;

/// A span of SPANS, with its mails.
pub(crate) struct Marked<'p> {
    pub(crate) pair: &'p Pair,
    pub(crate) older: MessageId,
    pub(crate) place: Range<usize>,
    pub(crate) mark: Mark,
}

/// A line for each span of the table whose mails are held: older, start, end; id, start and end now, or
/// `outdated`; how.
pub(crate) fn of(table: &str, pairs: &[Pair]) -> Result<Vec<String>, Box<dyn Error>> {
    let marked = marked(table, pairs)?;
    Ok(marked.iter().flatten().map(|one| line(one, one.carry(&one.pair.after))).collect())
}

fn line(marked: &Marked<'_>, carried: Option<Carried>) -> String {
    let (now, how) = match carried {
        Some(carried) => {
            let position = carried.mark.position();
            let now = format!("{} {} {}", carried.message, position.start, position.end);
            (now, format!("{:?}", carried.how).to_lowercase())
        }
        None => ("outdated".to_owned(), "-".to_owned()),
    };
    format!("{}\t{}\t{}\t{now}\t{how}", marked.older, marked.place.start, marked.place.end)
}

/// The spans of a table; nothing for those whose mails are not held.
pub(crate) fn marked<'p>(
    table: &str,
    pairs: &'p [Pair],
) -> Result<Vec<Option<Marked<'p>>>, Box<dyn Error>> {
    let table = fs::read_to_string(table).map_err(|error| format!("{table}: {error}"))?;
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| {
        head.iter().position(|other| *other == name).ok_or(format!("SPANS has no column `{name}`"))
    };
    let columns = [column("newer_root")?, column("older")?, column("start")?, column("end")?];
    let read = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [root, older, start, end] =
            columns.map(|at| cells.get(at).copied().unwrap_or_default());
        find((root, older), start.parse()?..end.parse()?, pairs)
    };
    lines.map(read).collect()
}

fn find<'p>(
    (newer_root, older): (&str, &str),
    place_of: Range<usize>,
    pairs: &'p [Pair],
) -> Result<Option<Marked<'p>>, Box<dyn Error>> {
    let (newer_root, older) = (newer_root.parse::<MessageId>()?, older.parse::<MessageId>()?);
    let holds = |mails: &[Message], id: &MessageId| mails.iter().any(|mail| mail.header.id == *id);
    let held = |pair: &&Pair| holds(&pair.before, &older) && holds(&pair.after, &newer_root);
    let Some(pair) = pairs.iter().find(held) else { return Ok(None) };
    let Some(mail) = pair.before.iter().find(|mail| mail.header.id == older) else {
        return Ok(None);
    };
    let text = body(mail);
    let mark = Mark::of(&text, place_of.clone())?;
    assert_eq!(place(&mark, &text).as_ref(), Some(&place_of), "a mark is not in its own mail");
    Ok(Some(Marked { pair, older, place: place_of, mark }))
}
