//! A file seen through a window: lines in front, and as far ahead as a mail may be long.

use std::io::{self, Read};

use crate::source::Source;

/// How much is read at once, in bytes.
const STEP: usize = 1 << 16;

pub(super) struct Window {
    source: Source,
    buffer: Vec<u8>,
    /// What of the buffer was consumed.
    at: usize,
    ended: bool,
    /// What ended it too early. It is told when everything before was consumed.
    damage: Option<io::Error>,
}

impl Window {
    pub fn new(source: Source) -> Self {
        Self { source, buffer: Vec::new(), at: 0, ended: false, damage: None }
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What comes next: so many bytes, or all that are left.
    pub fn ahead(&mut self, count: usize) -> &[u8] {
        self.fill(count);
        let rest = &self.buffer[self.at..];
        &rest[..rest.len().min(count)]
    }

    /// The next line with its end, or its first `limit` bytes. Empty at the end of the file.
    ///
    /// # Errors
    /// When the file is damaged and nothing before the damage is left.
    pub fn line(&mut self, limit: usize) -> io::Result<&[u8]> {
        let mut looked_at = 0;
        loop {
            let rest = &self.buffer[self.at..];
            let end = memchr::memchr(b'\n', &rest[looked_at..]).map(|end| looked_at + end + 1);
            if let Some(length) = end.or((rest.len() >= limit).then_some(limit)) {
                return Ok(&self.buffer[self.at..][..length.min(limit)]);
            }
            looked_at = rest.len();
            if !self.read_more() {
                break;
            }
        }
        match (looked_at, self.damage.take()) {
            (0, Some(damage)) => Err(damage),
            (_, damage) => {
                self.damage = damage;
                Ok(&self.buffer[self.at..])
            }
        }
    }

    pub fn consume(&mut self, count: usize) {
        self.at += count;
    }

    /// Goes to an offset of the file if it allows that.
    pub fn seek(&mut self, offset: u64) -> io::Result<bool> {
        if !self.source.seek(offset)? {
            return Ok(false);
        }
        self.buffer.clear();
        (self.at, self.ended) = (0, false);
        Ok(true)
    }

    fn fill(&mut self, count: usize) {
        while self.buffer.len() - self.at < count && self.read_more() {}
    }

    /// False when there is no more.
    fn read_more(&mut self) -> bool {
        if self.ended {
            return false;
        }
        // Half of the buffer at a time, so that moving the rest costs less than reading it did.
        if self.at >= STEP && self.at * 2 >= self.buffer.len() {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let old = self.buffer.len();
        self.buffer.resize(old + STEP, 0);
        let read = read_some(&mut self.source, &mut self.buffer[old..]);
        self.buffer.truncate(old + read.as_ref().copied().unwrap_or(0));
        self.ended = !matches!(read, Ok(count) if count > 0);
        self.damage = read.err();
        !self.ended
    }
}

fn read_some(source: &mut Source, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
