//! What sound was made of, as one number.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use camino::Utf8Path;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// The name of an entry: what went in, and how it was worked on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(String);

/// The bytes of a file, as one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Digest(String);

impl Key {
    /// `of` says what is meant (`part`), `version` which code makes it; the rest is what it is made
    /// of.
    pub(crate) fn new(of: &str, version: u32, made_of: &impl Serialize) -> Self {
        let text = serde_json::to_vec(&(of, version, env!("CARGO_PKG_VERSION"), made_of))
            .expect("texts, numbers and lists of them");
        Self(hexadecimal(&Sha256::digest(text)))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Digest {
    /// Reads the whole file.
    pub(crate) fn of_file(file: &Utf8Path) -> io::Result<Self> {
        let mut file = File::open(file)?;
        let mut hasher = Sha256::new();
        let mut block = vec![0; 1 << 18];
        loop {
            match file.read(&mut block)? {
                0 => return Ok(Self(hexadecimal(&hasher.finalize()))),
                count => hasher.update(&block[..count]),
            }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
