//! What a reader sees of a mail, in words.

use std::collections::HashMap;
use std::ops::Range;

use lorecast_model::Message;

use super::judge::Found;

/// How much of a mail is looked at, in bytes; marks behind it are outdated in the next revision.
pub const LONGEST_TEXT: usize = 1024 * 1024;

/// How many words of a revision are looked at; mails beyond are left out.
pub const MOST_WORDS: usize = 2_000_000;

/// The text that is marked: prose, diff and attached text of a mail, one behind the other.
pub fn body(message: &Message) -> String {
    [&*message.text, &message.diff, &message.attached].concat()
}

/// A letter, digit or `_` with those behind it, or any other single character but white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Where it stands, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A mail cut into words.
pub(super) struct Body {
    pub(super) text: String,
    pub(super) words: Vec<Word>,
    /// What each word says; equal numbers are equal words.
    pub(super) ids: Vec<u32>,
    /// The files of the diff: the byte where each begins, and the name.
    files: Vec<(usize, String)>,
    /// Where the diff is, in bytes.
    diff: Range<usize>,
}

/// Numbers for words, the same in all bodies that are compared.
#[derive(Default)]
pub(super) struct Numbers {
    /// Of what stays or is added, and of what a diff removes.
    known: [HashMap<String, u32>; 2],
    next: u32,
    words: usize,
}

impl Body {
    pub(super) fn of(message: &Message, numbers: &mut Numbers) -> Self {
        let diff = message.text.len()..message.text.len() + message.diff.len();
        Self::new(body(message), diff, numbers)
    }

    /// A text without a diff.
    pub(super) fn of_text(text: &str, numbers: &mut Numbers) -> Self {
        Self::new(text.to_owned(), 0..0, numbers)
    }

    fn new(text: String, diff: Range<usize>, numbers: &mut Numbers) -> Self {
        let mut body = Self { text, words: vec![], ids: vec![], files: vec![], diff };
        let mut at = 0;
        while let Some(line) = body.text[at..].split_inclusive('\n').next() {
            let end = at + line.len();
            if end > LONGEST_TEXT || numbers.words >= MOST_WORDS {
                break;
            }
            let line = body.line(at, end);
            let ids = line
                .words
                .iter()
                .map(|word| numbers.number(line.removed, &body.text[word.start..word.end]));
            body.ids.extend(ids);
            body.words.extend(line.words);
            body.files.extend(line.file.map(|file| (at, file)));
            at = end;
        }
        body
    }

    fn line(&self, start: usize, end: usize) -> Line {
        let text = &self.text[start..end];
        let in_diff = self.diff.contains(&start);
        let file = ["+++ ", "--- "].iter().find_map(|head| text.strip_prefix(head));
        let file = file.filter(|_| in_diff).map(file_name);
        let sign = in_diff && file.is_none() && text.starts_with(['+', '-', ' ']);
        let code = start + usize::from(sign);
        Line {
            words: words(&self.text[code..end], code),
            removed: sign && text.starts_with('-'),
            file: file.filter(|name| name != "/dev/null"),
        }
    }

    /// The file that the diff is about at a byte.
    pub(super) fn file_at(&self, byte: usize) -> Option<&str> {
        let behind = self.files.partition_point(|(start, _)| *start <= byte);
        behind.checked_sub(1).map(|at| &*self.files[at].1).filter(|_| self.diff.contains(&byte))
    }

    /// The words that a span of bytes touches.
    pub(super) fn words_in(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.words.partition_point(|word| word.end <= span.start);
        let behind = self.words.partition_point(|word| word.start < span.end);
        first..behind.max(first)
    }

    /// The bytes of `new` that stand for a span of this text, whose words are `marked` and were found there.
    pub(super) fn span(
        &self,
        span: &Range<usize>,
        marked: &Range<usize>,
        new: &Self,
        found: &Found,
    ) -> Option<Range<usize>> {
        let (first, last) = (self.words[marked.start], self.words[marked.end - 1]);
        let (to_first, to_last) = (new.words[found.words.start], new.words[found.words.end - 1]);
        let start = if found.same && span.start > first.start {
            to_first.start + (span.start - first.start)
        } else {
            let blank = self.blank_lines(span.start, first.start);
            blank.map_or(to_first.start, |lines| new.before_blank_lines(to_first.start, lines))
        };
        let end = match found.same && span.end < last.end {
            true => to_last.start + (span.end - last.start),
            false => to_last.end,
        };
        (start < end).then_some(start..end)
    }

    pub(super) fn word(&self, word: usize) -> &str {
        let Word { start, end } = self.words[word];
        &self.text[start..end]
    }

    /// How many characters a word has.
    pub(super) fn weight(&self, word: usize) -> usize {
        self.word(word).chars().count()
    }

    /// What words say that name one thing, such as the hash of a commit or the date in a message-id, says
    /// more than others: four times their characters.
    pub(super) fn meaning_of(&self, words: impl Iterator<Item = usize>) -> usize {
        let meaning = |word: usize| {
            let text = self.word(word);
            let names = text.len() >= 6 && text.contains(|c: char| c.is_ascii_digit());
            self.weight(word) * if names { 4 } else { 1 }
        };
        words.map(meaning).sum()
    }

    pub(super) fn weight_of(&self, words: Range<usize>) -> usize {
        words.map(|word| self.weight(word)).sum()
    }

    /// The line that some words stand in, when they stand in one.
    pub(super) fn line_around(&self, words: &Range<usize>) -> Option<&str> {
        let (first, last) = (self.words[words.start], self.words[words.end - 1]);
        let start = self.line_of(first.start);
        let line = self.text[start..].split('\n').next()?;
        (last.end <= start + line.len()).then_some(line)
    }

    /// How many blank lines stand from a byte to the line of a word, when the byte begins a line and the
    /// word is the first of its own.
    fn blank_lines(&self, start: usize, word: usize) -> Option<usize> {
        let line = self.opening(word).filter(|line| *line >= start)?;
        let mut lines = 0;
        let mut at = line;
        while at > start {
            at = self.blank_before(at)?;
            lines += 1;
        }
        (at == start).then_some(lines)
    }

    /// Where the line of a word begins, or up to so many blank lines before; the word itself when another
    /// stands before it.
    fn before_blank_lines(&self, word: usize, lines: usize) -> usize {
        let Some(line) = self.opening(word) else { return word };
        let before = std::iter::successors(Some(line), |line| self.blank_before(*line));
        before.take(lines + 1).last().unwrap_or(line)
    }

    /// Where the line before one begins, when it is blank.
    fn blank_before(&self, line: usize) -> Option<usize> {
        let end = line.checked_sub(1)?;
        let start = self.line_of(end);
        self.without_sign(start, end).trim().is_empty().then_some(start)
    }

    /// Where the line of a word begins, when the word is its first.
    fn opening(&self, word: usize) -> Option<usize> {
        let line = self.line_of(word);
        self.without_sign(line, word).trim().is_empty().then_some(line)
    }

    fn line_of(&self, byte: usize) -> usize {
        self.text[..byte].rfind('\n').map_or(0, |at| at + 1)
    }

    /// The text of a line up to a byte, without the sign that lines of a diff have.
    fn without_sign(&self, line: usize, byte: usize) -> &str {
        let text = &self.text[line..byte];
        match self.diff.contains(&line) {
            true => text.strip_prefix(['+', '-']).unwrap_or(text),
            false => text,
        }
    }
}

struct Line {
    words: Vec<Word>,
    removed: bool,
    file: Option<String>,
}

impl Numbers {
    /// Words are the same still, but count from nought.
    pub(super) fn begin_anew(&mut self) {
        self.words = 0;
    }

    fn number(&mut self, removed: bool, word: &str) -> u32 {
        self.words += 1;
        let known = &mut self.known[usize::from(removed)];
        if let Some(number) = known.get(word) {
            return *number;
        }
        known.insert(word.to_owned(), self.next);
        self.next += 1;
        self.next - 1
    }
}

/// The words of a text that begins at a byte of a body.
fn words(text: &str, offset: usize) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let (start, end) = (offset + at, offset + at + c.len_utf8());
        let letter = c.is_alphanumeric() || c == '_';
        match found.last_mut() {
            Some(last) if open && letter => last.end = end,
            _ if c.is_whitespace() => {}
            _ => found.push(Word { start, end }),
        }
        open = letter;
    }
    found
}

/// The name without `a/` or `b/` and without the time that diff(1) puts behind a tab.
fn file_name(name: &str) -> String {
    let name = name.split('\t').next().unwrap_or_default().trim();
    name.strip_prefix("a/").or(name.strip_prefix("b/")).unwrap_or(name).to_owned()
}

/// The byte of a scalar value; the end of the text when there are fewer.
pub(super) fn byte_at(text: &str, scalar: usize) -> Option<usize> {
    let ends = std::iter::once(text.len());
    text.char_indices().map(|(byte, _)| byte).chain(ends).nth(scalar)
}

/// A span of bytes in scalar values.
pub(super) fn scalars(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].chars().count();
    start..start + text[span.clone()].chars().count()
}
