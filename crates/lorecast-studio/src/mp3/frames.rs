//! The frames of an MPEG-1 layer III stream, taken apart and put together again (ISO 11172-3, 2.4.1).
//!
//! A frame's sound may begin in the bodies of frames before it (the bit reservoir). To join streams
//! that were encoded apart, each frame's sound is taken out and laid into the joined stream anew.

/// Samples of one frame.
pub(super) const FRAME: usize = 1152;
/// How far back a frame's sound may begin, in bytes: nine bits.
const FARTHEST: usize = 511;
/// Kilobits a second by index in the header.
const RATES: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/// The lowest and the highest of them, by their index.
pub(super) const SLOWEST: u8 = 1;
pub(super) const FULLEST: u8 = 14;
pub(super) const HEADER: usize = 4;

/// One frame: its header and side information, and its sound alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) head: Vec<u8>,
    /// Bytes of reservoir that its encoder counted on.
    pub(super) back: usize,
    pub(super) sound: Vec<u8>,
}

impl Frame {
    /// Of the rates, by its index.
    pub(super) fn set_rate(&mut self, rate: u8) {
        self.head[2] = rate << 4 | self.head[2] & 0x0F;
    }
}

/// The index of a bit rate in the header; that of the highest for one that does not exist.
pub(super) fn rate_index(kbps: u16) -> u8 {
    let at = RATES.iter().position(|rate| *rate == usize::from(kbps));
    at.map_or(FULLEST, |at| at as u8)
}

/// Takes a stream of whole frames apart. `None` when it is not one (no 48 kHz, no layer III, cut off).
pub(super) fn split(stream: &[u8]) -> Option<Vec<Frame>> {
    let mut frames = Vec::new();
    let mut bodies: Vec<u8> = Vec::new();
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut rest = stream;
    while !rest.is_empty() {
        let head = rest.get(..HEADER)?;
        let size = size(head)?;
        let side = HEADER + side_size(head);
        let frame = rest.get(..size)?;
        let (head, body) = frame.split_at_checked(side)?;
        let back = usize::from(head[4]) << 1 | usize::from(head[5] >> 7);
        places.push((bodies.len().checked_sub(back)?, sound_bits(head).div_ceil(8)));
        bodies.extend_from_slice(body);
        frames.push(Frame { head: head.to_vec(), back, sound: Vec::new() });
        rest = &rest[size..];
    }
    for (frame, (start, length)) in frames.iter_mut().zip(places) {
        frame.sound = bodies.get(start..start + length)?.to_vec();
    }
    Some(frames)
}

/// Bytes of a frame, from its header; only what our encoder makes at 48 kHz.
pub(super) fn size(head: &[u8]) -> Option<usize> {
    // Sync, MPEG-1, layer III, no checksum; 48 kHz, no padding.
    if head[0] != 0xFF || head[1] != 0xFB || head[2] & 0x0E != 0x04 {
        return None;
    }
    match RATES.get(usize::from(head[2] >> 4)) {
        Some(rate) if *rate > 0 => Some(3 * rate),
        _ => None,
    }
}

/// Whether the header says mono.
fn is_mono(head: &[u8]) -> bool {
    head[3] >> 6 == 3
}

/// Bytes of side information.
pub(super) fn side_size(head: &[u8]) -> usize {
    if is_mono(head) { 17 } else { 32 }
}

/// The sum of `part2_3_length` over granules and channels.
fn sound_bits(head: &[u8]) -> usize {
    // main_data_begin 9, private 5 or 3, scfsi 4 a channel; then 59 bits for each granule and channel.
    let (first, parts) = if is_mono(head) { (18, 2) } else { (20, 4) };
    (0..parts).map(|part| bits(head, HEADER * 8 + first + part * 59, 12) as usize).sum()
}

/// Up to 64 bits, the highest first.
pub(super) fn bits(bytes: &[u8], at: usize, count: usize) -> u64 {
    (at..at + count)
        .map(|bit| u64::from(bytes[bit / 8] >> (7 - bit % 8) & 1))
        .fold(0, |value, bit| value << 1 | bit)
}

/// Lays frames into one stream.
#[derive(Debug, Default)]
pub(super) struct Layer {
    /// Frames whose bodies still have room, then nothing: their bytes.
    waiting: Vec<u8>,
    /// For each free byte the place in `waiting`, oldest first.
    free: std::collections::VecDeque<usize>,
}

impl Layer {
    /// Free bytes that the next frame may use before its own body.
    pub(super) fn reservoir(&self) -> usize {
        self.free.len()
    }

    /// The reservoir after a frame, had it this much before.
    pub(super) fn after(reservoir: usize, frame: &Frame) -> Option<usize> {
        let room = reservoir + size(&frame.head)? - frame.head.len();
        Some(room.checked_sub(frame.sound.len())?.min(FARTHEST))
    }

    /// Lays one frame, and appends to `out` what is complete. Where its sound has no room, the frame
    /// takes the highest bit rate, which any sound fits. Returns the bytes that it takes.
    pub(super) fn lay(&mut self, frame: &Frame, out: &mut Vec<u8>) -> usize {
        let mut head = frame.head.clone();
        let needed = frame.sound.len();
        let room = |head: &[u8]| size(head).unwrap_or(0).saturating_sub(head.len());
        if self.free.len() + room(&head) < needed {
            head[2] = FULLEST << 4 | head[2] & 0x0F;
        }
        let back = self.free.len();
        head[4] = (back >> 1) as u8;
        head[5] = head[5] & 0x7F | ((back & 1) << 7) as u8;
        self.waiting.extend_from_slice(&head);
        let body = self.waiting.len();
        self.waiting.resize(body + room(&head), 0);
        self.free.extend(body..self.waiting.len());
        for byte in &frame.sound {
            if let Some(place) = self.free.pop_front() {
                self.waiting[place] = *byte;
            }
        }
        while self.free.len() > FARTHEST {
            self.free.pop_front();
        }
        let done = self.free.front().copied().unwrap_or(self.waiting.len());
        out.extend(self.waiting.drain(..done));
        self.free.iter_mut().for_each(|place| *place -= done);
        size(&head).unwrap_or(0)
    }

    /// Appends the rest.
    pub(super) fn finish(self, out: &mut Vec<u8>) {
        out.extend(self.waiting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mono frame of 96 kbit/s (288 bytes, 267 of them body) whose sound has this length.
    fn frame(length: usize, byte: u8) -> Frame {
        let mut head = vec![0; 21];
        head[..4].copy_from_slice(&[0xFF, 0xFB, 0x74, 0xC0]);
        let bits = length * 8;
        for (part, bits) in [bits.min(4088), bits.saturating_sub(4088)].into_iter().enumerate() {
            for bit in 0..12 {
                let at = 32 + 18 + part * 59 + bit;
                head[at / 8] |= ((bits >> (11 - bit) & 1) << (7 - at % 8)) as u8;
            }
        }
        Frame { head, back: 0, sound: vec![byte; length] }
    }

    fn laid(frames: &[Frame]) -> Vec<u8> {
        let (mut layer, mut out) = (Layer::default(), Vec::new());
        for frame in frames {
            layer.lay(frame, &mut out);
        }
        layer.finish(&mut out);
        out
    }

    #[track_caller]
    fn check(lengths: &[usize], backs: &[usize], bytes: usize) {
        let frames: Vec<Frame> =
            lengths.iter().zip(1..).map(|(length, byte)| frame(*length, byte)).collect();
        let stream = laid(&frames);
        assert_eq!(stream.len(), bytes);
        let again = split(&stream).unwrap();
        let sounds = |frames: &[Frame]| -> Vec<Vec<u8>> {
            frames.iter().map(|frame| frame.sound.clone()).collect()
        };
        assert_eq!(sounds(&again), sounds(&frames));
        assert_eq!(again.iter().map(|frame| frame.back).collect::<Vec<_>>(), backs);
    }

    #[test]
    fn what_is_laid_is_found_again() {
        check(&[267, 267], &[0, 0], 576);
        check(&[200, 300, 300, 250], &[0, 67, 34, 1], 4 * 288);
        // The reservoir holds no more than nine bits can say.
        check(&[0, 0, 0, 700, 0], &[0, 267, 511, 511, 78], 5 * 288);
    }

    #[test]
    fn sound_without_room_gets_a_larger_frame() {
        check(&[267, 500, 267], &[0, 0, 439], 288 + 960 + 288);
    }

    proptest::proptest! {
        #[test]
        fn hostile_streams_do_no_harm(bytes in proptest::collection::vec(0u8..=255, 0..2000), cut in 0..2000usize) {
            let _ = split(&bytes);
            let mut stream = laid(&[frame(200, 1), frame(300, 2), frame(267, 3)]);
            for (at, byte) in bytes.iter().take(9).enumerate() {
                let last = stream.len() - 1;
                stream[(at * 97 + cut).min(last)] = *byte;
            }
            stream.truncate(cut);
            let _ = split(&stream);
        }
    }
}
