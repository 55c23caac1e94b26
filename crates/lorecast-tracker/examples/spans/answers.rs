//! Where the marked spans are in the new revision.

use std::error::Error;
use std::fs;
use std::ops::Range;

use lorecast_model::{Mark, Message};
use lorecast_tracker::marks::{Carrier, body, place};

use crate::pairs::Pair;

/// A marked span: a line of SPANS.
struct Span<'a> {
    newer_root: &'a str,
    older: &'a str,
    place: Range<usize>,
}

/// A line for each span of the table: older, start, end; id, start and end now, or `outdated`; how.
pub(crate) fn of(table: &str, pairs: &[Pair]) -> Result<Vec<String>, Box<dyn Error>> {
    let table = fs::read_to_string(table).map_err(|error| format!("{table}: {error}"))?;
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| {
        head.iter().position(|other| *other == name).ok_or(format!("SPANS has no column `{name}`"))
    };
    let columns = (column("newer_root")?, column("older")?, column("start")?, column("end")?);
    let mut answers = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let place = cell(columns.2).parse()?..cell(columns.3).parse()?;
        let span = Span { newer_root: cell(columns.0), older: cell(columns.1), place };
        answers.push(answer(&span, pairs)?);
    }
    Ok(answers)
}

fn answer(span: &Span<'_>, pairs: &[Pair]) -> Result<String, Box<dyn Error>> {
    let holds = |mails: &[Message], id: &str| mails.iter().any(|m| m.header.id.as_str() == id);
    let pair = pairs
        .iter()
        .find(|pair| holds(&pair.before, span.older) && holds(&pair.after, span.newer_root));
    let Some(pair) = pair else {
        return Ok(format!(
            "{}\t{}\t{}\tnot held\t-",
            span.older, span.place.start, span.place.end
        ));
    };
    let older = pair.before.iter().find(|mail| mail.header.id.as_str() == span.older);
    let text = body(older.ok_or("the mail is gone")?);
    let mark = Mark::of(&text, span.place.clone())?;
    assert_eq!(place(&mark, &text).as_ref(), Some(&span.place), "a mark is not in its own mail");
    let carried = Carrier::new(&pair.before, &pair.after).carry(&span.older.parse()?, &mark);
    let (now, how) = match carried {
        Some(carried) => {
            let position = carried.mark.position();
            let now = format!("{} {} {}", carried.message, position.start, position.end);
            (now, format!("{:?}", carried.how).to_lowercase())
        }
        None => ("outdated".to_owned(), "-".to_owned()),
    };
    Ok(format!("{}\t{}\t{}\t{now}\t{how}", span.older, span.place.start, span.place.end))
}
