//! People who asked to be forgotten, known again by keyed hashes alone.

use std::borrow::Cow;
use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use lorecast_model::Mailbox;
use sha2::Sha256;

use crate::names::FullName;

/// What stands where the name of somebody forgotten stood.
pub const SOMEBODY: &str = "a developer";

/// The most words of a name that is looked for in a text.
const WORDS: usize = 6;

/// The longest text between two spaces that may be part of a name, in bytes.
const LONGEST: usize = 80;

/// How many bytes of a hash are kept: enough that no two names share them.
const KEPT: usize = 16;

/// Who is to be forgotten: HMAC-SHA-256 (RFC 2104) of addresses and names under the show's own key,
/// cut to 128 bits. Without the key, which stays out of the show's repository, nobody can try names
/// against them; with it, an import knows whom not to bring back.
#[derive(Clone, Debug, Default)]
pub struct Forgotten {
    key: Vec<u8>,
    hashes: BTreeSet<String>,
}

impl Forgotten {
    /// Those with these hashes under this key.
    pub fn new(key: &[u8], hashes: impl IntoIterator<Item = String>) -> Self {
        Self { key: key.to_vec(), hashes: hashes.into_iter().collect() }
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The hashes to remember somebody by: of each address and each spelling of the name.
    pub fn hashes_of<'a>(
        &self,
        emails: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<String> {
        let emails = emails.into_iter().filter(|e| !e.is_empty()).map(|e| self.of_email(e));
        let names = names.into_iter().filter(|n| is_full(n)).map(|name| self.of_name(name));
        emails.chain(names).collect()
    }

    /// Whether it is the address or the name of somebody forgotten.
    pub fn is(&self, who: &Mailbox) -> bool {
        !self.is_empty()
            && (self.hashes.contains(&self.of_email(&who.email))
                || is_full(&who.name) && self.hashes.contains(&self.of_name(&who.name)))
    }

    /// The text with [`SOMEBODY`] for each name of somebody forgotten. Only full names, of two words
    /// and more, are found: a first name alone is everybody's.
    pub fn veil<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let words = words(text);
        let (mut veiled, mut kept, mut at) = (String::new(), 0, 0);
        while at < words.len() {
            let found = (2..=WORDS.min(words.len() - at)).rev().find_map(|count| {
                let (start, end) = (words[at].0, words[at + count - 1].1);
                let name = &text[start..end];
                let near = name.len() <= LONGEST && !name.contains("\n\n");
                let near =
                    near && name.chars().all(|c| c.is_alphanumeric() || " \n.,-'’".contains(c));
                let known = near && is_full(name) && self.hashes.contains(&self.of_name(name));
                known.then_some((count, start, end))
            });
            match found {
                Some((count, start, end)) => {
                    veiled.push_str(&text[kept..start]);
                    veiled.push_str(SOMEBODY);
                    kept = end;
                    at += count;
                }
                None => at += 1,
            }
        }
        if kept == 0 {
            return Cow::Borrowed(text);
        }
        veiled.push_str(&text[kept..]);
        Cow::Owned(veiled)
    }

    fn of_email(&self, email: &str) -> String {
        self.hash("email", &email.trim().to_lowercase())
    }

    fn of_name(&self, name: &str) -> String {
        // Without accents, order and initials: a name is forgotten however it is spelt.
        let key = FullName::read(name).and_then(|name| name.keys().into_iter().next());
        self.hash("name", &key.unwrap_or_default())
    }

    fn hash(&self, kind: &str, text: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(kind.as_bytes());
        mac.update(b":");
        mac.update(text.as_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes()[..KEPT])
    }
}

/// Two words or more, which make a name of somebody.
fn is_full(name: &str) -> bool {
    FullName::read(name).is_some_and(|name| name.is_full())
}

/// Where the words of a text are: letters, with the signs that names hold inside.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.') && start.is_some();
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = text[from..at].trim_end_matches(['.', '-', '\'', '’']);
                let word = ["'s", "’s"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
                words.push((from, from + word.len()));
                start = None;
            }
            _ => {}
        }
    }
    words
}
