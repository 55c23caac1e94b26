//! Finds what stands between quotation marks.

use std::ops::Range;

use super::page::{Passage, Shape};

/// Words between quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    /// The words, without the marks, in bytes of the passage's text.
    pub inside: Range<usize>,
    /// The same with the marks.
    pub outside: Range<usize>,
}

/// How many quotations of one passage are looked at.
const MOST: usize = 2000;

/// The quotations of a passage, in order. Marks inside of other marks belong to the words.
pub(super) fn quotes(passage: &Passage) -> Vec<Quote> {
    let text = passage.text.as_str();
    if passage.shape == Shape::Quoted && passage.links.is_empty() {
        return whole(text);
    }
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() && found.len() < MOST {
        let (from, c) = letters[at];
        let close = match c {
            '“' | '„' => curly(&letters, at),
            '"' if opens(&letters, at) => straight(&letters, at),
            _ => None,
        };
        match close {
            Some(close) => {
                let (to, mark) = letters[close];
                let inside = from + c.len_utf8()..to;
                found.push(Quote { inside, outside: from..to + mark.len_utf8() });
                at = close + 1;
            }
            None => at += 1,
        }
    }
    found
}

/// A block that is a quotation, whether it has marks or not.
fn whole(text: &str) -> Vec<Quote> {
    let inner = text.trim().trim_matches(['“', '”', '"']);
    let Some(start) = text.find(inner).filter(|_| !inner.is_empty()) else { return Vec::new() };
    vec![Quote { inside: start..start + inner.len(), outside: 0..text.len() }]
}

/// How deep quotations nest; deeper, marks do not pair.
const DEEPEST: usize = 8;
/// The longest quotation, in letters.
const LONGEST: usize = 20_000;

/// The mark that closes; without one of its own, the first that comes.
fn curly(letters: &[(usize, char)], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut first = None;
    for (at, (_, c)) in letters.iter().enumerate().skip(open).take(LONGEST) {
        match c {
            '“' | '„' if depth == DEEPEST => break,
            '“' | '„' => depth += 1,
            '”' => {
                first = first.or(Some(at));
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    first
}

fn opens(letters: &[(usize, char)], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(' ', |before| letters[before].1);
    let after = letters.get(at + 1).map_or(' ', |(_, c)| *c);
    (before.is_whitespace() || "([—–-/".contains(before)) && !after.is_whitespace()
}

fn straight(letters: &[(usize, char)], open: usize) -> Option<usize> {
    let mut inner = 0_usize;
    let most = letters.len().min(open + LONGEST);
    for at in open + 1..most {
        if letters[at].1 != '"' {
            continue;
        }
        if opens(letters, at) {
            if inner == DEEPEST {
                break;
            }
            inner += 1;
        } else if inner > 0 {
            inner -= 1;
        } else {
            return Some(at);
        }
    }
    // Marks that do not pair: the next one closes.
    (open + 1..most).find(|at| letters[*at].1 == '"')
}
