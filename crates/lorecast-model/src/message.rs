//! One mail, as far as the project needs it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ListId, MessageId};

/// A name and an address (RFC 5322 section 3.4), decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, decoded and trimmed; empty when the mail gave none.
    pub name: String,
    /// The address, `local@domain`, with the domain in lower case; may be empty or malformed.
    pub email: String,
}

impl Mailbox {
    /// What to call this person: the name, else the part of the address before the `@`.
    pub fn called(&self) -> &str {
        if self.name.is_empty() {
            self.email.split('@').next().unwrap_or(&self.email)
        } else {
            &self.name
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name.is_empty(), self.email.is_empty()) {
            (true, _) => f.write_str(&self.email),
            (false, true) => f.write_str(&self.name),
            (false, false) => write!(f, "{} <{}>", self.name, self.email),
        }
    }
}

/// What is wrong with a mail, under a stable name. A defect never keeps a mail out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Defect {
    /// No Message-ID, or one that cannot be kept; an id was derived from the content.
    MissingId,
    /// No Date, or one that cannot be read; the archive's own time stands in.
    BadDate,
    /// The Date is a day or more off the archive's own time, which stands in.
    DateOff,
    /// No usable From.
    MissingFrom,
    /// No Subject.
    MissingSubject,
    /// The charset is unknown, or bytes are invalid in it; U+FFFD stands in.
    Charset,
    /// A quoted-printable or base64 part is damaged; what could be decoded is kept.
    Encoding,
    /// The MIME structure is broken or too deep; the raw text is kept.
    Structure,
    /// The mail was cut to the size limit.
    TooLarge,
    /// The reader could not find any header: this may not be a mail at all.
    NotMail,
}

impl Defect {
    /// The stable name, as `export` and `messages` print it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MissingId => "missing-id",
            Self::BadDate => "bad-date",
            Self::DateOff => "date-off",
            Self::MissingFrom => "missing-from",
            Self::MissingSubject => "missing-subject",
            Self::Charset => "charset",
            Self::Encoding => "encoding",
            Self::Structure => "structure",
            Self::TooLarge => "too-large",
            Self::NotMail => "not-mail",
        }
    }
}

/// What threads, series and rankings are made of: everything about a mail but its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The id, without angle brackets; derived from the content when the mail had none.
    pub id: MessageId,
    /// UTC. The Date header when within a day of the archive's own time, else that time.
    pub date: Timestamp,
    /// Who sent it.
    pub from: Mailbox,
    /// The subject, decoded, unfolded, with its `Re:` and tags.
    pub subject: String,
    /// Ancestors, oldest first, the direct parent last: References, then In-Reply-To.
    pub references: Vec<MessageId>,
    /// Every list the mail came through, sorted.
    pub lists: Vec<ListId>,
    /// What is wrong with it, sorted.
    pub defects: Vec<Defect>,
}

/// A mail with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Everything but the text.
    pub header: Header,
    /// The main recipients (To), as written.
    pub to: Vec<Mailbox>,
    /// The other recipients (Cc), as written.
    pub cc: Vec<Mailbox>,
    /// The prose: decoded, with `\n` line ends, quotations included, the diff left out.
    pub text: String,
    /// The unified diff, from its first `diff --git` or `---` line on; empty when there is none.
    pub diff: String,
}
