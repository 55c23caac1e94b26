//! Tables of who did what.

use std::io::Write;

use lorecast_desk::Credits;
use lorecast_model::{Part, Vouch};

use crate::out;

/// What stands in the place of an employer that no source tells.
const UNKNOWN: &str = "(not known)";

/// The widest name of a row, in characters.
const WIDEST: usize = 32;

/// A table in columns, of so many rows.
pub(crate) fn text(
    out: &mut impl Write,
    title: &str,
    rows: &[Credits],
    top: usize,
) -> anyhow::Result<()> {
    let shown = &rows[..top.min(rows.len())];
    let name = |row: &Credits| -> String {
        let name = if row.name.is_empty() { UNKNOWN } else { &row.name };
        name.chars().take(WIDEST).collect()
    };
    let width = shown.iter().map(|row| name(row).chars().count()).max().unwrap_or(0);
    let width = width.max(title.len());
    let heads = Part::ALL.map(|part| format!("  {}", part.name())).concat();
    writeln!(out, "{title:<width$}{heads}")?;
    for row in shown {
        let counts = Part::ALL.map(|part| {
            let count = Some(row.of(part)).filter(|n| *n > 0).map(|n| n.to_string());
            format!("  {:>of$}", count.unwrap_or_default(), of = part.name().len())
        });
        let line = format!("{:<width$}{}  {}", name(row), counts.concat(), employers(row));
        writeln!(out, "{}", line.trim_end())?;
    }
    if rows.len() > shown.len() {
        writeln!(out, "… and {} more (`--top`)", rows.len() - shown.len())?;
    }
    Ok(())
}

/// Rows as CSV with a header line (RFC 4180).
pub(crate) fn csv(rows: &[Credits]) -> anyhow::Result<()> {
    let mut out = csv::Writer::from_writer(out::stdout());
    let parts = Part::ALL.map(Part::name);
    out.write_record(["id", "name", "employers", "people"].into_iter().chain(parts))?;
    for row in rows {
        let id = row.id.as_ref().map(|id| id.0.clone()).unwrap_or_default();
        let people = row.people.map(|n| n.to_string()).unwrap_or_default();
        let counts = Part::ALL.map(|part| row.of(part).to_string());
        let cells = [id, spelt(&row.name), spelt(&employers(row)), people];
        out.write_record(cells.into_iter().chain(counts))?;
    }
    Ok(out.flush()?)
}

/// As a cell of a spreadsheet, which would run what begins like a formula.
pub(crate) fn spelt(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The employers of a person, each with its source.
fn employers(row: &Credits) -> String {
    let one = |(name, source): (&String, &Vouch)| format!("{name} ({})", source.name());
    row.employers.iter().map(one).collect::<Vec<_>>().join("; ")
}
