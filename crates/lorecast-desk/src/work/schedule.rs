//! The time at which an episode comes out.

use jiff::Timestamp;
use lorecast_model::EpisodeId;
use lorecast_store::jobs::JobState;

use super::Work;
use crate::sound::SoundRefusal;
use crate::{Desk, Result};

/// A time further away than this many days is a slip of the keyboard.
const FURTHEST: i64 = 366;

impl Desk<'_> {
    /// When an episode came or comes out; `None` when nobody has said so yet.
    ///
    /// # Errors
    /// When its `published.yaml` cannot be read.
    pub fn comes_out(&self, episode: EpisodeId) -> Result<Option<Timestamp>> {
        Ok(self.dir.episode(episode)?.publication()?.map(|publication| publication.date))
    }

    /// Has a mastered episode come out at a time: it is written into its `published.yaml`, so that nothing brings it out
    /// before, and a job publishes it then.
    ///
    /// # Errors
    /// When it is not mastered, is out already, or the time has passed.
    pub fn schedule(
        &self,
        episode: EpisodeId,
        at: Timestamp,
        by: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (show, dir) = (self.dir.show()?, self.dir.episode(episode)?);
        let held = self.hold_for_others(episode)?;
        let away = at.duration_since(now);
        if away <= jiff::SignedDuration::ZERO
            || away > jiff::SignedDuration::from_hours(24 * FURTHEST)
        {
            return Err(SoundRefusal::Time { most_days: FURTHEST }.into());
        }
        if dir.master()?.is_none() {
            return Err(SoundRefusal::NotMastered.into());
        }
        let mut publication = match dir.publication()? {
            Some(known) if known.date <= now || known.sound.is_some() => {
                return Err(SoundRefusal::IsOut.into());
            }
            Some(known) => known,
            None => lorecast_publisher::new_publication(&show, episode, at),
        };
        publication.date = Timestamp::from_second(at.as_second()).unwrap_or(at);
        dir.write_publication(&publication)?;
        held.keep()?;
        self.drop_waiting(episode)?;
        self.ask_for(Work::Publish, episode, by, publication.date)?;
        Ok(())
    }

    /// Takes back the time at which an episode was to come out.
    ///
    /// # Errors
    /// When it is out already.
    pub fn unschedule(&self, episode: EpisodeId, now: Timestamp) -> Result<()> {
        let dir = self.dir.episode(episode)?;
        let held = self.hold_for_others(episode)?;
        match dir.publication()? {
            Some(known) if known.date <= now => return Err(SoundRefusal::IsOut.into()),
            Some(_) => dir.drop_publication()?,
            None => {}
        }
        held.keep()?;
        self.drop_waiting(episode)
    }

    /// Asks for what is scheduled, should the jobs have been lost; what waits already does so once.
    pub(super) fn remember_schedules(&self, now: Timestamp) -> Result<()> {
        for dir in self.dir.episodes()? {
            // One that cannot be read is told of where it is needed.
            let Ok(Some(publication)) = dir.publication() else { continue };
            if publication.date > now {
                self.ask_for(Work::Publish, dir.id(), "", publication.date)?;
            }
        }
        Ok(())
    }

    /// Takes back the publishing of an episode that waits for its time.
    fn drop_waiting(&self, episode: EpisodeId) -> Result<()> {
        for job in self.jobs()? {
            let waits = job.job.state == JobState::Waiting;
            if waits && job.work == Work::Publish && job.episode == episode {
                self.take_back(job.job.id)?;
            }
        }
        Ok(())
    }
}
