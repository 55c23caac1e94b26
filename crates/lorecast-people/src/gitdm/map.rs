//! What a map says of an address.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regex::Regex;

/// Addresses and domains with their employers, and addresses that stand for others.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The address that another one, or a name in its place, stands for.
    pub(super) aliases: BTreeMap<String, String>,
    /// The same by a pattern at the start of the address; the first that matches.
    pub(super) patterns: Vec<(Regex, String)>,
    /// By address or domain: the employers by the first day on which they no longer hold, the last
    /// one open.
    pub(super) employers: BTreeMap<String, Vec<(Option<Date>, String)>>,
    /// What an employer is called, by how some lines write it.
    pub(super) companies: BTreeMap<String, String>,
    /// Employers that stand for several, with their shares in percent.
    pub(super) virtuals: BTreeMap<String, Vec<(u8, String)>>,
}

/// Whom a map says somebody works for, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employed {
    /// The employers: several when the map splits the work among them, the largest share first.
    /// Empty when the map says that there is none, as `(None)` and `(Unknown)`.
    pub employers: Vec<String>,
    /// The first day, when the map gives one.
    pub from: Option<Date>,
    /// The last day, when the map gives one.
    pub until: Option<Date>,
    /// Whether the address itself is listed, not just its domain.
    pub listed: bool,
}

impl Map {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.employers.is_empty() && self.aliases.is_empty() && self.patterns.is_empty()
    }

    /// The address that stands for this one; itself when none does.
    pub fn canonical(&self, email: &str) -> String {
        let email = super::lines::address(email);
        if let Some(other) = self.aliases.get(&email) {
            return other.clone();
        }
        let found = self.patterns.iter().find(|(pattern, _)| pattern.is_match(&email));
        found.map_or(email, |(_, other)| other.clone())
    }

    /// Whom the owner of an address works for, in the order of time: by the address, else by its
    /// domain, else by the domains above that. (gitdm begins with the shortest domain, and then
    /// never reaches a longer one.)
    pub fn of(&self, email: &str) -> Vec<Employed> {
        let email = self.canonical(email);
        if let Some(listed) = self.employers.get(&email) {
            return self.dated(listed, true);
        }
        let mut domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        loop {
            if let Some(listed) = self.employers.get(domain) {
                return self.dated(listed, false);
            }
            match domain.split_once('.') {
                Some((_, above)) => domain = above,
                None => return Vec::new(),
            }
        }
    }

    fn dated(&self, spans: &[(Option<Date>, String)], listed: bool) -> Vec<Employed> {
        let mut from = None;
        let mut dated = Vec::new();
        for (end, name) in spans {
            let until = end.and_then(|end| end.yesterday().ok());
            dated.push(Employed { employers: self.behind(name), from, until, listed });
            from = *end;
        }
        dated
    }

    /// The employers behind a name of the map. What stands in parentheses names none.
    fn behind(&self, name: &str) -> Vec<String> {
        let called = |name: &str| self.companies.get(name).map_or(name, String::as_str).to_owned();
        let real = |name: &String| !(name.starts_with('(') && name.ends_with(')'));
        let name = called(name);
        let split = self.virtuals.get(&name).filter(|shares| !shares.is_empty());
        match split {
            Some(shares) => shares.iter().map(|(_, name)| called(name)).filter(real).collect(),
            None => Some(name).filter(real).into_iter().collect(),
        }
    }
}
