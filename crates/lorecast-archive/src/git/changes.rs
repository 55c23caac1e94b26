//! What a commit says of mails.

use std::cmp::Ordering;
use std::iter::Peekable;

use git2::{Error, Oid};

use super::Layout;
use super::objects::{Commit, Entries, Entry, Objects};

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
            name if entry.is_tree && is_hex(name, 2) => Some((Layout::Files, entry.id())),
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
        b"d" => entry.id().map(Change::Removed),
        b"m" => entry.id().map(Change::Added),
        _ => None,
    };
    entries.filter(|entry| !entry.is_tree && !entry.is_empty()).filter_map(change).collect()
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
            compare(objects, old.tree, new.tree, 38, changes)?;
        } else {
            changes.extend(old.file.map(Change::Removed));
            changes.extend(new.file.map(Change::Added));
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

/// What a name stands for in a tree.
#[derive(Default)]
struct Object {
    tree: Option<Oid>,
    file: Option<Oid>,
}

impl Object {
    fn of(entry: Option<Entry<'_>>) -> Self {
        let Some(entry) = entry else { return Self::default() };
        let id = entry.id();
        if entry.is_tree { Self { tree: id, file: None } } else { Self { tree: None, file: id } }
    }
}

/// What the names stand for that do not stand for the same before and after. Trees are sorted.
fn differences(old: Entries<'_>, new: Entries<'_>, digits: usize) -> Vec<(Object, Object)> {
    let mail = |entry: &Entry<'_>| is_hex(entry.name, digits);
    let (mut old, mut new) = (old.filter(mail).peekable(), new.filter(mail).peekable());
    let mut found = Vec::new();
    while let Some(order) = order(&mut old, &mut new) {
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        if before != after {
            found.push((Object::of(before), Object::of(after)));
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
