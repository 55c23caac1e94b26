//! Joins chunks that were encoded apart.

use super::frames::{Frame, Layer};

/// Frames at the start of a chunk that its encoder needs to get going: they are never used.
pub(super) const WARM_UP: usize = 4;
/// Frames at the end of a chunk that the next chunk has, too: one of them is where both are joined.
pub(super) const OVERLAP: usize = 40;

/// Frames from one mark for seeking to the next: a third of a second.
pub(super) const MARK: u64 = 16;

/// Puts chunks together, each [`OVERLAP`] frames longer than its share.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    layer: Layer,
    /// The last frames of the chunk before, from the start of the next one.
    tail: Vec<Frame>,
    /// Frames that were laid.
    pub(super) frames: u64,
    /// Their bytes, and how many those before every [`MARK`]th frame had.
    bytes: u64,
    marks: Vec<u32>,
    begun: bool,
}

impl Joiner {
    /// Adds a chunk of `share` frames and its overlap; the last one is shorter or as long as it is.
    pub(super) fn add(&mut self, mut frames: Vec<Frame>, share: usize, out: &mut Vec<u8>) {
        if self.begun {
            let at = self.place(&frames);
            let old = std::mem::take(&mut self.tail);
            self.lay(old.get(..at).unwrap_or(&old), out);
            frames.drain(..at.min(frames.len()));
            self.tail = frames.split_off((share - at).min(frames.len()));
        } else {
            self.begun = true;
            self.tail = frames.split_off(share.min(frames.len()));
        }
        self.lay(&frames, out);
    }

    /// Adds what is left of the last chunk. Returns how many frames there are, and where every
    /// [`MARK`]th begins.
    pub(super) fn finish(mut self, out: &mut Vec<u8>) -> (u64, Vec<u32>) {
        let tail = std::mem::take(&mut self.tail);
        self.lay(&tail, out);
        self.layer.finish(out);
        (self.frames, self.marks)
    }

    fn lay(&mut self, frames: &[Frame], out: &mut Vec<u8>) {
        for frame in frames {
            if self.frames.is_multiple_of(MARK) {
                self.marks.push(u32::try_from(self.bytes).unwrap_or(u32::MAX));
            }
            self.bytes += self.layer.lay(frame, out) as u64;
            self.frames += 1;
        }
    }

    /// The first frame whose encoder counted on no more reservoir than there is. There nearly always
    /// is one: a new encoder begins with an empty reservoir. Else the last frame, which
    /// [`Layer::lay`] makes room for.
    fn place(&self, new: &[Frame]) -> usize {
        let mut reservoir = self.layer.reservoir();
        for (at, (new, old)) in new.iter().zip(&self.tail).enumerate() {
            if at >= WARM_UP && new.back <= reservoir {
                return at;
            }
            match Layer::after(reservoir, old) {
                Some(left) => reservoir = left,
                None => return at,
            }
        }
        self.tail.len().min(new.len())
    }
}
