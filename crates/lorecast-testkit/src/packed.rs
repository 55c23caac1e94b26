//! Bytes as compressed files hold them.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;

/// As `gzip` writes them.
///
/// # Panics
/// Never: memory can be written.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    written(encoder.write_all(content).and_then(|()| encoder.finish()))
}

/// As `xz` writes them.
///
/// # Panics
/// Never: memory can be written.
pub fn xz(content: &[u8]) -> Vec<u8> {
    let mut encoder = XzEncoder::new(Vec::new(), 1);
    written(encoder.write_all(content).and_then(|()| encoder.finish()))
}

/// As `zstd` writes them.
///
/// # Panics
/// Never: memory can be written.
pub fn zst(content: &[u8]) -> Vec<u8> {
    written(zstd::encode_all(content, 3))
}

fn written(bytes: io::Result<Vec<u8>>) -> Vec<u8> {
    bytes.expect("memory can be written")
}
