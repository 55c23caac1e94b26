//! Ready texts about an episode that is out.

use jiff::Timestamp;
use lorecast_model::EpisodeId;
use lorecast_publisher::{Site, Told};

use crate::digests::Digests;
use crate::people::veil;
use crate::{Desk, DeskError, Result};

impl Desk<'_> {
    /// A mail and a post about an episode that was published.
    ///
    /// # Errors
    /// When it was not published yet, the show has no address to write from, or a template is wrong.
    pub fn tell(&self, id: EpisodeId) -> Result<Told> {
        let dir = self.dir.episode(id)?;
        if dir.publication()?.is_none() {
            return Err(DeskError::NotPublished { id });
        }
        let (show, templates, crowd) = (self.dir.show()?, self.dir.templates()?, self.crowd()?);
        let mut digests = Digests::open(self.dir.digests());
        let now = Timestamp::UNIX_EPOCH;
        let episode = || Ok(dir.episode()?);
        let release = self.release(&show, &dir, episode, &crowd.veil, now, &mut digests)?;
        let release = release.map(|(_, release)| release);
        let hidden = veil::Hidden(&crowd.veil);
        let site = Site {
            show: &show,
            releases: release.as_slice(),
            templates: &templates,
            cover: None,
            people: &[],
            sections: &[],
            glossary: &Default::default(),
            series: &[],
            planet: None,
            names: &hidden,
        };
        lorecast_publisher::tell(&site, id)?.ok_or(DeskError::NotPublished { id })
    }
}
