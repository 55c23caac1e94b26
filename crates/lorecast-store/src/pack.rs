//! Texts and lists of row ids as bytes.

use std::cell::RefCell;

use jiff::Timestamp;
use lorecast_model::{Message, Signature};
use thiserror::Error;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// The largest text that is unpacked, in bytes: a damaged file must not exhaust memory.
const LARGEST: usize = 256 << 20;

/// This level of zstd takes a third of the time of its usual one, and mail is a fifth larger.
const LEVEL: i32 = -2;

/// Bytes that were not packed here, or were damaged since.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct Unpackable(String);

/// Packs the bodies and the raw bytes of mails.
pub(crate) struct Packer(Compressor<'static>);

impl Default for Packer {
    fn default() -> Self {
        let mut zstd = Compressor::new(LEVEL).expect("zstd knows its own levels");
        // Raw mail has to come back byte for byte, or not at all.
        zstd.set_parameter(CParameter::ChecksumFlag(true)).expect("zstd knows its own checksum");
        Self(zstd)
    }
}

/// What [`Packer::body`] packed.
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) diff: String,
    pub(crate) attached: String,
    pub(crate) attachments: Vec<String>,
    pub(crate) signature: Option<Signature>,
}

impl Packer {
    /// The lengths of text, diff and attached text, the signature's kind, then the three and the
    /// names of attachments.
    pub(crate) fn body(&mut self, message: &Message) -> Vec<u8> {
        let attachments = message.attachments.join("\n");
        let texts = [message.text.as_str(), &message.diff, &message.attached];
        let length: usize = texts.iter().map(|text| text.len()).sum();
        let mut plain = Vec::with_capacity(length + attachments.len() + 32);
        texts.iter().for_each(|text| push_number(&mut plain, text.len() as u64));
        plain.push(match message.signature {
            None => 0,
            Some(Signature::Pgp) => 1,
            Some(Signature::Smime) => 2,
        });
        for part in texts.into_iter().chain([attachments.as_str()]) {
            plain.extend_from_slice(part.as_bytes());
        }
        self.raw(&plain)
    }

    /// Bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.0.compress(bytes).expect("the buffer has room for what zstd may need")
    }
}

/// The inverse of [`Packer::body`].
pub(crate) fn unpack_body(packed: &[u8]) -> Result<Body, Unpackable> {
    let plain = unpack(packed)?;
    let mut rest = plain.as_slice();
    let mut length = || take_number(&mut rest);
    let lengths = [length()?, length()?, length()?];
    let (&kind, mut rest) = rest.split_first().ok_or_else(cut)?;
    let mut part = |length: u64| {
        let length = usize::try_from(length).map_err(|_| cut())?;
        let (part, behind) = rest.split_at_checked(length).ok_or_else(cut)?;
        rest = behind;
        utf8(part)
    };
    let (text, diff, attached) = (part(lengths[0])?, part(lengths[1])?, part(lengths[2])?);
    let attachments = utf8(rest)?.split_terminator('\n').map(str::to_owned).collect();
    let signature = match kind {
        1 => Some(Signature::Pgp),
        2 => Some(Signature::Smime),
        _ => None,
    };
    Ok(Body { text, diff, attached, attachments, signature })
}

/// The inverse of [`Packer::raw`].
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>, Unpackable> {
    let size = Decompressor::upper_bound(packed).unwrap_or(LARGEST).min(LARGEST);
    UNPACKER.with_borrow_mut(|zstd| match zstd {
        Some(zstd) => zstd.decompress(packed, size).map_err(said),
        None => Err(cut()),
    })
}

thread_local! {
    // Making one takes longer than unpacking a mail.
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = RefCell::new(Decompressor::new().ok());
}

/// Row ids as LEB128 numbers, one after the other.
pub(crate) fn pack_ids(ids: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for id in ids {
        push_number(&mut bytes, id as u64);
    }
    bytes
}

/// The inverse of [`pack_ids`].
pub(crate) fn unpack_ids(mut bytes: &[u8]) -> Result<Vec<i64>, Unpackable> {
    let mut ids = Vec::new();
    while !bytes.is_empty() {
        ids.push(take_number(&mut bytes)? as i64);
    }
    Ok(ids)
}

/// Microseconds since 1970: every moment of jiff fits, and PostgreSQL counts the same.
pub(crate) fn micros(moment: Timestamp) -> i64 {
    moment.as_microsecond()
}

/// The inverse of [`micros`].
pub(crate) fn moment(micros: i64) -> Result<Timestamp, Unpackable> {
    Timestamp::from_microsecond(micros).map_err(said)
}

fn said(error: impl std::fmt::Display) -> Unpackable {
    Unpackable(error.to_string())
}

/// There is less than there should be.
pub(crate) fn cut() -> Unpackable {
    Unpackable("a packed value is cut short".to_owned())
}

fn utf8(bytes: &[u8]) -> Result<String, Unpackable> {
    String::from_utf8(bytes.to_vec()).map_err(said)
}

fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Result<u64, Unpackable> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or_else(cut)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(Unpackable("a number is too long".to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::conformance::plain_mail;

    proptest! {
        #[test]
        fn bodies_survive_packing(text in ".{0,300}", diff in ".{0,300}", name in "[^\n]{1,9}") {
            let message = Message {
                attached: diff.clone(),
                text,
                diff,
                attachments: vec![name],
                signature: Some(Signature::Pgp),
                writer: lorecast_model::Writer::default(),
                ..plain_mail()
            };
            let body = unpack_body(&Packer::default().body(&message)).unwrap();
            let back = Message {
                text: body.text,
                diff: body.diff,
                attached: body.attached,
                attachments: body.attachments,
                signature: body.signature,
                writer: lorecast_model::Writer::default(),
                ..plain_mail()
            };
            prop_assert_eq!(back, message);
        }

        #[test]
        fn ids_survive_packing(ids in prop::collection::vec(0..i64::MAX, 0..50)) {
            prop_assert_eq!(unpack_ids(&pack_ids(ids.clone())).unwrap(), ids);
        }

        #[test]
        fn damaged_bytes_are_refused_calmly(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack_body(&bytes);
            let _ = unpack_body(&Packer::default().raw(&bytes));
            let _ = unpack_ids(&bytes);
        }
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let text: Vec<u8> = (0..9000u32).flat_map(u32::to_le_bytes).collect();
        let packed = Packer::default().raw(&text);
        for at in (8..packed.len()).step_by(97) {
            let mut damaged = packed.clone();
            damaged[at] ^= 1;
            assert_ne!(unpack(&damaged).ok().as_ref(), Some(&text), "byte {at} does not matter");
            assert!(unpack(&damaged).is_err(), "byte {at} was changed unnoticed");
        }
    }

    #[test]
    fn numbers_cut_short_are_refused() {
        assert!(unpack_ids(&[0x80]).is_err());
        assert!(unpack_ids(&[0xff; 11]).is_err());
    }
}
