//! The files that one commit changes, each read once.

use std::collections::HashMap;
use std::rc::Rc;

use git2::Odb;

use super::trees::File;
use crate::tree::object::{Sha, Unread, blob, hex};

/// A file above this is not looked into, in bytes.
const BLOB_LIMIT: usize = 16 * 1024 * 1024;

/// No more than this is kept for the other diffs of a commit, in bytes.
const KEPT: usize = 64 * 1024 * 1024;

pub(super) struct Blobs<'a> {
    odb: &'a Odb<'a>,
    kept: HashMap<Sha, Rc<[u8]>>,
    bytes: usize,
}

impl<'a> Blobs<'a> {
    pub fn new(odb: &'a Odb<'a>) -> Self {
        Self { odb, kept: HashMap::new(), bytes: 0 }
    }

    /// What a file holds: for a submodule the line that git shows. None when it is too large.
    pub fn content(&mut self, file: &File) -> Result<Option<Rc<[u8]>>, Unread> {
        if file.is_submodule() {
            let line = format!("Subproject commit {}\n", hex(&file.sha));
            return Ok(Some(line.into_bytes().into()));
        }
        if let Some(content) = self.kept.get(&file.sha) {
            return Ok(Some(Rc::clone(content)));
        }
        let Some(content) = blob(self.odb, file.sha, BLOB_LIMIT)? else { return Ok(None) };
        let content: Rc<[u8]> = content.into();
        if self.bytes + content.len() <= KEPT {
            self.bytes += content.len();
            self.kept.insert(file.sha, Rc::clone(&content));
        }
        Ok(Some(content))
    }
}
