//! How often each episode was downloaded.

use std::fs::File;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Encoding;
pub use lorecast_publisher::downloads::Downloads;
use lorecast_publisher::downloads::{Counted, Counter};
use url::Url;

use crate::{Desk, DeskError, Result, Unit};

/// The name of a log that is read from standard input.
const INPUT: &str = "-";

impl Desk<'_> {
    /// Counts downloads in logs of the web server that sends the show's sound, after the IAB Podcast
    /// Measurement Technical Guidelines 2.2. A log may be packed with gzip; `-` is standard input. Who
    /// listened is not kept.
    ///
    /// # Errors
    /// When a log cannot be read, or an episode.
    pub fn downloads(&self, logs: &[Utf8PathBuf]) -> Result<Downloads> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|source| DeskError::Random { source })?;
        let mut counter = Counter::new(self.counted()?, key);
        let total = logs.iter().filter_map(|log| log.metadata().ok()).map(|log| log.len()).sum();
        let task = self.progress.begin("reading logs", total, Unit::Bytes);
        let mut before = 0;
        for log in logs {
            let unread = |source| DeskError::Log { path: log.clone(), source };
            let mut watch = |done: u64| task.set(before + done);
            counter
                .read(Watched { log: open(log).map_err(unread)?, done: 0, watch: &mut watch })
                .map_err(unread)?;
            before += log.metadata().map_or(0, |log| log.len());
        }
        Ok(counter.finish())
    }

    /// The sound of all episodes that are out.
    fn counted(&self) -> Result<Vec<Counted>> {
        let mut counted = Vec::new();
        for dir in self.dir.episodes()? {
            let Some(published) = dir.publication()? else { continue };
            let Ok(url) = Url::parse(&published.enclosure_url) else { continue };
            let (master, sound) = (dir.master()?, published.sound);
            let length = master.as_ref().map(|master| master.length);
            let length =
                length.or(sound.as_ref().and_then(|sound| sound.length)).unwrap_or_default();
            let own = master.as_ref().map(|master| master.enclosure.bytes);
            let own = own.or(sound.map(|sound| sound.bytes)).unwrap_or_default();
            let file = |path: &Utf8Path, bytes| Counted {
                id: dir.id(),
                path: path.to_string(),
                bytes,
                seconds: length.0,
            };
            let path = Utf8Path::new(url.path());
            counted.push(file(path, own));
            for other in master.iter().flat_map(|master| &master.alternatives) {
                let encoding: Encoding = other.encoding;
                counted.push(file(&path.with_extension(encoding.extension()), other.file.bytes));
            }
        }
        Ok(counted)
    }
}

fn open(log: &Utf8Path) -> io::Result<Box<dyn Read>> {
    Ok(if log == INPUT { Box::new(io::stdin()) } else { Box::new(File::open(log)?) })
}

/// A log, and somebody who hears how much of it was read.
struct Watched<'a> {
    log: Box<dyn Read>,
    done: u64,
    watch: &'a mut dyn FnMut(u64),
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.log.read(buffer)?;
        self.done += read as u64;
        (self.watch)(self.done);
        Ok(read)
    }
}
