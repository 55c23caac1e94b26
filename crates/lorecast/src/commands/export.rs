use std::io::Write;

use camino::Utf8Path;
use clap::{Args, ValueEnum};
use jiff::ToSpan;
use jiff::civil::Date;
use lorecast_desk::{Cell, Desk};
use lorecast_model::Window;
use serde_json::{Map, Value};

use crate::terminal::Bars;
use crate::{Exit, out, tables};

/// Writes a table as open data for other programs.
///
/// The names of tables and columns are stable; new columns go at the end.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast export messages > messages.tsv\n  lorecast export threads --format jsonl --from 2023-04-01 --to 2023-05-01"
)]
pub(crate) struct Export {
    /// Which table.
    #[arg(value_enum)]
    table: Table,
    /// Tab-separated with a header line, a JSON object a line, or CSV for spreadsheets: there an apostrophe stands before what
    /// they would run as a formula.
    #[arg(long, value_enum, default_value_t)]
    format: Lines,
    /// The first day (UTC).
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The day after the last (UTC).
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Table {
    Messages,
    Threads,
    Series,
    Landings,
    Subsystems,
    Ranking,
    People,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Lines {
    #[default]
    Tsv,
    Jsonl,
    Csv,
}

impl Export {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let desk = Desk::open(show, &Bars)?;
        let (table, window) = (self.table.into(), self.window()?);
        if let Lines::Csv = self.format {
            return write_csv(&desk, table, window);
        }
        let mut out = match self.format {
            Lines::Jsonl => out::json_lines(),
            _ => out::stdout(),
        };
        if let Lines::Tsv = self.format {
            writeln!(out, "{}", lorecast_desk::Table::columns(table).join("\t"))?;
        }
        desk.export(table, window, &mut |cells| -> anyhow::Result<()> {
            match self.format {
                Lines::Jsonl => write_json(&mut out, table, cells),
                _ => write_tsv(&mut out, &cells),
            }
        })?;
        out.flush()?;
        Ok(Exit::Done)
    }

    /// The days asked for; `--to` is the day after the last.
    fn window(&self) -> anyhow::Result<Option<Window>> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(None);
        }
        let from = self.from.unwrap_or(Date::MIN);
        let to = self.to.map_or(Date::MAX, |day| day.saturating_sub(1.day()));
        anyhow::ensure!(from <= to, "no days to export: `--to` must be later than `--from`");
        Ok(Some(Window { from, to }))
    }
}

impl From<Table> for lorecast_desk::Table {
    fn from(table: Table) -> Self {
        match table {
            Table::Messages => Self::Messages,
            Table::Threads => Self::Threads,
            Table::Series => Self::Series,
            Table::Landings => Self::Landings,
            Table::Subsystems => Self::Subsystems,
            Table::Ranking => Self::Ranking,
            Table::People => Self::People,
        }
    }
}

fn write_tsv(out: &mut impl Write, cells: &[Cell]) -> anyhow::Result<()> {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.write_all(b"\t")?;
        }
        match cell {
            Cell::Text(text) => out.write_all(text.replace(['\t', '\n', '\r'], " ").as_bytes())?,
            Cell::Count(n) => write!(out, "{n}")?,
            Cell::Score(score) => write!(out, "{score:.3}")?,
        }
    }
    Ok(out.write_all(b"\n")?)
}

/// RFC 4180.
fn write_csv(
    desk: &Desk<'_>,
    table: lorecast_desk::Table,
    window: Option<Window>,
) -> anyhow::Result<Exit> {
    let mut out = csv::Writer::from_writer(out::stdout());
    out.write_record(table.columns())?;
    desk.export(table, window, &mut |cells| -> anyhow::Result<()> {
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Text(text) => tables::spelt(&text),
            Cell::Count(n) => n.to_string(),
            Cell::Score(score) => format!("{score:.3}"),
        });
        Ok(out.write_record(cells)?)
    })?;
    out.flush()?;
    Ok(Exit::Done)
}

fn write_json(
    out: &mut impl Write,
    table: lorecast_desk::Table,
    cells: Vec<Cell>,
) -> anyhow::Result<()> {
    let values = cells.into_iter().map(|cell| match cell {
        Cell::Text(text) => Value::from(text),
        Cell::Count(n) => Value::from(n),
        Cell::Score(score) => Value::from(score),
    });
    let names = table.columns().iter().map(|name| (*name).to_owned());
    serde_json::to_writer(&mut *out, &names.zip(values).collect::<Map<_, _>>())?;
    Ok(out.write_all(b"\n")?)
}
