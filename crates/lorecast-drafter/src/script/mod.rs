//! Notes into what is read aloud.
//!
//! | step | function |
//! |---|---|
//! | Markdown as text | `blocks` |
//! | what only the eye sees taken out | `clean` |
//! | text as one says it | [`speak`] |
//! | how names and terms are said | `hints` |
//! | a script of all of it, which people edit | [`script`] |
//! | what they made of it | [`Script::read`] |
//! | what one says of it, word by word | [`Script::said`] |
//! | the same in the spelling of the notes | [`written`] |
//! | how long that takes | [`pace`], [`timings`] |
//! | on paper | [`page`], [`plain_text`] |

mod abbreviation;
mod blocks;
mod chapters;
mod clean;
mod date;
mod hints;
mod identifier;
mod number;
mod pace;
mod page;
mod quantity;
mod reading;
mod said;
mod same;
mod speak;
mod version;
mod word;
mod written;

use lorecast_model::Person;

use self::blocks::{Block, STRESSED, blocks};
use self::hints::Hints;
use crate::escape::markdown;
use crate::sentence::sentences;

pub use self::hints::Unspoken;
pub use self::pace::{
    Origin, Pace, Reading, Timing, heard_readings, heard_timings, pace, readings, timings,
};
pub use self::page::{page, plain_text};
pub use self::reading::{Paragraph, Run, Script, Section};
pub use self::said::{SaidSentence, SaidWord, Sayings};
pub use self::speak::{Speech, speak};
pub use self::written::written;

/// A longer paragraph, in bytes, stays on one line: looking for its sentences takes time that grows
/// with the square of it, and nobody wrote it by hand.
const LONGEST_SPLIT: usize = 1 << 14;

/// `script.md`: what is read aloud of an episode's notes.
///
/// Markdown that people edit: the headings of the notes, which are marks and not read, and paragraphs
/// with one sentence a line, so that an edit and a new draft seldom meet. A hint stands in square brackets behind the first
/// mention of a name or term: `Ann Example [AN ig-ZAM-pul]`.
pub fn script(notes: &str, people: &[Person], speech: Speech<'_>) -> String {
    let mut hints = Hints::new(people, speech.glossary);
    let mut out = String::new();
    for block in blocks(notes) {
        let (mark, text) = match &block {
            Block::Heading(level, text) => ("#".repeat(usize::from(*level)) + " ", heading(text)),
            Block::Paragraph(text) => (String::new(), hints.give(&speak(&plain(text), speech))),
            Block::Shown(what) => {
                (String::new(), format!("You will find {what} in the show notes."))
            }
        };
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let split = mark.is_empty() && text.len() <= LONGEST_SPLIT;
        let lines = if split { sentences(&text) } else { vec![text.as_str()] };
        for line in lines {
            out.push_str(&mark);
            out.push_str(&if mark.is_empty() { literal(line) } else { line.to_owned() });
            out.push('\n');
        }
    }
    out
}

/// A heading is a mark for the eye and stays as it is written, without brackets, which are for hints.
fn heading(text: &str) -> String {
    let mut out = Vec::new();
    let text = plain(text).replace(['[', ']'], "");
    markdown(text.trim(), &mut out).expect("a vector takes whatever is written");
    String::from_utf8_lossy(&out).into_owned()
}

fn plain(text: &str) -> String {
    text.replace(STRESSED, "")
}

/// A line that no reader of Markdown takes for a list or the like: `1. ` and `- ` get a backslash.
fn literal(line: &str) -> String {
    if line.starts_with(['-', '+', '#', '=', '~', '|']) {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        _ => line.to_owned(),
    }
}
