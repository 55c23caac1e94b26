//! mbox files: mails behind `From ` lines.

mod cursor;
mod draft;
mod envelope;
mod form;
mod window;

use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use lorecast_model::ListId;

pub use form::MboxForm;

use crate::reader::{MAIL_LIMIT, Place};
use crate::source::Source;
use crate::{Archive, ArchiveError, RawMail};
use cursor::{Cursor, HEAD, Point, Seen, TAIL};
use draft::{Draft, Envelope, is_blank};
use form::{BOUNDARY, is_boundary};
use window::Window;

/// A longer line comes in pieces, in bytes.
const PIECE: usize = 1 << 16;

/// The reading of one mbox file.
pub(crate) struct Mbox {
    name: Arc<Utf8Path>,
    list: Option<ListId>,
    window: Window,
    seen: Seen,
    form: Option<MboxForm>,
    line: Line,
    /// The `From ` line of the mail to come, when it was read already.
    envelope: Option<Envelope>,
    /// Where the last mail returned began and ended.
    last: Option<(Point, Point)>,
    /// The first mail whose Content-Length reaches to the end of the file: what is added there may
    /// tell that it was right.
    open: Option<Point>,
    pub from_the_start: bool,
    finished: bool,
}

/// What is known of the next line before it is read.
struct Line {
    at_start: bool,
    behind_blank: bool,
    /// If it starts with `From `, then it is one.
    expected: bool,
    /// `From ` lines without a date are believed behind an empty line, as the file starts with one.
    loose: bool,
}

impl Mbox {
    pub fn open(archive: &Archive, cursor: Option<&str>) -> Result<Self, ArchiveError> {
        let Some(cursor) = cursor else { return Self::start(archive) };
        let known = Cursor::read(cursor);
        match known.map(|cursor| Self::resume(archive, &cursor)).transpose()?.flatten() {
            Some(mbox) => Ok(mbox),
            None => {
                tracing::warn!("`{}` was rewritten: reading all of it again", archive.path);
                Self::start(archive)
            }
        }
    }

    /// Whether the file goes on from a cursor.
    pub fn continues(archive: &Archive, cursor: &str) -> bool {
        let cursor = Cursor::read(cursor);
        cursor.is_some_and(|cursor| matches!(Self::resume(archive, &cursor), Ok(Some(_))))
    }

    pub fn cursor(&self) -> String {
        let Some((start, end)) = &self.last else { return String::new() };
        let start = self.open.as_ref().unwrap_or(start);
        let part = |point: &Point| (point.offset, self.seen.hash(point));
        Cursor { start: part(start), end: part(end), open: self.open.is_some() }.to_string()
    }

    pub fn total(&self) -> u64 {
        self.window.source().size
    }

    pub fn done(&self) -> u64 {
        self.window.source().read_so_far()
    }

    pub fn next(&mut self) -> Option<Result<RawMail, ArchiveError>> {
        if self.finished {
            return None;
        }
        let mail = self.mail().map_err(|source| self.damage(source)).transpose();
        self.finished = !matches!(mail, Some(Ok(_)));
        mail
    }

    fn start(archive: &Archive) -> Result<Self, ArchiveError> {
        let name = archive.name();
        let source = Source::open(&archive.path);
        let source =
            source.map_err(|source| ArchiveError::Io { path: name.to_path_buf(), source })?;
        let mut window = Window::new(source);
        let loose = starts_loose(window.ahead(HEAD));
        Ok(Self {
            name,
            list: archive.list.clone(),
            window,
            seen: Seen::default(),
            form: archive.form,
            line: Line { at_start: true, behind_blank: true, expected: false, loose },
            envelope: None,
            last: None,
            open: None,
            from_the_start: true,
            finished: false,
        })
    }

    fn damage(&self, source: io::Error) -> ArchiveError {
        match self.window.source().packed() {
            true => ArchiveError::damaged(&self.name, self.seen.offset, source),
            false => ArchiveError::Io { path: self.name.to_path_buf(), source },
        }
    }

    /// Reads up to the next `From ` line or the end.
    fn mail(&mut self) -> io::Result<Option<RawMail>> {
        let mut draft = Draft::new(self.envelope.take(), self.seen.point());
        loop {
            let line = self.window.line(PIECE)?;
            let length = line.len();
            if length == 0 {
                return Ok(self.finish(draft, self.seen.point()));
            }
            if !self.line.is_envelope(line) {
                self.add(&mut draft, length);
            } else if let Some(mail) = self.turn(&mut draft, length) {
                return Ok(Some(mail));
            }
        }
    }

    /// Adds a line of this length to the mail.
    fn add(&mut self, draft: &mut Draft, length: usize) {
        let line = self.window.ahead(length);
        let form = self.form.unwrap_or(MboxForm::Rd);
        let header_ends = match self.line.at_start {
            true => draft.add_line(line, form),
            false => draft.push(line),
        };
        self.pass(length);
        if header_ends {
            self.counted_body(draft);
        }
    }

    /// Ends the mail before a `From ` line of this length; behind it the next one starts.
    fn turn(&mut self, draft: &mut Draft, length: usize) -> Option<RawMail> {
        let (line, at) = (self.window.ahead(length), self.seen.point());
        let envelope = Envelope { at: at.clone(), received: envelope::received(line) };
        self.pass(length);
        let next = Draft::new(Some(envelope), Point::default());
        let mail = self.finish(std::mem::replace(draft, next), at)?;
        self.envelope = draft.envelope.take();
        Some(mail)
    }

    /// Goes on behind so many bytes of a line.
    fn pass(&mut self, length: usize) {
        let line = self.window.ahead(length);
        self.line.follow(line);
        self.seen.update(line);
        self.window.consume(length);
    }

    /// Takes the body as long as Content-Length says, when the next mail begins there.
    fn counted_body(&mut self, draft: &mut Draft) {
        let believed = matches!(self.form, None | Some(MboxForm::Cl2));
        let length = draft.length.filter(|&length| believed && length <= MAIL_LIMIT);
        let Some(length) = length else { return };
        let ahead = self.window.ahead(length + BOUNDARY);
        let reaches = ahead.len() >= length && is_boundary(&ahead[..length], &ahead[length..]);
        if reaches {
            draft.take_whole(&ahead[..length]);
            self.pass(length);
            // What follows is another line, even if the body ends without one.
            (self.line.at_start, self.line.expected) = (true, true);
        } else if ahead.len() < length + BOUNDARY {
            self.open.get_or_insert_with(|| draft.begin().clone());
        }
    }

    /// The mail as read so far, which ends here; none when there is nothing in it.
    fn finish(&mut self, draft: Draft, end: Point) -> Option<RawMail> {
        let begin = draft.begin().clone();
        let (bytes, received) = draft.finish()?;
        let place = Place::Byte(self.name.clone(), begin.offset);
        self.last = Some((begin, end));
        Some(RawMail { bytes, list: self.list.clone(), received, blob: None, place })
    }

    /// Goes to where a cursor points: to the end of the last mail when the next one begins there or
    /// nothing follows, else to its beginning, as it was still being written. None when the file
    /// is another one up to there.
    fn resume(archive: &Archive, cursor: &Cursor) -> Result<Option<Self>, ArchiveError> {
        let mut mbox = Self::start(archive)?;
        if cursor.end.0 < cursor.start.0 || !mbox.reaches(&cursor.start) {
            return Ok(None);
        }
        let begin = mbox.seen.point();
        if !mbox.reaches(&cursor.end) {
            return Ok(None);
        }
        let grown = !mbox.window.ahead(1).is_empty();
        if grown && (cursor.open || !mbox.is_at_envelope()) {
            let mut again = Self::start(archive)?;
            again.reaches(&cursor.start);
            again.line.expected = true;
            // What looked like a mail may turn out to be none: then reading goes on here next time.
            again.last = Some((again.seen.point(), again.seen.point()));
            return Ok(Some(again));
        }
        mbox.open = cursor.open.then(|| begin.clone());
        mbox.last = Some((begin, mbox.seen.point()));
        Ok(Some(mbox))
    }

    fn is_at_envelope(&mut self) -> bool {
        let line = self.window.line(PIECE).unwrap_or_default();
        self.line.is_envelope(line)
    }

    fn reaches(&mut self, (offset, hash): &(u64, String)) -> bool {
        self.from_the_start = false;
        self.skip_to(*offset).is_ok()
            && self.seen.offset == *offset
            && self.seen.hash(&self.seen.point()) == *hash
    }

    /// Reads on without looking, or jumps; stops early at the end of the file or at damage.
    fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        if self.seen.offset == 0 {
            let head = usize::try_from(offset).map_or(HEAD, |offset| offset.min(HEAD));
            let length = self.window.ahead(head).len();
            self.pass(length);
        }
        let near = offset.saturating_sub(TAIL as u64);
        if near > self.seen.offset && self.window.seek(near)? {
            self.seen.jump(near);
        }
        while self.seen.offset < offset {
            let wanted = usize::try_from(offset - self.seen.offset).unwrap_or(PIECE);
            let count = self.window.ahead(wanted.min(PIECE)).len();
            if count == 0 {
                break;
            }
            self.pass(count);
        }
        self.line.resume(self.seen.tail());
        Ok(())
    }
}

impl Line {
    /// `From ` with a date starts a mail wherever it stands: writers escape such lines.
    fn is_envelope(&self, line: &[u8]) -> bool {
        self.at_start
            && line.starts_with(b"From ")
            && (self.expected
                || envelope::date_words(line).is_some()
                || self.loose && self.behind_blank)
    }

    /// Learns from the line before.
    fn follow(&mut self, line: &[u8]) {
        let blank = self.at_start && is_blank(line);
        self.expected &= blank;
        self.behind_blank = blank;
        self.at_start = line.ends_with(b"\n");
    }

    /// Learns from what stands before the place where reading goes on.
    fn resume(&mut self, tail: &[u8]) {
        self.at_start = tail.is_empty() || tail.ends_with(b"\n");
        self.behind_blank = tail.is_empty() || tail.ends_with(b"\n\n") || tail.ends_with(b"\n\r\n");
        self.expected = false;
    }
}

/// Whether the first `From ` line of a file has no date.
fn starts_loose(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
    first.starts_with(b"From ") && envelope::date_words(first).is_none()
}
