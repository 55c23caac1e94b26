//! Text as one says it, word by word.

use std::fmt::Write;

use lorecast_model::{Glossary, Quotes, Voice};

use super::clean::clean;
use super::date::dates;
use super::word::{Around, say};

/// How text is said: the show's voice, and the terms that have a spoken form of their own.
#[derive(Clone, Copy, Debug)]
pub struct Speech<'a> {
    /// `voice:` of the show.
    pub voice: &'a Voice,
    /// Terms with a spoken form stay as they are written, and get a hint instead.
    pub glossary: &'a Glossary,
}

/// What stands before and behind a word without being part of it.
const OPENING: &str = "([{<\"“‘'«„¿¡*`";
const CLOSING: &str = ")]}>\"”’'»,.;:!?…*`";
/// What of it stays in a script.
const KEPT: &str = "(\"“‘'«„¿¡)”’»,.;:!?…";

/// A word with what stands around it.
struct Chunk<'a> {
    before: &'a str,
    core: &'a str,
    after: &'a str,
}

/// Text as one says it: numbers and releases in words, identifiers and paths spelled out, addresses
/// left out. What is plain prose already stays as it is. No Markdown character is left.
///
/// ```
/// use lorecast_drafter::{Speech, speak};
/// use lorecast_model::{Glossary, Voice};
///
/// let (voice, glossary) = (Voice::default(), Glossary::default());
/// let speech = Speech { voice: &voice, glossary: &glossary };
/// assert_eq!(speak("Linux 4.11-rc8 is out", speech), "Linux four point eleven R C eight is out");
/// ```
pub fn speak(text: &str, speech: Speech<'_>) -> String {
    let text = dates(&clean(text), speech.voice.numbers);
    let chunks: Vec<Chunk<'_>> = text.split_whitespace().map(Chunk::new).collect();
    let mut out = String::new();
    for (index, chunk) in chunks.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| chunks.get(index));
        let around = Around {
            article: index
                .checked_sub(2)
                .and_then(|index| chunks.get(index))
                .is_some_and(is_article),
            before: before.map_or("", |c| c.core),
            closed: before.is_some_and(|c| !c.after.is_empty()),
            after: chunks.get(index + 1).map_or("", |c| c.core),
            titled: chunks
                .get(index + 1)
                .is_some_and(|c| c.before.starts_with('(') && c.before.len() > 1),
            prefix: chunk.after.starts_with(':'),
            pointed: chunk.before.ends_with('<'),
            speech,
        };
        chunk.say(around, &mut out);
    }
    out
}

fn is_article(chunk: &Chunk<'_>) -> bool {
    chunk.after.is_empty()
        && matches!(chunk.core, "a" | "an" | "A" | "An" | "per" | "each" | "every")
}

impl<'a> Chunk<'a> {
    fn new(chunk: &'a str) -> Self {
        let core = chunk.trim_start_matches(|c| OPENING.contains(c));
        let before = &chunk[..chunk.len() - core.len()];
        let rest = core;
        let core = rest.trim_end_matches(|c| CLOSING.contains(c));
        let mut chunk = Self { before, core, after: &rest[core.len()..] };
        // `mmap()` and `kmalloc_*`: what closes belongs to the word.
        let called = chunk.core.contains('(') && chunk.after.starts_with(')');
        let any = chunk.core.ends_with('_') && chunk.after.starts_with('*');
        if called || any {
            chunk.core = &rest[..core.len() + 1];
            chunk.after = &rest[core.len() + 1..];
        }
        chunk
    }

    /// Whether a parenthesis that opens before the word closes within: `(co-)maintained`.
    fn closes_early(&self) -> bool {
        self.core.contains(')') && !self.core.contains('(')
    }

    /// Whether one that opens within the word closes behind it: `18(!)`.
    fn closes_late(&self) -> bool {
        self.core.contains('(') && !self.core.contains(')')
    }

    fn say(&self, around: Around<'_>, out: &mut String) {
        if let Some(symbol) = self.symbol(around) {
            push(out, symbol);
            return;
        }
        let compared = match self.before.chars().last() {
            Some('<') if self.core.starts_with(|c: char| c.is_ascii_digit()) => "less than ",
            _ => "",
        };
        let said = say(self.core, self.after, around);
        let mut after = self.after;
        if said.whole {
            after = after.strip_prefix('.').unwrap_or(after);
        }
        let (opening, closing) =
            (usize::from(self.closes_early()), usize::from(self.closes_late()));
        let before = self.before.replacen('(', "", opening);
        let after = after.replacen(')', "", closing);
        let aside = self.before.ends_with('(') && self.after.starts_with(')');
        if said.text.is_empty() || (said.elsewhere && aside) {
            let stop: String = after.chars().filter(|c| ",.;:!?…”".contains(*c)).collect();
            self.drop(&stop, out);
            return;
        }
        let mut word = String::new();
        for c in before.chars() {
            word.push_str(&mark(c, around.speech.voice.quotes));
        }
        word.push_str(compared);
        let starts = out.is_empty() || out.ends_with(['.', '?', '!']) || out.ends_with(". “");
        if starts && (said.whole || self.core.starts_with(|c: char| c.is_ascii_digit())) {
            capitalised(&said.text, &mut word);
        } else {
            word.push_str(&said.text);
        }
        for c in after.chars() {
            word.push_str(&mark(c, around.speech.voice.quotes));
        }
        push(out, &word);
    }

    /// A word that is left out leaves the punctuation behind it to the word before.
    fn drop(&self, stop: &str, out: &mut String) {
        let opened = self.before.contains('“');
        let stop = if opened { stop.replacen('”', "", 1) } else { stop.to_owned() };
        if opened && !self.after.contains('”') {
            push(out, "“");
        } else if !out.is_empty() && !out.ends_with(|c| KEPT.contains(c)) {
            out.push_str(&stop);
        }
    }

    /// A chunk that is a sign for a word.
    fn symbol(&self, around: Around<'_>) -> Option<&'static str> {
        let whole = (self.before, self.core, self.after);
        Some(match whole {
            ("", "&" | "&&", "") => "and",
            ("", "+", "") => "plus",
            ("", "=" | "==" | ":=", "") => "equals",
            ("", "!=" | "≠", "") => "is not",
            ("", "->" | "=>" | "-->" | "==>" | "→" | "⇒", "")
            | ("", "-" | "=" | "--" | "==", ">") => {
                // From one number to another; in code, and between words, it is an arrow.
                let number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
                if number(around.before) && number(around.after) { "to" } else { "arrow" }
            }
            ("<", "-", ">") => "to",
            ("<", "-" | "--", "") => "from",
            ("<", "=", "") | ("", "≤", "") => "at most",
            ("<<", "", "") => "shifted left by",
            ("", "", ">>") if !around.before.is_empty() => "shifted right by",
            ("", "", ">") if !around.before.is_empty() => "more than",
            ("", "", ">" | ">>") => "",
            (">", "=", "") | ("", ">=" | "≥", "") => "at least",
            ("<", "", "") => "less than",
            // Around a comment in code.
            ("", "/", "*") | ("*", "/", "") | ("", "//", "") => "",
            ("", "/", "") => "or",
            ("", "|" | "||", "") => "or",
            ("", "~" | "≈", "") => "about",
            ("", "±", "") => "plus or minus",
            ("", "%", "") => "percent",
            ("", "@", "") => "at",
            ("", "-" | "−", "") if is_term(around.before) && is_term(around.after) => "minus",
            ("", "-" | "--" | "---" | "–", "") if !around.before.is_empty() => "–",
            ("", "—", "") if !around.before.is_empty() => "—",
            // A line drawn with signs.
            ("", line, "")
                if line.len() >= 3 && !line.contains(char::is_alphanumeric) && line.is_ascii() =>
            {
                ""
            }
            _ => return None,
        })
    }
}

/// Whether a word may stand in a sum: a number, or an identifier.
fn is_term(word: &str) -> bool {
    word.contains('_') || word.starts_with(|c: char| c.is_ascii_digit())
}

/// Punctuation as it stands in a script.
fn mark(c: char, quotes: Quotes) -> String {
    match (c, quotes) {
        ('“', Quotes::Spoken) => "quote ".to_owned(),
        ('”', Quotes::Spoken) => " end quote".to_owned(),
        (c, _) if KEPT.contains(c) => c.to_string(),
        _ => String::new(),
    }
}

fn capitalised(text: &str, out: &mut String) {
    let mut rest = text.chars();
    if let Some(first) = rest.next() {
        out.extend(first.to_uppercase());
    }
    let _ = write!(out, "{}", rest.as_str());
}

fn push(out: &mut String, word: &str) {
    if !out.is_empty() && !word.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
}
