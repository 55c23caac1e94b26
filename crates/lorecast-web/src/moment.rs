//! When something happened, for people and for programs.

use jiff::Timestamp;
use serde::Serialize;

/// A moment, UTC.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Moment {
    /// As a person reads it: `2023-04-10 12:00`.
    text: String,
    /// As RFC 3339 has it.
    machine: String,
}

impl Moment {
    /// As a person reads it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        let machine = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { text: machine.get(..16).unwrap_or_default().replace('T', " "), machine }
    }
}
