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
    /// How much it matters.
    pub severity: Severity,
    /// The stable name of the rule, such as `enclosure-length`.
    pub rule: String,
    /// What is wrong, in plain words.
    pub message: String,
    /// The next step.
    pub hint: String,
}
