//! Which files differ between two trees (gitformat-pack(5), git-diff-tree(1)).

use std::cmp::Ordering;

use git2::{ObjectType, Odb, OdbObject};

use super::FILE_LIMIT;
use crate::tree::object::{EMPTY_TREE, Sha, Unread, read};

/// How deep folders may lie within each other.
const DEPTH_LIMIT: usize = 256;

/// A file of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub path: Vec<u8>,
    /// What git writes: `100644`, `100755`, `120000` for a symbolic link, `160000` for a submodule.
    pub mode: u32,
    pub sha: Sha,
}

impl File {
    pub fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    pub fn is_submodule(&self) -> bool {
        self.mode == 0o160_000
    }

    /// Whether both are of one kind: files, links or submodules.
    pub fn is_like(&self, other: &Self) -> bool {
        (self.mode ^ other.mode) & 0o170_000 == 0
    }

    pub fn name(&self) -> &[u8] {
        let slash = memchr::memrchr(b'/', &self.path);
        &self.path[slash.map_or(0, |at| at + 1)..]
    }
}

/// A file that came, went, changed or was renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub old: Option<File>,
    pub new: Option<File>,
    /// For one that was renamed: how alike both are, in per cent.
    pub renamed: Option<u32>,
}

/// The files that differ, in the order of their paths, and whether there are more than
/// [`FILE_LIMIT`].
pub(super) fn changes(
    odb: &Odb<'_>,
    old: Option<Sha>,
    new: Sha,
) -> Result<(Vec<Change>, bool), Unread> {
    let mut comparison = Comparison { odb, path: Vec::new(), changes: Vec::new(), cut: false };
    comparison.compare(old, Some(new), 0)?;
    Ok((comparison.changes, comparison.cut))
}

struct Comparison<'a> {
    odb: &'a Odb<'a>,
    path: Vec<u8>,
    changes: Vec<Change>,
    cut: bool,
}

/// A line of a tree.
#[derive(Clone, Copy)]
struct Entry<'a> {
    mode: u32,
    name: &'a [u8],
    sha: Sha,
}

impl Comparison<'_> {
    fn compare(&mut self, old: Option<Sha>, new: Option<Sha>, depth: usize) -> Result<(), Unread> {
        if depth > DEPTH_LIMIT {
            self.cut = true;
            return Ok(());
        }
        let odb = self.odb;
        let (old, new) = (tree(odb, old)?, tree(odb, new)?);
        let (old, new) = (entries(old.as_ref())?, entries(new.as_ref())?);
        let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
        while !self.cut {
            let order = match (old.peek(), new.peek()) {
                (Some(old), Some(new)) => order(old, new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let old = if order.is_le() { old.next() } else { None };
            let new = if order.is_ge() { new.next() } else { None };
            self.pair(old, new, depth)?;
        }
        Ok(())
    }

    fn pair(
        &mut self,
        old: Option<&Entry<'_>>,
        new: Option<&Entry<'_>>,
        depth: usize,
    ) -> Result<(), Unread> {
        let Some(one) = old.or(new) else { return Ok(()) };
        let same =
            |(old, new): (&Entry<'_>, &Entry<'_>)| (old.mode, old.sha) == (new.mode, new.sha);
        if old.zip(new).is_some_and(same) {
            return Ok(());
        }
        let length = self.path.len();
        self.path.extend_from_slice(one.name);
        if one.is_tree() {
            self.path.push(b'/');
            self.compare(old.map(|entry| entry.sha), new.map(|entry| entry.sha), depth + 1)?;
        } else if self.changes.len() == FILE_LIMIT {
            self.cut = true;
        } else {
            let file = |entry: &Entry<'_>| File {
                path: self.path.clone(),
                mode: entry.mode,
                sha: entry.sha,
            };
            let change = Change { old: old.map(file), new: new.map(file), renamed: None };
            self.changes.push(change);
        }
        self.path.truncate(length);
        Ok(())
    }
}

fn tree<'a>(odb: &'a Odb<'_>, sha: Option<Sha>) -> Result<Option<(Sha, OdbObject<'a>)>, Unread> {
    let sha = sha.filter(|sha| *sha != EMPTY_TREE);
    sha.map(|sha| Ok((sha, read(odb, sha, ObjectType::Tree)?))).transpose()
}

impl Entry<'_> {
    fn is_tree(&self) -> bool {
        self.mode == 0o40_000
    }
}

/// Folders are sorted as if their names ended in a slash.
fn order(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    let common = a.name.len().min(b.name.len());
    let end =
        |entry: &Entry<'_>| entry.name.get(common).copied().or(entry.is_tree().then_some(b'/'));
    a.name[..common].cmp(&b.name[..common]).then_with(|| end(a).cmp(&end(b))).then_with(|| {
        // Both go on alike, as `a/` and `a` with a slash in it, which no honest tree holds.
        (a.name, a.is_tree()).cmp(&(b.name, b.is_tree()))
    })
}

/// The lines of a tree: mode, space, name, NUL, 20 bytes; in order, even if they were not.
fn entries<'a>(tree: Option<&'a (Sha, OdbObject<'_>)>) -> Result<Vec<Entry<'a>>, Unread> {
    let Some((sha, object)) = tree else { return Ok(Vec::new()) };
    let malformed = || Unread::malformed(*sha, "tree");
    let (mut entries, mut rest) = (Vec::new(), object.data());
    while !rest.is_empty() {
        let (entry, more) = entry(rest).ok_or_else(malformed)?;
        entries.push(entry);
        rest = more;
    }
    if !entries.is_sorted_by(|a, b| order(a, b).is_le()) {
        entries.sort_by(order);
    }
    Ok(entries)
}

fn entry(line: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let space = memchr::memchr(b' ', line)?;
    let (mode, rest) = (&line[..space], &line[space + 1..]);
    let (name, rest) = rest.split_at(memchr::memchr(0, rest)?);
    let (sha, rest) = rest[1..].split_at_checked(20)?;
    let mode = u32::from_str_radix(std::str::from_utf8(mode).ok()?, 8).ok()?;
    // Git knows two sorts of files only; old trees hold more.
    let mode = match mode & 0o170_000 {
        0o100_000 => 0o100_644 | (mode & 0o100) | ((mode & 0o100) >> 3) | ((mode & 0o100) >> 6),
        kind => kind,
    };
    Some((Entry { mode, name, sha: sha.try_into().ok()? }, rest))
}
