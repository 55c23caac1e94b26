//! The bytes of a file, decompressed when they are packed, which their magic tells: gzip (RFC 1952),
//! xz (The .xz File Format, section 2.1.1) or Zstandard (RFC 8878).

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::Utf8Path;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::bomb::Guarded;

/// What an xz decoder may take, in bytes. `xz -9` needs 65 MiB.
const XZ_MEMORY: u64 = 128 << 20;
/// The widest window of Zstandard, as a power of two: 128 MiB, which is what `zstd -d` allows.
const ZSTD_WINDOW: u32 = 27;
/// How much is taken from the file at once, in bytes.
const BUFFER: usize = 1 << 16;

/// A file's content, with the progress through the file itself.
pub(crate) struct Source {
    content: Content,
    /// The size of the file in bytes.
    pub size: u64,
    read: Arc<AtomicU64>,
}

enum Content {
    Plain(Counted),
    Packed(Guarded<Box<dyn Read + Send>>),
}

impl Source {
    pub fn open(path: &Utf8Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut magic = Vec::with_capacity(6);
        Read::by_ref(&mut file).take(6).read_to_end(&mut magic)?;
        file.seek(SeekFrom::Start(0))?;
        let read = Arc::new(AtomicU64::new(0));
        let file = Counted { file, read: read.clone() };
        let content = match Packing::of(&magic) {
            None => Content::Plain(file),
            Some(packing) => Content::Packed(Guarded::new(packing.decoder(file)?, read.clone())),
        };
        Ok(Self { content, size, read })
    }

    /// Offsets count decompressed bytes, and damage shows as an error.
    pub fn packed(&self) -> bool {
        matches!(self.content, Content::Packed(_))
    }

    /// How many bytes of the file were read.
    pub fn read_so_far(&self) -> u64 {
        self.read.load(Ordering::Relaxed).min(self.size)
    }

    /// Goes to an offset if the file allows it; a packed one has to be read.
    pub fn seek(&mut self, offset: u64) -> io::Result<bool> {
        let Content::Plain(plain) = &mut self.content else { return Ok(false) };
        plain.file.seek(SeekFrom::Start(offset))?;
        plain.read.store(offset, Ordering::Relaxed);
        Ok(true)
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.content {
            Content::Plain(plain) => plain.read(buffer),
            Content::Packed(packed) => packed.read(buffer),
        }
    }
}

#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Xz,
    Zstd,
}

impl Packing {
    fn of(magic: &[u8]) -> Option<Self> {
        const MAGIC: [(&[u8], Packing); 3] = [
            (b"\x1f\x8b", Packing::Gzip),
            (b"\xfd7zXZ\0", Packing::Xz),
            (b"\x28\xb5\x2f\xfd", Packing::Zstd),
        ];
        MAGIC.iter().find(|(start, _)| magic.starts_with(start)).map(|(_, packing)| *packing)
    }

    fn decoder(self, file: Counted) -> io::Result<Box<dyn Read + Send>> {
        let file = BufReader::with_capacity(BUFFER, file);
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(file)),
            Self::Xz => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
                Box::new(XzDecoder::new_stream(file, stream))
            }
            Self::Zstd => {
                let mut decoder = ZstdDecoder::with_buffer(file)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
        })
    }
}

struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
