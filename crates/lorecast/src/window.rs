//! The days a command is about, as people say them.

use anyhow::bail;
use clap::Args;
use jiff::civil::Date;
use lorecast_desk::Desk;
use lorecast_model::{EpisodeId, Window};

/// The options that say which days; exactly one way of saying it.
#[derive(Debug, Args)]
pub(crate) struct Days {
    /// The last of seven days.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"])]
    week: Option<EpisodeId>,
    /// The first day; with `--to`, for a merge window or any other span.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day, included.
    #[arg(long, value_name = "DATE")]
    to: Option<EpisodeId>,
}

impl Days {
    /// Whether none was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.week.is_none() && self.from.is_none() && self.to.is_none()
    }

    /// The days, when they were given whole.
    pub(crate) fn window(&self) -> anyhow::Result<Window> {
        let window = match (self.week, self.from, self.to) {
            (Some(last), ..) => Window::week_ending(last),
            (None, Some(from), Some(to)) => Window { from, to: to.0 },
            _ => bail!("say which days: `--week DATE` (its last day), or `--from DATE --to DATE`"),
        };
        checked(window)
    }

    /// The same, or the days since the last episode: until `--to`, else until the newest mail.
    pub(crate) fn window_or_since_last(
        &self,
        since_last: bool,
        desk: &Desk<'_>,
    ) -> anyhow::Result<Window> {
        if !since_last {
            return self.window();
        }
        checked(desk.since_last(self.to)?)
    }
}

fn checked(window: Window) -> anyhow::Result<Window> {
    if window.from > window.to {
        bail!("the days end before they begin: {} is after {}", window.from, window.to);
    }
    Ok(window)
}
