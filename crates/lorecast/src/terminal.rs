//! Talk on stderr: progress, errors, hints. Readable without colour.

use std::borrow::Cow;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use console::style;
use indicatif::{ProgressBar, ProgressStyle};
use lorecast_desk::{Progress, Task, Unit};

use crate::out::{self, harmless};

/// Says something on stderr. Nobody listening is no error.
pub(crate) fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Says something that the user may want to do something about.
pub(crate) fn note(line: &str) {
    say(&format!("{} {}", style("note:").for_stderr().cyan().bold(), harmless(line)));
}

/// Says what a page of messages does not show.
pub(crate) fn note_rest(shown: usize, skip: u32, limit: u32) {
    match shown {
        0 if skip == 0 => note("no message matches"),
        0 => note("no more messages match"),
        _ if shown == limit as usize => {
            let next = u64::from(skip) + u64::from(limit);
            note(&format!("there may be more: `--skip {next}` goes on"));
        }
        _ => {}
    }
}

/// Shows an error and what caused it; a cause that the error quotes already is not repeated.
pub(crate) fn show_error(error: &anyhow::Error) {
    let mut shown = harmless(&error.to_string()).into_owned();
    say(&format!("{} {shown}", style("error:").for_stderr().red().bold()));
    for cause in error.chain().skip(1).map(|cause| harmless(&cause.to_string()).into_owned()) {
        if !shown.contains(&cause) {
            say(&format!("  caused by: {cause}"));
            shown = cause;
        }
    }
}

/// Help as it is asked for, or what is wrong with the arguments.
pub(crate) fn show_usage(error: &clap::Error) -> ExitCode {
    let text = error.to_string();
    match harmless(&text) {
        // Nobody listening is no error.
        Cow::Borrowed(_) => drop(error.print()),
        // It quotes what was typed: without colours, as those are not to be escaped.
        Cow::Owned(safe) => drop(write!(std::io::stderr(), "{safe}")),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// For people, without times: service managers add them.
    #[default]
    Text,
    /// For programs: an object a line, with its time (RFC 3339, UTC).
    Json,
}

/// Warnings always, more with `-v`, everything with `-vv` or as `RUST_LOG` says; in JSON a line for each request as well.
pub(crate) fn start_log(verbose: u8, log: Log) {
    use tracing_subscriber::EnvFilter;
    let level = ["warn", "info", "debug"][usize::from(verbose.min(2))];
    let level = match log {
        Log::Text => level.to_owned(),
        Log::Json => format!("{level},{}=info", lorecast_web::REQUEST),
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_target(false);
    match log {
        Log::Text => lines.without_time().with_writer(|| Talk::new(out::harmless_line)).init(),
        Log::Json => {
            let lines =
                lines.json().flatten_event(true).with_current_span(false).with_span_list(false);
            lines.with_writer(|| Talk::new(out::harmless_json)).init();
        }
    }
}

/// A line of the log, which may name files of any kind, and stays one line whatever they are called. JSON has no other line ends.
struct Talk {
    line: Vec<u8>,
    harmless: fn(&str) -> Cow<'_, str>,
}

impl Talk {
    fn new(harmless: fn(&str) -> Cow<'_, str>) -> Self {
        Self { line: Vec::new(), harmless }
    }
}

impl Write for Talk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.line);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        // At once, so that other threads write between lines and not within.
        drop(std::io::stderr().write_all(format!("{}\n", (self.harmless)(line)).as_bytes()));
    }
}

/// Bars with an estimate of the time left on a terminal, nothing in a pipe.
pub(crate) struct Bars;

impl Progress for Bars {
    fn begin(&self, what: &str, total: u64, unit: Unit) -> Box<dyn Task> {
        let form = match unit {
            Unit::Bytes => "{msg:28} {bar:30} {bytes}/{total_bytes} {eta} left",
            Unit::Things => "{msg:28} {bar:30} {human_pos}/{human_len} {eta} left",
            Unit::Thousandths => "{msg:28} {bar:30} {percent}% {eta} left",
        };
        let look =
            ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total)
            .with_style(look)
            .with_message(harmless(what).replace('\n', " "));
        bar.enable_steady_tick(Duration::from_millis(200));
        Box::new(Bar(bar))
    }
}

/// A bar that goes away when its task is done.
struct Bar(ProgressBar);

impl Task for Bar {
    fn set(&self, done: u64) {
        self.0.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
