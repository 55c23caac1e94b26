//! What `ingest` was told to read, kept beside the store: a rebuild needs the lists and escapes that
//! were given, and a store that cannot be opened tells nothing.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::ShowSource;

use super::Named;
use crate::{Desk, Result};

impl Desk<'_> {
    /// What was ever named to `ingest`, as `show.yaml` would name it.
    pub(crate) fn remembered(&self) -> Vec<ShowSource> {
        let text = fs::read_to_string(self.remembered_in()).unwrap_or_default();
        // A line that cannot be read is one that was damaged: the others still count.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Remembers a source; what was told about it earlier holds until it is told again.
    pub(super) fn remember(&self, named: &Named) -> Result<()> {
        let mut source = named.as_source();
        source.path = source.path.map(|path| self.relative_to_the_show(&path));
        let before = self.remembered();
        let mut after = before.clone();
        let same = |old: &ShowSource| old.path == source.path && old.url == source.url;
        match after.iter_mut().find(|old| same(old)) {
            Some(old) => {
                old.list = source.list.or(old.list.take());
                old.escapes = source.escapes.or(old.escapes);
            }
            None => after.push(source),
        }
        if before == after { Ok(()) } else { self.write_remembered(&after) }
    }

    /// Forgets a path that is gone because what was there is somewhere else now.
    pub(super) fn forget_moved(&self, archive: &Utf8Path) -> Result<()> {
        let before = self.remembered();
        let mut after = before.clone();
        after.retain(|source| {
            let path = source.path.as_deref().map(|path| self.dir.resolve(path));
            path.is_none_or(|path| path.exists() || !archive.starts_with(absolute(&path)))
        });
        if before == after { Ok(()) } else { self.write_remembered(&after) }
    }

    fn remembered_in(&self) -> Utf8PathBuf {
        self.dir.index().with_file_name("archives.jsonl")
    }

    fn write_remembered(&self, sources: &[ShowSource]) -> Result<()> {
        let lines = sources.iter().filter_map(|source| serde_json::to_string(source).ok());
        let text: String = lines.map(|line| line + "\n").collect();
        Ok(lorecast_show::write_atomically(&self.remembered_in(), text.as_bytes())?)
    }

    /// A path that stays right when the show is moved together with it.
    fn relative_to_the_show(&self, path: &Utf8Path) -> Utf8PathBuf {
        let path = absolute(path);
        path.strip_prefix(absolute(self.root())).map(Utf8Path::to_owned).unwrap_or(path)
    }
}

pub(super) fn absolute(path: &Utf8Path) -> Utf8PathBuf {
    // It fails without a current folder only, where relative paths lead nowhere.
    camino::absolute_utf8(path).unwrap_or_else(|_| path.to_owned())
}
