//! `forgotten.yaml` and `forgotten.key`: who asked to be forgotten, as hashes that say nothing without
//! the key. The first may be kept in a repository, the second never.

use std::collections::BTreeSet;

use camino::Utf8Path;
use data_encoding::HEXLOWER_PERMISSIVE;

use crate::{Result, ShowError, atomic, merge, yaml};

/// How long a key is, in bytes: as long as the hash (RFC 2104 section 3).
pub const KEY: usize = 32;

/// The key's file, beside `show.yaml`.
pub(crate) const KEY_FILE: &str = "forgotten.key";

/// What stands above the list.
const HEAD: &str = "\
# People who asked to be forgotten, as hashes under the key in forgotten.key. Keep both: without them
# an import would bring these people back. Keep the key to yourself and out of any repository.
";

/// The hashes, and the key; no key when nobody was forgotten yet.
pub(crate) fn read(root: &Utf8Path) -> Result<(Vec<u8>, BTreeSet<String>)> {
    let file = root.join("forgotten.yaml");
    let hashes: BTreeSet<String> = match file.is_file() {
        true => {
            let text = yaml::read_text(&file)?;
            merge::settled(&file, &text)?;
            yaml::parse(&file, &text)?
        }
        false => BTreeSet::new(),
    };
    let path = root.join(KEY_FILE);
    let key = match path.is_file() {
        true => {
            let text = yaml::read_text(&path)?;
            HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).unwrap_or_default()
        }
        false => Vec::new(),
    };
    if key.len() != KEY && (path.is_file() || !hashes.is_empty()) {
        return Err(ShowError::ForgottenKey { file: path });
    }
    Ok((key, hashes))
}

/// Adds hashes; `key` is written when there is none yet.
pub(crate) fn add(root: &Utf8Path, key: &[u8], more: &BTreeSet<String>) -> Result<()> {
    let (known, mut hashes) = read(root)?;
    if known.is_empty() {
        let path = root.join(KEY_FILE);
        atomic::write_private(&path, format!("{}\n", HEXLOWER_PERMISSIVE.encode(key)).as_bytes())?;
    }
    hashes.extend(more.iter().cloned());
    let file = root.join("forgotten.yaml");
    let list = yaml::write(&file, &hashes)?;
    atomic::write(&file, format!("{HEAD}{list}").as_bytes())
}
