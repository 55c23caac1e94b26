//! Commits and trees as git stores them (gitformat-pack(5), git-cat-file(1)): no more of them is
//! read than an archive needs.

use std::sync::Once;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Error, ErrorCode, OdbObject, Oid, Repository};

use crate::ArchiveError;
use crate::reader::MAIL_LIMIT;

/// A commit or a tree above this is damaged or hostile, in bytes.
const OBJECT_LIMIT: usize = 64 * 1024 * 1024;

/// The objects of one repository.
pub(super) struct Objects {
    repository: Repository,
}

/// What an archive needs of a commit.
pub(super) struct Commit {
    pub tree: Oid,
    /// Archives have one line of history; another parent's is not looked at.
    pub parent: Option<Oid>,
    /// The committer's time, in seconds of Unix.
    pub time: Option<i64>,
}

/// A line of a tree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub name: &'a [u8],
    /// 20 bytes of SHA-1. Most are only compared.
    id: &'a [u8],
    pub is_tree: bool,
}

impl Entry<'_> {
    pub fn id(&self) -> Option<Oid> {
        Oid::from_bytes(self.id).ok()
    }

    /// Whether it is a file without content.
    pub fn is_empty(&self) -> bool {
        self.id == EMPTY
    }
}

/// The blob without content, e69de29bb2d1d6434b8b29ae775ad8c2e48c5391.
const EMPTY: [u8; 20] = [
    0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6, 0x43, 0x4b, 0x8b, 0x29, 0xae, 0x77, 0x5a, 0xd8, 0xc2,
    0xe4, 0x8c, 0x53, 0x91,
];

/// Why a blob is not read.
pub(super) enum Unread {
    TooLarge(usize),
    Git(Error),
}

impl Objects {
    pub fn open(path: &Utf8Path) -> Result<Self, ArchiveError> {
        tune();
        Ok(Self { repository: super::open(path)? })
    }

    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The folder of the repository itself.
    pub fn folder(&self) -> Utf8PathBuf {
        Utf8PathBuf::from(self.repository.path().to_string_lossy().into_owned())
    }

    pub fn commit(&self, id: Oid) -> Result<Commit, Error> {
        let odb = self.repository.odb()?;
        let object = odb.read(id)?;
        Commit::read(object.data()).ok_or_else(|| malformed("commit"))
    }

    /// Hands over the lines of a tree.
    pub fn tree<T>(&self, id: Oid, read: impl FnOnce(Entries<'_>) -> T) -> Result<T, Error> {
        let odb = self.repository.odb()?;
        let object: OdbObject<'_> = odb.read(id)?;
        match object.len() > OBJECT_LIMIT {
            true => Err(malformed("tree")),
            false => Ok(read(Entries(object.data()))),
        }
    }

    /// The content of a file, when it is no larger than a mail may be.
    pub fn blob(&self, id: Oid) -> Result<Vec<u8>, Unread> {
        let odb = self.repository.odb().map_err(Unread::Git)?;
        let (bytes, _) = odb.read_header(id).map_err(Unread::Git)?;
        if bytes > MAIL_LIMIT {
            return Err(Unread::TooLarge(bytes));
        }
        Ok(odb.read(id).map_err(Unread::Git)?.data().to_vec())
    }
}

/// Every object is read once, so keeping them in memory helps nobody. That they hash to their
/// names was checked by git when they were fetched; a damaged disk shows when they are unpacked,
/// whose checksum is always compared.
pub(crate) fn tune() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        git2::opts::enable_caching(false);
        git2::opts::strict_hash_verification(false);
    });
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorCode::Invalid, git2::ErrorClass::Object, format!("the {what} is malformed"))
}

impl Commit {
    fn read(data: &[u8]) -> Option<Self> {
        let mut header = data.split(|&b| b == b'\n').take_while(|line| !line.is_empty());
        let tree = id(header.next()?.strip_prefix(b"tree ")?)?;
        let (mut parent, mut time) = (None, None);
        for line in header {
            if let Some(hex) = line.strip_prefix(b"parent ") {
                parent = parent.or(Some(id(hex)?));
            } else if line.starts_with(b"committer ") {
                time = seconds(line);
                break;
            }
        }
        Some(Self { tree, parent, time })
    }
}

fn id(hex: &[u8]) -> Option<Oid> {
    Oid::from_str(std::str::from_utf8(hex).ok()?).ok()
}

/// The time in `committer Name <address> 1681128000 +0000`.
fn seconds(line: &[u8]) -> Option<i64> {
    let behind = line.rsplit(|&b| b == b'>').next()?;
    std::str::from_utf8(behind).ok()?.split_ascii_whitespace().next()?.parse().ok()
}

/// The lines of a tree: mode, space, name, NUL, 20 bytes. It ends where they stop making sense.
#[derive(Clone, Copy)]
pub(super) struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    /// No lines, the tree before the first commit.
    pub const NONE: Entries<'static> = Entries(&[]);
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let space = memchr::memchr(b' ', self.0)?;
        let (mode, rest) = (&self.0[..space], &self.0[space + 1..]);
        let (name, rest) = rest.split_at(memchr::memchr(0, rest)?);
        let (id, rest) = rest[1..].split_at_checked(20)?;
        self.0 = rest;
        Some(Entry { name, id, is_tree: mode == b"40000" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_parent_and_the_time_of_the_committer_are_read() {
        let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        let text = format!(
            "tree {tree}\nparent {one}\nparent {two}\nauthor a <a@a> 5 +0000\n\
             committer > 9 <a@a> 1681128000 +0200\n\ncommitter x <> 7 +0000\n"
        );
        let commit = Commit::read(text.as_bytes()).unwrap();
        assert_eq!(commit.tree.to_string(), tree);
        assert_eq!(commit.parent.unwrap().to_string(), one);
        assert_eq!(commit.time, Some(1_681_128_000));
    }

    proptest! {
        #[test]
        fn nothing_malformed_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let whole = [b"100644 m\0".as_slice(), &bytes].concat();
            for bytes in [&bytes, &whole] {
                prop_assert!(Entries(bytes).count() <= bytes.len() / 22);
                Commit::read(bytes);
                Commit::read(&[b"tree ".as_slice(), bytes].concat());
            }
        }
    }
}
