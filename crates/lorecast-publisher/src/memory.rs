//! What the files of a site were made from the last time, so that a build makes only what changed.
//!
//! Files are made in parts: what lies beside an episode's page, the page, a document of the feed. The
//! digest of everything that a part is made from is its [`Recipe`]. It is kept together with the size and
//! the time of each file of the part; where all of them are as they were, the part is not made again.
//! Nothing is lost with a memory: without one, everything is made and compared.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Write};
use std::fs;
use std::time::UNIX_EPOCH;

use camino::{Utf8Path, Utf8PathBuf};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::delivery::{Content, Planned};
use crate::digest::Hasher;
use crate::{Digest, PublishError};

/// The name of the list of parts.
const LIST: &str = "parts.json";

/// The digest of everything that something is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recipe(pub(crate) Digest);

impl Recipe {
    /// Of values, as their derived `Debug` writes them: it names every field, also one that is added later.
    pub(crate) fn of(ingredients: &[&dyn Debug]) -> Self {
        let mut hasher = Written(Digest::begin());
        for one in ingredients {
            // A digest takes everything. The sign between two is in no text that `Debug` quotes.
            let _ = write!(hasher, "{one:?}\0");
        }
        Self(hasher.0.end())
    }

    /// The same, and more.
    pub(crate) fn and(self, ingredients: &[&dyn Debug]) -> Self {
        let more = Self::of(ingredients);
        Self::of(&[&self, &more])
    }
}

struct Written(Hasher);

impl Write for Written {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.add(text.as_bytes());
        Ok(())
    }
}

/// A file as it stood: that it is still the same is read from its size and the time of its last change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    bytes: u64,
    /// In nanoseconds since 1970.
    modified: u64,
}

impl Stamp {
    /// Of a file; `None` when there is none.
    pub(crate) fn of(path: &Utf8Path) -> Option<Self> {
        let found = path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
        let modified = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let modified = u64::try_from(modified.as_nanos()).unwrap_or(u64::MAX);
        Some(Self { bytes: found.len(), modified })
    }

    /// Its size in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Files of a site that are made together.
#[derive(Default)]
pub(crate) struct Part<'a> {
    pub(crate) files: Vec<Planned<'a>>,
    /// What they are called together, and made from; `None` when they are made each time.
    made: Option<(String, Recipe)>,
}

impl<'a> From<Vec<Planned<'a>>> for Part<'a> {
    fn from(files: Vec<Planned<'a>>) -> Self {
        Self { files, made: None }
    }
}

/// What the parts of a published folder were made from.
#[derive(Debug, Default)]
pub struct Memory {
    /// Where it is kept; nowhere when there is none.
    folder: Option<Utf8PathBuf>,
    known: Known,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    /// The program that made them.
    program: String,
    /// The folder that they were published to.
    out: Utf8PathBuf,
    parts: BTreeMap<String, Remembered>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    recipe: String,
    files: BTreeMap<Utf8PathBuf, Stamp>,
}

impl Memory {
    /// The memory in `folder` of the site in `out`; an empty one when nothing can be read there, or when it is
    /// that of another site or of another `program`: one that was changed makes other files of the same.
    pub fn open(folder: &Utf8Path, out: &Utf8Path, program: &str) -> Self {
        let read = fs::read(folder.join(LIST)).ok();
        let known: Option<Known> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let known = known.filter(|known| (known.program.as_str(), &*known.out) == (program, out));
        let new = || Known { program: program.to_owned(), out: out.to_owned(), ..Known::default() };
        Self { folder: Some(folder.to_owned()), known: known.unwrap_or_else(new) }
    }

    /// The files of a part as they stand, when they were made like this and did not change since.
    pub(crate) fn kept(&self, name: &str, recipe: Recipe) -> Option<Vec<Planned<'static>>> {
        let part = self.known.parts.get(name).filter(|part| part.recipe == recipe.0.to_string())?;
        let files = part.files.iter().map(|(path, stamp)| {
            let at = self.known.out.join(path);
            (Stamp::of(&at).as_ref() == Some(stamp)).then(|| Planned {
                path: path.clone(),
                content: Content::Kept { at, stamp: stamp.clone() },
            })
        });
        files.collect()
    }

    /// A part: as it stands, or else made now.
    pub(crate) fn part(
        &self,
        name: String,
        recipe: Recipe,
        make: impl FnOnce() -> Result<Vec<Planned<'static>>, PublishError>,
    ) -> Result<Part<'static>, PublishError> {
        let files = match self.kept(&name, recipe) {
            Some(files) => files,
            None => make()?,
        };
        Ok(Part { files, made: Some((name, recipe)) })
    }

    /// A value that is no file of the site and belongs to the making of one: as it was made the last time, or
    /// else made now.
    pub(crate) fn value<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        recipe: Recipe,
        make: impl FnOnce() -> Result<T, PublishError>,
    ) -> Result<T, PublishError> {
        let Some(folder) = &self.folder else { return make() };
        let (file, recipe) = (folder.join(name), recipe.0.to_string());
        let read = fs::read(&file).ok();
        let read = read.and_then(|bytes| serde_json::from_slice::<(String, T)>(&bytes).ok());
        if let Some((_, value)) = read.filter(|(of, _)| *of == recipe) {
            return Ok(value);
        }
        let value = make()?;
        put(&file, &(recipe, &value));
        Ok(value)
    }

    /// Keeps what the parts were made from, now that they are published.
    pub(crate) fn keep(mut self, parts: Vec<Made>) {
        let Some(folder) = &self.folder else { return };
        let Known { out, .. } = &self.known;
        let remember = |Made { name, recipe, paths }| {
            let stamps = paths.into_iter().map(|path: Utf8PathBuf| {
                let stamp = Stamp::of(&out.join(&path))?;
                Some((path, stamp))
            });
            let files = stamps.collect::<Option<_>>()?;
            let Recipe(recipe) = recipe;
            Some((name, Remembered { recipe: recipe.to_string(), files }))
        };
        self.known.parts = parts.into_iter().filter_map(remember).collect();
        put(&folder.join(LIST), &self.known);
    }
}

/// Writes a file of the memory. It can be made again, so it is no failure when that is impossible. One that is
/// half written is no JSON, and not believed.
fn put(file: &Utf8Path, value: &impl Serialize) {
    let folder = file.parent().unwrap_or(Utf8Path::new("."));
    let json = serde_json::to_vec(value).unwrap_or_default();
    let _ = fs::create_dir_all(folder).and_then(|()| fs::write(file, json));
}

/// What a part was made from, and where its files are below the site's root.
pub(crate) struct Made {
    name: String,
    recipe: Recipe,
    paths: Vec<Utf8PathBuf>,
}

/// The files of all parts, and what those are made from that may be kept.
pub(crate) fn taken_apart(parts: Vec<Part<'_>>) -> (Vec<Planned<'_>>, Vec<Made>) {
    let (mut files, mut all) = (Vec::new(), Vec::new());
    for part in parts {
        if let Some((name, recipe)) = part.made {
            let paths = part.files.iter().map(|file| file.path.clone()).collect();
            all.push(Made { name, recipe, paths });
        }
        files.extend(part.files);
    }
    (files, all)
}
