//! Addresses of mails in text, and the earlier revisions that a mail names by them.

use lorecast_model::{MessageId, Version, percent_decoded};

use crate::lines::lines;
use crate::versions;

/// How many addresses of one text are read.
const MOST: usize = 500;

/// The mail that an address in the web shows: `https://lore.kernel.org/r/<id>`,
/// `https://lore.kernel.org/linux-pci/<id>/T/#u`, `https://patch.msgid.link/<id>`, Patchwork's
/// `…/patch/<id>/`. `None` for archives whose addresses hold no Message-ID (marc.info, lkml.org).
pub fn linked_message(url: &str) -> Option<MessageId> {
    let rest =
        strip_ignoring_case(url, "https://").or_else(|| strip_ignoring_case(url, "http://"))?;
    let rest = &rest[..rest.find(['?', '#', '>', '<', '"']).unwrap_or(rest.len())];
    let (host, path) = rest.split_once('/')?;
    let host = host.to_ascii_lowercase();
    // Ids with a slash, unescaped: only where nothing else can stand in front.
    let alone = match host.as_str() {
        "lore.kernel.org" | "lkml.kernel.org" => path.strip_prefix("r/"),
        "patch.msgid.link" | "msgid.link" => Some(path),
        _ => None,
    };
    let end = |segment: &str| {
        let text = percent_decoded(segment);
        let text = text.trim_end_matches(|c| ")].,;:'*`|}".contains(c));
        text.find('@').filter(|&at| at > 0 && at + 1 < text.len())?;
        MessageId::new(text).ok()
    };
    if let Some(path) = alone {
        let at = path.find('@').or_else(|| path.find("%40"))?;
        let stop = path[at..].find('/').map_or(path.len(), |slash| at + slash);
        return end(path[..stop].trim_start_matches('/'));
    }
    path.split('/').find_map(end)
}

/// Each address in a text that shows a mail: where it begins, and the mail.
pub fn linked_messages(text: &str) -> Vec<(usize, MessageId)> {
    memchr::memmem::find_iter(text.as_bytes(), "://")
        .filter_map(|at| {
            let scheme = ["https", "http"].into_iter().find(|scheme| {
                text[..at]
                    .get(at.saturating_sub(scheme.len())..)
                    .is_some_and(|s| s.eq_ignore_ascii_case(scheme))
            })?;
            let start = at - scheme.len();
            let end = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
            Some((start, linked_message(&text[start..end])?))
        })
        .take(MOST)
        .collect()
}

/// The earlier revisions that a cover letter or patch links to, each with the version that it is
/// said to be: `Link to v2: <url>`, `v2: <url>`, `RFC: <url>`, `[1] <url>` where `v1 [1]` stands
/// elsewhere, `Previous version: <url>`. Links to anything else (reports, dependencies) are left
/// out: nothing but words about revisions may stand in front of the address.
pub fn named_revisions(text: &str) -> Vec<(Option<Version>, MessageId)> {
    let mut found: Vec<(Option<Version>, MessageId)> = Vec::new();
    if !text.contains("://") {
        return found;
    }
    let mut before = "";
    let (mut links, mut marks) = (0, 0);
    for line in lines(text) {
        let line = line.trim_end();
        if line.starts_with('>') {
            continue;
        }
        for (at, id) in linked_messages(line) {
            links += 1;
            if links > MOST {
                return found;
            }
            let label = match footnote(&line[..at]) {
                Some(mark) => {
                    marks += 1;
                    let looked_up = marks <= MOST_MARKS;
                    looked_up
                        .then(|| mentioned(text, line, mark))
                        .flatten()
                        .or_else(|| opened(before))
                }
                None => label(&line[..at], before),
            };
            if let Some(version) = label
                && !found.iter().any(|(_, known)| *known == id)
            {
                found.push((version, id));
            }
        }
        if !line.is_empty() {
            before = line;
        }
    }
    found
}

/// What the words in front of an address say that it is: a revision, and which. Without any, or with
/// "Link:" alone, the line above tells.
fn label(front: &str, line_before: &str) -> Option<Option<Version>> {
    let bare = front.trim_matches(|c: char| c.is_whitespace() || "-*+•<([#:".contains(c));
    if bare.is_empty() || bare.eq_ignore_ascii_case("link") {
        return opened(line_before);
    }
    said(front)
}

/// A line above an address, when it introduces one.
const SHORT: usize = 30;

fn opened(line: &str) -> Option<Option<Version>> {
    let line = line.trim();
    if let Some(head) =
        versions::heading(line).filter(|head| head.inline.trim_matches(['-', ' ']).is_empty())
    {
        return said(line).or(head.version.map(Some));
    }
    let opens = line.ends_with([':', '-', '(', '[', '<']) || line.len() < SHORT;
    if opens { said(line) } else { None }
}

/// The version that a label names. `None` when it is about something else. A digit behind the dot
/// names a release of the kernel more often than a patch that was sent again.
fn said(label: &str) -> Option<Option<Version>> {
    let label = label.rsplit_once(". ").map_or(label, |(_, last)| last);
    let said = versions::label(label)?;
    said.earlier.is_none_or(|version| version.minor == 0).then_some(said.earlier)
}

/// `[1]` or `[1]:` alone in front of an address.
fn footnote(front: &str) -> Option<&str> {
    let mark = front.trim().trim_end_matches(':').trim_start_matches(['-', '*', ' ']);
    let digits = mark.strip_prefix('[')?.strip_suffix(']')?;
    (digits.len() <= 2 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then_some(mark)
}

/// How many footnotes of one text are looked up, and how many lines and bytes are searched for the
/// mark of each.
const MOST_MARKS: usize = 100;
const MARK_LINES: usize = 2000;
const MARK_BYTES: usize = 256 * 1024;

/// What stands in front of the mark of a footnote elsewhere: `Changes since v2 [1]:`.
fn mentioned(text: &str, own: &str, mark: &str) -> Option<Option<Version>> {
    let mut read = 0;
    let near = lines(text).take(MARK_LINES).take_while(|line| {
        read += line.len();
        read <= MARK_BYTES
    });
    near.filter(|line| line.trim_end() != own).find_map(|line| {
        let at = line.find(mark)?;
        let front = line[..at].trim_end_matches([' ', '(']);
        let start = front.len() - front.chars().rev().take(30).map(char::len_utf8).sum::<usize>();
        let last = front[start..].split_whitespace().next_back()?;
        let version = versions::token(last.trim_start_matches(['(', '[', '>', '-', '=']))?;
        (version.minor == 0).then_some(Some(version))
    })
}

fn strip_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}
