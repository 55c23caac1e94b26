//! mbox files: mails behind `From ` lines.
//!
//! Escaping is undone as mboxrd does it: one `>` is removed from `>From `, `>>From `, … In mboxo a
//! line that the sender wrote as `>From ` looks the same as an escaped one, so that is the best
//! that can be done for both.

use std::io::{BufRead, Read};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::ListId;
use sha2::{Digest, Sha256};

use crate::reader::MAIL_LIMIT;
use crate::source::Source;
use crate::{Archive, ArchiveError, RawMail};

/// How much of the file's start goes into a cursor, in bytes.
const HEAD: usize = 4096;
/// How much before the cursor goes into it, in bytes.
const TAIL: usize = 1024;
/// A longer line comes in pieces, in bytes.
const PIECE: usize = 1 << 16;
/// How much of a file tells whether it is mail, in bytes.
const LOOK_AT: u64 = 1 << 16;

/// # Errors
/// When the file cannot be read or does not look like mail. An empty one is an empty archive.
pub(crate) fn expect_mail(path: &Utf8Path) -> Result<(), ArchiveError> {
    let io = |source| ArchiveError::Io { path: path.to_owned(), source };
    let source = Source::open(path).map_err(io)?;
    let mut start = Vec::new();
    let damage = source.content.take(LOOK_AT).read_to_end(&mut start).err();
    if let (true, Some(source)) = (start.is_empty(), damage) {
        return Err(ArchiveError::Truncated { path: path.to_owned(), after: 0, source });
    }
    let start = start.trim_ascii_start();
    match start.is_empty() || start.starts_with(b"From ") || is_header(start) {
        true => Ok(()),
        false => Err(ArchiveError::NotMail { path: path.to_owned() }),
    }
}

/// A header: it begins with a field, and one of its fields is a mail's (RFC 5322 section 3.6).
/// YAML and the like begin with fields as well.
fn is_header(start: &[u8]) -> bool {
    const OF_MAIL: [&str; 8] =
        ["from", "to", "date", "subject", "message-id", "received", "return-path", "delivered-to"];
    let lines = start.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end);
    let mut fields = lines.take_while(|line| !line.is_empty()).map(field_name);
    let first = fields.next().flatten();
    let known = |name: Option<&[u8]>| {
        name.is_some_and(|name| OF_MAIL.iter().any(|of| name.eq_ignore_ascii_case(of.as_bytes())))
    };
    first.is_some() && (known(first) || fields.any(known))
}

/// The name before a colon: printable ASCII without spaces.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let name = &line[..line.iter().position(|&b| b == b':')?];
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

/// The reading of one mbox file.
pub(crate) struct Mbox {
    path: Utf8PathBuf,
    list: Option<ListId>,
    source: Source,
    seen: Seen,
    /// Where reading began: a `From ` line without a date is believed there.
    opened_at: u64,
    /// Others without a date are believed too, behind an empty line.
    loose: bool,
    /// The `From ` line of the mail to come, when it was read already.
    envelope: Option<Envelope>,
    /// Where the last mail returned began and ended.
    last: Option<(Point, Point)>,
    finished: bool,
}

/// A `From ` line: where it stands and the time in it.
struct Envelope {
    at: Point,
    received: Option<Timestamp>,
}

impl Mbox {
    pub fn open(archive: &Archive, cursor: Option<&str>) -> Result<Self, ArchiveError> {
        let Some(cursor) = cursor.and_then(Cursor::read) else { return Self::start(archive) };
        let mut mbox = Self::start(archive)?;
        match mbox.resume(&cursor) {
            Fit::Whole => Ok(mbox),
            // The last mail was still being written: it is read again.
            Fit::UpToLast => {
                let mut mbox = Self::start(archive)?;
                mbox.skip_to(cursor.start.0);
                Ok(mbox)
            }
            Fit::None => {
                tracing::warn!("`{}` was rewritten: reading all of it again", archive.path);
                Self::start(archive)
            }
        }
    }

    fn start(archive: &Archive) -> Result<Self, ArchiveError> {
        let path = archive.path.clone();
        let source = Source::open(&path);
        let source = source.map_err(|source| ArchiveError::Io { path: path.clone(), source })?;
        Ok(Self {
            path,
            list: archive.list.clone(),
            source,
            seen: Seen::default(),
            opened_at: 0,
            loose: false,
            envelope: None,
            last: None,
            finished: false,
        })
    }

    pub fn cursor(&self) -> String {
        let Some((start, end)) = &self.last else { return String::new() };
        let part = |point: &Point| (point.offset, self.seen.hash(point));
        Cursor { start: part(start), end: part(end) }.to_string()
    }

    pub fn total(&self) -> u64 {
        self.source.size
    }

    pub fn done(&self) -> u64 {
        self.source.read().min(self.source.size)
    }

    pub fn next(&mut self) -> Option<Result<RawMail, ArchiveError>> {
        if self.finished {
            return None;
        }
        match self.mail() {
            Ok(Some(mail)) => Some(Ok(mail)),
            Ok(None) => {
                self.finished = true;
                None
            }
            Err(source) => {
                self.finished = true;
                Some(Err(self.damage(source)))
            }
        }
    }

    fn damage(&self, source: std::io::Error) -> ArchiveError {
        let (path, after) = (self.path.clone(), self.seen.offset);
        match self.source.compressed {
            true => ArchiveError::Truncated { path, after, source },
            false => ArchiveError::Io { path, source },
        }
    }

    /// Reads up to the next `From ` line or the end.
    fn mail(&mut self) -> std::io::Result<Option<RawMail>> {
        let envelope = self.envelope.take();
        let mut draft = Draft { envelope, begin: self.seen.point(), bytes: Vec::new() };
        let (mut line, mut at_start, mut behind_blank) = (Vec::new(), true, true);
        loop {
            line.clear();
            let mut piece = self.source.content.by_ref().take(PIECE as u64);
            piece.read_until(b'\n', &mut line)?;
            if line.is_empty() {
                return Ok(self.finish(draft));
            }
            if at_start && self.is_envelope(&line, behind_blank) {
                let envelope = Envelope { at: self.seen.point(), received: received(&line) };
                let mail = self.finish(std::mem::take(&mut draft));
                self.seen.update(&line);
                if mail.is_some() {
                    self.envelope = Some(envelope);
                    return Ok(mail);
                }
                draft.envelope = Some(envelope);
            } else {
                self.seen.update(&line);
                draft.push(&line, at_start);
            }
            behind_blank = matches!(line.as_slice(), b"\n" | b"\r\n");
            at_start = line.ends_with(b"\n");
        }
    }

    /// `From ` with a date starts a mail wherever it stands: writers escape such lines.
    fn is_envelope(&mut self, line: &[u8], behind_blank: bool) -> bool {
        if !line.starts_with(b"From ") {
            return false;
        }
        let first = self.seen.offset == self.opened_at;
        self.loose |= first && date_words(line).is_none();
        date_words(line).is_some() || first || self.loose && behind_blank
    }

    /// The mail as read so far, which ends here; none when there is nothing in it.
    fn finish(&mut self, draft: Draft) -> Option<RawMail> {
        let Draft { envelope, begin, mut bytes } = draft;
        if bytes.trim_ascii().is_empty() {
            return None;
        }
        // The empty line before the next `From ` line is the mbox's, not the mail's.
        let own = bytes.strip_suffix(b"\n").filter(|rest| rest.ends_with(b"\n")).map(<[u8]>::len);
        bytes.truncate(own.unwrap_or(bytes.len()));
        let received = envelope.as_ref().and_then(|envelope| envelope.received);
        let begin = envelope.map_or(begin, |envelope| envelope.at);
        let place = format!("{} at byte {}", self.path, begin.offset);
        self.last = Some((begin, self.seen.point()));
        Some(RawMail { bytes, list: self.list.clone(), received, place })
    }

    /// Goes to where a cursor points.
    fn resume(&mut self, cursor: &Cursor) -> Fit {
        if !self.reaches(&cursor.start) {
            return Fit::None;
        }
        let start = self.seen.point();
        if !self.reaches(&cursor.end) {
            return Fit::UpToLast;
        }
        let next = self.source.content.fill_buf().unwrap_or_default();
        if !(next.is_empty() || next.trim_ascii_start().starts_with(b"From ")) {
            return Fit::UpToLast;
        }
        self.opened_at = self.seen.offset;
        self.last = Some((start, self.seen.point()));
        Fit::Whole
    }

    fn reaches(&mut self, (offset, hash): &(u64, String)) -> bool {
        self.skip_to(*offset);
        self.seen.offset == *offset && self.seen.hash(&self.seen.point()) == *hash
    }

    /// Reads on without looking; stops early at the end of the file or at damage.
    fn skip_to(&mut self, offset: u64) {
        while self.seen.offset < offset {
            let Ok(buffer) = self.source.content.fill_buf() else { break };
            let wanted = usize::try_from(offset - self.seen.offset).unwrap_or(usize::MAX);
            let count = buffer.len().min(wanted);
            if count == 0 {
                break;
            }
            self.seen.update(&buffer[..count]);
            self.source.content.consume(count);
        }
        self.opened_at = self.seen.offset;
    }
}

/// How far an old cursor fits the file.
enum Fit {
    Whole,
    UpToLast,
    None,
}

#[derive(Default)]
struct Draft {
    envelope: Option<Envelope>,
    begin: Point,
    bytes: Vec<u8>,
}

impl Draft {
    fn push(&mut self, line: &[u8], at_start: bool) {
        let line = if at_start { unescaped(line) } else { line };
        let room = MAIL_LIMIT - self.bytes.len();
        self.bytes.extend_from_slice(&line[..line.len().min(room)]);
    }
}

/// One `>` less before `From `.
fn unescaped(line: &[u8]) -> &[u8] {
    let Some(rest) = line.strip_prefix(b">") else { return line };
    let marks = rest.iter().take_while(|&&b| b == b'>').count();
    if rest[marks..].starts_with(b"From ") { rest } else { line }
}

/// The words of a date in a `From ` line: month, day, time, year.
fn date_words(line: &[u8]) -> Option<[&str; 4]> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = std::str::from_utf8(line).ok().filter(|text| text.len() < 1000)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let clock =
        |word: &&str| word.contains(':') && word.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let at = words.iter().position(clock).filter(|&at| at >= 3)?;
    let year = |word: &&&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let year = words[at + 1..].iter().find(year)?;
    MONTHS.contains(&words[at - 2]).then_some([words[at - 2], words[at - 1], words[at], year])
}

/// The time of arrival in a `From ` line, taken as UTC. public-inbox and git write fixed times
/// there that mean nothing.
fn received(line: &[u8]) -> Option<Timestamp> {
    let [month, day, clock, year] = date_words(line)?;
    let seconds = if clock.matches(':').count() == 1 { ":00" } else { "" };
    let text = format!("{day} {month} {year} {clock}{seconds} +0000");
    let time = Timestamp::strptime("%d %b %Y %H:%M:%S %z", &text).ok()?;
    let fixed = ["1970-01-01T00:00:00Z", "2001-09-17T00:00:00Z"];
    (!fixed.contains(&time.to_string().as_str())).then_some(time)
}

/// A place in the (decompressed) file with the bytes before it.
#[derive(Clone, Default)]
struct Point {
    offset: u64,
    tail: Vec<u8>,
}

/// What was read so far, as much as cursors need.
#[derive(Default)]
struct Seen {
    offset: u64,
    head: Vec<u8>,
    /// At least the last [`TAIL`] bytes.
    recent: Vec<u8>,
}

impl Seen {
    fn update(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.recent.extend_from_slice(bytes);
        if self.recent.len() > PIECE {
            self.recent.drain(..self.recent.len() - TAIL);
        }
    }

    fn point(&self) -> Point {
        let start = self.recent.len().saturating_sub(TAIL);
        Point { offset: self.offset, tail: self.recent[start..].to_vec() }
    }

    /// Names what stands before a point.
    fn hash(&self, point: &Point) -> String {
        let head = self.head.len().min(usize::try_from(point.offset).unwrap_or(HEAD));
        let hash = Sha256::new().chain_update(&self.head[..head]).chain_update(&point.tail);
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where the last mail began and ended, each with the hash of what stands before.
struct Cursor {
    start: (u64, String),
    end: (u64, String),
}

impl Cursor {
    fn read(text: &str) -> Option<Self> {
        let mut words = text.strip_prefix("mbox:")?.split(':');
        let mut part = || Some((words.next()?.parse().ok()?, words.next()?.to_owned()));
        Some(Self { start: part()?, end: part()? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ((start, before), (end, all)) = (&self.start, &self.end);
        write!(f, "mbox:{start}:{before}:{end}:{all}")
    }
}
