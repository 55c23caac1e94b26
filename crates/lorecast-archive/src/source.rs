//! The bytes of an mbox file, decompressed when they are gzip (told by magic, RFC 1952).

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::Utf8Path;
use flate2::bufread::MultiGzDecoder;

/// A file's content from some place on, with the progress through the file itself.
pub(crate) struct Source {
    pub content: Box<dyn BufRead + Send>,
    /// It is gzip: offsets count decompressed bytes, and damage shows as an error.
    pub compressed: bool,
    /// The size of the file in bytes.
    pub size: u64,
    read: Arc<AtomicU64>,
}

impl Source {
    pub fn open(path: &Utf8Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut magic = Vec::with_capacity(2);
        Read::by_ref(&mut file).take(2).read_to_end(&mut magic)?;
        file.seek(SeekFrom::Start(0))?;
        let read = Arc::new(AtomicU64::new(0));
        let counted = BufReader::with_capacity(1 << 16, Counted { file, read: read.clone() });
        let compressed = magic == [0x1f, 0x8b];
        let content: Box<dyn BufRead + Send> = match compressed {
            true => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(counted))),
            false => Box::new(counted),
        };
        Ok(Self { content, compressed, size, read })
    }

    /// How many bytes of the file were read.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
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
