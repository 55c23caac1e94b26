//! What servers do of themselves: follow the others, and give out what was changed by hand or by a command.

use std::collections::BTreeMap;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::EpisodeId;
use lorecast_publisher::Media;
use lorecast_store::Place;
use serde::{Deserialize, Serialize};

use super::Room;
use super::known::{self, Known};
use super::shelf::Shelf;
use crate::{Deliver, Desk, DeskError, Publishing, Result};

/// The list that says when the site was published last; no episode is called so.
const SITE: &str = "site";

/// What a server saw when it looked last.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The lists and their ETags.
    lists: BTreeMap<String, String>,
    /// The word of a site that could not be built here.
    site: Option<String>,
}

/// When the site was published.
#[derive(Serialize, Deserialize)]
struct Published {
    at: Timestamp,
}

impl Desk<'_> {
    /// Whether episodes are shared with other servers.
    ///
    /// # Errors
    /// When they would be, and what people do would not.
    pub(crate) fn shares(&self) -> Result<bool> {
        match (self.media()?, self.place()?) {
            (None, _) => Ok(false),
            (Some(_), Place::Server(_)) => Ok(true),
            (Some(_), _) => Err(DeskError::MediaAlone),
        }
    }

    /// Brings what other servers changed of every episode, and of what is known of people.
    pub(crate) fn catch_up(&self) -> Result<()> {
        self.catch_up_since(&mut Seen::default())
    }

    /// The same for who looks again and again: what is as it was then costs nothing.
    pub(crate) fn catch_up_since(&self, seen: &mut Seen) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let mut lists = media.lists()?;
        let mut failed = Vec::new();
        for (name, etag) in &lists {
            let Some(room) = Room::of_list(name) else { continue };
            let known = || Known::read(&known::folder(self.root(), room)).etag;
            let is_here = || seen.lists.get(name) == Some(etag) || known().as_ref() == Some(etag);
            // Some servers list no ETags: then each list is asked for.
            if !etag.is_empty() && !room.is_empty(&room.folder(&self.dir)) && is_here() {
                continue;
            }
            // What is wrong with one of them keeps the others from nobody.
            failed.extend(self.bring(&media, room).err().map(|error| (name.clone(), error)));
        }
        for (name, _) in &failed {
            lists.remove(name);
        }
        seen.lists = lists;
        failed.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Brings what other servers changed of one room. Nobody there is in its way: it only reads.
    fn bring(&self, media: &Media, room: Room) -> Result<()> {
        let _here = self.hold_here(room)?;
        Shelf::new(media.clone(), room, &self.dir).take_in().map(drop)
    }

    /// The same of an episode.
    pub(crate) fn bring_episode(&self, id: EpisodeId) -> Result<()> {
        self.media()?.map_or(Ok(()), |media| self.bring(&media, id.into()))
    }

    /// Gives out what was changed here, once it was left alone for so long.
    pub(crate) fn hand_on_all(&self, quiet: Duration) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let episodes = self.dir.episodes()?.into_iter().map(|dir| dir.id().into());
        let mut outcome = Ok(());
        for room in episodes.chain([Room::People]) {
            let changed = Shelf::new(media.clone(), room, &self.dir).is_changed(quiet);
            let done = changed.and_then(|yes| if yes { self.hand_on(room) } else { Ok(()) });
            outcome = outcome.and(done);
        }
        outcome
    }

    /// Tells the other servers that the site was published, so that each builds the same.
    pub(crate) fn tell_site(&self, at: Timestamp) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let before = media.list(SITE)?.map(|(_, etag)| etag);
        let word = serde_json::to_vec(&Published { at }).unwrap_or_default();
        match media.write_list(SITE, word, before.as_deref())? {
            Some(etag) => self.remember_site(&etag),
            // Whoever wrote another word meanwhile published later.
            None => Ok(()),
        }
    }

    /// Builds the site that another server published: of the same episodes at the same time it is the same.
    pub(crate) fn follow_site(&self, out: &Utf8Path, seen: &mut Seen) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let Some((word, etag)) = media.list(SITE)? else { return Ok(()) };
        let built = std::fs::read_to_string(self.site_file()).is_ok_and(|known| known == etag);
        if built || seen.site.as_ref() == Some(&etag) {
            return Ok(());
        }
        // What it was built of was given out before the word was.
        self.catch_up_since(seen)?;
        // Tried once: what is in the way of it here is told, and the next one may be built.
        seen.site = Some(etag.clone());
        if let Ok(Published { at }) = serde_json::from_slice(&word) {
            self.publish(out, &Publishing { deliver: Deliver::No, ..Publishing::at(at) })?;
        }
        self.remember_site(&etag)
    }

    fn remember_site(&self, etag: &str) -> Result<()> {
        Ok(lorecast_show::write_atomically(&self.site_file(), etag.as_bytes())?)
    }

    /// The ETag of the last word of a site that was built here.
    fn site_file(&self) -> Utf8PathBuf {
        self.root().join(".lorecast/media/site")
    }
}
