//! One writer at a time, and a second one is told who the first is.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use crate::{Result, StoreError};

/// The right to write a store. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct WriterLock {
    _held: File,
}

impl WriterLock {
    /// Takes the lock beside a store's file, and leaves a note of who holds it.
    pub(crate) fn take(store: &Utf8Path, who: &str) -> Result<Self> {
        let path = Utf8PathBuf::from(format!("{store}.lock"));
        let open = |why: std::io::Error| StoreError::Open {
            place: path.clone().into(),
            why: why.to_string(),
        };
        let mut options = File::options();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(open)?;
        match file.try_lock() {
            Ok(()) => note(&mut file, who).map_err(open)?,
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                return Err(StoreError::Busy { place: store.to_owned().into(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(open(error)),
        }
        Ok(Self { _held: file })
    }
}

fn note(file: &mut File, who: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    write!(file, "process {} ({who})", std::process::id())?;
    file.flush()
}

/// What the note says, and since when.
fn holder(file: &mut File) -> String {
    let mut note = String::new();
    let read = Read::by_ref(file).take(200).read_to_string(&mut note);
    if read.is_err() || note.trim().is_empty() {
        return "another process".to_owned();
    }
    let since = file.metadata().and_then(|about| about.modified()).ok();
    match since.and_then(|since| Timestamp::try_from(since).ok()) {
        Some(since) => {
            format!("{}, since {}", note.trim(), since.strftime("%Y-%m-%d %H:%M:%S UTC"))
        }
        None => note.trim().to_owned(),
    }
}
