//! The author that the body of a patch names (git-am(1), git-format-patch(1) `--from`).

use lorecast_model::{Mailbox, is_address};

use super::Parts;
use crate::{address, subject_tags};

/// How many lines may stand before the author's.
const LINES: usize = 12;
/// How long the author's line may be, continued ones included, in bytes.
const LENGTH: usize = 2000;

/// The mailbox of a `From:` line at the top of a patch or a cover letter: only empty lines, the
/// line that git writes before a commit, and other header lines of git may stand before it. What
/// stands in quotations, forwarded mails and reports is somebody else's.
pub(super) fn author(parts: &Parts<'_>) -> Option<Mailbox> {
    let (at, lines) = from_line(parts.text)?;
    let tags = subject_tags(&parts.header.subject);
    let posted = !tags.reply && (tags.patch || tags.rfc || parts.diff);
    let pasted = tags.reply && parts.diff && after_git_line(parts.text, at);
    if !(posted || pasted) || is_forwarded(&parts.text[at..]) {
        return None;
    }
    let (found, _) = address::mailboxes(lines.as_bytes());
    match <[Mailbox; 1]>::try_from(found) {
        Ok([author]) => is_public(&author.email).then_some(author),
        Err(_) => None,
    }
}

/// Where the line is, and what it says, folded lines included.
fn from_line(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(LINES) {
        let end = line.trim_end();
        if let Some(value) = header(end, "from:") {
            let start = at + end.len() - value.len();
            let mut stop = at + line.len();
            for folded in text[stop..].split_inclusive('\n') {
                if !folded.starts_with([' ', '\t']) || folded.trim().is_empty() {
                    break;
                }
                stop += folded.len();
            }
            let whole = &text[start..stop];
            let one = whole.len() <= LENGTH && whole.trim_end().ends_with(['>', ')'])
                || whole.trim().split(' ').count() == 1;
            return (one && whole.contains('@')).then_some((at, whole));
        }
        let of_git = is_git_line(end)
            || ["date:", "subject:"].iter().any(|name| header(end, name).is_some());
        if !end.is_empty() && !of_git {
            return None;
        }
        at += line.len();
    }
    None
}

/// The value of a header line of that name.
fn header<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let start = line.get(..name.len())?;
    start.eq_ignore_ascii_case(name).then(|| line[name.len()..].trim_start())
}

/// `From 0123… Mon Sep 17 00:00:00 2001`: git's line before a commit that became a mail.
fn is_git_line(line: &str) -> bool {
    let hash = line.strip_prefix("From ").and_then(|rest| rest.split(' ').next());
    hash.is_some_and(|hash| {
        matches!(hash.len(), 40 | 64) && hash.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn after_git_line(text: &str, at: usize) -> bool {
    text[..at].lines().any(is_git_line)
}

/// Whether the header lines that follow are those of a whole mail: when it was sent and to whom.
fn is_forwarded(text: &str) -> bool {
    text.lines().take_while(|line| !line.trim().is_empty()).any(|line| {
        ["to:", "cc:", "sent:", "message-id:", "mime-version:", "in-reply-to:"]
            .iter()
            .any(|name| header(line, name).is_some())
            || line.contains("> Sent: ")
    })
}

/// Whether it is an address that the world can answer to.
fn is_public(email: &str) -> bool {
    is_address(email) && email.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'))
}
