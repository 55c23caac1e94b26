//! Trailers: `Reviewed-by: A Name <a@b>` and the like (git-interpret-trailers(1)).

use lorecast_model::Trailer;

/// Keys that kernel mail uses beside `…-by`, in lower case (Documentation/process in the kernel).
const KNOWN: [&str; 12] = [
    "fixes",
    "link",
    "closes",
    "cc",
    "buglink",
    "depends-on",
    "change-id",
    "message-id",
    "patchwork",
    "references",
    "pull-request",
    "base-commit",
];

/// Finds trailers at the start of lines, outside quotations.
///
/// In a paragraph of nothing but trailers every `Key: value` counts; elsewhere only `…-by` with an
/// address or a known key does. A value may go on in an indented line, or in a line that starts
/// with the address. The `---` behind trailers ends a commit message, `-- ` a mail: what follows is
/// not read. `[a note]` lines between trailers are passed over.
pub fn trailers(text: &str) -> Vec<Trailer> {
    let mut all = Vec::new();
    let mut paragraph = Vec::new();
    for line in text.lines() {
        let end = line.trim_end();
        if end == "--" || end == "---" && !(all.is_empty() && paragraph.is_empty()) {
            if end == "--" {
                break;
            }
            read(&paragraph, &mut all);
            paragraph.clear();
            if !all.is_empty() {
                return all;
            }
        } else if end.is_empty() {
            read(&paragraph, &mut all);
            paragraph.clear();
        } else {
            paragraph.push(end);
        }
    }
    read(&paragraph, &mut all);
    all
}

/// Reads the trailers of one paragraph.
fn read(paragraph: &[&str], all: &mut Vec<Trailer>) {
    let block = is_block(paragraph);
    let mut open = false;
    for (at, line) in paragraph.iter().enumerate() {
        let next = paragraph.get(at + 1).copied().unwrap_or_default();
        match field(line) {
            Some((key, value)) if block || is_known(&key, value, next) => {
                all.push(Trailer { key, value: value.to_owned() });
                open = true;
            }
            _ if open && continues(line) => {
                if let Some(last) = all.last_mut() {
                    last.value.push(' ');
                    last.value.push_str(line.trim());
                }
            }
            _ => open = false,
        }
    }
    all.retain(|trailer| !trailer.value.is_empty());
}

/// Whether all lines are trailers, at least one of them a known one.
fn is_block(paragraph: &[&str]) -> bool {
    let known = |line: &&str| {
        field(line).is_some_and(|(key, _)| key.ends_with("-by") || KNOWN.contains(&key.as_str()))
    };
    paragraph.iter().any(known)
        && paragraph.iter().all(|line| field(line).is_some() || continues(line) || is_note(line))
}

fn is_known(key: &str, value: &str, next: &str) -> bool {
    if !key.ends_with("-by") {
        return KNOWN.contains(&key);
    }
    // The address may stand in the next line.
    value.contains('@') || next.starts_with('<') && next.contains('@')
}

fn continues(line: &str) -> bool {
    line.starts_with([' ', '\t']) || line.starts_with('<') && line.contains('@')
}

fn is_note(line: &str) -> bool {
    line.starts_with('[') && line.ends_with(']')
}

/// `Key: value`, the key a token of letters, digits and dashes.
fn field(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once(':')?;
    let token = key.len() <= 64
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let spaced = value.is_empty() || value.starts_with([' ', '\t', '<']) || key.ends_with("-by");
    (token && spaced).then(|| (key.to_ascii_lowercase(), value.trim()))
}
