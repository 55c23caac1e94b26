//! What servers do of themselves: follow the others, and give out what was changed by hand or by a command.

use std::collections::BTreeMap;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Room;
use super::known::{self, Known};
use super::shelf::Shelf;
use crate::{Deliver, Desk, Publishing, Result};

/// The list that says when the site was published last; no episode is called so.
const SITE: &str = "site";

/// The lists and their ETags, as a server saw them when it looked last.
#[derive(Debug, Default)]
pub(crate) struct Seen(BTreeMap<String, String>);

/// When the site was published.
#[derive(Serialize, Deserialize)]
struct Published {
    at: Timestamp,
}

impl Desk<'_> {
    /// Whether episodes are shared with other servers.
    pub(crate) fn shares(&self) -> Result<bool> {
        Ok(self.media()?.is_some())
    }

    /// Brings what other servers changed of every episode, and of what is known of people.
    pub(crate) fn catch_up(&self) -> Result<()> {
        self.catch_up_since(&mut Seen::default())
    }

    /// The same for who looks again and again: what is as it was then costs nothing.
    pub(crate) fn catch_up_since(&self, seen: &mut Seen) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let lists = media.lists()?;
        for (name, etag) in &lists {
            let Some(room) = Room::of_list(name) else { continue };
            let known = || Known::read(&known::folder(self.root(), room)).etag;
            let is_here = || seen.0.get(name) == Some(etag) || known().as_ref() == Some(etag);
            // Some servers list no ETags: then each list is asked for.
            if !etag.is_empty() && !room.is_empty(&room.folder(&self.dir)) && is_here() {
                continue;
            }
            // Nobody at another server is in its way: it only reads there.
            let _here = self.hold_here(room)?;
            Shelf::new(media.clone(), room, &self.dir).take_in()?;
        }
        seen.0 = lists;
        Ok(())
    }

    /// Gives out what was changed here, once it was left alone for so long.
    pub(crate) fn hand_on_all(&self, quiet: Duration) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let episodes = self.dir.episodes()?.into_iter().map(|dir| dir.id().into());
        for room in episodes.chain([Room::People]) {
            if Shelf::new(media.clone(), room, &self.dir).is_changed(quiet)? {
                self.hand_on(room)?;
            }
        }
        Ok(())
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
    pub(crate) fn follow_site(&self, out: &Utf8Path) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        let Some((word, etag)) = media.list(SITE)? else { return Ok(()) };
        if std::fs::read_to_string(self.site_file()).is_ok_and(|known| known == etag) {
            return Ok(());
        }
        // Once: what is in the way of it here is told, and the next one may be built. Later, the episodes may have words in
        // them that nobody has published.
        self.remember_site(&etag)?;
        let Ok(Published { at }) = serde_json::from_slice(&word) else { return Ok(()) };
        self.publish(out, &Publishing { deliver: Deliver::No, ..Publishing::at(at) })?;
        Ok(())
    }

    fn remember_site(&self, etag: &str) -> Result<()> {
        Ok(lorecast_show::write_atomically(&self.site_file(), etag.as_bytes())?)
    }

    /// The ETag of the last word of a site that was built here, or could not be.
    fn site_file(&self) -> Utf8PathBuf {
        self.root().join(".lorecast/media/site")
    }
}
