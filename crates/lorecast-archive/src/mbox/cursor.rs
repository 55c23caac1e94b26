//! Where the reading of an mbox goes on, and how that is recognised in a file that has grown.

use std::fmt;

use sha2::{Digest, Sha256};

/// How much of the file's start goes into a cursor, in bytes.
pub(super) const HEAD: usize = 4096;
/// How much before the cursor goes into it, in bytes.
pub(super) const TAIL: usize = 1024;
/// So much is gathered before what is older than [`TAIL`] is thrown away, in bytes.
const GATHER: usize = 1 << 14;

/// A place in the (decompressed) file with the bytes before it.
#[derive(Clone, Default)]
pub(super) struct Point {
    pub offset: u64,
    tail: Vec<u8>,
}

/// What was read so far, as much as cursors need.
#[derive(Default)]
pub(super) struct Seen {
    pub offset: u64,
    pub head: Vec<u8>,
    /// At least the last [`TAIL`] bytes.
    recent: Vec<u8>,
}

impl Seen {
    pub fn update(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.recent.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        if self.recent.len() > GATHER {
            self.recent.drain(..self.recent.len() - TAIL);
        }
    }

    /// Goes to an offset without having seen what is between; [`TAIL`] bytes have to follow.
    pub fn jump(&mut self, offset: u64) {
        self.recent.clear();
        self.offset = offset;
    }

    pub fn point(&self) -> Point {
        Point { offset: self.offset, tail: self.tail().to_vec() }
    }

    pub fn tail(&self) -> &[u8] {
        &self.recent[self.recent.len().saturating_sub(TAIL)..]
    }

    /// Names what stands before a point.
    pub fn hash(&self, point: &Point) -> String {
        let head = self.head.len().min(usize::try_from(point.offset).unwrap_or(HEAD));
        let hash = Sha256::new().chain_update(&self.head[..head]).chain_update(&point.tail);
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where the last mail began and ended, each with the hash of what stands before. When the file
/// has grown behind an `open` one, reading begins again at the start.
pub(super) struct Cursor {
    pub start: (u64, String),
    pub end: (u64, String),
    pub open: bool,
}

impl Cursor {
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.strip_prefix("mbox:")?.split(':');
        let mut part = || Some((words.next()?.parse().ok()?, words.next()?.to_owned()));
        let (start, end) = (part()?, part()?);
        Some(Self { start, end, open: words.next() == Some("open") })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((start, before), (end, all)) = (&self.start, &self.end);
        let open = if self.open { ":open" } else { "" };
        write!(f, "mbox:{start}:{before}:{end}:{all}{open}")
    }
}
