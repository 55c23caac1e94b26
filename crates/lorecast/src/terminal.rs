//! Talk on stderr: progress, errors, hints. Readable without colour.

use std::io::Write;
use std::time::Duration;

use console::style;
use indicatif::{ProgressBar, ProgressStyle};
use lorecast_desk::{Progress, Task, Unit};

/// Says something on stderr. Nobody listening is no error.
pub(crate) fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Says something that the user may want to do something about.
pub(crate) fn note(line: &str) {
    say(&format!("{} {line}", style("note:").for_stderr().cyan().bold()));
}

/// Shows an error and what caused it; a cause that the error quotes already is not repeated.
pub(crate) fn show_error(error: &anyhow::Error) {
    let mut shown = error.to_string();
    say(&format!("{} {shown}", style("error:").for_stderr().red().bold()));
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !shown.contains(&cause) {
            say(&format!("  caused by: {cause}"));
            shown = cause;
        }
    }
}

/// Warnings always, more with `-v`, everything with `-vv` or as `RUST_LOG` says.
pub(crate) fn start_log(verbose: u8) {
    use tracing_subscriber::EnvFilter;
    let level = ["warn", "info", "debug"][usize::from(verbose.min(2))];
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(console::colors_enabled_stderr())
        .with_target(false)
        .without_time()
        .init();
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
        let bar = ProgressBar::new(total).with_style(look).with_message(what.to_owned());
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
