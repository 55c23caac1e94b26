//! What an episode says, and when.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Seconds, clock};

/// The sentences of a script, placed in the voice that reads them; kept as `alignment.json` beside the
/// sound.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The headings of the script, in order; each sentence names the one that it stands below.
    pub headings: Vec<Heading>,
    /// What is said, in order of time.
    pub sentences: Vec<Sentence>,
    /// Where the voice left the script, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<Deviation>,
    /// How much of the script's words was heard, from 0 to 1.
    pub heard: f32,
}

/// A heading of the script: a mark for the eye, which is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Its text; empty for what stands before all headings.
    pub title: String,
    /// Its level, from 1.
    pub level: u8,
}

/// A sentence that is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// When it begins.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// Who says it; empty when nobody is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub speaker: String,
    /// Its words, as a listener reads them: `4.11-rc8`, where the script says "four point eleven R C
    /// eight".
    pub text: String,
    /// How many words the script has for it; those of `text` when it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoken: Option<usize>,
    /// The number of its heading in [`Transcript::headings`], from 0.
    pub heading: usize,
    /// The number of its paragraph in the script, from 0.
    pub paragraph: usize,
    /// How sure its times are, from 0 to 1; a time that was set by hand has 1.
    pub confidence: f32,
    /// Its words with their times, those that were heard clearly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<TimedWord>,
}

impl Sentence {
    /// How many words its reader says: what a pace is made of.
    pub fn spoken_words(&self) -> usize {
        let words = || self.text.split_whitespace();
        let count = || words().filter(|word| word.contains(char::is_alphanumeric)).count();
        self.spoken.unwrap_or_else(count)
    }
}

/// A word of a sentence in the voice, or a few that are said as one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimedWord {
    /// When it begins.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// As the sentence has it, with its punctuation.
    pub text: String,
    /// Where it begins in [`Sentence::text`], in bytes.
    pub at: usize,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
}

/// A passage where the voice left the script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// How.
    pub kind: DeviationKind,
    /// When it begins; of what was skipped, when it should have been said.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// The sentence of the script that it belongs to; of what was inserted, the last one before it.
    pub text: String,
}

/// How a voice leaves its script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviationKind {
    /// A sentence of the script was not said.
    Skipped,
    /// A sentence was said, and once more later: the later one counts.
    Repeated,
    /// The beginning of a sentence that was then begun again, or given up.
    FalseStart,
    /// Something was said that the script does not have.
    Inserted,
    /// Something else was said in place of words of the script.
    Otherwise,
}

impl fmt::Display for DeviationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Skipped => "not said",
            Self::Repeated => "said twice",
            Self::FalseStart => "begun and not ended",
            Self::Inserted => "not in the script",
            Self::Otherwise => "said otherwise",
        })
    }
}

/// A sentence whose time a person set: one entry of `anchors:` in `episode.yaml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// How the sentence begins in the script: enough of its words to find it.
    pub sentence: String,
    /// When it begins in the master: seconds, or `12:34.5`.
    #[serde(with = "clock")]
    pub at: Seconds,
}
