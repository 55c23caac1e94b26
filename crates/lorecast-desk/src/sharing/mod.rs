//! Episodes, and what is known of people, on several servers that share no disk: each has a whole copy, and storage that speaks
//! S3 has the one that counts.
//!
//! | file | |
//! |---|---|
//! | `room` | what is shared together, and how each file of it is treated |
//! | `files` | what stands in a folder that is shared, and whether it changed |
//! | `known` | what this server and the storage last agreed on |
//! | `shelf` | the files of a room, brought here and given out |
//! | `follow` | what servers do of themselves: follow the others, and give out what was changed by hand |
//!
//! Whoever changes an episode holds it, on this machine and by a lock of the database on all others. It has the storage's
//! files then, and what was changed is in the storage before anybody is told that it was done. The lists in the storage
//! are written only over what was read, so that even who lost the lock writes over nothing.

mod files;
mod follow;
mod known;
mod room;
mod shelf;

use std::time::Duration;

use camino::Utf8Path;
use lorecast_model::EpisodeId;
use lorecast_publisher::Media;
use lorecast_show::Held;
use lorecast_store::Place;
use lorecast_store::postgres::Alone;

use crate::deliver::storage_at;
use crate::{Desk, Result};

pub(crate) use follow::Seen;
use known::Known;
pub(crate) use room::Room;
use shelf::Shelf;

/// How long somebody waits for another server to be done with a room.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long publishing waits for that of another server.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// A room that nobody else changes, here or at another server.
#[must_use = "what was changed is given out by `keep`"]
pub(crate) struct Hold {
    shared: Option<(Shelf, Known)>,
    alone: Option<Alone>,
    room: Room,
    _here: Option<Held>,
}

impl Desk<'_> {
    /// Waits until nobody else changes an episode or another room, and keeps others away from then on; its files are as the last of
    /// them left them. Who holds it already must not ask again.
    pub(crate) fn hold(&self, room: impl Into<Room>) -> Result<Hold> {
        let (room, media) = (room.into(), self.media()?);
        let alone = match media {
            Some(_) => self.alone(&room.list(), room, PATIENCE)?,
            None => None,
        };
        let here = self.hold_here(room)?;
        let shared = media.map(|media| {
            let shelf = Shelf::new(media, room, &self.dir);
            shelf.take_in().map(|known| (shelf, known))
        });
        Ok(Hold { shared: shared.transpose()?, alone, room, _here: Some(here) })
    }

    /// The same for who makes one step, which cannot come between those of others on this machine: nobody is waited for
    /// where no other server is.
    pub(crate) fn hold_for_others(&self, room: impl Into<Room>) -> Result<Hold> {
        let room = room.into();
        match self.dir.media()? {
            Some(_) => self.hold(room),
            None => Ok(Hold { shared: None, alone: None, room, _here: None }),
        }
    }

    /// Nobody else on this machine changes it.
    fn hold_here(&self, room: Room) -> Result<Held> {
        Ok(match room {
            Room::Episode(id) => self.dir.hold(id)?,
            Room::People => self.dir.hold_people()?,
        })
    }

    /// Sends a file ahead that is to be one of the episode's.
    pub(crate) fn send_ahead_of(&self, id: EpisodeId, file: &Utf8Path) -> Result<()> {
        let Some(media) = self.media()? else { return Ok(()) };
        Shelf::new(media, id.into(), &self.dir).send_ahead_of(file)
    }

    /// Gives out what was changed. What is large goes ahead, so that nobody need be kept away meanwhile.
    pub(crate) fn hand_on(&self, room: impl Into<Room>) -> Result<()> {
        let (room, Some(media)) = (room.into(), self.media()?) else { return Ok(()) };
        Shelf::new(media, room, &self.dir).send_ahead()?;
        self.hold(room)?.keep()
    }

    /// Waits until no other server publishes; `id` is what is to come out.
    pub(crate) fn publishing_alone(&self, id: EpisodeId) -> Result<Option<Alone>> {
        match self.media()? {
            Some(_) => self.alone("publish", id.into(), LONG_PATIENCE),
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
    fn alone(&self, what: &str, room: Room, at_most: Duration) -> Result<Option<Alone>> {
        let Place::Server(address) = self.place()? else { return Ok(None) };
        let alone = Alone::with(&address, what, at_most)?;
        alone.ok_or_else(|| room.is_not_shared()).map(Some)
    }
}

impl Hold {
    /// Gives out what was changed, and lets others go on.
    pub(crate) fn keep(mut self) -> Result<()> {
        let Some((shelf, known)) = self.shared.take() else { return Ok(()) };
        let (room, alone) = (self.room, &mut self.alone);
        shelf.give_out(known, &mut || match alone.as_mut().is_none_or(Alone::lasts) {
            true => Ok(()),
            false => Err(room.is_not_shared()),
        })
    }
}
