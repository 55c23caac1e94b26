//! Secrets that let somebody in: links, sessions, tokens. The journal holds digests, so whoever reads it gets in nowhere.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A secret of 256 random bits (OWASP ASVS 5.0, 7.2.3 asks for 128). It is shown to one person once.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// The SHA-256 of a key, in hexadecimal digits. A key has too many bits to be guessed, so no salt is needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Key {
    /// Of bytes that have to be random.
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Reads what [`Key::text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// 43 letters, digits, `-` and `_` (RFC 4648 section 5).
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// What is kept of it.
    pub fn digest(&self) -> Digest {
        self.digest_for("")
    }

    /// Another secret that follows from it: what has this one can be neither told nor made from that.
    pub fn digest_for(&self, purpose: &str) -> Digest {
        let digest = Sha256::new().chain_update(self.0).chain_update(purpose.as_bytes()).finalize();
        Digest(HEXLOWER.encode(&digest))
    }
}

impl fmt::Debug for Key {
    /// A secret in a log is no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Digest {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_what_it_wrote_and_nothing_else() {
        let key = Key::new([7; 32]);
        assert_eq!(Key::parse(&key.text()), Some(key.clone()));
        assert_eq!(key.text().len(), 43);
        for wrong in ["", "x", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw=", &"A".repeat(44)] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
        assert_ne!(key.digest(), key.digest_for("form"));
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    /// FIPS 180-4 has SHA-256; both digests were computed by another program (Python's `hashlib`).
    #[test]
    fn digests_are_those_of_sha_256() {
        let key = Key::new([7; 32]);
        assert_eq!(
            key.digest().as_str(),
            "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0"
        );
        assert_eq!(
            key.digest_for("form").as_str(),
            "94e9793b41107cae0e913ab377cf704df234c9d00f45c6d77a264263e0c086ff"
        );
    }
}
