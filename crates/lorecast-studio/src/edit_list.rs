//! The edit list of an MP4 file (ISO 14496-12 section 8.6.6): which part of the decoded sound is to
//! be heard. AAC encoders put about a thousand samples before the sound, and the demuxer leaves the
//! list unread.

use std::io::{self, Read, Seek, SeekFrom};

/// What is heard of the decoded frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Frames to leave out at the start.
    pub(crate) skip: u64,
    /// Frames to hear behind them; `None` for all.
    pub(crate) frames: Option<u64>,
}

/// Boxes looked at before giving up: a hostile file can nest and repeat them at will.
const MOST_BOXES: u32 = 10_000;

/// The only edit of the first sound track, when it has exactly one and counts time in samples.
/// `None` as well for every file that is not MP4.
pub(crate) fn read(file: &mut (impl Read + Seek), rate: u32) -> Option<Edit> {
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut boxes = Boxes { file, left: MOST_BOXES };
    let movie = boxes.find(0..end, b"moov")?;
    let movie_scale = boxes.time_scale(movie.clone(), b"mvhd")?;
    let mut tracks = movie;
    while let Some(track) = boxes.find(tracks.clone(), b"trak") {
        tracks.start = track.end;
        let media = boxes.find(track.clone(), b"mdia")?;
        let handler = boxes.find(media.clone(), b"hdlr")?;
        if boxes.bytes::<12>(handler.start).ok()?[8..] != *b"soun" {
            continue;
        }
        let same_clock = boxes.time_scale(media, b"mdhd")? == rate;
        return if same_clock { boxes.edit(track, movie_scale, rate) } else { None };
    }
    None
}

type Span = std::ops::Range<u64>;

struct Boxes<'a, F> {
    file: &'a mut F,
    left: u32,
}

impl<F: Read + Seek> Boxes<'_, F> {
    /// The content of the first box of this kind.
    fn find(&mut self, within: Span, kind: &[u8; 4]) -> Option<Span> {
        let mut at = within.start;
        while at + 8 <= within.end {
            self.left = self.left.checked_sub(1)?;
            let [a, b, c, d, found @ ..] = self.bytes::<8>(at).ok()?;
            let (size, header) = match u32::from_be_bytes([a, b, c, d]) {
                0 => (within.end - at, 8),
                1 => (u64::from_be_bytes(self.bytes(at + 8).ok()?), 16),
                size => (u64::from(size), 8),
            };
            let end = at.checked_add(size).filter(|end| *end <= within.end && size >= header)?;
            if found == *kind {
                return Some(at + header..end);
            }
            at = end;
        }
        None
    }

    /// Ticks a second, from a movie or media header.
    fn time_scale(&mut self, within: Span, kind: &[u8; 4]) -> Option<u32> {
        let header = self.find(within, kind)?;
        let [version] = self.bytes(header.start).ok()?;
        let offset = if version == 1 { 20 } else { 12 };
        let scale = u32::from_be_bytes(self.bytes(header.start + offset).ok()?);
        (scale > 0).then_some(scale)
    }

    fn edit(&mut self, track: Span, movie_scale: u32, rate: u32) -> Option<Edit> {
        let edits = self.find(track, b"edts")?;
        let list = self.find(edits, b"elst")?.start;
        let [version, _, _, _, count @ ..] = self.bytes::<8>(list).ok()?;
        if u32::from_be_bytes(count) != 1 {
            return None;
        }
        let (length, skip) = match version {
            1 => (
                u64::from_be_bytes(self.bytes(list + 8).ok()?),
                u64::from_be_bytes(self.bytes(list + 16).ok()?),
            ),
            _ => (
                u64::from(u32::from_be_bytes(self.bytes(list + 8).ok()?)),
                u64::from(u32::from_be_bytes(self.bytes(list + 12).ok()?)),
            ),
        };
        let frames = length.checked_mul(u64::from(rate))?.div_ceil(u64::from(movie_scale));
        // More than a second is no encoder delay, and -1 stands for a gap.
        (skip <= u64::from(rate)).then_some(Edit { skip, frames: (frames > 0).then_some(frames) })
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> Vec<u8> {
        include_bytes!("../tests/fixtures/tone.m4a").to_vec()
    }

    #[test]
    fn the_edit_of_an_m4a() {
        let edit = read(&mut io::Cursor::new(fixture()), 44_100);
        assert_eq!(edit, Some(Edit { skip: 1024, frames: Some(44_100) }));
    }

    #[test]
    fn anything_else_has_none() {
        assert_eq!(read(&mut io::Cursor::new(fixture()), 48_000), None);
        assert_eq!(read(&mut io::Cursor::new(b"RIFF....WAVEfmt "), 44_100), None);
        assert_eq!(read(&mut io::Cursor::new(b""), 44_100), None);
    }

    proptest::proptest! {
        #[test]
        fn hostile_boxes_do_no_harm(at in 0..5000usize, byte: u8, keep in 0..5000usize) {
            let mut bytes = fixture();
            let last = bytes.len() - 1;
            bytes[at.min(last)] = byte;
            bytes.truncate(keep);
            let _ = read(&mut io::Cursor::new(bytes), 44_100);
        }
    }
}
