//! A guard against files that unpack to far more than mail ever does.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Below this much unpacked, any ratio is believed, in bytes.
const HARMLESS: u64 = 64 << 20;
/// How many times the packed size is too much. Real mail unpacks to 3 to 30 times.
const RATIO: u64 = 250;

/// A decoder that stops at [`TooDense`].
pub(crate) struct Guarded<R> {
    decoder: R,
    packed: Arc<AtomicU64>,
    unpacked: u64,
}

/// What was unpacked from how much when it was too much, in bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{packed} bytes unpack to {unpacked} and more")]
pub(crate) struct TooDense {
    pub packed: u64,
    pub unpacked: u64,
}

impl<R> Guarded<R> {
    /// Watches a decoder that counts in `packed` what it takes.
    pub fn new(decoder: R, packed: Arc<AtomicU64>) -> Self {
        Self { decoder, packed, unpacked: 0 }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (packed, unpacked) = (self.packed.load(Ordering::Relaxed), self.unpacked);
        if unpacked > HARMLESS && unpacked / RATIO > packed {
            return Err(io::Error::other(TooDense { packed, unpacked }));
        }
        let count = self.decoder.read(buffer)?;
        self.unpacked += count as u64;
        Ok(count)
    }
}
