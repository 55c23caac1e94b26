//! Maps of gitdm, the kernel's counter of who works for whom: which address and which domain belongs
//! to which employer, until when, and which addresses are one person's.
//!
//! All forms of its files are read, as its README describes them: a configuration (`EmailAliases`,
//! `RXEmailAliases`, `EmailMap`, `GroupMap`, `VirtualEmployer … end`; `FileTypeMap` says nothing of
//! people), or one map alone. So are the two words that the CNCF's version of it added (`DomainMap`,
//! `CompanyMap`). A line that cannot be read is a [`Complaint`] and is skipped.

mod config;
mod lines;
mod map;

pub use map::{Employed, Map};

use crate::Complaint;

/// Reads a map: the file `root`, and those that it names. `files` gives the bytes of a file, UTF-8 or
/// (line by line) Latin-1, or `None` when it cannot be read; the names are relative to wherever `root`
/// is, with `/`.
pub fn read(files: &mut dyn FnMut(&str) -> Option<Vec<u8>>, root: &str) -> (Map, Vec<Complaint>) {
    config::read(files, root)
}
