//! People: who is behind the addresses, whom they worked for and when, and how they are called.
//!
//! [`Person`] is both an entry of `people.yaml` and what `lorecast-people` makes of the mails: the
//! first is written by hand and overrides the second. Addresses, other spellings and former names
//! are for telling people apart and are never published.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Mailbox, MessageId, Proof};

/// Names a person within a show: the letters of the name (`ann-vogel`), with a number behind it for
/// the second and later ones of that name (`ann-vogel-2`): those of `people.yaml` in its order, then the
/// others in the order of their first mails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub String);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One person: an entry of `people.yaml`, or what was made of the mails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name as the person spells it.
    pub name: String,
    /// Other spellings that mails carry. Never published: former names are among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The addresses that the person writes from, the main one first. Never published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// How the name is said, in plain letters: `YAIR-oh GLEESS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// The same in the International Phonetic Alphabet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipa: Option<String>,
    /// A recording of the person saying it: a file below the show's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// The language of the name (RFC 5646), for whoever reads it: `pt-BR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// How to speak of the person: `she/her`. Only when given by the person or with their word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<String>,
    /// A paragraph about the person, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// Where to read more: what the link is called, and an `https:` address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
    /// Whom the person worked for, as far as a source says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub employers: Vec<Affiliation>,
    /// Whether this is a program, whatever it is called; `false` for a human who is taken for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robot: Option<bool>,
    /// What the person wrote on their own, after they proved an address: it wins over everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Box<Own>>,
}

/// A person's own entry: each field that is given replaces what anybody else says. An empty text
/// means that there is to be none; but everybody has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Own {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the name is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// The same in the International Phonetic Alphabet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipa: Option<String>,
    /// A recording of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// The language of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// How to speak of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<String>,
    /// A paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// Links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<BTreeMap<String, String>>,
    /// Employers: all of them, replacing what others say; an empty list means none is to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employers: Option<Vec<Affiliation>>,
}

/// A dated employer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affiliation {
    /// What the employer is called.
    pub employer: String,
    /// The first day, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Who says so.
    #[serde(default)]
    pub source: Vouch,
    /// The mail that shows it, for what was read from mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<MessageId>,
}

impl Affiliation {
    /// Whether it holds on that day; open ends hold for ever.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Who says whom a person works for; the most reliable first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Vouch {
    /// The person's own entry.
    Own,
    /// The producer, in `people.yaml` or `employers.yaml`.
    #[default]
    Producer,
    /// The person, behind the name of a mail: `Ann Vogel (Example)`.
    Name,
    /// The person, in the `Organization:` header of a mail (RFC 1036 section 2.2.8).
    Header,
    /// The person, in the signature below a mail.
    Signature,
    /// A map that was imported, such as gitdm's.
    Map,
    /// The domain of the address alone.
    Domain,
}

impl Vouch {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Own,
        Self::Producer,
        Self::Name,
        Self::Header,
        Self::Signature,
        Self::Map,
        Self::Domain,
    ];

    /// What a show allows unless it says otherwise: what people say of themselves, and what the
    /// producer reviewed.
    pub const REVIEWED: [Self; 5] =
        [Self::Own, Self::Producer, Self::Name, Self::Header, Self::Signature];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Producer => "producer",
            Self::Name => "name",
            Self::Header => "header",
            Self::Signature => "signature",
            Self::Map => "map",
            Self::Domain => "domain",
        }
    }
}

/// Who wrote a mail, and what the mail says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Writer {
    /// Who is behind the `From`: of a patch the author that its body names, behind a list's or a
    /// relay's rewriting the person that it hides, else the sender. The name is the person's own:
    /// without employer, `via …` or quotes, `Last, First` turned round, every letter kept.
    pub who: Mailbox,
    /// Whom the writer works for, as the mail says.
    pub declared: Option<Declared>,
    /// Whether a program sent it.
    pub robot: bool,
}

/// A writer as one or more mails show them: what persons are made of. One for each combination of
/// name, address, employer and being a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// What the mails say.
    pub writer: Writer,
    /// How many mails.
    pub mails: u64,
    /// The date of the first, UTC.
    pub first: Timestamp,
    /// The date of the last, UTC.
    pub last: Timestamp,
    /// The first; nothing for what a commit shows.
    pub proof: Option<MessageId>,
}

/// An employer that somebody names in a mail of their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Declared {
    /// As written there.
    pub employer: String,
    /// Where: [`Vouch::Name`], [`Vouch::Header`] or [`Vouch::Signature`].
    pub by: Vouch,
}

/// `employers.yaml`: whom people work for, as the producer knows it from them. Only what people say
/// of themselves belongs there: an address at a company is a fair source, a guess is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Employers {
    /// The domain of an address, in lower case, and what to call the employer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub domains: BTreeMap<String, String>,
    /// Single people: an address, and whom its owner worked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<String, Vec<Affiliation>>,
    /// Other spellings of an employer, and the one to use: `Red Hat, Inc.: Red Hat`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// Domains that are no employer, beside those that we know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communities: Vec<String>,
    /// Maps of gitdm to import, relative to the show: a file, or a configuration that names files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maps: Vec<String>,
}

impl Employers {
    /// The employer of an address: that of its domain, else of the domains above it.
    pub fn of(&self, email: &str) -> Option<&str> {
        let mut domain = email.rsplit_once('@')?.1;
        loop {
            if let Some(employer) = self.domains.get(&domain.to_lowercase()) {
                return Some(employer);
            }
            domain = domain.split_once('.')?.1;
        }
    }
}

/// Two persons that may be one: the names are equal, but too little else is. It waits for the
/// producer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// An address of the one.
    pub one: Mailbox,
    /// An address of the other.
    pub other: Mailbox,
    /// Why they may be one, and why that was not enough, in words.
    pub why: String,
}

/// What the producer said of two addresses; kept in `merges.yaml`, in order. The last word counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// An address.
    pub one: String,
    /// Another.
    pub other: String,
    /// Whether both are one person's.
    pub same: bool,
    /// The day of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// What somebody did for a change: one row of a credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Wrote it.
    Wrote,
    /// Reviewed it.
    Reviewed,
    /// Acknowledged it.
    Acked,
    /// Tested it.
    Tested,
    /// Reported what it mends.
    Reported,
    /// Suggested it.
    Suggested,
    /// Committed it.
    Committed,
}

impl Part {
    /// All of them, in the order of a table's columns.
    pub const ALL: [Self; 7] = [
        Self::Wrote,
        Self::Reviewed,
        Self::Acked,
        Self::Tested,
        Self::Reported,
        Self::Suggested,
        Self::Committed,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wrote => "wrote",
            Self::Reviewed => "reviewed",
            Self::Acked => "acked",
            Self::Tested => "tested",
            Self::Reported => "reported",
            Self::Suggested => "suggested",
            Self::Committed => "committed",
        }
    }

    /// What a trailer says that its person did; the key in lower case. `Signed-off-by` says only
    /// through whose hands a change went (Documentation/process/submitting-patches.rst).
    pub fn of_trailer(key: &str) -> Option<Self> {
        match key {
            "co-developed-by" | "co-authored-by" => Some(Self::Wrote),
            "reviewed-by" => Some(Self::Reviewed),
            "acked-by" => Some(Self::Acked),
            "tested-by" => Some(Self::Tested),
            "reported-by" => Some(Self::Reported),
            "suggested-by" => Some(Self::Suggested),
            "reported-and-tested-by" => Some(Self::Tested),
            _ => None,
        }
    }
}

/// Somebody's part in one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Who, as the mail or commit spells it.
    pub who: Mailbox,
    /// What they did.
    pub part: Part,
    /// The change: the commit, or the mail that posted it.
    pub change: Proof,
    /// When, UTC.
    pub date: Timestamp,
}
