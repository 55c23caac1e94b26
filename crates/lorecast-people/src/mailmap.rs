//! A `.mailmap`: which name and address to use for those in a history, as gitmailmap(5) has it.
//!
//! It reads what git reads: addresses and names are looked up without regard to the case of ASCII
//! letters, a later line wins, and a line with the name of the history counts only for that name.

use std::collections::BTreeMap;

use lorecast_model::Mailbox;

use crate::Complaint;
use crate::decoded::decoded;

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 4096;
/// The most mappings that are kept.
const MAX_MAPPINGS: usize = 200_000;
/// The most complaints about one file.
const MAX_COMPLAINTS: usize = 1000;

/// The mappings of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailmap {
    /// By the address of the history, in lower case.
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    /// For every name.
    any: Proper,
    /// For one name of the history, in lower case.
    named: BTreeMap<String, Proper>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Proper {
    name: Option<String>,
    email: Option<String>,
}

/// One line: `Proper Name <proper@email> Commit Name <commit@email>`, where all but one address may
/// be missing.
struct Line<'a> {
    name: Option<&'a str>,
    email: &'a str,
    /// The name and the address of the history.
    old: Option<(Option<&'a str>, &'a str)>,
}

impl Mailmap {
    /// Reads a file, UTF-8 or (line by line) Latin-1. Lines that git skips without a word are named,
    /// but for blank lines and comments.
    pub fn read(bytes: &[u8]) -> (Self, Vec<Complaint>) {
        let mut map = Self::default();
        let mut complaints = Vec::new();
        let mut mappings = 0;
        for (number, raw) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let why = if raw.len() > MAX_LINE {
                Some(format!("longer than {MAX_LINE} bytes"))
            } else if mappings == MAX_MAPPINGS && !raw.is_empty() {
                Some(format!("more than {MAX_MAPPINGS} lines"))
            } else {
                match map.take(&decoded(raw)) {
                    Ok(taken) => {
                        mappings += usize::from(taken);
                        None
                    }
                    Err(why) => Some(why.to_owned()),
                }
            };
            if let Some(why) = why.filter(|_| complaints.len() < MAX_COMPLAINTS) {
                complaints.push(Complaint { file: None, line: number + 1, why });
            }
        }
        (map, complaints)
    }

    /// Whom to take for that mailbox; nothing when the file does not know it.
    pub fn proper(&self, who: &Mailbox) -> Option<Mailbox> {
        let entry = self.entries.get(&who.email.to_ascii_lowercase())?;
        let proper = entry.named.get(&who.name.to_ascii_lowercase()).unwrap_or(&entry.any);
        if proper.name.is_none() && proper.email.is_none() {
            return None;
        }
        Some(Mailbox {
            name: proper.name.clone().unwrap_or_else(|| who.name.clone()),
            email: proper.email.clone().unwrap_or_else(|| who.email.clone()),
        })
    }

    /// How many addresses it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keeps what a line says; false for a line that says nothing on purpose.
    fn take(&mut self, text: &str) -> Result<bool, &'static str> {
        if text.starts_with('#') || text.trim().is_empty() {
            return Ok(false);
        }
        let line = parse(text)?;
        let proper = |email: Option<&str>| Proper {
            name: line.name.map(str::to_owned),
            email: email.map(str::to_owned),
        };
        let Some((old_name, old_email)) = line.old else {
            let entry = self.entries.entry(line.email.to_ascii_lowercase()).or_default();
            entry.any.replace(proper(None));
            return Ok(true);
        };
        let entry = self.entries.entry(old_email.to_ascii_lowercase()).or_default();
        match old_name {
            None => entry.any.replace(proper(Some(line.email))),
            Some(name) => {
                entry.named.insert(name.to_ascii_lowercase(), proper(Some(line.email)));
            }
        }
        Ok(true)
    }
}

impl Proper {
    /// A later line replaces what it gives, and leaves the rest.
    fn replace(&mut self, later: Self) {
        self.name = later.name.or(self.name.take());
        self.email = later.email.or(self.email.take());
    }
}

fn parse(text: &str) -> Result<Line<'_>, &'static str> {
    let (name, email, rest) = mailbox(text).ok_or("no address between `<` and `>`")?;
    if email.is_empty() {
        return Err("the first address is empty");
    }
    let old = mailbox(rest).map(|(name, email, _)| (name, email));
    if name.is_none() && old.is_none() {
        return Err("one address alone maps nothing");
    }
    Ok(Line { name, email, old })
}

/// The name, the address behind it, and what follows.
fn mailbox(text: &str) -> Option<(Option<&str>, &str, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (email, rest) = rest.split_once('>')?;
    let name = name.trim_matches([' ', '\t', '\n', '\r']);
    Some((Some(name).filter(|name| !name.is_empty()), email, rest))
}
