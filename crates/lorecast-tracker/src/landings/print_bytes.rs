//! A print as bytes, for a store.

use lorecast_model::PatchId;

use super::print::{LINES, PATHS, Print};
use crate::hash::Hash;

/// The form that [`Print::to_bytes`] writes. Another form gets another number, so that old prints
/// are made anew and never misread.
const FORM: u8 = 1;

impl Print {
    /// The print as bytes: the form, the ids, the counts, the hashes (little endian), and a check.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hashes = self.paths.iter().chain(&self.lines);
        let mut bytes = Vec::with_capacity(42 + 4 * (self.paths.len() + self.lines.len()));
        bytes.extend([FORM, u8::from(self.patch_id.is_some())]);
        bytes.extend(self.patch_id.unwrap_or(PatchId([0; 20])).0);
        bytes.extend(self.bare.to_le_bytes());
        bytes.extend(self.count.to_le_bytes());
        for length in [self.paths.len(), self.lines.len()] {
            bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
        }
        bytes.extend(hashes.flat_map(|hash| hash.to_le_bytes()));
        bytes.extend(check(&bytes));
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; nothing when it is of another form or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rest, sum) = bytes.split_last_chunk::<4>()?;
        if check(rest) != *sum {
            return None;
        }
        let ([FORM, has_id], rest) = rest.split_first_chunk::<2>()? else { return None };
        let (id, rest) = rest.split_first_chunk::<20>()?;
        let (bare, rest) = rest.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (paths, rest) = rest.split_first_chunk()?;
        let (lines, rest) = rest.split_first_chunk()?;
        let length = |bytes: &[u8; 2]| usize::from(u16::from_le_bytes(*bytes));
        let (paths, lines) = (length(paths), length(lines));
        if paths == 0 || paths > PATHS || lines > LINES || rest.len() != 4 * (paths + lines) {
            return None;
        }
        let (paths, lines) = rest.split_at(4 * paths);
        Some(Self {
            patch_id: (*has_id == 1).then_some(PatchId(*id)),
            bare: u64::from_le_bytes(*bare),
            paths: hashes(paths)?,
            lines: hashes(lines)?,
            count: u32::from_le_bytes(*count),
        })
    }
}

fn check(bytes: &[u8]) -> [u8; 4] {
    Hash::of(b'c').bytes(bytes).short().to_le_bytes()
}

/// Hashes, which must ascend.
fn hashes(bytes: &[u8]) -> Option<Vec<u32>> {
    let (chunks, _) = bytes.as_chunks::<4>();
    let hashes: Vec<u32> = chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
    hashes.is_sorted_by(|a, b| a < b).then_some(hashes)
}
