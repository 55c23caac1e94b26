//! Who is one person: addresses and spellings are tied where a rule says why.
//!
//! What the producer says comes first (decisions, `people.yaml`), then the mailmap, then rules. Rules
//! tie equal full names; between the addresses of two organisations that are in use at the same time
//! they never do, but ask. The result does not depend on the order of what comes in.

mod guises;
mod organisations;
mod pair;
mod persons;
mod rules;
mod slugs;
mod sure;
mod ties;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use lorecast_model::{Decision, Employers, Mailbox, Pending, Person, PersonId, Sighting};
use rustc_hash::FxHashMap;

use crate::addresses::Address;
use crate::mailmap::Mailmap;
use crate::names::FullName;

/// What is known beside the mails.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The entries of `people.yaml`.
    pub people: &'a [Person],
    /// The mailmap of a tree.
    pub mailmap: &'a Mailmap,
    /// What the producer decided, the last word at the end. An address may be written
    /// `Name <address>` where two people share it.
    pub decisions: &'a [Decision],
    /// `employers.yaml`: two domains of one employer are one organisation.
    pub employers: &'a Employers,
}

/// Everybody behind some mails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// All persons, in the order of their ids.
    pub persons: Vec<Somebody>,
    /// Pairs that may be one person and wait for the producer.
    pub pending: Vec<Pending>,
    /// What contradicts itself in what the producer wrote.
    pub conflicts: Vec<Conflict>,
    /// Which addresses were taken for one person's, and why.
    pub merges: Vec<Merge>,
    /// By the address without a tag, in lower case: who writes from it, under which names.
    addresses: FxHashMap<String, Vec<Owner>>,
    ids: BTreeMap<PersonId, usize>,
}

/// A person as the mails and everything else make them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// The name within the show.
    pub id: PersonId,
    /// The name to show, all spellings and addresses, and what `people.yaml` says.
    /// [`effective`](crate::effective) applies the person's own word.
    pub person: Person,
    /// Whether it is a program.
    pub robot: bool,
    /// How many mails.
    pub mails: u64,
    /// The date of the first and of the last; nothing for somebody of `people.yaml` without mails.
    pub active: Option<(Timestamp, Timestamp)>,
    /// The addresses, in lower case, that are theirs beyond doubt: whoever holds one may speak for
    /// them. With an entry those that it lists, and what a decision or the mailmap ties to them; else
    /// the address that alone makes the person, and nothing as soon as a rule tied another to it:
    /// anybody can write a name into a mail. Never one that several people write from, and never one
    /// without the tag that its mails have.
    pub sure: Vec<String>,
    /// Which entry of `people.yaml` it is, from 0.
    pub entry: Option<usize>,
}

/// Two addresses were taken for one person's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// The one.
    pub one: Mailbox,
    /// The other.
    pub other: Mailbox,
    /// Why.
    pub reason: Reason,
}

/// Why two addresses are one person's, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The producer decided so.
    Decision,
    /// An entry of `people.yaml` has both.
    Entry,
    /// The mailmap maps both to one.
    Mailmap,
    /// Equal names, and addresses alike beyond what the name explains.
    Likeness,
    /// Equal names at one organisation, which may have several domains.
    Organisation,
    /// Equal names, the addresses in use one after the other.
    Moved,
    /// Equal names, one address with a provider, a community or a domain of one's own.
    Private,
}

/// What the producer has to settle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// Two entries of `people.yaml` claim one address; neither gets it.
    Claimed {
        /// The address.
        email: String,
        /// The names of both.
        by: [String; 2],
    },
    /// An entry without addresses, whose name several people bear.
    Ambiguous {
        /// The name.
        name: String,
        /// An address of each.
        emails: Vec<String>,
    },
    /// A decision splits what something else ties; the decision holds.
    Split {
        /// An address.
        one: String,
        /// Another.
        other: String,
        /// What ties them.
        by: Reason,
    },
}

/// Who writes from an address, under which names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    /// The words of each name; nothing for mails without one.
    names: Vec<Option<Vec<String>>>,
    person: usize,
}

/// Makes persons of what mails show.
pub fn identify(sightings: &[Sighting], known: &Known<'_>) -> People {
    let guises = guises::collect(sightings, known);
    let mut ties = ties::Ties::new(guises);
    ties::tie_known(&mut ties, known);
    let sure = ties.roots();
    let pending = rules::apply(&mut ties, known);
    ties::tie_named_entries(&mut ties, known);
    persons::assemble(ties, &sure, pending, known)
}

impl People {
    /// Who it is; nothing for an address that no mail came from and no entry has.
    pub fn of(&self, who: &Mailbox) -> Option<&Somebody> {
        let owners = self.addresses.get(&Address::read(&who.email)?.key)?;
        let index = match owners.as_slice() {
            [only] => only.person,
            [first, ..] => {
                let name = FullName::read(&who.name);
                let words = name.map(|name| name.words);
                let fits = |owner: &&Owner| owner.names.contains(&words);
                owners.iter().find(fits).unwrap_or(first).person
            }
            [] => return None,
        };
        self.persons.get(index)
    }

    /// Who holds an address: a person rather than the program that sends from there too, and of several
    /// the one with most mails.
    pub fn at(&self, email: &str) -> Option<&Somebody> {
        let owners = self.addresses.get(&Address::read(email)?.key)?;
        self.persons.get(owners.first()?.person)
    }

    /// All of them, programs too, in no order that means anything.
    pub fn all(&self) -> &[Somebody] {
        &self.persons
    }

    /// The person of that id.
    pub fn get(&self, id: &PersonId) -> Option<&Somebody> {
        self.persons.get(*self.ids.get(id)?)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decision => "the producer said so",
            Self::Entry => "one entry of people.yaml",
            Self::Mailmap => "the mailmap",
            Self::Likeness => "equal names and addresses alike",
            Self::Organisation => "equal names at one organisation",
            Self::Moved => "equal names, one address after the other",
            Self::Private => "equal names, one address private or of a community",
        })
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claimed { email, by: [one, other] } => {
                write!(f, "`{email}` is claimed by `{one}` and by `{other}` in people.yaml")
            }
            Self::Ambiguous { name, emails } => {
                write!(f, "`{name}` of people.yaml may be {}: give an address", emails.join(" or "))
            }
            Self::Split { one, other, by } => {
                write!(f, "`{one}` and `{other}` were split by a decision, but: {by}")
            }
        }
    }
}
