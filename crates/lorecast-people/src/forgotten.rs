//! People who asked to be forgotten, known again by keyed hashes alone.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use lorecast_model::{Mailbox, Person};
use sha2::Sha256;

use crate::spelling::Spelling;

/// What stands where the name of somebody forgotten stood.
pub const SOMEBODY: &str = "a developer";

/// How many bytes of a hash are kept: enough that no two names share them.
const KEPT: usize = 16;

/// How many bytes are kept of the hash of a single word: so few that many words share them. They prove
/// nothing, and spare most words of a text the search.
const KEPT_OF_WORDS: usize = 2;

/// What stands before the hash of a single word.
const WORD: &str = "w";

/// Who is to be forgotten: HMAC-SHA-256 (RFC 2104) of addresses and names under the show's own key,
/// cut to 128 bits. Without the key, which stays out of the show's repository, nobody can try names
/// against them; with it, an import knows whom not to bring back.
#[derive(Clone, Debug)]
pub struct Forgotten {
    /// Has read the key, so that a hash costs only its text.
    keyed: Hmac<Sha256>,
    hashes: BTreeSet<String>,
    /// Whether the words of names are among the hashes.
    has_words: bool,
}

impl Default for Forgotten {
    fn default() -> Self {
        Self::new(&[], [])
    }
}

impl Forgotten {
    /// Those with these hashes under this key.
    pub fn new(key: &[u8], hashes: impl IntoIterator<Item = String>) -> Self {
        let keyed = Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
        let hashes: BTreeSet<String> = hashes.into_iter().collect();
        let has_words = hashes.iter().any(|hash| hash.starts_with(WORD));
        Self { keyed, hashes, has_words }
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The hashes to remember somebody by: of each address, and of the ways to write each whole name.
    /// Nothing when there is neither.
    pub fn hashes_of<'a>(
        &self,
        emails: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<String> {
        let emails = emails.into_iter().filter(|e| !e.trim().is_empty());
        let mut hashes: BTreeSet<String> = emails.map(|email| self.of_email(email)).collect();
        for spelling in names.into_iter().map(Spelling::of) {
            hashes.extend(spelling.full.iter().map(|key| self.hash("name", key)));
            if !spelling.full.is_empty() {
                hashes.extend(spelling.beside.iter().map(|key| self.hash("beside", key)));
                hashes.extend(spelling.words.iter().map(|word| self.of_word(word)));
            }
        }
        hashes
    }

    /// Whether it is the address or the name of somebody forgotten.
    pub fn is(&self, who: &Mailbox) -> bool {
        !self.is_empty()
            && (self.hashes.contains(&self.of_email(&who.email))
                || Spelling::of(&who.name).full.iter().any(|key| self.is_name(key)))
    }

    /// Whether an address or a spelling of the name of a person is.
    pub fn is_person(&self, person: &Person) -> bool {
        let is = |name: &str, email: &str| {
            self.is(&Mailbox { name: name.to_owned(), email: email.to_owned() })
        };
        let own = person.own.as_ref().and_then(|own| own.name.as_ref());
        let mut names = std::iter::once(&person.name).chain(&person.also).chain(own);
        person.emails.iter().any(|email| is("", email)) || names.any(|name| is(name, ""))
    }

    /// Whether a Message-ID ends in the address of somebody forgotten, as those of `git send-email` do:
    /// `20230417100000.123-1-ann@kernel.example`.
    pub fn is_in_id(&self, id: &str) -> bool {
        let Some((local, _)) = id.split_once('@').filter(|_| !self.is_empty()) else {
            return false;
        };
        let starts = local.match_indices('-').map(|(at, _)| at + 1).rev().take(MOST_PARTS);
        starts.chain([0]).any(|start| self.hashes.contains(&self.of_email(&id[start..])))
    }

    /// Whether a key of [`Spelling::full`] is theirs.
    pub(crate) fn is_name(&self, key: &str) -> bool {
        self.hashes.contains(&self.hash("name", key))
    }

    /// Whether a key of [`Spelling::beside`] is theirs.
    pub(crate) fn is_beside(&self, key: &str) -> bool {
        self.hashes.contains(&self.hash("beside", key))
    }

    /// Whether a name of theirs may begin with a word.
    pub(crate) fn may_begin(&self, word: &str) -> bool {
        !self.is_empty() && (!self.has_words || self.hashes.contains(&self.of_word(word)))
    }

    fn of_email(&self, email: &str) -> String {
        self.hash("email", &email.trim().to_lowercase())
    }

    fn of_word(&self, word: &str) -> String {
        let hash = self.hash("word", word);
        format!("{WORD}{}", &hash[..2 * KEPT_OF_WORDS])
    }

    fn hash(&self, kind: &str, text: &str) -> String {
        let mut mac = self.keyed.clone();
        mac.update(kind.as_bytes());
        mac.update(b":");
        mac.update(text.as_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes()[..KEPT])
    }
}

/// So many parts of a Message-ID are tried as the start of an address.
const MOST_PARTS: usize = 8;
