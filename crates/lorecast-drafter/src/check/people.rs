//! Names: their spellings, and whether two mean the same person.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_mail::{poster, trailer_person, trailers};
use lorecast_model::Mailbox;

use super::sources::Conversation;
use super::spelling::{distance, folded, tolerance};
use crate::telling::own_name;

/// How a name in the notes stands to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It is the person's name, or a part that may stand for it.
    Same,
    /// It is nearly the name: how it is spelt.
    Slip(String),
    /// It is somebody else's.
    Other,
}

/// Everybody in a thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowd {
    /// Every way in which those who wrote may be named.
    pub senders: BTreeSet<String>,
    /// Those whom its mails name in trailers and as recipients, as others spell them.
    pub mentioned: BTreeSet<String>,
}

/// So many names of a thread are kept.
const MOST: usize = 2000;

impl Crowd {
    pub fn of(talk: &Conversation) -> Self {
        let mut crowd = Self::default();
        for message in &talk.messages {
            if crowd.senders.len() + crowd.mentioned.len() > MOST {
                break;
            }
            crowd.senders.extend(spellings(&message.header.from));
            crowd.senders.extend(spellings(&poster(message)));
            crowd.mentioned.extend(spellings(&message.writer.who));
            let copied = message.to.iter().chain(&message.cc);
            crowd.mentioned.extend(copied.flat_map(spellings));
            for trailer in trailers(&message.text) {
                if trailer.key.ends_with("-by") || trailer.key == "cc" {
                    crowd.mentioned.extend(spellings(&trailer_person(&trailer.value)));
                }
            }
        }
        crowd
    }
}

/// The names of everybody who wrote, to find one again that is misspelt.
#[derive(Clone, Debug, Default)]
pub struct Senders {
    names: BTreeSet<String>,
    by_word: BTreeMap<String, Vec<String>>,
}

impl Senders {
    /// Adds a sender.
    pub fn add(&mut self, from: &Mailbox) {
        for name in spellings(from) {
            if self.names.insert(name.clone()) {
                for word in name.split_whitespace() {
                    self.by_word.entry(folded(word)).or_default().push(name.clone());
                }
            }
        }
    }

    /// Whether somebody wrote under this name.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The names that have this word (in small letters, without accents) in them.
    pub fn with(&self, word: &str) -> &[String] {
        self.by_word.get(word).map_or(&[], Vec::as_slice)
    }
}

/// The ways in which notes may name a sender: as the mail does, without an employer in brackets or a
/// list's addition, with the names in their usual order.
pub(super) fn spellings(from: &Mailbox) -> Vec<String> {
    if from.name.is_empty() {
        let local = from.called().trim();
        return if local.is_empty() { Vec::new() } else { vec![local.to_owned()] };
    }
    let name = own_name(&from.name);
    let mut found = vec![name.clone()];
    let bare = without_brackets(&name);
    let plain = bare.trim_matches(['"', '\'']).trim().to_owned();
    if let Some((last, first)) = plain.split_once(',') {
        found.push(format!("{} {}", first.trim(), last.trim()));
    }
    found.push(plain);
    found.retain(|name| name.chars().any(char::is_alphabetic));
    found.dedup();
    found
}

fn without_brackets(name: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Compares a name with a sender.
pub(super) fn likeness(name: &str, from: &Mailbox) -> Likeness {
    let known = spellings(from);
    let local = from.email.split('@').next().unwrap_or("");
    if known.iter().any(|spelling| plain(spelling) == plain(name)) || name == local {
        return Likeness::Same;
    }
    let slip = known.iter().find(|spelling| is_slip(name, spelling));
    if let Some(spelling) = slip {
        return Likeness::Slip(spelling.clone());
    }
    let bare = without_brackets(name);
    let tokens: Vec<&str> = bare.split_whitespace().collect();
    for spelling in &known {
        let theirs: Vec<&str> = spelling.split_whitespace().collect();
        if let [one] = tokens[..] {
            if theirs.iter().any(|word| straight(word) == straight(one)) {
                return Likeness::Same;
            }
            let near = theirs.iter().find(|word| is_word_slip(one, word));
            if let Some(near) = near {
                return Likeness::Slip((*near).to_owned());
            }
        } else if is_short_form(&tokens, &theirs) {
            return Likeness::Same;
        }
    }
    Likeness::Other
}

/// Whether a name is another one, misspelt: a letter or two, an accent, capitals.
pub(super) fn is_slip(name: &str, spelling: &str) -> bool {
    let (name, spelling) = (straight(name), straight(spelling));
    if plain(&name) == plain(&spelling) {
        return false;
    }
    folded(&name) == folded(&spelling) || distance(&name, &spelling, tolerance(&spelling)).is_some()
}

/// Whether one word is another, misspelt, or one that sounds like it: `Stephen` for `Steven`.
fn is_word_slip(one: &str, word: &str) -> bool {
    const LONG: usize = 6;
    let length = one.chars().count().max(word.chars().count());
    let ends = |word: &str| {
        let word = folded(word);
        (word.chars().next(), word.chars().next_back())
    };
    let sounds = length >= LONG && ends(one) == ends(word) && distance(word, one, 2).is_some();
    length > 3 && distance(word, one, 1).is_some() || sounds || folded(word) == folded(one)
}

/// `Greg K-H` for `Greg Kroah-Hartman`: a name in common, the rest initials.
fn is_short_form(tokens: &[&str], theirs: &[&str]) -> bool {
    let bare = |word: &str| folded(word).replace(['-', '.'], "");
    let same = |a: &str, b: &str| bare(a) == bare(b);
    let mut rest: Vec<&str> = theirs.to_vec();
    let mut short = String::new();
    for token in tokens {
        match rest.iter().position(|word| same(word, token)) {
            Some(at) => drop(rest.remove(at)),
            None => short.push_str(&bare(token)),
        }
    }
    // Each letter begins one of the other parts, in their order: `K-H` of `Kroah-Hartman`.
    let parts = rest.iter().flat_map(|word| word.split('-'));
    let mut firsts = parts.filter_map(|part| folded(part).chars().next());
    rest.len() < theirs.len() && short.chars().all(|c| firsts.any(|first| first == c))
}

/// A name without what anybody may add to initials, or leave out: `K-H`, `KH`, `K.H.`.
pub(super) fn plain(name: &str) -> String {
    straight(name).replace(['-', '.'], "")
}

/// A name with straight apostrophes and single spaces.
pub(super) fn straight(name: &str) -> String {
    let straight = name.replace(['’', '‘', 'ʼ'], "'");
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, sender: &str) -> Likeness {
        let from = Mailbox { name: sender.to_owned(), email: "ann.e@a.example".to_owned() };
        likeness(name, &from)
    }

    #[test]
    fn names_are_the_same_a_slip_or_anothers() {
        for name in ["Ann Example", "Ann", "Example", "ann.e", "Ann Example (Foo)"] {
            assert_eq!(check(name, "Ann Example (Foo)"), Likeness::Same, "{name}");
        }
        assert_eq!(check("Ann Example", "Example, Ann"), Likeness::Same);
        assert_eq!(check("Ann E-S", "Ann Example-Smith"), Likeness::Same);
        assert_eq!(check("Ann E-S", "Ann ES"), Likeness::Same);
        assert_eq!(check("Ann E.", "Ann Bea Example"), Likeness::Same);
        assert_eq!(check("Ann K-H", "Ann Example-Smith"), Likeness::Other);
        assert_eq!(check("Stephen", "Steven Example"), Likeness::Slip("Steven".into()));
        assert_eq!(check("Jon", "John Example"), Likeness::Slip("John".into()));
        assert_eq!(check("Jack", "Mark Example"), Likeness::Other);
        for name in ["Amn Example", "Ann Exmaple", "Ánn Example"] {
            assert_eq!(check(name, "Ann Example"), Likeness::Slip("Ann Example".into()), "{name}");
        }
        assert_eq!(
            check("Jerome Example", "Jérôme Example"),
            Likeness::Slip("Jérôme Example".into())
        );
        assert_eq!(check("Ann Sample-Person", "Ann Example"), Likeness::Other);
        assert_eq!(check("Bob Other", "Ann Example"), Likeness::Other);
    }
}
