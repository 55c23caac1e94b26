//! The files of a room, brought here from the storage and given out to it.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_publisher::{Digest, Media, MediaFile};
use lorecast_show::{ShowDir, three_way, write_atomically};

use super::Room;
use super::files::{Stamp, standing};
use super::known::{self, Agreed, Content, FileList, Known};
use crate::{DeskError, Result};

/// So often the list may change while its files are brought.
const TRIES: usize = 5;
/// What is larger is sent before others are kept away, in bytes.
const LARGE: u64 = 1 << 20;

/// A room here and in the storage.
pub(super) struct Shelf {
    media: Media,
    room: Room,
    /// Where its files lie.
    folder: Utf8PathBuf,
    /// What this server remembers of it.
    memory: Utf8PathBuf,
}

impl Shelf {
    pub fn new(media: Media, room: Room, show: &ShowDir) -> Self {
        Self { media, room, folder: room.folder(show), memory: known::folder(show.root(), room) }
    }

    /// Brings what others changed. What was changed here as well is merged when people edit it, and set aside when not. What was
    /// changed here alone stays, to be given out.
    pub fn take_in(&self) -> Result<Known> {
        let mut missing = String::new();
        for _ in 0..TRIES {
            match self.try_take_in()? {
                Ok(mut known) => {
                    self.put_back(&mut known)?;
                    return Ok(known);
                }
                // Others may have given out another list meanwhile.
                Err(file) => missing = file,
            }
        }
        let (what, list) = (self.room.to_string(), self.name());
        Err(DeskError::NotStored { what, list, file: missing })
    }

    /// Whether something was changed here, all of it at least so long ago.
    pub fn is_changed(&self, quiet: std::time::Duration) -> Result<bool> {
        let (known, here) = (Known::read(&self.memory), standing(self.room, &self.folder)?);
        let changed = |(name, stamp): &(&String, &Stamp)| {
            known.files.get(*name).is_none_or(|agreed| agreed.stamp != **stamp)
        };
        let changes: Vec<_> = here.iter().filter(changed).collect();
        let gone = known.files.keys().any(|name| !here.contains_key(name));
        Ok((gone || !changes.is_empty())
            && changes.iter().all(|(_, stamp)| stamp.is_older_than(quiet)))
    }

    /// Sends what is large of what was changed here. No list names it yet.
    pub fn send_ahead(&self) -> Result<()> {
        let changed = self.changed(&Known::read(&self.memory))?;
        let large: Vec<MediaFile> =
            changed.new.into_iter().filter(|file| file.bytes > LARGE).collect();
        Ok(self.media.send(&self.name(), &large)?)
    }

    /// Sends a file that is to be one of the room's. Should it not be in the end, it lies there for nobody.
    pub fn send_ahead_of(&self, file: &Utf8Path) -> Result<()> {
        let fail = |source| DeskError::Folder { path: file.to_owned(), source };
        let bytes = file.metadata().map_err(fail)?.len();
        let sha256 = Digest::of_file(file).map_err(fail)?;
        let file = MediaFile { place: file.to_owned(), bytes, sha256 };
        Ok(self.media.send(&self.name(), &[file])?)
    }

    /// Gives out what was changed since `known`; `sure` is asked before others are told.
    pub fn give_out(&self, mut known: Known, sure: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        // A folder that somebody emptied is no wish to have nothing any more.
        if self.room.is_empty(&self.folder) {
            return Ok(());
        }
        let before = known.list();
        self.put_back(&mut known)?;
        let changed = self.changed(&known)?;
        known.files = changed.files;
        if known.etag.is_none() || known.list() != before {
            self.media.send(&self.name(), &changed.new)?;
            sure()?;
            let list = serde_json::to_vec(&known.list()).unwrap_or_default();
            let etag = self.media.write_list(&self.name(), list, known.etag.as_deref())?;
            known.etag = Some(etag.ok_or_else(|| self.room.is_not_shared())?);
            self.clear_away(&before, &known.list());
        }
        for name in known.files.keys().filter(|name| self.room.edits(name)) {
            self.agree_on(name)?;
        }
        known.write(&self.memory)
    }

    /// A text that is missing here comes back: others are writing it, and an editor that saves a file takes it away for a moment.
    fn put_back(&self, known: &mut Known) -> Result<()> {
        let texts = known.files.iter_mut().filter(|(name, _)| self.room.edits(name));
        let mut came_back = false;
        for (name, agreed) in texts.filter(|(name, _)| !self.folder.join(name).exists()) {
            if let Some(back) = self.bring(name, agreed.content, None, false)? {
                (*agreed, came_back) = (back, true);
            }
        }
        if came_back { known.write(&self.memory) } else { Ok(()) }
    }

    fn name(&self) -> String {
        self.room.list()
    }

    /// Or else the file that the list names and the storage has not got.
    fn try_take_in(&self) -> Result<std::result::Result<Known, String>> {
        let Some((list, etag)) = self.media.list(&self.name())? else {
            return Ok(Ok(Known::default()));
        };
        let known = match self.room.is_empty(&self.folder) {
            // Whoever begins with an empty folder wants all of it.
            true => Known::default(),
            false => Known::read(&self.memory),
        };
        if known.etag.as_ref() == Some(&etag) {
            return Ok(Ok(known));
        }
        let unreadable = |_| self.room.is_not_shared();
        let list: FileList = serde_json::from_slice(&list).map_err(unreadable)?;
        let here = standing(self.room, &self.folder)?;
        let mut next = Known { etag: Some(etag), files: BTreeMap::new() };
        for (name, there) in list.files.iter().filter(|(name, _)| self.room.shares(name)) {
            let before = known.files.get(name).copied();
            let agreed = match before.filter(|agreed| agreed.content == *there) {
                // Whatever was done to it here is given out later.
                Some(agreed) => agreed,
                None => {
                    let stands = here.get(name).copied();
                    let edited = stands.filter(|_| stands != before.map(|agreed| agreed.stamp));
                    let merges = known.etag.is_some();
                    let Some(agreed) = self.bring(name, *there, edited, merges)? else {
                        return Ok(Err(name.clone()));
                    };
                    agreed
                }
            };
            next.files.insert(name.clone(), agreed);
        }
        for (name, agreed) in &known.files {
            if !list.files.contains_key(name) && here.get(name) == Some(&agreed.stamp) {
                let path = self.folder.join(name);
                std::fs::remove_file(&path).map_err(|source| DeskError::Folder { path, source })?;
            }
        }
        next.write(&self.memory)?;
        Ok(Ok(next))
    }

    /// Brings a file that others changed; `None` when it is not there any more.
    fn bring(
        &self,
        name: &str,
        there: Content,
        edited: Option<Stamp>,
        merges: bool,
    ) -> Result<Option<Agreed>> {
        let path = self.folder.join(name);
        if let Some(stamp) = edited {
            let fail = |source| DeskError::Folder { path: path.clone(), source };
            if stamp.bytes() == there.bytes && Digest::of_file(&path).map_err(fail)? == there.sha256
            {
                return Ok(Some(Agreed { content: there, stamp }));
            }
            if merges && self.room.edits(name) {
                return self.merge(name, there);
            }
            self.set_aside(name)?;
        }
        if !self.fetch(name, there, path.clone())? {
            return Ok(None);
        }
        if self.room.edits(name) {
            self.agree_on(name)?;
        }
        let stamp = Stamp::of(&path).unwrap_or_default();
        Ok(Some(Agreed { content: there, stamp }))
    }

    /// Keeps what was made of a file here, under a name that nothing later takes.
    fn set_aside(&self, name: &str) -> Result<()> {
        let path = self.folder.join(name);
        let fail = |source| DeskError::Folder { path: path.clone(), source };
        let digest = Digest::of_file(&path).map_err(fail)?.to_string();
        let aside = self.memory.join("aside").join(&digest[..8]).join(name);
        self.make_room(&aside)?;
        std::fs::copy(&path, &aside).map_err(fail)?;
        tracing::warn!("{path} was changed here and by another server: yours is now {aside}");
        Ok(())
    }

    /// Merges a text that was changed here into what others made of it. Where they contradict, a text shows both; of YAML, which
    /// nobody could read then, the others' counts.
    fn merge(&self, name: &str, there: Content) -> Result<Option<Agreed>> {
        let (path, base) = (self.folder.join(name), self.memory.join("agreed").join(name));
        let theirs = self.memory.join("theirs").join(name);
        if !self.fetch(name, there, theirs.clone())? {
            return Ok(None);
        }
        let text =
            |path: &Utf8Path| bytes_of(path).map(|b| String::from_utf8_lossy(&b).into_owned());
        let (theirs_text, yours) = (text(&theirs)?, text(&path)?);
        let base_text = if base.is_file() { text(&base)? } else { String::new() };
        let merged = three_way(&base_text, &yours, &theirs_text);
        match merged.conflicts.is_empty() || !name.ends_with(".yaml") {
            true => write_atomically(&path, merged.text.as_bytes())?,
            false => {
                self.set_aside(name)?;
                write_atomically(&path, theirs_text.as_bytes())?;
            }
        }
        write_atomically(&base, theirs_text.as_bytes())?;
        drop(std::fs::remove_file(&theirs));
        // No stamp of it: it is given out.
        Ok(Some(Agreed { content: there, stamp: Stamp::default() }))
    }

    fn fetch(&self, name: &str, content: Content, place: Utf8PathBuf) -> Result<bool> {
        let Content { bytes, sha256 } = content;
        let file = MediaFile { place, bytes, sha256 };
        Ok(match self.room.hides(name) {
            true => self.media.fetch_private(&self.name(), &file)?,
            false => self.media.fetch(&self.name(), &file)?,
        })
    }

    /// Remembers a text as both have it, for the next merge.
    fn agree_on(&self, name: &str) -> Result<()> {
        let (path, base) = (self.folder.join(name), self.memory.join("agreed").join(name));
        Ok(write_atomically(&base, &bytes_of(&path)?)?)
    }

    fn make_room(&self, file: &Utf8Path) -> Result<()> {
        let folder = file.parent().unwrap_or(&self.memory);
        let fail = |source| DeskError::Folder { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(fail)
    }

    /// What stands here, and what of it the storage may not have.
    fn changed(&self, known: &Known) -> Result<Changed> {
        let (mut files, mut new) = (BTreeMap::new(), Vec::new());
        for (name, stamp) in standing(self.room, &self.folder)? {
            let before = known.files.get(&name);
            if let Some(agreed) = before.filter(|agreed| agreed.stamp == stamp) {
                files.insert(name, *agreed);
                continue;
            }
            let place = self.folder.join(&name);
            let fail = |source| DeskError::Folder { path: place.clone(), source };
            let sha256 = Digest::of_file(&place).map_err(fail)?;
            let content = Content { bytes: stamp.bytes(), sha256 };
            if before.is_none_or(|agreed| agreed.content != content) {
                new.push(MediaFile { place, bytes: content.bytes, sha256 });
            }
            files.insert(name, Agreed { content, stamp });
        }
        Ok(Changed { files, new })
    }

    /// Takes away what no list names any more, but for recordings. What stays because the storage does not answer is
    /// in nobody's way.
    fn clear_away(&self, before: &FileList, after: &FileList) {
        for (name, old) in before.files.iter().filter(|(name, _)| !self.room.keeps(name)) {
            let same = |other: &Content| other.sha256 == old.sha256;
            let recorded = || {
                let all = before.files.iter().filter(|(name, _)| self.room.keeps(name));
                all.map(|(_, content)| content).any(same)
            };
            if after.files.values().any(same) || recorded() {
                continue;
            }
            if let Err(error) = self.media.remove(&self.name(), old.sha256) {
                tracing::warn!("an earlier {name} stays in the storage: {error}");
            }
        }
    }
}

fn bytes_of(path: &Utf8Path) -> Result<Vec<u8>> {
    let fail = |source| DeskError::Folder { path: path.to_owned(), source };
    lorecast_show::read_bytes(path).map_err(fail)
}

/// What stands in an episode's folder.
struct Changed {
    files: BTreeMap<String, Agreed>,
    new: Vec<MediaFile>,
}
