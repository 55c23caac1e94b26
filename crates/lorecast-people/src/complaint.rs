//! What is wrong with a file that came from elsewhere.

use std::fmt;

/// A line of a mailmap or of a map of gitdm that was skipped, or cannot mean what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The file, as a configuration of gitdm names it; nothing when only one file was read.
    pub file: Option<String>,
    /// The line, from 1; 0 when it is about the file.
    pub line: usize,
    /// What is wrong, in words.
    pub why: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}:{}: {}", self.line, self.why),
            None => write!(f, "line {}: {}", self.line, self.why),
        }
    }
}
