//! Templates, already found and read.

use std::collections::BTreeMap;

/// Template names, such as `notes/notes.md` or `site/episode.html`, and their texts: the built-in
/// ones, overridden file by file by the show's own. Stages render them and never look for files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates(pub BTreeMap<String, String>);

impl Templates {
    /// The templates below a folder, named with it: `under("notes/")`.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter(move |(name, _)| name.starts_with(folder))
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }
}
