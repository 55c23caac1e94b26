//! By which the show knows again what it handed out.

use std::fmt;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;

use crate::Key;

/// A secret of the show, the same at each of its servers: what a browser keeps between two steps is marked with it
/// (HMAC-SHA-256, RFC 2104), so that nobody can change or make up what comes back. It lets nobody in by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Seal(Key);

impl Seal {
    /// Of a key that has to be random.
    pub fn new(key: Key) -> Self {
        Self(key)
    }

    /// The text with its mark.
    pub fn put_on(&self, text: &str) -> String {
        let mark = self.keyed(text).finalize().into_bytes();
        format!("{text}.{}", HEXLOWER.encode(&mark))
    }

    /// The text that [`Seal::put_on`] marked; `None` when anything about it was changed.
    pub fn take_off<'a>(&self, marked: &'a str) -> Option<&'a str> {
        let (text, mark) = marked.rsplit_once('.')?;
        let mark = HEXLOWER.decode(mark.as_bytes()).ok()?;
        // Compared in a time that tells nothing.
        self.keyed(text).verify_slice(&mark).ok()?;
        Some(text)
    }

    fn keyed(&self, text: &str) -> Hmac<Sha256> {
        let key = self.0.digest_for("seal");
        let keyed = Hmac::<Sha256>::new_from_slice(key.as_str().as_bytes());
        keyed.expect("HMAC takes keys of any length").chain_update(text)
    }
}

impl fmt::Debug for Seal {
    /// A secret in a log is no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Serialize for Seal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.text())
    }
}

impl<'de> Deserialize<'de> for Seal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Key::parse(&text).map(Self).ok_or_else(|| D::Error::custom("this is no seal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_not_known_again() {
        let seal = Seal::new(Key::new([7; 32]));
        let marked = seal.put_on("a.b");
        assert_eq!(seal.take_off(&marked), Some("a.b"));
        assert_eq!(Seal::new(Key::new([8; 32])).take_off(&marked), None);
        let changed =
            [marked.replace('b', "c"), marked[..marked.len() - 2].to_owned(), format!("{marked}0")];
        for wrong in changed.iter().map(String::as_str).chain(["", ".", "a.b", "a.b."]) {
            assert_eq!(seal.take_off(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{seal:?}"), "Seal(…)");
    }
}
