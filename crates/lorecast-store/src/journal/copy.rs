//! A journal carried to another place.

use super::{Appended, Journal, JournalError, Line, Result};

/// So many lines are held at a time.
const STEP: usize = 1_000;

/// What was carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many lines.
    pub lines: u64,
    /// How many attachments.
    pub attachments: u64,
}

/// Copies all lines and attachments of a journal into an empty one, and reads them back. What is added to `from` meanwhile goes
/// along as far as it is there when the end is reached.
///
/// # Errors
/// When one of them fails, `to` (which `place` names) is not empty, or does not give back what it was given.
pub fn copy(from: &mut dyn Journal, to: &mut dyn Journal, place: &str) -> Result<Copied> {
    if !to.lines(0, 1)?.is_empty() {
        return Err(JournalError::NotEmpty { place: place.to_owned() });
    }
    go_on(from, to, place)
}

/// The same into a journal that may hold the first lines of the other already: a copy that was stopped goes on.
///
/// # Errors
/// As [`copy`]; `to` may hold nothing but what `from` begins with.
pub fn go_on(from: &mut dyn Journal, to: &mut dyn Journal, place: &str) -> Result<Copied> {
    let other = || JournalError::NotEmpty { place: place.to_owned() };
    let mut last = 0;
    loop {
        let (lines, held) = (from.lines(last, STEP)?, to.lines(last, STEP)?);
        let missing = lines.strip_prefix(held.as_slice()).ok_or_else(other)?;
        if lines.is_empty() {
            break;
        }
        let texts: Vec<String> = missing.iter().map(|line| line.text.clone()).collect();
        if !texts.is_empty() && to.append(last + held.len() as u64, &texts)? == Appended::Behind {
            return Err(other());
        }
        if to.lines(last, lines.len())? != lines {
            let why = format!("it does not give back what was written behind entry {last}");
            return Err(JournalError::Damaged { place: place.to_owned(), why });
        }
        last += lines.len() as u64;
    }
    let mut attachments = 0;
    for name in from.attachments()? {
        let (mut bytes, mut again) = (Vec::new(), Vec::new());
        // It may have gone meanwhile.
        if !from.attachment(&name, &mut bytes)? {
            continue;
        }
        if !to.attachment(&name, &mut again)? || again != bytes {
            to.attach(&name, &mut bytes.as_slice())?;
            again.clear();
            to.attachment(&name, &mut again)?;
        }
        if again != bytes {
            let why = format!("it does not give back the attachment `{name}`");
            return Err(JournalError::Damaged { place: place.to_owned(), why });
        }
        attachments += 1;
    }
    Ok(Copied { lines: last, attachments })
}

impl Line {
    /// A line at a place.
    pub fn new(number: u64, text: impl Into<String>) -> Self {
        Self { number, text: text.into() }
    }
}
