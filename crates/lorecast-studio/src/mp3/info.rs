//! The first frame, which tells players how long the sound is and how to seek in it (the `Info` tag of
//! LAME, <http://gabriel.mp3-tech.org/mp3infotag.html>). LAME writes it for one chunk; here it is
//! corrected for all of them.

use super::frames::{FRAME, side_size, size};
use super::join::MARK;

/// Samples that LAME puts before the sound.
const DELAY: u64 = 576;

/// The whole stream, from the first frame behind the tag to the last.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) bytes: u64,
    pub(super) frames: u64,
    /// Where every [`MARK`]th frame begins.
    pub(super) marks: Vec<u32>,
    /// Samples a channel that were encoded.
    pub(super) samples: u64,
    /// [`crc`] over all of it.
    pub(super) crc: u16,
}

impl Stream {
    /// Where so many percent of the time are over.
    fn place(&self, percent: u64) -> u64 {
        let mark = self.frames * percent / 100 / MARK;
        self.marks.get(mark as usize).copied().unwrap_or_default().into()
    }
}

/// Corrects the tag; leaves what is none as it is.
pub(super) fn correct(tag: &mut [u8], stream: &Stream) {
    if tag.len() < 4 || size(tag).is_none() {
        return;
    }
    let at = 4 + side_size(tag);
    let Some(info) = tag.get_mut(at..at + 156) else { return };
    // The one stands for a constant bit rate, the other for a variable one.
    if !info.starts_with(b"Info") && !info.starts_with(b"Xing") {
        return;
    }
    let bytes = (stream.bytes + tag.len() as u64).min(u64::from(u32::MAX)) as u32;
    let tag_length = tag.len() as u64;
    let info = &mut tag[at..at + 156];
    info[8..12].copy_from_slice(&(stream.frames as u32).to_be_bytes());
    info[12..16].copy_from_slice(&bytes.to_be_bytes());
    for (percent, place) in info[16..116].iter_mut().enumerate() {
        let at = stream.place(percent as u64) + tag_length;
        *place = (at * 256 / u64::from(bytes).max(1)).min(255) as u8;
    }
    let padding = (stream.frames * FRAME as u64).saturating_sub(DELAY + stream.samples).min(4095);
    info[141] = (DELAY >> 4) as u8;
    info[142] = ((DELAY & 15) << 4) as u8 | (padding >> 8) as u8;
    info[143] = (padding & 255) as u8;
    info[148..152].copy_from_slice(&bytes.to_be_bytes());
    info[152..154].copy_from_slice(&stream.crc.to_be_bytes());
    let sum = crc(0, &tag[..at + 154]);
    tag[at + 154..at + 156].copy_from_slice(&sum.to_be_bytes());
}

/// CRC-16 with the polynomial 0x8005, lowest bit first, as LAME reckons it.
pub(super) fn crc(start: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(start, |crc, byte| {
        (0..8).fold(
            crc ^ u16::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 }
            },
        )
    })
}
