//! Newtypes for everything that is named by a string, so that none crosses a crate bare.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A Message-ID without its angle brackets (RFC 5322 section 3.6.4), at most [`MessageId::MAX`]
/// bytes, free of white space and control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

impl MessageId {
    /// The longest id that is kept, in bytes: RFC 5322 lines end at 998.
    pub const MAX: usize = 998;

    /// Reads an id with or without angle brackets.
    ///
    /// # Errors
    /// When nothing is left, the id is too long, or it holds white space or control characters.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        let id = text.trim().trim_start_matches('<').trim_end_matches('>');
        let ok = !id.is_empty()
            && id.len() <= Self::MAX
            && !id.chars().any(|c| c.is_whitespace() || c.is_control());
        if ok { Ok(Self(id.to_owned())) } else { Err(InvalidId::new("message-id", text)) }
    }

    /// The id without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where lore.kernel.org shows this message, whatever list it came through.
    pub fn lore_url(&self) -> String {
        format!("https://lore.kernel.org/r/{}/", self.in_path())
    }

    /// The id as part of a URL's path: `/` is escaped as public-inbox does; other characters follow
    /// RFC 3986 section 3.3.
    pub fn in_path(&self) -> String {
        let mut url = String::new();
        for byte in self.0.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => url.push(byte as char),
                b'-' | b'.' | b'_' | b'~' | b'@' | b'+' | b'=' | b'$' | b'!' | b'*' | b',' => {
                    url.push(byte as char);
                }
                other => url.push_str(&format!("%{other:02X}")),
            }
        }
        url
    }
}

/// The List-Id of a mailing list (RFC 2919), such as `linux-pci.vger.kernel.org`; lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ListId(String);

impl ListId {
    /// Reads an id such as `linux-pci.vger.kernel.org`.
    ///
    /// # Errors
    /// When it is empty, over 255 bytes, or holds anything but letters, digits, `.`, `-`, `_`, `+`.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        let id = text.trim().to_ascii_lowercase();
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
        if id.is_empty() || id.len() > 255 || !id.chars().all(fits) {
            return Err(InvalidId::new("list id", text));
        }
        Ok(Self(id))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name people use: `linux-pci` of `linux-pci.vger.kernel.org`.
    pub fn short(&self) -> &str {
        self.0.split('.').next().unwrap_or(&self.0)
    }
}

/// A git object name: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommitId(String);

impl CommitId {
    /// Reads a full object name.
    ///
    /// # Errors
    /// When it is not 40 or 64 hex digits.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        let hex = text.trim().to_ascii_lowercase();
        let full = matches!(hex.len(), 40 | 64) && hex.bytes().all(|b| b.is_ascii_hexdigit());
        if full { Ok(Self(hex)) } else { Err(InvalidId::new("commit id", text)) }
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A git object that holds a mail, as 20 bytes of SHA-1: where an archive keeps the raw bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(pub [u8; 20]);

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Names what a diff changes, whatever its line numbers and white space: what
/// `git patch-id --stable` prints (git-patch-id(1)), 20 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatchId(pub [u8; 20]);

impl fmt::Display for PatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Names one piece of work across its revisions: the id of the root message of the earliest
/// revision known. Derived, so it changes when an earlier revision is read later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeriesId(pub MessageId);

impl fmt::Display for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names an episode: the last day of its window, `2023-04-16`, which is also its folder and its
/// place in URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EpisodeId(pub jiff::civil::Date);

impl EpisodeId {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// When the text is not a date of the calendar.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        text.trim().parse().map(Self).map_err(|_| InvalidId::new("date (YYYY-MM-DD)", text))
    }
}

impl fmt::Display for EpisodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EpisodeId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::new(text)
    }
}

/// The permanent name of a published episode (RSS 2.0 `guid`); never changes once published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Guid(pub String);

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A string that is not the id it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a valid {what}")]
pub struct InvalidId {
    what: &'static str,
    text: String,
}

impl InvalidId {
    fn new(what: &'static str, text: &str) -> Self {
        Self { what, text: text.chars().take(80).collect() }
    }
}

/// What the string newtypes share: reading, writing and turning into `String` for serde.
macro_rules! string_id {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(&text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}
string_id!(MessageId);
string_id!(ListId);
string_id!(CommitId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ids_lose_their_brackets_and_refuse_spaces() {
        assert_eq!(MessageId::new(" <a@b> ").unwrap().as_str(), "a@b");
        for bad in ["", "<>", "a b@c", "a\u{7}@b", &"x".repeat(999)] {
            assert!(MessageId::new(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn lore_urls_escape_what_a_path_cannot_hold() {
        let url = MessageId::new("a/b%c@d+e=f").unwrap().lore_url();
        assert_eq!(url, "https://lore.kernel.org/r/a%2Fb%25c@d+e=f/");
    }

    #[test]
    fn lists_have_a_short_name() {
        assert_eq!(ListId::new("Linux-PCI.vger.kernel.org").unwrap().short(), "linux-pci");
        assert!(ListId::new("<script>").is_err());
    }
}
