//! What a check or a lint has to say.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; clients cope.
    Warning,
    /// Some clients or listeners will suffer: exit code 1.
    Error,
}

/// One thing that is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The file, or the file and line `feed.xml:12`, or a message-id.
    pub place: String,
    /// Where in the file, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none", flatten)]
    pub at: Option<Spot>,
    /// How much it matters.
    pub severity: Severity,
    /// The stable name of the rule, such as `enclosure-length`.
    pub rule: String,
    /// What is wrong, in plain words.
    pub message: String,
    /// The next step.
    pub hint: String,
    /// What to write instead, when that is certain enough to be done by a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}

/// A replacement in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fix {
    /// Where the words begin that it replaces, in bytes.
    pub from: usize,
    /// Where they end, in bytes (exclusive).
    pub to: usize,
    /// What stands there afterwards.
    pub text: String,
}
