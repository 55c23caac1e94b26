//! Maildir: a folder with `new/` and `cur/`, one mail a file (maildir(5)).

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use camino::Utf8Path;
use jiff::Timestamp;
use lorecast_model::ListId;

use crate::reader::Place;
use crate::{Archive, ArchiveError, RawMail, discover, eml};

/// Whether a folder is a Maildir.
pub(crate) fn is_maildir(path: &Utf8Path) -> bool {
    ["cur", "new"].iter().all(|folder| path.join(folder).is_dir())
}

/// The reading of one Maildir, in the order of the files' names, which begin with the time of
/// delivery. New is what changed at or after the cursor's time, the ctime: a delivery renames the
/// file into `new/`. Some mails are read twice that way; none is left out.
pub(crate) struct Maildir {
    name: Arc<Utf8Path>,
    list: Option<ListId>,
    /// What to read, last first.
    waiting: Vec<Box<str>>,
    total: u64,
    since: Option<Ctime>,
    newest: Option<Ctime>,
}

/// Seconds and nanoseconds.
type Ctime = (i64, i64);

impl Maildir {
    pub fn open(archive: &Archive, cursor: Option<&str>) -> Result<Self, ArchiveError> {
        let since = cursor.and_then(read_cursor);
        let (name, list) = (archive.name(), archive.list.clone());
        let mut maildir = Self { name, list, waiting: Vec::new(), total: 0, since, newest: since };
        for folder in ["cur", "new"] {
            let path = archive.path.join(folder);
            let gathered = maildir.gather(&path, folder);
            gathered.map_err(|source| ArchiveError::Io { path, source })?;
        }
        maildir.waiting.sort_unstable_by(|a, b| file_name(b).cmp(file_name(a)));
        maildir.total = maildir.waiting.len() as u64;
        Ok(maildir)
    }

    fn gather(&mut self, path: &Utf8Path, folder: &str) -> io::Result<()> {
        for path in discover::entries(path)? {
            let name = path.file_name().unwrap_or_default();
            // What disappears meanwhile was moved by a mail reader; its ctime changes with that.
            let Ok(about) = fs::metadata(&path) else { continue };
            let changed = (about.ctime(), about.ctime_nsec());
            if about.is_file() && !name.starts_with('.') && Some(changed) >= self.since {
                self.newest = self.newest.max(Some(changed));
                self.waiting.push(format!("{folder}/{name}").into());
            }
        }
        Ok(())
    }

    /// In the middle the old cursor stands: names do not follow the order of changes.
    pub fn cursor(&self) -> String {
        let time = if self.waiting.is_empty() { self.newest } else { self.since };
        time.map(|(seconds, nanos)| format!("maildir:{seconds}.{nanos:09}")).unwrap_or_default()
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn done(&self) -> u64 {
        self.total - self.waiting.len() as u64
    }

    pub fn next(&mut self) -> Option<Result<RawMail, ArchiveError>> {
        loop {
            let file = self.waiting.pop()?;
            match self.mail(file) {
                Err(ArchiveError::Io { source, .. })
                    if source.kind() == io::ErrorKind::NotFound => {}
                mail => return Some(mail),
            }
        }
    }

    fn mail(&self, file: Box<str>) -> Result<RawMail, ArchiveError> {
        let path = self.name.join(&*file);
        let bytes = eml::read(&path, &path)?;
        let received = delivered(file_name(&file));
        let (list, place) = (self.list.clone(), Place::Within(self.name.clone(), file));
        Ok(RawMail { bytes, list, received, blob: None, place })
    }
}

fn read_cursor(text: &str) -> Option<Ctime> {
    let (seconds, nanos) = text.strip_prefix("maildir:")?.split_once('.')?;
    Some((seconds.parse().ok()?, nanos.parse().ok()?))
}

fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// The seconds at the beginning of a file's name.
fn delivered(name: &str) -> Option<Timestamp> {
    let seconds = name.split('.').next()?.parse().ok().filter(|&seconds: &i64| seconds > 0)?;
    Timestamp::from_second(seconds).ok()
}
