//! Maildirs.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

/// Delivers a mail into `new/` or `cur/` of a Maildir, which is created when absent, as maildir(5)
/// says: written in `tmp/` and renamed.
///
/// # Panics
/// When the folder cannot be written.
pub fn deliver(maildir: &Utf8Path, folder: &str, name: &str, mail: &[u8]) -> Utf8PathBuf {
    for folder in ["tmp", "new", "cur"] {
        fs::create_dir_all(maildir.join(folder)).expect("the test's folder is writable");
    }
    let (from, to) = (maildir.join("tmp").join(name), maildir.join(folder).join(name));
    fs::write(&from, mail).expect("the test's folder is writable");
    fs::rename(&from, &to).expect("the test's folder is writable");
    to
}
