//! One mail, as far as the project needs it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ListId, MessageId, Writer};

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

/// What is wrong with, or odd about, a mail, under a stable name. A defect never keeps a mail out.
///
/// The order is the order of the bits in a store: only ever append.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Defect {
    /// No Message-ID, or one that cannot be kept; an id was derived from the content.
    MissingId,
    /// No Date, or one that cannot be read; the archive's own time stands in.
    BadDate,
    /// The Date is a day or more off the archive's own time, which stands in: 1970, 2038 and typing
    /// errors too.
    DateOff,
    /// No usable From.
    MissingFrom,
    /// No Subject.
    MissingSubject,
    /// The charset of the text or of a header is unknown, or bytes are invalid in it; U+FFFD stands
    /// in.
    Charset,
    /// A quoted-printable or base64 part is damaged; what could be decoded is kept.
    Encoding,
    /// The MIME structure is broken, has no end, is too deep or has too many parts; what lies beyond
    /// is raw text or left out.
    Structure,
    /// The mail or one of its headers was cut to the size limit, or has too many headers.
    TooLarge,
    /// The reader could not find any header: this may not be a mail at all.
    NotMail,
    /// The time zone of the Date is none on Earth: beyond -1200 and +1400, or with more than 59
    /// minutes (RFC 5322 section 3.3). The local time counts as UTC.
    BadZone,
    /// 8-bit text that names no charset, or ASCII (RFC 2045 section 5.2): read as UTF-8, else as
    /// windows-1252.
    NoCharset,
    /// No Content-Type field: plain ASCII text (RFC 2045 section 5.2).
    NoContentType,
    /// An In-Reply-To without any References.
    NoReferences,
    /// An In-Reply-To that is not one `<id>`: free text or several ids (RFC 5322 section 3.6.4).
    OddReply,
    /// References without a single id.
    NoIds,
    /// No To and no Cc, or only `undisclosed-recipients:;`.
    NoRecipients,
    /// A diff that was posted in base64 or quoted-printable (RFC 2045 section 6).
    EncodedDiff,
    /// A diff in a text that flows (RFC 3676), or with lines that a mailer wrapped.
    FlowedDiff,
    /// A diff whose heads of hunks end in CRLF where the mail's own lines do not, or with non-breaking
    /// spaces before its code: it does not apply as it stands. Both are undone in the diff.
    WhitespaceDiff,
    /// An mbox escape, `>From ` at the start of a line outside quotations, was left behind.
    MboxEscape,
    /// The From was rewritten by a list or a relay: "Ann via the-list" and the list's address, or a
    /// Reply-To or X-Original-From with the real one.
    ViaList,
    /// A carriage return that ends no line (RFC 5322 section 2.3).
    BareCr,
    /// Text in HTML alone; it was turned to plain text.
    HtmlOnly,
    /// A whole mail is attached (message/rfc822, RFC 2046 section 5.2.1).
    NestedMail,
    /// Another mail has the same Message-ID and says something else; both are kept.
    SharedId,
}

impl Defect {
    /// All of them, in their order.
    pub const ALL: [Self; 26] = [
        Self::MissingId,
        Self::BadDate,
        Self::DateOff,
        Self::MissingFrom,
        Self::MissingSubject,
        Self::Charset,
        Self::Encoding,
        Self::Structure,
        Self::TooLarge,
        Self::NotMail,
        Self::BadZone,
        Self::NoCharset,
        Self::NoContentType,
        Self::NoReferences,
        Self::OddReply,
        Self::NoIds,
        Self::NoRecipients,
        Self::EncodedDiff,
        Self::FlowedDiff,
        Self::WhitespaceDiff,
        Self::MboxEscape,
        Self::ViaList,
        Self::BareCr,
        Self::HtmlOnly,
        Self::NestedMail,
        Self::SharedId,
    ];

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
            Self::BadZone => "bad-zone",
            Self::NoCharset => "no-charset",
            Self::NoContentType => "no-content-type",
            Self::NoReferences => "no-references",
            Self::OddReply => "odd-reply",
            Self::NoIds => "no-ids",
            Self::NoRecipients => "no-recipients",
            Self::EncodedDiff => "encoded-diff",
            Self::FlowedDiff => "flowed-diff",
            Self::WhitespaceDiff => "whitespace-diff",
            Self::MboxEscape => "mbox-escape",
            Self::ViaList => "via-list",
            Self::BareCr => "bare-cr",
            Self::HtmlOnly => "html-only",
            Self::NestedMail => "nested-mail",
            Self::SharedId => "shared-id",
        }
    }

    /// The defect of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|defect| defect.name() == name)
    }

    /// Common, legal or without consequence: counted apart, so that the others stand out.
    pub fn is_harmless(&self) -> bool {
        matches!(
            self,
            Self::NoContentType
                | Self::NoReferences
                | Self::EncodedDiff
                | Self::ViaList
                | Self::NestedMail
        )
    }
}

/// Tells mails apart that share a Message-ID: the start of a SHA-256 over what readers see of a
/// mail (subject, text, diff), so that the copies of one mail that lists deliver with other
/// headers, footers and line ends are the same.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ContentHash(pub [u8; 16]);

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// How a mail was signed. The signature itself is no part of the text; the raw mail has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// OpenPGP, as a part of its own (RFC 3156) or around the text (RFC 9580 section 7).
    Pgp,
    /// S/MIME (RFC 8551).
    Smime,
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
    /// Who wrote it: mostly the sender.
    pub writer: Writer,
    /// The main recipients (To), as written.
    pub to: Vec<Mailbox>,
    /// The other recipients (Cc), as written.
    pub cc: Vec<Mailbox>,
    /// The prose: decoded, with `\n` line ends, quotations included, the diff left out.
    pub text: String,
    /// The unified diff, from its first `diff --git` or `---` line on; empty when there is none.
    pub diff: String,
    /// The text of attached files that are text and no patches: logs, configurations, programs.
    pub attached: String,
    /// The file names of attachments, decoded (RFC 2231, RFC 2047), without folders.
    pub attachments: Vec<String>,
    /// Whether and how it was signed.
    pub signature: Option<Signature>,
    /// Tells it apart from another mail of the same id.
    pub content: ContentHash,
}
