//! What turns out wrong after an episode is out.

use jiff::civil::Date;
use lorecast_model::{Correction, Episode, EpisodeId, Finding, Severity};
use lorecast_show::EpisodeDir;

use crate::{CheckRequest, Desk, DeskError, Result};

/// An episode that is out, with what `check` finds wrong of it today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The episode.
    pub episode: EpisodeId,
    /// Its errors that no correction answers yet.
    pub findings: Vec<Finding>,
}

/// The rule about entries of `episode.yaml`, which no listener heard.
const UNHEARD: &str = "evidence";
/// How many of the latest episodes are looked at again with each draft.
const MOST_EPISODES: usize = 3;

impl Desk<'_> {
    /// Checks the latest episodes before `id` that are out, once more: mail that came later may have
    /// disproved what they say.
    ///
    /// # Errors
    /// When an episode cannot be read, or the store fails.
    pub fn doubts(&self, id: EpisodeId) -> Result<Vec<Doubt>> {
        let mut found = Vec::new();
        let earlier = self.dir.episodes()?.into_iter().rev().filter(|dir| dir.id() < id);
        for dir in earlier.take(MOST_EPISODES) {
            if dir.publication()?.is_some() {
                found.push(self.doubt(&dir)?);
            }
        }
        found.retain(|doubt| !doubt.findings.is_empty());
        Ok(found)
    }

    /// Gives a published episode a correction, dated `today`, for every error that has none; how many
    /// were added. Its page and feed item carry them from the next `publish` on, and the next draft
    /// begins with them.
    ///
    /// # Errors
    /// When the episode is not out yet, or cannot be read or written.
    pub fn correct(&self, id: EpisodeId, today: Date) -> Result<usize> {
        let dir = self.dir.episode(id)?;
        if dir.publication()?.is_none() {
            return Err(DeskError::NotOut { id });
        }
        let (findings, notes) = (self.doubt(&dir)?.findings, dir.notes()?);
        let fresh: Vec<Correction> =
            findings.iter().map(|finding| correction(finding, &notes, today)).collect();
        if !fresh.is_empty() {
            dir.edit(|episode| episode.corrections.extend(fresh.clone()))?;
        }
        Ok(fresh.len())
    }

    /// The corrections that the episode `id` has to tell: those made since the one before it.
    pub(crate) fn corrections(&self, id: EpisodeId) -> Result<Vec<(EpisodeId, Correction)>> {
        let (mut told, mut before, mut last) = (Vec::new(), None, true);
        for dir in self.dir.episodes()? {
            match dir.id() {
                other if other < id => {
                    before = Some(other.0);
                    let own = dir.episode()?.corrections;
                    told.extend(own.into_iter().map(|correction| (other, correction)));
                }
                other => last &= other == id,
            }
        }
        told.retain(|(_, made)| {
            before.is_some_and(|before| made.date > before) && (last || made.date <= id.0)
        });
        Ok(told)
    }

    fn doubt(&self, dir: &EpisodeDir) -> Result<Doubt> {
        let request = CheckRequest { episode: Some(dir.id()), ..CheckRequest::default() };
        let (mut findings, episode) = (self.check(&request)?.findings, dir.episode()?);
        findings.retain(|found| {
            found.severity == Severity::Error
                && found.rule != UNHEARD
                && !is_answered(found, &episode)
        });
        Ok(Doubt { episode: dir.id(), findings })
    }
}

fn is_answered(finding: &Finding, episode: &Episode) -> bool {
    let mut known = episode.corrections.iter().filter_map(|correction| correction.finding.as_ref());
    known.any(|known| *known == finding.message)
}

/// A first wording, which the producer may better.
fn correction(finding: &Finding, notes: &str, today: Date) -> Correction {
    let wrong = finding.fix.as_ref().and_then(|fix| Some((notes.get(fix.from..fix.to)?, fix)));
    let text = match wrong {
        Some((wrong, fix)) => format!("it has to be {}, not {wrong}", fix.text),
        None => finding.message.clone(),
    };
    Correction { date: today, text, finding: Some(finding.message.clone()), message: None }
}
