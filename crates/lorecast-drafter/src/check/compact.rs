//! Text without white space and without the shapes of marks, to find words in it however their lines
//! were wrapped.

use std::ops::Range;

/// How strictly words are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rigour {
    /// Every letter and every mark.
    Verbatim,
    /// Letters and digits alone, capital or not.
    Words,
}

/// A text, condensed. Stars, underscores and backticks are emphasis in mails as well as in notes.
#[derive(Clone, Debug, Default)]
pub(super) struct Compact {
    text: String,
    /// For each byte, whether white space stood before it.
    spaced: Vec<bool>,
}

impl Compact {
    pub fn new(text: &str, rigour: Rigour) -> Self {
        let mut compact = Self::default();
        let mut spaced = true;
        for c in text.chars() {
            if c.is_whitespace() {
                spaced = true;
                continue;
            }
            compact.add(c, spaced, rigour);
            spaced &= is_dropped(c);
        }
        compact
    }

    fn add(&mut self, c: char, spaced: bool, rigour: Rigour) {
        if is_dropped(c) {
            return;
        }
        let push = |this: &mut Self, out: char| {
            this.text.push(out);
            for _ in 0..out.len_utf8() {
                this.spaced.push(spaced);
            }
        };
        match (rigour, c) {
            (_, BREAK) => push(self, BREAK),
            (Rigour::Words, c) if !c.is_alphanumeric() => {}
            (Rigour::Words, c) => c.to_lowercase().for_each(|c| push(self, c)),
            (Rigour::Verbatim, '…') => (0..3).for_each(|_| push(self, '.')),
            (Rigour::Verbatim, c) => {
                let out = plain_mark(c);
                // One dash, two or three: whoever types decides.
                if !(out == '-' && !spaced && self.text.ends_with('-')) {
                    push(self, out);
                }
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Where other words begin and end here, from a place on, in bytes of this; at most `most`.
    /// Edges in the midst of a word do not count, unless they are `loose`.
    pub fn find(&self, words: &Self, from: usize, edges: Edges, most: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = from;
        while !words.is_empty() && found.len() < most {
            let Some(hit) = self.text.get(at..).and_then(|rest| rest.find(&words.text)) else {
                break;
            };
            let range = at + hit..at + hit + words.len();
            let starts = edges.loose_start || self.is_edge(range.start);
            if starts && (edges.loose_end || self.is_edge(range.end)) {
                found.push(range.clone());
            }
            at = range.start + self.text[range.start..].chars().next().map_or(1, char::len_utf8);
        }
        found
    }

    fn is_edge(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        let after = self.text[at..].chars().next();
        match (before, after) {
            (Some(before), Some(after)) => {
                self.spaced.get(at).copied().unwrap_or(true)
                    || !before.is_alphanumeric()
                    || !after.is_alphanumeric()
            }
            _ => true,
        }
    }
}

/// Which edges of words may lie in the midst of a word: `[t]here`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Edges {
    pub loose_start: bool,
    pub loose_end: bool,
}

/// Stands for lines that were left out: nothing matches across it.
pub(super) const BREAK: char = '\u{1}';

fn is_dropped(c: char) -> bool {
    matches!(c, '*' | '_' | '`' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

fn plain_mark(c: char) -> char {
    match c {
        '’' | '‘' | 'ʼ' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        c => c,
    }
}

/// Whether two texts say the same, but for their shape.
pub(super) fn same(a: &str, b: &str, rigour: Rigour) -> bool {
    Compact::new(a, rigour).text == Compact::new(b, rigour).text
}
