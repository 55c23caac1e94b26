//! What a commit says of mails.

use std::cmp::Ordering;
use std::iter::Peekable;

use git2::{Error, Oid};

use super::Layout;
use super::objects::{Commit, Entries, Entry, Objects};

/// The blob without content, e69de29bb2d1d6434b8b29ae775ad8c2e48c5391.
const EMPTY: [u8; 20] = [
    0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6, 0x43, 0x4b, 0x8b, 0x29, 0xae, 0x77, 0x5a, 0xd8, 0xc2,
    0xe4, 0x8c, 0x53, 0x91,
];

/// A mail that came or went, by its blob.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Added(Oid),
    Removed(Oid),
}

/// Where mails are in a tree, if there are any.
pub(super) fn layout(objects: &Objects, tree: Oid) -> Option<Layout> {
    let of = |mut entries: Entries<'_>| {
        entries.find_map(|entry| match entry.name {
            b"m" | b"d" if !entry.is_tree => Some((Layout::Commits, None)),
            name if entry.is_tree && is_hex(name, 2) => Some((Layout::Files, Some(entry.id))),
            _ => None,
        })
    };
    match objects.tree(tree, of).ok().flatten()? {
        (Layout::Files, Some(folder)) => {
            let mails = objects.tree(folder, |mut files| files.any(|file| is_hex(file.name, 38)));
            mails.is_ok_and(|mails| mails).then_some(Layout::Files)
        }
        (layout, _) => Some(layout),
    }
}

/// What a commit changes, the last first. A file that is replaced goes before it comes.
pub(super) fn of_commit(
    objects: &Objects,
    layout: Layout,
    commit: &Commit,
) -> Result<Vec<Change>, Error> {
    match layout {
        Layout::Commits => objects.tree(commit.tree, of_epoch),
        Layout::Files => {
            let parent = commit.parent.map(|id| objects.commit(id)).transpose()?;
            let mut changes = Vec::new();
            compare(objects, parent.map(|parent| parent.tree), Some(commit.tree), 2, &mut changes)?;
            changes.reverse();
            Ok(changes)
        }
    }
}

/// What a tree of an epoch says. It should have only one of both; if not, the mail comes before the
/// other one goes, which is right whichever of them is left from an older commit. Where
/// public-inbox-purge(1) was at work, an empty `m` is left.
fn of_epoch(entries: Entries<'_>) -> Vec<Change> {
    let change = |entry: Entry<'_>| match entry.name {
        b"d" => Some(Change::Removed(entry.id)),
        b"m" => Some(Change::Added(entry.id)),
        _ => None,
    };
    entries
        .filter(|entry| !entry.is_tree && entry.id.as_bytes() != EMPTY)
        .filter_map(change)
        .collect()
}

/// Compares two trees of names with so many hex digits.
fn compare(
    objects: &Objects,
    old: Option<Oid>,
    new: Option<Oid>,
    digits: usize,
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    let pairs = with_tree(objects, old, |old| {
        with_tree(objects, new, |new| differences(old, new, digits))
    })??;
    for (old, new) in pairs {
        if digits == 2 {
            let folder = |entry: Option<(Oid, bool)>| entry.filter(|e| e.1).map(|(id, _)| id);
            compare(objects, folder(old), folder(new), 38, changes)?;
        } else {
            let file = |entry: Option<(Oid, bool)>| entry.filter(|e| !e.1).map(|(id, _)| id);
            changes.extend(file(old).map(Change::Removed));
            changes.extend(file(new).map(Change::Added));
        }
    }
    Ok(())
}

fn with_tree<T>(
    objects: &Objects,
    id: Option<Oid>,
    read: impl FnOnce(Entries<'_>) -> T,
) -> Result<T, Error> {
    match id {
        Some(id) => objects.tree(id, read),
        None => Ok(read(Entries::NONE)),
    }
}

/// A name's object, and whether it is a tree, before and after.
type Difference = (Option<(Oid, bool)>, Option<(Oid, bool)>);

/// The names that stand for something else, or in one of the trees only. Trees are sorted.
fn differences(old: Entries<'_>, new: Entries<'_>, digits: usize) -> Vec<Difference> {
    let mail = |entry: &Entry<'_>| is_hex(entry.name, digits);
    let (mut old, mut new) = (old.filter(mail).peekable(), new.filter(mail).peekable());
    let mut found = Vec::new();
    while let Some(order) = order(&mut old, &mut new) {
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        if before != after {
            let object = |entry: Option<Entry<'_>>| entry.map(|entry| (entry.id, entry.is_tree));
            found.push((object(before), object(after)));
        }
    }
    found
}

/// Which of two sorted lists has the smaller name next.
fn order<'a>(
    old: &mut Peekable<impl Iterator<Item = Entry<'a>>>,
    new: &mut Peekable<impl Iterator<Item = Entry<'a>>>,
) -> Option<Ordering> {
    match (old.peek(), new.peek()) {
        (Some(old), Some(new)) => Some(old.name.cmp(new.name)),
        (Some(_), None) => Some(Ordering::Less),
        (None, Some(_)) => Some(Ordering::Greater),
        (None, None) => None,
    }
}

fn is_hex(name: &[u8], digits: usize) -> bool {
    name.len() == digits && name.iter().all(u8::is_ascii_hexdigit)
}
