//! Texts and lists of row ids as bytes.

use jiff::Timestamp;
use zstd::bulk::{Compressor, Decompressor};

use super::fault::Fault;

/// The largest text that is unpacked, in bytes: a damaged file must not exhaust memory.
const LARGEST: usize = 256 << 20;

/// zstd level 3 is where mail stops getting notably smaller for the time it takes.
const LEVEL: i32 = 3;

/// Packs the prose and the diff of mails.
pub(super) struct Packer(Compressor<'static>);

impl Packer {
    pub(super) fn new() -> Result<Self, Fault> {
        Compressor::new(LEVEL).map(Self).map_err(Fault::content)
    }

    /// The length of the prose, then prose and diff together.
    pub(super) fn pack(&mut self, text: &str, diff: &str) -> Result<Vec<u8>, Fault> {
        let mut plain = Vec::with_capacity(text.len() + diff.len() + 10);
        push_number(&mut plain, text.len() as u64);
        plain.extend_from_slice(text.as_bytes());
        plain.extend_from_slice(diff.as_bytes());
        self.0.compress(&plain).map_err(Fault::content)
    }
}

/// The prose and the diff.
pub(super) fn unpack(packed: &[u8]) -> Result<(String, String), Fault> {
    let mut zstd = Decompressor::new().map_err(Fault::content)?;
    let plain = zstd.decompress(packed, LARGEST).map_err(Fault::content)?;
    let mut rest = plain.as_slice();
    let length = take_number(&mut rest)? as usize;
    let text = rest.get(..length).ok_or_else(|| Fault::content("a text is cut short"))?;
    Ok((utf8(text)?, utf8(&rest[length..])?))
}

/// Row ids as LEB128 numbers, one after the other.
pub(super) fn pack_ids(ids: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for id in ids {
        push_number(&mut bytes, id as u64);
    }
    bytes
}

/// The inverse of [`pack_ids`].
pub(super) fn unpack_ids(mut bytes: &[u8]) -> Result<Vec<i64>, Fault> {
    let mut ids = Vec::new();
    while !bytes.is_empty() {
        ids.push(take_number(&mut bytes)? as i64);
    }
    Ok(ids)
}

/// Microseconds since 1970: every moment of jiff fits, and PostgreSQL counts the same.
pub(super) fn micros(moment: Timestamp) -> i64 {
    moment.as_microsecond()
}

/// The inverse of [`micros`].
pub(super) fn moment(micros: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_microsecond(micros).map_err(Fault::content)
}

fn utf8(bytes: &[u8]) -> Result<String, Fault> {
    String::from_utf8(bytes.to_vec()).map_err(Fault::content)
}

fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Result<u64, Fault> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) =
            bytes.split_first().ok_or_else(|| Fault::content("a number is cut short"))?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(Fault::content("a number is too long"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_survive_packing(text in ".{0,300}", diff in ".{0,300}") {
            let packed = Packer::new().unwrap().pack(&text, &diff).unwrap();
            prop_assert_eq!(unpack(&packed).unwrap(), (text, diff));
        }

        #[test]
        fn ids_survive_packing(ids in prop::collection::vec(0..i64::MAX, 0..50)) {
            prop_assert_eq!(unpack_ids(&pack_ids(ids.clone())).unwrap(), ids);
        }

        #[test]
        fn damaged_bytes_are_refused_calmly(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&bytes);
            let _ = unpack_ids(&bytes);
        }
    }

    #[test]
    fn numbers_cut_short_are_refused() {
        assert!(unpack_ids(&[0x80]).is_err());
        assert!(unpack_ids(&[0xff; 11]).is_err());
    }
}
