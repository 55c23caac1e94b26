//! What a part is there for, and what its file is called.

use super::parameters::Parameters;
use crate::harmless;

/// How much of a name is kept, in characters: the most that file systems hold, in bytes.
const NAME: usize = 255;

/// What a part of text is to its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Words to read.
    Prose,
    /// The same in HTML, for when there is nothing else.
    Html,
    /// A patch in a file.
    Patch,
    /// The text of a mail within the mail.
    Nested,
    /// Another file of text.
    File,
    /// A file that may be text: its content tells.
    MaybeFile,
}

/// The use of a part by its type, disposition and name; nothing when it is no text.
pub(crate) fn use_of(kind: &Parameters, disposition: &Parameters, name: &str) -> Option<Use> {
    let (major, minor) = kind.value.split_once('/').unwrap_or((&kind.value, ""));
    if is_patch_type(minor) || is_patch_name(name) {
        return Some(Use::Patch);
    }
    let other = ["application", "audio", "font", "image", "message", "model", "multipart", "video"];
    match (major, disposition.value.as_str()) {
        ("application", _) if minor == "octet-stream" => Some(Use::MaybeFile),
        _ if other.contains(&major) => None,
        (_, "attachment") => Some(Use::File),
        _ if minor == "html" => Some(Use::Html),
        _ => Some(Use::Prose),
    }
}

fn is_patch_type(minor: &str) -> bool {
    matches!(minor, "x-patch" | "x-diff" | "patch" | "diff")
}

fn is_patch_name(name: &str) -> bool {
    let name = name.strip_suffix(".txt").unwrap_or(name);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    end.eq_ignore_ascii_case("patch") || end.eq_ignore_ascii_case("diff")
}

/// The name of a part's file (RFC 2183 section 2.3; older mailers write it into Content-Type): no
/// folders, nothing that harms a terminal, at most 255 characters; empty when there is none.
pub(crate) fn name(kind: &Parameters, disposition: &Parameters) -> String {
    let written = disposition.get("filename").or(kind.get("name")).unwrap_or_default();
    let line = harmless::line(written);
    let name = line.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if name.chars().all(|c| c == '.') { String::new() } else { name.chars().take(NAME).collect() }
}
