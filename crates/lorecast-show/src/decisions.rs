//! Reads and writes `merges.yaml`: what the producer decided of two addresses.

use camino::Utf8Path;
use lorecast_model::{Decision, is_address};

use crate::{Result, ShowError, atomic, merge, place, yaml};

/// What a new file begins with.
const HEAD: &str = "# Whether two addresses are one person's. The last word about a pair counts; a line \
                    that you delete is undone.\n";

/// Reads and checks the file, in its order.
pub(crate) fn read(file: &Utf8Path) -> Result<Vec<Decision>> {
    let text = yaml::read_text(file)?;
    merge::settled(file, &text)?;
    parse(file, &text)
}

fn parse(file: &Utf8Path, text: &str) -> Result<Vec<Decision>> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Vec::new());
    }
    let decisions: Vec<Decision> = yaml::parse(file, text)?;
    for (index, decision) in decisions.iter().enumerate() {
        let message = match [&decision.one, &decision.other].into_iter().find(|it| !is_somebody(it))
        {
            Some(odd) => format!("`{odd}` is no address; write `ann@a.example`"),
            None if decision.one.eq_ignore_ascii_case(&decision.other) => {
                format!("`{}` is compared with itself; write another address", decision.one)
            }
            None => continue,
        };
        let line = line(text, &decisions, index);
        return Err(ShowError::Entry { file: file.to_owned(), line, message });
    }
    Ok(decisions)
}

/// Adds decisions at the end; every line that is there stays as it is.
pub(crate) fn add(file: &Utf8Path, new: &[Decision]) -> Result<()> {
    let mut text = match file.is_file() {
        true => {
            read(file)?;
            yaml::read_text(file)?
        }
        false => HEAD.to_owned(),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for decision in new {
        text.push_str(&entry(decision));
    }
    // Read before it is written: what a stranger's address makes of the file must not spoil it.
    parse(file, &text)?;
    atomic::write(file, text.as_bytes())
}

fn entry(decision: &Decision) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let date = decision.date.map(|date| format!(", date: {date}")).unwrap_or_default();
    let (one, other) = (quoted(&decision.one), quoted(&decision.other));
    format!("- {{one: {one}, other: {other}, same: {}{date}}}\n", decision.same)
}

/// An address, or `Name <address>` where two people share one.
fn is_somebody(text: &str) -> bool {
    let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.trim_end().strip_suffix('>'));
    is_address(inner.unwrap_or(text))
}

/// The line of an entry: of those with the same address the one of its turn.
fn line(text: &str, decisions: &[Decision], index: usize) -> usize {
    let one = &decisions[index].one;
    let turn = decisions[..index].iter().filter(|other| other.one == *one).count();
    place::of_entries(text, "one", one).get(turn).copied().unwrap_or(1)
}
