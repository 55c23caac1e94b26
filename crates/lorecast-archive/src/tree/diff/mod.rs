//! What a commit changes, as git shows it: `git format-patch` and `git patch-id` agree with it.

mod blobs;
mod header;
mod hunks;
mod rename;
mod similar;
mod trees;

use encoding_rs::WINDOWS_1252;
use git2::Odb;

use super::object::{Sha, Unread};
use blobs::Blobs;
use hunks::{Algorithm, hunks};
use trees::Change;

/// The diff of a commit that touches more files than this is cut.
pub const FILE_LIMIT: usize = 2_000;

/// A diff is cut before a file that would make it longer than this, in bytes.
pub const DIFF_LIMIT: usize = 5 * 1024 * 1024;

/// What pairing the lines of a commit may cost, in lines times the square root of lines, for each
/// file; this much takes about three seconds. The largest files of the kernel cost a tenth of it.
const COST_LIMIT: u64 = 1_000_000_000;

/// A commit is shown in other settings than git's default only when that diff is no longer than
/// this, in bytes: longer ones are not mailed.
const OTHERS_LIMIT: usize = 512 * 1024;

/// What that may cost for each setting, in lines times changed lines: about half a second.
const OTHERS_COST_LIMIT: u64 = 1_000_000_000;

/// Git looks for a NUL in this many bytes to tell what is not text.
const LOOKED_AT: usize = 8_000;

/// The diffs of a commit.
pub(super) struct Diffs {
    /// Git's default first, then what differs from it in other settings.
    pub texts: Vec<String>,
    /// Files were left out.
    pub cut: bool,
}

/// The change from one tree to another: renames found, without them, by patience, and the smallest.
///
/// # Errors
/// When a tree or a file cannot be read.
pub(super) fn diffs(odb: &Odb<'_>, old: Option<Sha>, new: Sha) -> Result<Diffs, Unread> {
    let (changes, mut cut) = trees::changes(odb, old, new)?;
    let mut blobs = Blobs::new(odb);
    // What was cut lacks one half of some renames.
    let paired = if cut { changes.clone() } else { rename::find(&changes, &mut blobs)? };
    let default = sections(&paired, &mut blobs, &mut cut)?;
    let mut all = vec![default.concat()];
    if !cut && all[0].len() <= OTHERS_LIMIT {
        if paired.len() != changes.len() {
            let mut longer = false;
            let apart = sections(&changes, &mut blobs, &mut longer)?;
            all.extend((!longer).then(|| apart.concat()));
        }
        for algorithm in [Algorithm::Patience, Algorithm::Minimal] {
            let (mut other, mut left) = (default.clone(), OTHERS_COST_LIMIT);
            for (section, change) in other.iter_mut().zip(&paired) {
                if let Some(again) = section_by(change, section, &mut blobs, algorithm, &mut left)?
                {
                    *section = again;
                }
            }
            all.push(other.concat());
        }
    }
    Ok(Diffs { texts: texts(all), cut })
}

/// The diff of each file, in git's default setting.
fn sections(
    changes: &[Change],
    blobs: &mut Blobs<'_>,
    cut: &mut bool,
) -> Result<Vec<Vec<u8>>, Unread> {
    let (mut sections, mut length, mut left) = (Vec::with_capacity(changes.len()), 0, COST_LIMIT);
    for change in changes {
        let (section, whole) = section(change, blobs, &mut left)?;
        length += section.len();
        *cut |= !whole || length > DIFF_LIMIT;
        if length > DIFF_LIMIT {
            break;
        }
        sections.push(section);
    }
    Ok(sections)
}

/// The diff of a file, and whether it could be looked into, for no more than what is left.
fn section(
    change: &Change,
    blobs: &mut Blobs<'_>,
    left: &mut u64,
) -> Result<(Vec<u8>, bool), Unread> {
    if let (Some(old), Some(new)) = (&change.old, &change.new)
        && !old.is_like(new)
    {
        // A file that became a link: git shows how one goes and the other comes.
        let gone = Change { old: Some(old.clone()), new: None, renamed: None };
        let come = Change { old: None, new: Some(new.clone()), renamed: None };
        let (gone, come) = (section(&gone, blobs, left)?, section(&come, blobs, left)?);
        return Ok(([gone.0, come.0].concat(), gone.1 && come.1));
    }
    let mut text = header::header(change);
    let Some((old, new)) = contents(change, blobs)? else { return Ok((text, false)) };
    if old == new {
        return Ok((text, true));
    }
    if is_binary(&old) || is_binary(&new) {
        text.extend_from_slice(&header::binary(change));
        return Ok((text, true));
    }
    let lines = lines(&old) + lines(&new);
    if !spend(left, lines * lines.isqrt()) {
        return Ok((text, false));
    }
    let hunks = hunks(&old, &new, Algorithm::Myers).map_err(|source| failed(change, source))?;
    text.extend_from_slice(&header::names(change));
    text.extend_from_slice(&hunks);
    Ok((text, true))
}

/// The diff of a text that was changed, by another algorithm than its default one; nothing where it
/// can only be the same, or costs more than what is left.
fn section_by(
    change: &Change,
    default: &[u8],
    blobs: &mut Blobs<'_>,
    algorithm: Algorithm,
    left: &mut u64,
) -> Result<Option<Vec<u8>>, Unread> {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old.is_like(new) && old.sha != new.sha => {}
        _ => return Ok(None),
    }
    let Some((old, new)) = contents(change, blobs)? else { return Ok(None) };
    let cost = (lines(&old) + lines(&new)) * lines(default);
    if is_binary(&old) || is_binary(&new) || !spend(left, cost) {
        return Ok(None);
    }
    let hunks = hunks(&old, &new, algorithm).map_err(|source| failed(change, source))?;
    Ok(Some([header::header(change), header::names(change), hunks].concat()))
}

type Content = std::rc::Rc<[u8]>;

/// Both sides of a change; none when one is too large.
fn contents(change: &Change, blobs: &mut Blobs<'_>) -> Result<Option<(Content, Content)>, Unread> {
    let mut side = |file: &Option<trees::File>| match file {
        Some(file) => blobs.content(file),
        None => Ok(Some(Content::default())),
    };
    Ok(side(&change.old)?.zip(side(&change.new)?))
}

fn failed(change: &Change, source: git2::Error) -> Unread {
    let file = change.new.as_ref().or(change.old.as_ref());
    Unread { object: file.map(|file| file.sha).unwrap_or_default(), source }
}

fn lines(content: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', content).count() as u64
}

/// Takes a cost from what is left; false when it is not enough.
fn spend(left: &mut u64, cost: u64) -> bool {
    left.checked_sub(cost).map(|rest| *left = rest).is_some()
}

fn is_binary(content: &[u8]) -> bool {
    memchr::memchr(0, &content[..content.len().min(LOOKED_AT)]).is_some()
}

/// Each diff once, as text. Bytes that are not UTF-8 become U+FFFD, as they do in a mail that says
/// it is UTF-8; such a diff is also read as windows-1252, as a mail that says nothing is.
fn texts(all: Vec<Vec<u8>>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    };
    let mut other = None;
    for bytes in all {
        if std::str::from_utf8(&bytes).is_err() && other.is_none() {
            other = Some(WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned());
        }
        add(String::from_utf8(bytes)
            .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()));
    }
    other.map(&mut add);
    texts
}
