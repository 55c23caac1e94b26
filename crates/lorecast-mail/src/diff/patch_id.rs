//! What names a change, wherever it applies: git's stable patch id.

use lorecast_model::PatchId;
use memchr::memchr;
use sha1::{Digest, Sha1};

use crate::lines::lines;

/// What `git patch-id --stable` prints first for a diff (git-patch-id(1)); nothing when it prints
/// nothing: a diff without any `diff ` line, or an empty one.
///
/// Each file's header and hunks are hashed by SHA-1 with all white space removed and the places of
/// hunks left out; the hashes are added up, so that the order of files does not matter. A binary
/// file counts by the names of its blobs.
pub fn patch_id(diff: &str) -> Option<PatchId> {
    let mut reader = Reader::new();
    for line in lines(diff) {
        // git's lines are C strings.
        let line = memchr(b'\0', line.as_bytes()).map_or(line, |end| &line[..end]);
        let done = is_commit(line) || !reader.line(line);
        if done && reader.length > 0 {
            break;
        }
        if done {
            reader = Reader::new();
        }
    }
    reader.end_file();
    (reader.length > 0).then_some(PatchId(reader.sum))
}

/// git's state machine, so that the ids of damaged diffs are git's too.
struct Reader<'a> {
    /// How many old and new lines the hunk still promises: none between hunks, and -1 old ones in
    /// the header of a file. The two lines with a file's names count as a hunk.
    old: i64,
    new: i64,
    /// In the data of a binary file.
    binary: bool,
    blobs: [&'a str; 2],
    file: Sha1,
    sum: [u8; 20],
    /// How many bytes were hashed.
    length: usize,
}

impl<'a> Reader<'a> {
    fn new() -> Self {
        let (file, sum) = (Sha1::new(), [0; 20]);
        Self { old: -1, new: -1, binary: false, blobs: [""; 2], file, sum, length: 0 }
    }

    /// Reads a line; false when it ends the patch.
    fn line(&mut self, line: &'a str) -> bool {
        let is_file = line.starts_with("diff ");
        // `\ No newline at end of file`, in any language.
        let note = line.starts_with("\\ ") && line.len() > 12;
        if note || self.length == 0 && !is_file {
            return true;
        }
        if self.old == -1 && !self.header(line) {
            return self.old != -1 || line.starts_with("index ");
        }
        if self.binary {
            // The line that ends the data is not hashed.
            self.binary = !is_file;
            self.old = if is_file { -1 } else { self.old };
            return true;
        }
        if (self.old, self.new) == (0, 0) {
            if line.starts_with("@@ -") {
                (self.old, self.new) = hunk(line).unwrap_or_default();
                return true;
            }
            if !is_file {
                return false;
            }
            self.end_file();
            (self.old, self.new) = (-1, -1);
        }
        self.code(line);
        true
    }

    /// Reads a line of a file's header; whether it is to be hashed.
    fn header(&mut self, line: &'a str) -> bool {
        if line.starts_with("GIT binary patch") || line.starts_with("Binary files") {
            (self.binary, self.old) = (true, 0);
            self.blobs.iter().for_each(|blob| self.file.update(blob));
            self.end_file();
            false
        } else if let Some(names) = line.strip_prefix("index ") {
            self.blobs = blobs(names).unwrap_or(self.blobs);
            false
        } else if line.starts_with("--- ") {
            (self.old, self.new) = (1, 1);
            true
        } else {
            line.starts_with(|c: char| c.is_ascii_alphabetic())
        }
    }

    fn code(&mut self, line: &str) {
        self.old -= i64::from(line.starts_with(['-', ' ']));
        self.new -= i64::from(line.starts_with(['+', ' ']));
        self.hash(line);
    }

    /// Hashes a line without its white space.
    fn hash(&mut self, line: &str) {
        for word in line.split(is_space).filter(|word| !word.is_empty()) {
            self.file.update(word);
            self.length += word.len();
        }
    }

    /// Adds the hash of a file to the sum, from the first byte on, with carry.
    fn end_file(&mut self) {
        let hash = std::mem::take(&mut self.file).finalize();
        let mut carry = 0;
        for (byte, more) in self.sum.iter_mut().zip(hash) {
            carry += u16::from(*byte) + u16::from(more);
            [*byte, _] = carry.to_le_bytes();
            carry >>= 8;
        }
    }
}

/// C's `isspace`, as git defines it: without vertical tab and form feed.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// `git log -p` and format-patch put a line with the commit above each patch.
fn is_commit(line: &str) -> bool {
    let name = line.strip_prefix("commit ").or_else(|| line.strip_prefix("From ")).unwrap_or(line);
    name.len() >= 40 && name.bytes().take(40).all(|b| b.is_ascii_hexdigit())
}

/// `abc..def 100644`.
fn blobs(names: &str) -> Option<[&str; 2]> {
    let (old, rest) = names.split_once("..")?;
    let new = rest.split([' ', '\n']).next()?;
    Some([old, new])
}

/// The counts of `@@ -a,b +c,d @@`.
fn hunk(line: &str) -> Option<(i64, i64)> {
    let mut words = line.strip_prefix("@@ -")?.split(' ');
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.trim_end().parse().ok(),
        None => Some(1),
    };
    Some((count(words.next()?)?, count(words.next()?.strip_prefix('+')?)?))
}
