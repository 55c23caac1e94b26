//! The folder of maps that others made: who works where, and which addresses are one person's.

use camino::{Utf8Path, Utf8PathBuf};

/// The folder of the show that imported files are copied into.
pub const FOLDER: &str = "maps";

/// So deep may folders lie in it.
const DEEPEST: usize = 4;

/// So many files are listed.
const MOST: usize = 1000;

/// All files in it, in the order of their names; none when there is no such folder.
pub(crate) fn files(root: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut found = Vec::new();
    list(&root.join(FOLDER), DEEPEST, &mut found);
    found
}

fn list(folder: &Utf8Path, deep: usize, found: &mut Vec<Utf8PathBuf>) {
    let Ok(entries) = folder.read_dir_utf8() else { return };
    let mut paths: Vec<Utf8PathBuf> = entries.flatten().map(|e| e.into_path()).collect();
    paths.sort();
    for path in paths {
        if found.len() == MOST {
            return;
        }
        match path.is_dir() {
            true if deep > 0 => list(&path, deep - 1, found),
            true => {}
            false => found.push(path),
        }
    }
}
