//! The recordings of an episode, as whoever produces it sees them in a browser and sends others.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Episode, EpisodeId, Master, Seconds};
use lorecast_show::{EpisodeDir, Owner, TakeFile};
use lorecast_studio::{Examined, LONGEST, StudioError, examine};
use tempfile::NamedTempFile;
use thiserror::Error;

use crate::{Desk, DeskError, Result};

/// More recordings than this are a mistake of a program.
const MOST_TAKES: usize = 500;
/// Where takes go that are put aside, below `takes/`.
const REMOVED: &str = "removed";

/// Why something cannot be done for the sound of an episode, in words for who wanted to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SoundRefusal {
    /// The file is no recording that the studio can use.
    #[error("{0}")]
    Unusable(String),
    /// It is too large.
    #[error("a recording may have {megabytes} MB; send it as FLAC, or in two parts")]
    TooLarge {
        /// Of a million bytes each.
        megabytes: u64,
    },
    /// It plays too long.
    #[error("this plays longer than {0}; record it again, or send it in two parts")]
    TooLong(String),
    /// There are too many.
    #[error("there are {MOST_TAKES} recordings already; remove some first")]
    TooMany,
    /// There is no such chapter or filler.
    #[error("no chapter and no filler of the episode has the take `{0}`; reload the page")]
    NoOwner(String),
    /// The names in `episode.yaml` leave none for another take.
    #[error(
        "the names of takes in `episode.yaml` leave none for another one; give the chapter another `take:`"
    )]
    NoName,
    /// There is no such recording.
    #[error("there is no recording `{0}`; reload the page")]
    NoTake(String),
    /// It belongs to several chapters, or none.
    #[error("`{0}` does not belong to one chapter alone")]
    Shared(String),
    /// There is no master.
    #[error("this episode has no master yet; make it first")]
    NotMastered,
    /// It came out.
    #[error("this episode is out already, and what subscribers got stays as it is")]
    IsOut,
    /// A time that has passed, or is too far away.
    #[error("this has to be later than now, and within {most_days} days")]
    Time {
        /// The longest time.
        most_days: i64,
    },
}

/// The sound of an episode.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundView {
    /// The episode's title.
    pub title: String,
    /// Its chapters and fillers in order, with their recordings.
    pub wanted: Vec<TakeOf>,
    /// Recordings that belong to nothing.
    pub others: Vec<TakeView>,
    /// What keeps the recordings from being told apart, in words.
    pub wrong: Option<String>,
    /// What the studio made, and whether a take changed since.
    pub master: Option<Master>,
}

/// A chapter or filler and what was recorded for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeOf {
    /// Its title, or who speaks.
    pub title: String,
    /// The name of its take.
    pub take: String,
    /// Whether it is a filler.
    pub filler: bool,
    /// Its recordings, the first one first; the last one counts.
    pub takes: Vec<TakeView>,
}

/// A recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeView {
    /// Its name in `takes/`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Whether it goes into the master.
    pub counts: bool,
}

/// A recording on its way in: a file that nobody else sees, and that is gone when it is dropped.
#[derive(Debug)]
pub struct Incoming {
    file: NamedTempFile,
    bytes: u64,
    most: u64,
}

impl Incoming {
    fn in_folder(folder: &Utf8Path, most: u64) -> Result<Self> {
        let fail = |source| DeskError::Folder { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(fail)?;
        // Such names are no takes, so that a server that ends in the middle leaves nothing that is taken for one.
        let file = tempfile::Builder::new().prefix(".upload-").tempfile_in(folder).map_err(fail)?;
        Ok(Self { file, bytes: 0, most })
    }

    /// Adds what came next.
    ///
    /// # Errors
    /// When it is too much, or cannot be kept.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.bytes > self.most {
            return Err(SoundRefusal::TooLarge { megabytes: self.most / 1_000_000 }.into());
        }
        self.file.write_all(bytes).map_err(|source| self.fault(source))
    }

    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Decodes all of it.
    pub(crate) fn examine(&self, longest: Seconds) -> Result<Examined> {
        let path = self.path()?;
        examine(path, longest).map_err(|error| match error {
            StudioError::Read { source, .. } => self.fault(source),
            StudioError::TooLong { limit, .. } => SoundRefusal::TooLong(limit.to_string()).into(),
            error => {
                let words = error.to_string().replace(&format!("`{path}`"), "this file");
                SoundRefusal::Unusable(words.replace(path.as_str(), "FILE")).into()
            }
        })
    }

    fn path(&self) -> Result<&Utf8Path> {
        Ok(Utf8Path::from_path(self.file.path()).ok_or(SoundRefusal::NoName)?)
    }

    pub(crate) fn reopen(&self) -> Result<std::fs::File> {
        self.file.reopen().map_err(|source| self.fault(source))
    }

    /// Gives it the name under which it is seen. Another file of that name stays, and it is an error.
    fn persist(self, to: &Utf8Path) -> Result<()> {
        let fail = |source| DeskError::Folder { path: to.to_owned(), source };
        give_usual_rights(self.file.as_file()).map_err(fail)?;
        self.file.as_file().sync_all().map_err(fail)?;
        self.file.persist_noclobber(to).map(drop).map_err(|error| fail(error.error))
    }

    fn fault(&self, source: std::io::Error) -> DeskError {
        let path = self.file.path().to_string_lossy().into_owned();
        DeskError::Folder { path: path.into(), source }
    }
}

/// A temporary file is readable by its owner alone; a show is shared.
#[cfg(unix)]
fn give_usual_rights(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn give_usual_rights(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

impl Desk<'_> {
    /// The recordings of an episode, and what was made of them.
    ///
    /// # Errors
    /// When there is no such episode, or a file of it cannot be read.
    pub fn sound(&self, id: EpisodeId) -> Result<SoundView> {
        let dir = self.dir.episode(id)?;
        let episode = dir.episode()?;
        let (counting, wrong) = counting(&dir, &episode);
        let mut files = dir.take_files(&episode)?;
        files.sort_by(|one, other| (one.number, &one.name).cmp(&(other.number, &other.name)));
        let view = |file: &TakeFile| TakeView {
            bytes: std::fs::metadata(dir.file("takes").join(&file.name))
                .map_or(0, |meta| meta.len()),
            counts: counting.contains(&file.name),
            name: file.name.clone(),
        };
        let of = |owner: Owner| {
            files.iter().filter(|file| file.owners.contains(&owner)).map(view).collect()
        };
        let chapters = episode.chapters.iter().enumerate().map(|(at, plan)| TakeOf {
            title: plan.title.clone(),
            take: plan.take.clone(),
            filler: false,
            takes: of(Owner::Chapter(at)),
        });
        let fillers = episode.fillers.iter().enumerate().map(|(at, filler)| TakeOf {
            title: filler.title.clone().unwrap_or_else(|| filler.speaker.clone()),
            take: filler.take.clone(),
            filler: true,
            takes: of(Owner::Filler(at)),
        });
        Ok(SoundView {
            wanted: chapters.chain(fillers).collect(),
            others: files.iter().filter(|file| file.owners.is_empty()).map(view).collect(),
            wrong: wrong.map(|wrong| wrong.replace(&format!("{}/", self.root()), "")),
            master: dir.master()?,
            title: episode.title,
        })
    }

    /// Room for a recording that somebody sends, in the folder where it will be a take.
    ///
    /// # Errors
    /// When there is no such episode, or no file can be made there.
    pub fn incoming(&self, id: EpisodeId) -> Result<Incoming> {
        let (show, dir) = (self.dir.show()?, self.dir.episode(id)?);
        if dir.take_files(&dir.episode()?)?.len() >= MOST_TAKES {
            return Err(SoundRefusal::TooMany.into());
        }
        let most = u64::from(show.community.take_megabytes) * 1_000_000;
        Incoming::in_folder(&dir.file("takes"), most)
    }

    /// Looks at a recording that came in, all of it, and gives it the name of another take of a chapter or filler, by the name
    /// of its take; of nobody when there is none. `kept` may still refuse; then it is gone.
    ///
    /// # Errors
    /// When it is no recording, nobody has such a take, `kept` refuses, or it cannot be kept.
    pub fn add_take(
        &self,
        id: EpisodeId,
        incoming: Incoming,
        take: Option<&str>,
        kept: impl FnOnce(&str) -> Result<()>,
    ) -> Result<String> {
        let dir = self.dir.episode(id)?;
        let Examined { ending, .. } = incoming.examine(LONGEST)?;
        self.send_ahead_of(id, incoming.path()?)?;
        let held = self.hold_for_others(id)?;
        let episode = dir.episode()?;
        let owner = take.map(|take| owner(&episode, take)).transpose()?;
        let name = dir.free_take(&episode, owner, ending)?.ok_or(SoundRefusal::NoName)?;
        kept(&name)?;
        incoming.persist(&dir.file("takes").join(&name))?;
        held.keep()?;
        Ok(name)
    }

    /// Where a recording of an episode lies.
    ///
    /// # Errors
    /// [`SoundRefusal::NoTake`].
    pub fn take_path(&self, id: EpisodeId, name: &str) -> Result<Utf8PathBuf> {
        let dir = self.dir.episode(id)?;
        find(&dir, &dir.episode()?, name).map(|_| dir.file("takes").join(name))
    }

    /// Where the sound of an episode lies, as listeners get it.
    ///
    /// # Errors
    /// [`SoundRefusal::NotMastered`].
    pub fn master_path(&self, id: EpisodeId) -> Result<Utf8PathBuf> {
        let file = self.dir.episode(id)?.file("master.mp3");
        if file.is_file() { Ok(file) } else { Err(SoundRefusal::NotMastered.into()) }
    }

    /// Has an earlier take count again: it gets the name of the latest one.
    ///
    /// # Errors
    /// When there is no such recording, or it is not of one chapter or filler alone.
    pub fn prefer_take(&self, id: EpisodeId, name: &str) -> Result<String> {
        let dir = self.dir.episode(id)?;
        let held = self.hold_for_others(id)?;
        let episode = dir.episode()?;
        let file = find(&dir, &episode, name)?;
        let [owner] = file.owners[..] else {
            return Err(SoundRefusal::Shared(name.to_owned()).into());
        };
        let ending = Utf8Path::new(name).extension().unwrap_or_default();
        let new = dir.free_take(&episode, Some(owner), ending)?.ok_or(SoundRefusal::NoName)?;
        rename(&dir, name, &new)?;
        held.keep()?;
        Ok(new)
    }

    /// Puts a recording aside, into `takes/removed/`, where nothing looks for takes.
    ///
    /// # Errors
    /// When there is no such recording, or it cannot be moved.
    pub fn remove_take(&self, id: EpisodeId, name: &str) -> Result<()> {
        let dir = self.dir.episode(id)?;
        let held = self.hold_for_others(id)?;
        find(&dir, &dir.episode()?, name)?;
        let aside = dir.file("takes").join(REMOVED);
        std::fs::create_dir_all(&aside)
            .map_err(|source| DeskError::Folder { path: aside.clone(), source })?;
        let names =
            std::iter::once(name.to_owned()).chain((2..).map(|nth| format!("{nth} {name}")));
        let mut free = names.take(MOST_TAKES).filter(|name| !aside.join(name).exists());
        let free = free.next().ok_or(SoundRefusal::TooMany)?;
        rename(&dir, name, &format!("{REMOVED}/{free}"))?;
        held.keep()
    }
}

/// The names of the recordings that go into the master; what is wrong with them, in words.
fn counting(dir: &EpisodeDir, episode: &Episode) -> (Vec<String>, Option<String>) {
    let found = match dir.recordings(episode) {
        Ok(found) => found,
        Err(error) => return (Vec::new(), Some(error.to_string())),
    };
    let takes = found.takes.into_iter().flatten().filter(|take| !take.synthetic);
    let files = takes.map(|take| take.file).chain(found.fillers.into_iter().flatten());
    (files.filter_map(|file| file.file_name().map(str::to_owned)).collect(), None)
}

fn owner(episode: &Episode, take: &str) -> Result<Owner> {
    let chapter = episode.chapters.iter().position(|plan| plan.take == take).map(Owner::Chapter);
    let filler =
        || episode.fillers.iter().position(|filler| filler.take == take).map(Owner::Filler);
    Ok(chapter.or_else(filler).ok_or_else(|| SoundRefusal::NoOwner(take.to_owned()))?)
}

/// A recording by its name, which leads nowhere else: it is one of those that are there.
fn find(dir: &EpisodeDir, episode: &Episode, name: &str) -> Result<TakeFile> {
    let found = dir.take_files(episode)?.into_iter().find(|file| file.name == name);
    Ok(found.ok_or_else(|| SoundRefusal::NoTake(name.to_owned()))?)
}

fn rename(dir: &EpisodeDir, from: &str, to: &str) -> Result<()> {
    let takes = dir.file("takes");
    std::fs::rename(takes.join(from), takes.join(to))
        .map_err(|source| DeskError::Folder { path: takes.join(to), source })
}

impl Desk<'_> {
    /// Room for a filler that somebody sends; it is of no episode yet.
    ///
    /// # Errors
    /// When no file can be made.
    pub fn incoming_filler(&self) -> Result<Incoming> {
        Incoming::in_folder(&self.root().join(".lorecast/cache"), FILLER_BYTES)
    }
}

/// A minute of stereo at 24 bits and 96 kHz takes 35 MB; nobody needs that much.
const FILLER_BYTES: u64 = 30_000_000;
