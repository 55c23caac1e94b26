//! Whose words running text holds: the show's, somebody's quoted ones, or a title.

use std::ops::Range;

/// How a part of the text may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// The show's own words: an expansion goes in parentheses.
    Own,
    /// Somebody's words: an editor's insertion goes in brackets.
    Quoted,
    /// A title or a name: stays as it is.
    Exact,
}

/// The last words before an opening quotation mark that make what follows a title.
const TITLING: &[&str] = &[
    "entitled",
    "titled",
    "called",
    "named",
    "posted",
    "reposted",
    "resent",
    "sent",
    "reported",
    "submitted",
    "of",
    "series",
    "patch",
    "patches",
    "thread",
    "subject",
    "request",
    "subject:",
];
/// The words before `to` that make a title of what follows: `replied to “x”`.
const ANSWERING: &[&str] = &[
    "replied",
    "reply",
    "response",
    "responded",
    "answered",
    "answer",
    "fixes",
    "fix",
    "followup",
];

/// The manner of each byte of a text, in which `exact` are the titles and names.
pub(super) fn manners<'a>(text: &str, exact: impl Iterator<Item = &'a str>) -> Vec<Manner> {
    let mut manners = vec![Manner::Own; text.len()];
    for quoted in quotations(text) {
        let title = is_title(&text[..quoted.start]);
        manners[quoted].fill(if title { Manner::Exact } else { Manner::Quoted });
    }
    for name in exact.filter(|name| name.len() > 1) {
        for (at, _) in text.match_indices(name) {
            let end = at + name.len();
            let cut = text[..at].ends_with(char::is_alphanumeric)
                || text[end..].starts_with(char::is_alphanumeric);
            if !cut {
                manners[at..end].fill(Manner::Exact);
            }
        }
    }
    manners
}

/// Each outermost “…” or "…", its marks included: in order, none within another.
pub(crate) fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut depth = 0_usize;
    let mut curly = 0;
    let mut straight = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '“' => {
                curly = if depth == 0 { at } else { curly };
                depth += 1;
            }
            '”' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push(curly..at + c.len_utf8());
                }
            }
            '"' if depth == 0 => match straight {
                None if !before.is_alphanumeric() => straight = Some(at),
                Some(start) => {
                    found.retain(|inner| inner.end <= start);
                    found.push(start..at + 1);
                    straight = None;
                }
                None => {}
            },
            _ => {}
        }
        before = c;
    }
    found
}

/// How far back the words are that make a title of what follows, in bytes.
const NEAR: usize = 80;

fn is_title(before: &str) -> bool {
    let near = before.len().saturating_sub(NEAR);
    let near = (near..=before.len()).find(|at| before.is_char_boundary(*at));
    let before = &before[near.unwrap_or(before.len())..];
    let mut words = before.split_whitespace().rev();
    let last = words.next().unwrap_or_default().to_lowercase();
    TITLING.contains(&last.as_str())
        || (last == "to" && words.next().is_some_and(|word| ANSWERING.contains(&word)))
}

/// How deep parentheses nest.
const DEEPEST: usize = 50;

/// Each `(…)` and `[…]`, its signs included, in the order in which they close.
pub(super) fn groups(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' => open.push((at, ')')),
            '[' => open.push((at, ']')),
            ')' | ']' => {
                let nearest = open.len().saturating_sub(DEEPEST);
                let place = open[nearest..].iter().rposition(|(_, close)| *close == c);
                if let Some(place) = place.map(|place| nearest + place) {
                    found.push(open[place].0..at + 1);
                    open.truncate(place);
                }
            }
            _ => {}
        }
    }
    found
}

/// Where sentences end, outside of parentheses.
pub(super) fn sentence_ends(text: &str, groups: &[Range<usize>]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut stopped = false;
    let mut spaced = false;
    for (at, c) in text.char_indices() {
        match c {
            '.' | '?' | '!' => (stopped, spaced) = (true, false),
            c if c.is_whitespace() => spaced = stopped,
            '”' | '’' | '"' | ')' | ']' if !spaced => {}
            c => {
                let starts = c.is_uppercase() || c.is_numeric() || matches!(c, '“' | '"' | '[');
                if stopped
                    && spaced
                    && starts
                    && !groups.iter().any(|g| g.contains(&at) && g.start != at)
                {
                    ends.push(at);
                }
                (stopped, spaced) = (false, false);
            }
        }
    }
    ends
}
