//! Files that are fetched for a show that moves in, where a later try finds them again.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};

use camino::{Utf8Path, Utf8PathBuf};
use data_encoding::HEXLOWER;
use lorecast_fetch::{Answer, Begun, Client, Piece};
use lorecast_model::EpisodeId;
use sha2::{Digest, Sha256};
use url::Url;

use super::keep;
use crate::{DeskError, Result, Task};

/// `.lorecast/cache/moving`: whole files under the hash of their address, and begun ones.
pub(super) struct Shelf {
    folder: Utf8PathBuf,
    /// What goes where once all is there.
    placed: std::cell::RefCell<Vec<(Utf8PathBuf, Utf8PathBuf)>>,
}

impl Shelf {
    /// That of a folder, which must be new, empty, or what an earlier try left.
    pub(super) fn open(root: &Utf8Path) -> Result<Self> {
        let folder = root.join(".lorecast/cache/moving");
        if root.join("show.yaml").exists() {
            return Err(lorecast_show::ShowError::Exists { dir: root.to_owned() }.into());
        }
        let in_use = root.read_dir_utf8().is_ok_and(|mut entries| entries.next().is_some());
        if in_use && !folder.is_dir() {
            return Err(DeskError::InUse { dir: root.to_owned() });
        }
        fs::create_dir_all(&folder).map_err(keep(&folder))?;
        Ok(Self { folder, placed: Vec::new().into() })
    }

    /// The file that an address names, fetched if it is not there; inside, why it cannot be had.
    pub(super) fn fetch(
        &self,
        client: &Client,
        url: &Url,
        limit: u64,
        accept: &mut dyn FnMut(&Answer) -> std::result::Result<(), String>,
        task: Option<(&dyn Task, u64)>,
    ) -> Result<std::result::Result<Utf8PathBuf, String>> {
        let name = HEXLOWER.encode(&Sha256::digest(url.as_str().as_bytes())[..16]);
        let (whole, part) = (self.folder.join(&name), self.folder.join(format!("{name}.part")));
        if whole.is_file() {
            return Ok(Ok(whole));
        }
        let tag = self.folder.join(format!("{name}.version"));
        let version = fs::read_to_string(&tag).unwrap_or_default();
        let begun = part.metadata().ok().map(|meta| Begun { bytes: meta.len(), version: &version });
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&part)
            .map_err(keep(&part))?;
        let mut noted = |answer: &Answer| {
            accept(answer)?;
            fs::write(&tag, answer.version()).map_err(|error| format!("cannot be kept: {error}"))
        };
        let mut first = true;
        let mut keep_piece = |piece: Piece<'_>| {
            if std::mem::take(&mut first) {
                file.set_len(piece.at)?;
                file.seek(SeekFrom::Start(piece.at))?;
            }
            file.write_all(piece.bytes)?;
            if let Some((task, before)) = task {
                task.set(before + piece.at + piece.bytes.len() as u64);
            }
            Ok(())
        };
        if let Err(why) = client.download(url, begun, limit, &mut noted, &mut keep_piece) {
            return Ok(Err(why));
        }
        File::sync_all(&file).map_err(keep(&part))?;
        fs::rename(&part, &whole).map_err(keep(&whole))?;
        let _ = fs::remove_file(&tag);
        Ok(Ok(whole))
    }

    /// That a file goes beside an episode.
    pub(super) fn place(&self, file: &Utf8Path, id: EpisodeId, name: &str) {
        let to = Utf8Path::new("episodes").join(id.to_string()).join(name);
        self.placed.borrow_mut().push((file.to_owned(), to));
    }

    /// That a file goes to a path of the show.
    pub(super) fn place_at(&self, file: &Utf8Path, path: &str) {
        self.placed.borrow_mut().push((file.to_owned(), path.into()));
    }

    /// Puts everything in its place. The shelf keeps its names for the case that this breaks off.
    pub(super) fn hand_over(&self, root: &Utf8Path) -> Result<()> {
        for (from, to) in self.placed.borrow().iter() {
            let to = root.join(to);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(keep(folder))?;
            }
            let _ = fs::remove_file(&to);
            fs::hard_link(from, &to)
                .or_else(|_| fs::copy(from, &to).map(drop))
                .map_err(keep(&to))?;
        }
        Ok(())
    }

    /// Takes the shelf away; what is left of it can be deleted by hand.
    pub(super) fn clear(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
