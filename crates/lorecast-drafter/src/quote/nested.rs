//! Words of others inside somebody's mail that no `>` marks.
//!
//! What is not surely the sender's own is nobody's: a lost sentence is cheaper than one that is put
//! into the wrong mouth.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::constant;

/// A mail passed on: whatever stands below is of others, up to the mark that ends it.
static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\s*(?:[-_=*]{2,}\s*)?(?:(?:begin |start of )?forwarded (?:mail|message|e-?mail|by .{1,60})|original (?:mail|message|e-?mail|appointment)|urspr\x{fc}ngliche nachricht|weitergeleitete nachricht|message (?:d'origine|transf\x{e9}r\x{e9})|mensaje (?:original|reenviado)|messaggio originale)(?:\s*:|\s*[-_=*]{2,}\s*|\s+from .{1,80}|\s*)$",
    )
});
static FORWARD_ENDS: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)^\s*[-_=*]{2,}\s*end(?: of)? (?:forwarded|original) (?:mail|message|e-?mail)")
});

/// The headers of another mail.
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\s*\*?(?:from|von|de|date|datum|sent|gesendet|envoy\x{e9}|to|an|cc|reply-to|subject|betreff|objet|message-id|list-id)\s?:\*?\s+\S",
    )
});
static SENDER: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^\s*\*?(?:from|von|de)\s?:\*?\s+\S"));
/// What git-am(1) reads at the top of a patch's text; whoever sends the patch on passes on a patch.
static OF_PATCH: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?:From|Date|Subject): \S|^From [0-9a-f]{40} "));
static SIGNED: LazyLock<Regex> = LazyLock::new(|| constant(r"(?m)^Signed-off-by: "));

/// `On Monday, Ann wrote:`; the text below lost its marks.
static ATTRIBUTES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\s*(?:(?:on|am|le|el|op|il|at|in|vào|den)\s.{3,200}|.{0,200}(?:<\S+@\S+>|\(\S+@\S+\)).{0,80}|[\w.'’ -]{2,60}\s)(?:wrote|writes|said|schrieb.{0,80}|a \x{e9}crit|escribi\x{f3}|skrev.{0,80}|schreef.{0,80}|ha scritto)(?: on .{3,60}| \(.{3,60}\)| this)?\s?:\s*$|^\s*.{2,80}<\S+@\S+> (?:wrote|writes)\b.{0,80}:\s*$",
    )
});

/// A sentence that hands over to somebody else's words.
static HANDS_OVER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:quot(?:e|es|ed|ing|ation)|cover[- ]letter|commit (?:message|log|description|text)|change ?log (?:of|from)|(?:bug|crash|problem|original|initial|full|following|his|her|their|user(?:'s|s)?|private|off-list|the) (?:e-?mail|mail|message|report|posting|post|answer|reply|description|text|statement|comment)|bugzilla|according to|documentation (?:says|states|reads)|(?:spec|specification|standard|manual|docs?|documentation|comment|article|page|thread|ticket|entry) (?:says|states|reads)|(?:he|she|they|who|somebody|someone|a user|users?|reporter|maintainers?|linus|and) (?:said|says|wrote|writes|report(?:s|ed)|states?|explain(?:s|ed)|told|noted?|put it|asked)|(?:wrote|writes|told me|was told|pasted?|pasting|forward(?:s|ed|ing)?|transcript|irc|chat)|\w+ (?:said|says|reports|reported|explained|put it))\b",
    )
});

/// What it hands over to may have any number of paragraphs.
static WHOLE_MAIL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:quot(?:e|es|ed|ing)|cover[- ]letter|wrote|writes|past(?:e|ed|ing)|forward(?:s|ed|ing)?|transcript|irc|chat|below|following|bugzilla|(?:commit|bug|crash|full|whole|original|complete) (?:message|log|description|report|mail|text))\b",
    )
});

/// A line that fences a paste in.
static FENCE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)^\s*(?:[-=*~#+_]{3,}|`{3,}\w*|'{3}|"{3}|[-= ]*(?:8<|>8|%<|✂)[-= ><8]*.{0,40}|[-=]*\s?<?/?(?:snip|quote|blockquote|cut here|begin_quote|end_quote|paste|begin quote|end quote)>?\s?[-=]*|\[/?quote[^\]]*\]|\{quote\}|#\+(?:begin|end)_quote)\s*$"#,
    )
});
/// Such a fence is about a paste, whatever stands before it.
static PASTE_FENCE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)^\s*(?:`{3,}\w*|'{3}|"{3}|~{3,}|[-= ]*(?:8<|>8|%<|✂)[-= ><8]*.{0,40}|[-=]*\s?<?(?:snip|quote|blockquote|cut here|begin_quote|paste|begin quote)>?\s?[-=]*|\[quote[^\]]*\]|\{quote\}|#\+begin_quote)\s*$"#,
    )
});

/// Marks of quotations that are no `>`: initials, bars, a chat's nicknames.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^\s*(?:[A-Za-z]{1,5}\d?>+(?:\s|$)|[|}%»›¦┃❯](?:\s|$)|(?:\[?\d{1,2}:\d\d(?::\d\d)?\]?\s*)?<[@+%~ ]?[\w\[\]^-]{2,24}>\s|\[?\d{1,2}:\d\d(?::\d\d)?\]?\s+[\w-]{2,24}:\s)",
    )
});
/// Colons and hashes mark quotations only where several lines have them.
static WEAKLY_MARKED: LazyLock<Regex> = LazyLock::new(|| constant(r"^(?:[:#;](?:\s|$))"));

/// How far above a passage its introduction may end, in lines.
const NEAR: usize = 3;

/// A mail's own words, with every line that others wrote, or may have written, empty.
pub(super) fn without_others(own: &str) -> String {
    let lines: Vec<&str> = own.lines().collect();
    let mut out = String::with_capacity(own.len());
    for (line, others) in lines.iter().zip(of_others(&lines, own)) {
        out.push_str(if others { "" } else { line });
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// Which lines are of others.
fn of_others(lines: &[&str], own: &str) -> Vec<bool> {
    let mut others = vec![false; lines.len()];
    let mut at = after_patch_headers(lines, own);
    while at < lines.len() {
        let end = passage(lines, at);
        others[at..end].fill(true);
        at = end.max(at + 1);
    }
    others
}

/// Behind the headers that git-am(1) reads at the top of a patch's text.
fn after_patch_headers(lines: &[&str], own: &str) -> usize {
    let start = lines.iter().take_while(|line| line.trim().is_empty()).count();
    let headers = lines[start..].iter().take_while(|line| OF_PATCH.is_match(line)).count();
    if headers > 0 && (headers == 1 || SIGNED.is_match(own)) { start + headers } else { 0 }
}

/// Where the passage of somebody else ends that begins in this line; `at` when none does.
fn passage(lines: &[&str], at: usize) -> usize {
    let line = lines[at];
    if line.trim().is_empty() {
        return at;
    }
    if FORWARDED.is_match(line) {
        let end = lines[at..].iter().position(|line| FORWARD_ENDS.is_match(line));
        return end.map_or(lines.len(), |end| at + end + 1);
    }
    if is_head_of_mail(lines, at) || ATTRIBUTES.is_match(line) && !sets_apart(lines, at) {
        return lines.len();
    }
    if MARKED.is_match(line) {
        return end_of(lines, at, |line| MARKED.is_match(line));
    }
    if WEAKLY_MARKED.is_match(line) {
        let end = end_of(lines, at, |line| WEAKLY_MARKED.is_match(line));
        return if end > at + 1 { end } else { at };
    }
    let introduced = introduction(lines, at).is_some_and(|line| hands_over(lines, line));
    if FENCE.is_match(line) && (introduced || PASTE_FENCE.is_match(line)) {
        let end = lines[at + 1..].iter().position(|line| FENCE.is_match(line));
        return end.map_or(lines.len(), |end| at + 1 + end + 1);
    }
    let marked = if opens_quotation(line) { end_of_quotation(lines, at) } else { at };
    match introduced {
        _ if marked > at => marked,
        true if is_indented(line) => end_of_indented(lines, at),
        true if whole_mail_follows(lines, at) => lines.len(),
        true => end_of(lines, at, |line| !line.trim().is_empty()),
        false => at,
    }
}

/// A block of at least two headers, the sender's among them, as mailers put it above the mail that
/// they answer or pass on.
fn is_head_of_mail(lines: &[&str], at: usize) -> bool {
    HEADER.is_match(lines[at])
        && end_of(lines, at, |line| HEADER.is_match(line)) > at + 1
        && lines[at..].iter().take_while(|l| HEADER.is_match(l)).any(|l| SENDER.is_match(l))
}

/// Whether what stands below is set apart by its indent or its quotation marks, and so has an end.
fn sets_apart(lines: &[&str], at: usize) -> bool {
    let next = lines[at + 1..].iter().find(|line| !line.trim().is_empty());
    next.is_some_and(|line| is_indented(line) || opens_quotation(line) || FENCE.is_match(line))
}

/// The end of the lines from here on that are alike.
fn end_of(lines: &[&str], at: usize, alike: impl Fn(&str) -> bool) -> usize {
    at + lines[at..].iter().take_while(|line| alike(line)).count()
}

/// The last line above the one in which a block begins.
fn introduction(lines: &[&str], at: usize) -> Option<usize> {
    let begins = at > 0 && (lines[at - 1].trim().is_empty() || ends_in_colon(lines[at - 1]));
    let near = at.saturating_sub(NEAR)..at;
    near.rev().find(|above| !lines[*above].trim().is_empty()).filter(|_| begins)
}

fn ends_in_colon(line: &str) -> bool {
    line.trim_end().ends_with(':')
}

/// Whether the sentence that ends in this line hands over to somebody else.
fn hands_over(lines: &[&str], at: usize) -> bool {
    let start = lines[..at].iter().rposition(|line| line.trim().is_empty()).map_or(0, |e| e + 1);
    let from = start.max(at.saturating_sub(NEAR));
    let said = lines[from..=at].join(" ");
    let last = said.rfind(['.', '?', '!']).map_or(said.as_str(), |stop| &said[stop..]);
    // A short last piece may be the rest of a name or a link: "v1.2:".
    let last = if last.len() < 20 { said.as_str() } else { last };
    ends_in_colon(lines[at]) && HANDS_OVER.is_match(last)
}

/// Whether the words that introduce a passage say that it is a mail, or as long as one.
fn whole_mail_follows(lines: &[&str], at: usize) -> bool {
    introduction(lines, at).is_some_and(|above| {
        let from = above.saturating_sub(1);
        lines[from..=above].iter().any(|line| WHOLE_MAIL.is_match(line))
    })
}

fn is_indented(line: &str) -> bool {
    line.starts_with([' ', '\t'])
}

/// Indented lines, and empty ones between them.
fn end_of_indented(lines: &[&str], at: usize) -> usize {
    let count =
        lines[at..].iter().take_while(|line| is_indented(line) || line.trim().is_empty()).count();
    at + count
}

/// Marks that open a passage which somebody puts in quotation marks, with what closes it.
const MARKS: [(char, char); 4] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')];

fn opens_quotation(line: &str) -> bool {
    MARKS.iter().any(|(open, _)| line.trim_start().starts_with(*open))
}

/// The block that begins with a quotation mark, when it is one quotation as a whole.
fn end_of_quotation(lines: &[&str], at: usize) -> usize {
    let text = lines[at].trim_start();
    let Some((open, close)) = MARKS.iter().find(|(open, _)| text.starts_with(*open)) else {
        return at;
    };
    let mut inside = lines[at..].iter().enumerate().take(MOST_OF_QUOTATION).map(|(n, line)| {
        let line = line.trim_end().trim_end_matches(['.', ',', ')', '(']);
        (n, if n == 0 { line.trim_start().trim_start_matches(*open) } else { line })
    });
    let end = inside.find(|(_, line)| line.contains(*close));
    end.filter(|(_, line)| line.ends_with(*close)).map_or(at, |(n, _)| at + n + 1)
}

/// A quotation in marks has no more lines.
const MOST_OF_QUOTATION: usize = 40;
