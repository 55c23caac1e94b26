//! Data on stdout.

use std::borrow::Cow;
use std::io::{BufWriter, StdoutLock, Write};

use clap::ValueEnum;
use serde::Serialize;

/// How a command prints data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
}

/// Buffered stdout for text, which does no harm on a terminal.
pub(crate) fn stdout() -> Harmless {
    Harmless { out: bytes(), escape: spelt }
}

/// Buffered stdout for JSON, which does no harm on a terminal either.
pub(crate) fn json_lines() -> Harmless {
    Harmless { out: bytes(), escape: spelt_in_json }
}

/// Buffered stdout for raw mail, as it came.
pub(crate) fn bytes() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(std::io::stdout().lock())
}

/// Prints a value as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = json_lines();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// A line of a log: as [`harmless`], and what would begin another line is written out as well.
pub(crate) fn harmless_line(line: &str) -> Cow<'_, str> {
    match harmless(line) {
        safe if safe.contains(ends_line) => Cow::Owned(
            safe.replace('\n', "\\n")
                .replace('\u{2028}', "\\u{2028}")
                .replace('\u{2029}', "\\u{2029}"),
        ),
        safe => safe,
    }
}

/// Text in which what a terminal would obey is written out: `\u{1b}` for ESC.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    written_out(text, spelt)
}

/// The same in JSON, which stays JSON.
pub(crate) fn harmless_json(text: &str) -> Cow<'_, str> {
    written_out(text, spelt_in_json)
}

fn written_out(text: &str, escape: fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_obeyed(c) { safe.push_str(&escape(c)) } else { safe.push(c) }
    }
    Cow::Owned(safe)
}

fn spelt(c: char) -> String {
    c.escape_unicode().to_string()
}

fn spelt_in_json(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

/// Control characters but line ends and tabs, and those that turn the direction of writing (Unicode
/// UAX #9).
fn is_obeyed(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What ends a line for whoever reads a log (Unicode UAX #14, class BK); others are controls.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{2028}' | '\u{2029}')
}

/// Writes out what a terminal would obey. Mails are cleaned when they are read, but not what else
/// comes from outside: names of files, what is asked for, the direction of a text.
pub(crate) struct Harmless {
    out: BufWriter<StdoutLock<'static>>,
    escape: fn(char) -> String,
}

impl Write for Harmless {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Whoever formats text hands it over in whole characters.
        let text = String::from_utf8_lossy(bytes);
        self.out.write_all(written_out(&text, self.escape).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Whether an error only means that nobody reads any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |kind| kind == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| broken(e.kind()))
            || cause
                .downcast_ref::<serde_json::Error>()
                .and_then(serde_json::Error::io_error_kind)
                .is_some_and(broken)
    })
}

/// A count with its noun: `1 story`, `2 stories`.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
