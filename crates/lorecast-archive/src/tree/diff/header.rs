//! The head of a file in a diff, as git writes it (git-diff(1), "Generating patch text with -p").

use super::trees::{Change, File};
use crate::tree::object::hex;

/// Everything above the hunks, names of files without `---` and `+++` when there are none.
/// The names of blobs are whole, as `--full-index` has them.
pub(super) fn header(change: &Change) -> Vec<u8> {
    let Some(either) = change.old.as_ref().or(change.new.as_ref()) else { return Vec::new() };
    let (old, new) = (change.old.as_ref().unwrap_or(either), change.new.as_ref().unwrap_or(either));
    let mut text =
        [b"diff --git ", &quoted(b"a/", &old.path)[..], b" ", &quoted(b"b/", &new.path), b"\n"]
            .concat();
    let mut say = |words: &str| text.extend_from_slice(words.as_bytes());
    match (&change.old, &change.new) {
        (Some(old), None) => say(&format!("deleted file mode {:06o}\n", old.mode)),
        (None, Some(new)) => say(&format!("new file mode {:06o}\n", new.mode)),
        _ if old.mode != new.mode => {
            say(&format!("old mode {:06o}\nnew mode {:06o}\n", old.mode, new.mode));
        }
        _ => {}
    }
    if let Some(percent) = change.renamed {
        say(&format!("similarity index {percent}%\n"));
        text.extend_from_slice(&[b"rename from ", &quoted(b"", &old.path)[..], b"\n"].concat());
        text.extend_from_slice(&[b"rename to ", &quoted(b"", &new.path)[..], b"\n"].concat());
    }
    let name =
        |file: &Option<File>| file.as_ref().map_or_else(|| "0".repeat(40), |file| hex(&file.sha));
    let (from, to) = (name(&change.old), name(&change.new));
    if from != to {
        let both = change.old.is_some() && change.new.is_some() && old.mode == new.mode;
        let mode = if both { format!(" {:06o}", new.mode) } else { String::new() };
        text.extend_from_slice(format!("index {from}..{to}{mode}\n").as_bytes());
    }
    text
}

/// `--- a/old` and `+++ b/new`. A name with a space ends in a tab, so that patch(1) finds its end.
pub(super) fn names(change: &Change) -> Vec<u8> {
    let mut text = Vec::new();
    for (mark, prefix, file) in [("---", b"a/", &change.old), ("+++", b"b/", &change.new)] {
        text.extend_from_slice(mark.as_bytes());
        text.push(b' ');
        let name = side(prefix, file.as_ref());
        text.extend_from_slice(&name);
        if file.is_some() && name.contains(&b' ') && !name.starts_with(b"\"") {
            text.push(b'\t');
        }
        text.push(b'\n');
    }
    text
}

/// What git says of files that are not text.
pub(super) fn binary(change: &Change) -> Vec<u8> {
    let (old, new) = (side(b"a/", change.old.as_ref()), side(b"b/", change.new.as_ref()));
    [b"Binary files ", &old[..], b" and ", &new, b" differ\n"].concat()
}

fn side(prefix: &[u8], file: Option<&File>) -> Vec<u8> {
    file.map_or_else(|| b"/dev/null".to_vec(), |file| quoted(prefix, &file.path))
}

/// A name in quotation marks when it holds one, a control character or other bytes than ASCII
/// (`core.quotePath`).
fn quoted(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    let plain = |&byte: &u8| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    if name.iter().all(plain) {
        return [prefix, name].concat();
    }
    let mut text = [b"\"", prefix].concat();
    for byte in name {
        let escape = match byte {
            0x07 => b'a',
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0b => b'v',
            0x0c => b'f',
            b'\r' => b'r',
            b'"' | b'\\' => *byte,
            byte if plain(byte) => {
                text.push(*byte);
                continue;
            }
            byte => {
                text.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                continue;
            }
        };
        text.extend_from_slice(&[b'\\', escape]);
    }
    text.push(b'"');
    text
}
