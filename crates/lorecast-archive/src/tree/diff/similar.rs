//! How alike two files are, as git measures it: by the lines (or 64 bytes) that both have, whatever
//! their order. The per cents stand in diffs of renamed files, and so in their patch ids.

/// What stands for "the same" (git's MAX_SCORE).
pub(super) const SAME: u64 = 60_000;

/// Git's table of hashes has this many places; two lines of one place count as equal.
const PLACES: u32 = 107_927;

/// A line that is longer is counted in pieces, in bytes.
const PIECE: u32 = 64;

/// The pieces of a file.
pub(super) struct Pieces {
    size: u64,
    /// For each hash how many bytes have it, in the order of hashes.
    bytes: Vec<(u32, u64)>,
}

impl Pieces {
    pub fn of(content: &[u8]) -> Self {
        let mut all = pieces(content);
        all.sort_unstable_by_key(|(hash, _)| *hash);
        let mut bytes: Vec<(u32, u64)> = Vec::new();
        for (hash, length) in all {
            match bytes.last_mut() {
                Some((last, sum)) if *last == hash => *sum += length,
                _ => bytes.push((hash, length)),
            }
        }
        Self { size: content.len() as u64, bytes }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.bytes.len()
    }

    /// From 0 to [`SAME`]; 0 when their sizes alone show that it is less than `least`.
    pub fn score(&self, new: &Self, least: u64) -> u64 {
        let (small, large) = (self.size.min(new.size), self.size.max(new.size));
        if large * (SAME - least) < (large - small) * SAME || new.size == 0 {
            return 0;
        }
        self.common(new) * SAME / large
    }

    fn common(&self, new: &Self) -> u64 {
        let (mut sum, mut rest) = (0, new.bytes.as_slice());
        for &(hash, bytes) in &self.bytes {
            let before = rest.partition_point(|(other, _)| *other < hash);
            rest = &rest[before..];
            match rest.first() {
                Some((other, there)) if *other == hash => sum += bytes.min(*there),
                _ => {}
            }
        }
        sum
    }
}

fn pieces(content: &[u8]) -> Vec<(u32, u64)> {
    let text = !super::is_binary(content);
    let (mut pieces, mut length, mut a, mut b) = (Vec::new(), 0u32, 0u32, 0u32);
    for (at, &byte) in content.iter().enumerate() {
        if text && byte == b'\r' && content.get(at + 1) == Some(&b'\n') {
            continue;
        }
        let old = a;
        a = ((a << 7) ^ (b >> 25)).wrapping_add(u32::from(byte));
        b = (b << 7) ^ (old >> 25);
        length += 1;
        if length == PIECE || byte == b'\n' {
            pieces.push((place(a, b), u64::from(length)));
            (length, a, b) = (0, 0, 0);
        }
    }
    if length > 0 {
        pieces.push((place(a, b), u64::from(length)));
    }
    pieces
}

fn place(a: u32, b: u32) -> u32 {
    a.wrapping_add(b.wrapping_mul(0x61)) % PLACES
}
