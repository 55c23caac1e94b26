//! Mail addresses as they are compared, and what they say of their owners.

use rustc_hash::FxHashSet;

use crate::employers::domains::is_community;
use crate::names::FullName;

/// The shortest local part that says something of its owner, in characters.
const TELLING: usize = 3;
/// The shortest part that two local parts may have in common.
const COMMON: usize = 5;
/// The longest local part that may be put together of beginnings, in bytes: trying out all cuts of a
/// longer one would take too long.
const MAX_ABBREVIATION: usize = 32;
/// So many letters at the beginning of a word are as good as the word.
const BEGINNING: usize = 4;
/// Names with more words than this make no local part.
const MAX_WORDS: usize = 4;

/// Local parts that belong to an office, a program or a list, and never to one person.
const ROLES: [&str; 19] = [
    "abuse",
    "admin",
    "automailer",
    "bounce",
    "bounces",
    "bugs",
    "bugzilla",
    "bugzilladaemon",
    "daemon",
    "devnull",
    "donotreply",
    "hostmaster",
    "mailerdaemon",
    "nobody",
    "noreply",
    "notifications",
    "patches",
    "postmaster",
    "webmaster",
];

/// Local parts that people choose at a domain of their own, whatever their name.
const GENERIC: [&str; 25] = [
    "bugreport",
    "code",
    "contrib",
    "dev",
    "devel",
    "email",
    "foss",
    "git",
    "github",
    "hello",
    "kernel",
    "linux",
    "linuxkernel",
    "list",
    "lists",
    "lkml",
    "mail",
    "mailinglist",
    "me",
    "opensource",
    "oss",
    "post",
    "public",
    "spam",
    "upstream",
];

/// Local parts that firms choose; one person may sit behind them.
const BUSINESS: [&str; 6] = ["contact", "help", "info", "office", "sales", "support"];

/// Domains whose addresses a community gives to people whom it knows, and to nobody for an hour.
const VOUCHED: [&str; 9] = [
    "archlinux.org",
    "debian.org",
    "freebsd.org",
    "gentoo.org",
    "infradead.org",
    "kernel.org",
    "linux.dev",
    "netfilter.org",
    "samba.org",
];

/// An address, cut into what is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    /// The whole in lower case, without a tag (`ann+lists@` is `ann@`): what equal addresses share.
    pub(crate) key: String,
    local: String,
    domain: String,
}

/// What an address says of where its owner writes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// An office, a list or a program: never one person.
    Role,
    /// A mail provider, a community or a domain of one's own.
    Private,
    /// An organisation, as far as we know.
    Work,
}

/// How much the local parts of two addresses are like each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// Not at all.
    None,
    /// As the same name makes them: `ann.vogel` twice, or `annvo`.
    Name,
    /// More than the name explains: `av17` twice.
    Own,
}

impl Address {
    /// Cuts an address; nothing when it is none.
    pub(crate) fn read(email: &str) -> Option<Self> {
        let lower = email.trim().to_lowercase();
        let (local, domain) = lower.rsplit_once('@')?;
        let untagged = local.split_once('+').map(|(before, _)| before);
        let local = untagged.filter(|before| !before.is_empty()).unwrap_or(local);
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        let (local, domain) = (local.to_owned(), domain.trim_end_matches('.').to_owned());
        Some(Self { key: format!("{local}@{domain}"), local, domain })
    }

    /// Whose domain it is: `example.co.uk` of `mail.example.co.uk`, by the public suffix list.
    pub(crate) fn organisation(&self) -> &str {
        psl::domain_str(&self.domain).unwrap_or(&self.domain)
    }

    /// The name of the organisation within its domain: `example` of `mail.example.co.uk`.
    pub(crate) fn label(&self) -> &str {
        self.organisation().split('.').next().unwrap_or_default()
    }

    /// The whole domain.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// Where the address is from; `communities` are beside those that we know. Whether a domain is
    /// somebody's own shows in their name.
    pub(crate) fn place(&self, name: Option<&FullName>, communities: &FxHashSet<String>) -> Place {
        if self.is_role() {
            Place::Role
        } else if is_community(&self.key, communities) || name.is_some_and(|name| self.is_own(name))
        {
            Place::Private
        } else {
            Place::Work
        }
    }

    /// Whether it is nobody's own.
    pub(crate) fn is_role(&self) -> bool {
        let local = letters(&self.local);
        ROLES.binary_search(&local.as_str()).is_ok()
            || self.domain.starts_with("lists.")
            || self.domain.starts_with("vger.")
            || self.domain == "googlegroups.com"
            || self.local.ends_with("-bounces")
    }

    /// Whether a community that gave the address knows its owner.
    pub(crate) fn is_vouched_for(&self) -> bool {
        VOUCHED.binary_search(&self.domain.as_str()).is_ok()
    }

    /// Whether the local part is one of those that people choose at a domain of their own.
    pub(crate) fn is_generic(&self) -> bool {
        GENERIC.binary_search(&letters(&self.local).as_str()).is_ok()
    }

    /// Whether a word of the name stands in the domain: `fields` in `fieldses.example`.
    fn is_own(&self, name: &FullName) -> bool {
        let label = self.label();
        name.words.iter().any(|word| word.chars().count() >= 4 && label.contains(word.as_str()))
    }

    /// How like the local parts of two addresses of that name are.
    pub(crate) fn likeness(&self, other: &Self, name: &FullName) -> Likeness {
        let (one, two) = (letters(&self.local), letters(&other.local));
        let (short, long) = if one.len() <= two.len() { (&one, &two) } else { (&two, &one) };
        let same = short == long && short.len() >= TELLING;
        let within = short.len() >= COMMON
            && (long.starts_with(short.as_str()) || long.ends_with(short.as_str()));
        match () {
            () if !same && !within => Likeness::None,
            () if is_abbreviation(short, &name.words) => Likeness::Name,
            () if GENERIC.contains(&short.as_str()) => Likeness::None,
            () if BUSINESS.contains(&short.as_str()) => Likeness::None,
            () => Likeness::Own,
        }
    }

    /// Whether the local part is made of the name: of a word of it or its beginning, of the beginnings
    /// of words, or of initials.
    pub(crate) fn speaks(&self, name: &FullName) -> bool {
        let local = letters(&self.local);
        let begins = |word: &String| {
            let beginning: String = word.chars().take(BEGINNING).collect();
            beginning.chars().count() == BEGINNING && local.contains(&beginning)
        };
        let starts = |word: &String| word.chars().count() == TELLING && local.starts_with(word);
        name.words.iter().any(|word| begins(word) || starts(word))
            || is_abbreviation(&local, &name.words)
    }
}

/// Whether it is put together of beginnings of the words, in any order: `annvo` of Ann Vogel.
fn is_abbreviation(local: &str, words: &[String]) -> bool {
    if local.is_empty() {
        return true;
    }
    words.len() <= MAX_WORDS
        && local.len() <= MAX_ABBREVIATION
        && words.iter().enumerate().any(|(index, word)| {
            let common = word.chars().zip(local.chars()).take_while(|(a, b)| a == b).count();
            let rest: Vec<String> = words
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != index)
                .map(|(_, w)| w.clone())
                .collect();
            (1..=common).any(|length| {
                let cut = local.char_indices().nth(length).map_or(local.len(), |(at, _)| at);
                is_abbreviation(&local[cut..], &rest)
            })
        })
}

/// Letters and figures, without the figures at the end.
fn letters(local: &str) -> String {
    let all: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = all.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.is_empty() { all } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> FullName {
        FullName::read(text).unwrap()
    }

    #[test]
    fn our_lists_are_sorted() {
        assert!(ROLES.is_sorted() && GENERIC.is_sorted() && BUSINESS.is_sorted());
        assert!(VOUCHED.is_sorted());
    }

    #[test]
    fn local_parts_are_like_each_other_by_name_or_beyond() {
        for (one, other, likeness) in [
            ("ann.vogel@a.example", "annvogel@b.example", Likeness::Name),
            ("avogel@a.example", "ext_avogel@b.example", Likeness::Name),
            ("annvo@a.example", "annvo@b.example", Likeness::Name),
            ("av@a.example", "av@b.example", Likeness::None),
            ("xkcd@a.example", "xkcd17@b.example", Likeness::Own),
            ("hackerin@a.example", "hackerin.dev@b.example", Likeness::Own),
            ("kernel@a.example", "kernel@b.example", Likeness::None),
            ("ann@a.example", "vogel@b.example", Likeness::None),
        ] {
            let [a, b] = [one, other].map(|email| Address::read(email).unwrap());
            assert_eq!(a.likeness(&b, &name("Ann Vogel")), likeness, "{one} {other}");
            assert_eq!(b.likeness(&a, &name("Ann Vogel")), likeness, "{other} {one}");
        }
    }

    #[test]
    fn a_place_is_an_office_private_or_work() {
        let own = FxHashSet::from_iter(["hackers.example".to_owned()]);
        for (email, place) in [
            ("no-reply@a.example", Place::Role),
            ("ann@lists.a.example", Place::Role),
            ("ann@gmail.com", Place::Private),
            ("ann@hackers.example", Place::Private),
            ("linux@vogel-online.example", Place::Private),
            ("ann@a.example", Place::Work),
        ] {
            let place_of = Address::read(email).unwrap().place(Some(&name("Ann Vogel")), &own);
            assert_eq!(place_of, place, "{email}");
        }
    }

    #[test]
    fn an_organisation_is_the_domain_that_was_registered() {
        for (email, organisation) in [
            ("ann@mail.example.co.uk", "example.co.uk"),
            ("ann@linux.intel.com", "intel.com"),
            ("ann@com", "com"),
        ] {
            assert_eq!(Address::read(email).unwrap().organisation(), organisation, "{email}");
        }
    }
}
