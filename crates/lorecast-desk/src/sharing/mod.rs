//! Episodes on several servers that share no disk: each has a whole copy, and storage that speaks S3 has the one that counts.
//!
//! | file | |
//! |---|---|
//! | `files` | which files of an episode's folder are shared, and whether one changed |
//! | `known` | what this server and the storage last agreed on |
//! | `shelf` | an episode's files, brought here and given out |
//! | `follow` | what servers do of themselves: follow the others, and give out what was changed by hand |
//!
//! Whoever changes an episode holds it, on this machine and by a lock of the database on all others. It has the storage's
//! files then, and what was changed is in the storage before anybody is told that it was done. The lists in the storage
//! are written only over what was read, so that even who lost the lock writes over nothing.

mod files;
mod follow;
mod known;
mod shelf;

use std::time::Duration;

use camino::Utf8Path;
use lorecast_model::EpisodeId;
use lorecast_publisher::Media;
use lorecast_show::Held;
use lorecast_store::Place;
use lorecast_store::postgres::Alone;

use crate::deliver::storage_at;
use crate::{Desk, DeskError, Result};

use known::Known;
use shelf::Shelf;

/// How long somebody waits for another server to be done with an episode.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long publishing waits for that of another server.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// An episode that nobody else changes, here or at another server.
#[must_use = "what was changed is given out by `keep`"]
pub(crate) struct Hold {
    shared: Option<(Shelf, Known)>,
    alone: Option<Alone>,
    id: EpisodeId,
    _here: Option<Held>,
}

impl Desk<'_> {
    /// Waits until nobody else changes an episode, and keeps others away from then on; its files are as the last of them
    /// left them. Who holds it already must not ask again.
    pub(crate) fn hold(&self, id: EpisodeId) -> Result<Hold> {
        let media = self.media()?;
        let alone = match media {
            Some(_) => self.alone(&id.to_string(), id, PATIENCE)?,
            None => None,
        };
        let here = self.dir.hold(id)?;
        let shared = media.map(|media| {
            let shelf = Shelf::new(media, self.dir.episode_dir(id), self.root());
            shelf.take_in().map(|known| (shelf, known))
        });
        Ok(Hold { shared: shared.transpose()?, alone, id, _here: Some(here) })
    }

    /// The same for who makes one step, which cannot come between those of others on this machine: nobody is waited for
    /// where no other server is.
    pub(crate) fn hold_for_others(&self, id: EpisodeId) -> Result<Hold> {
        match self.dir.media()? {
            Some(_) => self.hold(id),
            None => Ok(Hold { shared: None, alone: None, id, _here: None }),
        }
    }

    /// Sends what is large of an episode's changed files ahead, so that nobody need be kept away meanwhile.
    pub(crate) fn send_ahead(&self, id: EpisodeId) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        Shelf::new(media, self.dir.episode_dir(id), self.root()).send_ahead()
    }

    /// The same of a file that is to be one of the episode's.
    pub(crate) fn send_ahead_of(&self, id: EpisodeId, file: &Utf8Path) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        Shelf::new(media, self.dir.episode_dir(id), self.root()).send_ahead_of(file)
    }

    /// Gives out what was changed of an episode.
    pub(crate) fn hand_on(&self, id: EpisodeId) -> Result<()> {
        self.send_ahead(id)?;
        self.hold(id)?.keep()
    }

    /// Waits until no other server publishes; `id` is what is to come out.
    pub(crate) fn publishing_alone(&self, id: EpisodeId) -> Result<Option<Alone>> {
        match self.media()? {
            Some(_) => self.alone("publish", id, LONG_PATIENCE),
            None => Ok(None),
        }
    }

    /// What keeps the files of episodes for several servers, when `show.yaml` names it.
    fn media(&self) -> Result<Option<Media>> {
        let Some(settings) = self.dir.media()? else { return Ok(None) };
        let storage = storage_at(&settings.to, Some(&settings))?;
        Ok(Some(Media::new(&storage, self.dir.uploads())))
    }

    /// Nobody else does something, on any machine; in a file, there is no other machine.
    fn alone(&self, what: &str, episode: EpisodeId, at_most: Duration) -> Result<Option<Alone>> {
        let Place::Server(address) = self.place()? else { return Ok(None) };
        let alone = Alone::with(&address, what, at_most)?;
        alone.ok_or(DeskError::NotShared { episode }).map(Some)
    }
}

impl Hold {
    /// Gives out what was changed, and lets others go on.
    pub(crate) fn keep(mut self) -> Result<()> {
        let Some((shelf, known)) = self.shared.take() else { return Ok(()) };
        let (id, alone) = (self.id, &mut self.alone);
        shelf.give_out(known, &mut || match alone.as_mut().is_none_or(Alone::lasts) {
            true => Ok(()),
            false => Err(DeskError::NotShared { episode: id }),
        })
    }
}
