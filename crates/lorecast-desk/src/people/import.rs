//! Takes a map of employers or a mailmap, made by others, into the show.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_people::{Mailmap, gitdm};
use lorecast_show::{MAPS, read_bytes, write_atomically};

use crate::{Desk, DeskError, Result};

/// What was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// As what.
    pub what: ImportedAs,
    /// The file within the show.
    pub file: Utf8PathBuf,
    /// How many files were copied into the show.
    pub copied: usize,
    /// Whether the show did not know the file yet.
    pub new: bool,
    /// Lines that cannot be used, in words, each with its file and line.
    pub complaints: Vec<String>,
}

/// What sort of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedAs {
    /// A map of gitdm, for `employers.yaml`.
    Map,
    /// A mailmap, for `show.yaml`.
    Mailmap,
}

impl Desk<'_> {
    /// Reads a map of gitdm, with the files that it names, or a mailmap, and adds it to what the show
    /// knows. Files from outside the show are copied into its folder `maps`, where files that are there
    /// and say something else are left alone.
    ///
    /// # Errors
    /// When the file cannot be read, nothing in it can be used, or the show's files have no place for it.
    pub fn import_people(&self, file: &Utf8Path) -> Result<Imported> {
        let fail = |message: &str| DeskError::Import {
            path: file.to_owned(),
            message: message.to_owned(),
        };
        let bytes = read_bytes(file).map_err(|error| fail(&error.to_string()))?;
        let name = file.file_name().ok_or_else(|| fail("it is no file"))?;
        let text = String::from_utf8_lossy(&bytes);
        let what = kind(name, &text);
        let folder = file.parent().unwrap_or(Utf8Path::new(""));
        let mut files = BTreeMap::from([(name.to_owned(), bytes.clone())]);
        let (empty, complaints): (bool, Vec<String>) = match what {
            ImportedAs::Mailmap => {
                let (map, wrong) = Mailmap::read(&bytes);
                let said =
                    wrong.iter().map(|wrong| format!("{file}:{}: {}", wrong.line, wrong.why));
                (map == Mailmap::default(), said.collect())
            }
            ImportedAs::Map => {
                let mut read = |name: &str| {
                    let bytes = read_bytes(&folder.join(name)).ok()?;
                    files.insert(name.to_owned(), bytes.clone());
                    Some(bytes)
                };
                let (map, wrong) = gitdm::read(&mut read, name);
                let said = wrong.iter().map(|wrong| folder.join(wrong.to_string()).into_string());
                (map.is_empty(), said.collect())
            }
        };
        if empty {
            let first = complaints.first().map_or("it is empty", String::as_str);
            return Err(fail(&format!("nothing in it can be used: {first}")));
        }
        let (inside, copied) = match self.within(file) {
            Some(inside) => (inside, 0),
            None => (Utf8Path::new(MAPS).join(name), self.copy(file, &files)?),
        };
        let new = match what {
            ImportedAs::Map => self.dir.add_map(inside.as_str())?,
            ImportedAs::Mailmap => self.dir.set_mailmap(inside.as_str())?,
        };
        Ok(Imported { what, file: inside, copied, new, complaints })
    }

    /// The path in the show, of a file that lies there.
    fn within(&self, file: &Utf8Path) -> Option<Utf8PathBuf> {
        let root = self.dir.resolve(Utf8Path::new("")).canonicalize_utf8().ok()?;
        let file = file.canonicalize_utf8().ok()?;
        Some(file.strip_prefix(root).ok()?.to_owned())
    }

    /// Copies files into the show; none when one of them would take another's place.
    fn copy(&self, from: &Utf8Path, files: &BTreeMap<String, Vec<u8>>) -> Result<usize> {
        let place = |name: &String| self.dir.resolve(&Utf8Path::new(MAPS).join(name));
        let same = |(name, bytes): &(&String, &Vec<u8>)| {
            std::fs::read(place(name)).is_ok_and(|there| there == **bytes)
        };
        let wanted: Vec<_> = files.iter().filter(|file| !same(file)).collect();
        if let Some((name, _)) = wanted.iter().find(|(name, _)| place(name).exists()) {
            let message =
                format!("`{MAPS}/{name}` is there and says something else; move it away first");
            return Err(DeskError::Import { path: from.to_owned(), message });
        }
        for (name, bytes) in &wanted {
            write_atomically(&place(name), bytes)?;
        }
        Ok(wanted.len())
    }
}

/// A mailmap has whole addresses in angle brackets; a map has at most the `<` before a day.
fn kind(name: &str, text: &str) -> ImportedAs {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let bracketed = |line: &str| {
        let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        inner.is_some_and(|(inner, _)| inner.contains('@'))
    };
    let named = name.trim_start_matches('.').eq_ignore_ascii_case("mailmap");
    if named || lines.next().is_some_and(bracketed) { ImportedAs::Mailmap } else { ImportedAs::Map }
}
