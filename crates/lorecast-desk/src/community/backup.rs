//! The journal in another file, and back.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_store::Place;
use lorecast_store::journal::{Copied, Journal, SqliteJournal, copy};

use super::writer;
use crate::{Desk, DeskError, Result};

impl Desk<'_> {
    /// Copies what people did for the show into a new file, while others go on, and reads it back.
    ///
    /// # Errors
    /// When the file is there already, or one of the two cannot be read or written; no half a copy is left.
    pub fn back_up(&self, to: &Utf8Path) -> Result<Copied> {
        let nothing = || DeskError::NothingDone { dir: self.root().to_owned() };
        if matches!(self.place()?, Place::File(_)) && !self.dir.community().is_file() {
            return Err(nothing());
        }
        let mut journal = self.journal()?;
        if journal.lines(0, 1)?.is_empty() {
            return Err(nothing());
        }
        if to.exists() {
            return Err(DeskError::InTheWay { path: to.to_owned() });
        }
        carry(journal.as_mut(), to)
    }

    /// Puts a copy in the place of what people did for the show. What a file held stays beside it under another name, which
    /// is given back as well; a database has to hold nothing yet.
    ///
    /// # Errors
    /// When the copy cannot be read as a whole; then everything stays as it was.
    pub fn restore(&self, from: &Utf8Path) -> Result<(Copied, Option<Utf8PathBuf>)> {
        if !from.is_file() {
            return Err(DeskError::NoBackup { path: from.to_owned() });
        }
        let mut copy_of = SqliteJournal::open(from)?;
        // Every entry can be understood, not only read.
        writer::each(&mut copy_of, 0, drop)?;
        if let Place::Server(address) = self.place()? {
            return Ok((copy(&mut copy_of, self.journal()?.as_mut(), &address.to_string())?, None));
        }
        let file = self.dir.community();
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| DeskError::Folder { path: folder.to_owned(), source })?;
        }
        let fresh = Utf8PathBuf::from(format!("{file}.new"));
        remove(&fresh)?;
        let copied = carry(&mut copy_of, &fresh)?;
        let aside = file.is_file().then(|| free_name(&file));
        if let Some(aside) = &aside {
            // What the log still holds goes into the file first, so that it moves as one.
            drop(SqliteJournal::open(&file)?);
            rename(&file, aside)?;
        }
        rename(&fresh, &file)?;
        Ok((copied, aside))
    }
}

fn carry(from: &mut dyn Journal, to: &Utf8Path) -> Result<Copied> {
    let part = Utf8PathBuf::from(format!("{to}.part"));
    remove(&part)?;
    let mut carried =
        || -> Result<Copied> { Ok(copy(from, &mut SqliteJournal::open(&part)?, part.as_str())?) };
    match carried() {
        Ok(copied) => rename(&part, to).map(|()| copied),
        Err(error) => {
            remove(&part)?;
            Err(error)
        }
    }
}

/// A name beside the file that nothing has.
fn free_name(file: &Utf8Path) -> Utf8PathBuf {
    let names = (1_u32..).map(|nth| Utf8PathBuf::from(format!("{file}.before-{nth}")));
    let mut free = names.filter(|name| !name.exists());
    free.next().unwrap_or_else(|| Utf8PathBuf::from(format!("{file}.before")))
}

fn rename(from: &Utf8Path, to: &Utf8Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|source| DeskError::Folder { path: to.to_owned(), source })
}

/// Removes a database with its log.
fn remove(file: &Utf8Path) -> Result<()> {
    for name in [file.to_string(), format!("{file}-wal"), format!("{file}-shm")] {
        match std::fs::remove_file(&name) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(DeskError::Folder { path: name.into(), source });
            }
            _ => {}
        }
    }
    Ok(())
}
