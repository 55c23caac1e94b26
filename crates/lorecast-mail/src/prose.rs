//! What people wrote: their own words, in paragraphs, with line wrapping undone.
//!
//! The invariant that `check` relies on: every paragraph of [`paragraphs`] is a substring of
//! [`unwrapped`] of the same text.

use crate::trailer;

/// What the sender wrote: quotations, the lines that introduce them, forwarded mails, PGP armour
/// and the signature become empty lines or are cut off.
pub fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut keep = vec![true; lines.len()];
    for at in 0..lines.len() {
        if ends_own_words(&lines, at) {
            keep[at..].fill(false);
            break;
        }
        if is_quoted(lines[at]) {
            keep[at] = false;
            drop_attribution(&lines[..at], &mut keep);
        } else if is_armour(lines[at]) {
            keep[at] = false;
        }
    }
    let mut out = String::with_capacity(text.len());
    for (line, keep) in lines.iter().zip(keep) {
        out.push_str(if keep { line.trim_end() } else { "" });
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// The paragraphs of the sender's own words, each as one line with single spaces. Only running
/// text: lists, indented blocks, tables, trailers, diffstats, change logs, shortlogs, and the
/// boilerplate of pull requests are left out.
pub fn paragraphs(text: &str) -> Vec<String> {
    let own = own_words(text);
    let mut found = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut skipping = Skipping::default();
    for line in own.lines().chain([""]) {
        let cut = line.trim() == "---";
        if !line.trim().is_empty() && !cut {
            block.push(line);
            continue;
        }
        if !skipping.skips(&block) {
            found.extend(runs(&block));
        }
        block.clear();
        if cut && skipping.seen_trailers {
            break; // behind the commit message: change log and diffstat
        }
    }
    found
}

/// All white space folded to single spaces, and the markers of quotations (`> `) removed from the
/// start of each line, so that quoted words can be found as well.
pub fn unwrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        for word in unquoted(line).split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

fn unquoted(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with('>') {
        trimmed.trim_start_matches(|c: char| c == '>' || c.is_whitespace())
    } else {
        line
    }
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn is_armour(line: &str) -> bool {
    line.starts_with("-----BEGIN PGP")
        || line.starts_with("-----END PGP")
        || line.starts_with("Hash: SHA")
}

/// A signature (RFC 3676 section 4.3), a list's footer, or a mail forwarded or answered on top.
pub(crate) fn ends_own_words(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    let end = line.trim_end();
    let original = end.trim_matches('-').trim();
    line == "-- "
        || end == "--" && lines.len() - at <= 12
        || line.starts_with("-----BEGIN PGP SIGNATURE")
        || end.len() >= 30 && end.bytes().all(|b| b == b'_')
        || end.starts_with("-----")
            && (original == "Original Message" || original == "Forwarded message")
}

/// The lines right above a quotation that say whose it is: at most four, back to an empty line.
fn drop_attribution(above: &[&str], keep: &mut [bool]) {
    let blank = above.iter().rev().take_while(|line| line.trim().is_empty()).count();
    let end = above.len() - blank.min(1);
    if blank > 1 || end == 0 || !keep[end - 1] || !introduces(above[end - 1]) {
        return;
    }
    for at in (end.saturating_sub(4)..end).rev() {
        if above[at].trim().is_empty() || !keep[at] {
            return;
        }
        keep[at] = false;
        if opens_attribution(above[at]) {
            return;
        }
    }
}

fn introduces(line: &str) -> bool {
    const VERBS: [&str; 10] = [
        "wrote:",
        "writes:",
        "said:",
        "schrieb:",
        "a écrit :",
        "a écrit:",
        "写道：",
        "写道:",
        "escribió:",
        "wrote",
    ];
    let end = line.trim_end();
    VERBS.iter().any(|verb| end.ends_with(verb))
        || end.starts_with("Quoting ")
        || end.ends_with(':') && end.contains('@') && end.contains('<')
}

fn opens_attribution(line: &str) -> bool {
    const OPENERS: [&str; 9] = ["On ", "Am ", "Le ", "El ", "In ", "At ", "* ", "Quoting ", "在 "];
    OPENERS.iter().any(|opener| line.starts_with(opener))
}

/// What has been seen so far, for blocks that belong to something left out.
#[derive(Default)]
struct Skipping {
    seen_trailers: bool,
    change_log: bool,
    boilerplate: bool,
}

impl Skipping {
    fn skips(&mut self, block: &[&str]) -> bool {
        let Some(first) = block.first() else { return true };
        if block.iter().any(|line| is_rule(line)) {
            self.boilerplate = false;
        }
        if first.starts_with("The following changes since commit ") {
            self.boilerplate = true;
        }
        let trailers = block.iter().filter(|line| is_trailer(line)).count();
        self.seen_trailers |= trailers > 0;
        if starts_change_log(first) {
            self.change_log = true;
            return true;
        }
        let prose = !block.iter().any(|line| is_item(line) || is_indented(line));
        self.change_log &= !prose;
        self.boilerplate || self.change_log || is_short_log(block)
    }
}

/// Runs of consecutive lines of running text, each joined to one line. What follows an item of a
/// list without an empty line may still belong to the item, and what follows another line that was
/// left out may be half a sentence: such a run counts only when it begins like a sentence.
fn runs(block: &[&str]) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in block {
        if is_item(line) {
            break;
        }
        if !is_prose(line) {
            found.push(String::new());
            continue;
        }
        let run = found.last_mut().expect("a run was opened before the first line");
        for word in line.split_whitespace() {
            if !run.is_empty() {
                run.push(' ');
            }
            run.push_str(word);
        }
    }
    let first = std::mem::take(&mut found[0]);
    found.retain(|run| {
        run.starts_with(|c: char| !c.is_lowercase() && (c.is_alphabetic() || c == '"'))
    });
    found.insert(0, first);
    found.retain(|run| run.contains(' '));
    found
}

fn is_prose(line: &str) -> bool {
    let patch = line.starts_with("@@ ") || line.starts_with('+');
    // The author of a patch that another one sends (git-format-patch(1), `--from`).
    let author = line.starts_with("From: ") && line.contains('@');
    !patch
        && !author
        && !is_indented(line)
        && !is_trailer(line)
        && !is_rule(line)
        && !is_diffstat(line)
}

fn is_indented(line: &str) -> bool {
    line.starts_with('\t') || line.starts_with("  ") || line.starts_with(" ") && is_diffstat(line)
}

fn is_trailer(line: &str) -> bool {
    !trailer::trailers(line).is_empty()
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|c| "-=_*~#+".contains(c))
}

/// ` path | 12 +++--` or ` 3 files changed, 12 insertions(+)`.
fn is_diffstat(line: &str) -> bool {
    if line.contains(" changed, ") && (line.contains("insertion") || line.contains("deletion")) {
        return true;
    }
    let Some((_, right)) = line.rsplit_once(" | ") else { return false };
    let mut words = right.split_whitespace();
    let count = words.next().is_some_and(|w| w == "Bin" || w.bytes().all(|b| b.is_ascii_digit()));
    count && words.all(|word| word.bytes().all(|b| b"+-0123456789>bytes".contains(&b)))
}

/// `- item`, `* item`, `o item`, `1. item`, `2) item`, `(3) item`, `[1] link`.
fn is_item(line: &str) -> bool {
    let text = line.trim_start();
    let Some((marker, _)) = text.split_once([' ', '\t']) else { return false };
    let number = marker.trim_start_matches(['(', '[']).trim_end_matches(['.', ')', ']', ':']);
    let numbered = number.len() < marker.len()
        && number.len() <= 3
        && !number.is_empty()
        && (number.bytes().all(|b| b.is_ascii_digit()) || number.len() == 1);
    matches!(marker, "-" | "*" | "+" | "o" | "•" | "·" | "|" | "#") || numbered
}

/// `Changes in v3:`, `v2 -> v3:`, `Changelog`, `v3:`, `Since v2:`.
fn starts_change_log(line: &str) -> bool {
    let lower = line.trim().trim_start_matches(['-', '*', ' ']).to_lowercase();
    let headed = [
        "changes in v",
        "changes since",
        "changes from",
        "changelog",
        "change log",
        "change history",
        "since v",
        "changes v",
        "changes:",
        "revision history",
        "history:",
    ];
    let version = |word: &str| {
        let digits =
            word.trim_end_matches([':', ',']).trim_start_matches("rfc").trim_start_matches('v');
        word.starts_with(['v', 'r'])
            && !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    let mut words = lower.split_whitespace();
    let starts = words.next().is_some_and(version);
    let second = words.next().unwrap_or(":");
    headed.iter().any(|head| lower.starts_with(head))
        || starts
            && (lower.contains(':') && lower.find(':') < Some(30)
                || second.starts_with("->")
                || second == "→")
}

/// `Ann Example (3):` above indented titles (git-shortlog(1)).
fn is_short_log(block: &[&str]) -> bool {
    let head = block.iter().find(|line| !is_rule(line)).map_or("", |line| line.trim_end());
    let counted = head.strip_suffix("):").and_then(|rest| rest.rsplit_once(" ("));
    counted.is_some_and(|(_, count)| count.bytes().all(|b| b.is_ascii_digit()))
}
