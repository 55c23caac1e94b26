//! What turns out wrong after an episode is out.

use jiff::civil::Date;
use lorecast_model::{Correction, Episode, EpisodeId, Finding, Severity, Window};
use lorecast_show::EpisodeDir;

use crate::{Desk, DeskError, Result};

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
        let earlier = self.dir.episodes()?.into_iter().rev().filter(|dir| dir.id() < id);
        let mut out = Vec::new();
        for dir in earlier.take(MOST_EPISODES) {
            if dir.publication()?.is_some() {
                out.push(Told::read(dir)?);
            }
        }
        let mut found = self.judged(&out)?;
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
        let told = Told::read(dir)?;
        let findings = self.judged(std::slice::from_ref(&told))?.into_iter();
        let findings = findings.flat_map(|doubt| doubt.findings);
        let fresh: Vec<Correction> =
            findings.map(|finding| correction(&finding, &told.notes, today)).collect();
        if !fresh.is_empty() {
            told.dir.edit(|episode| episode.corrections.extend(fresh.clone()))?;
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

    /// Checks episodes that are out, with one reading of the archives for all of them.
    fn judged(&self, out: &[Told]) -> Result<Vec<Doubt>> {
        let (from, to) =
            (out.iter().map(|t| t.episode.window.from), out.iter().map(|t| t.episode.window.to));
        let (Some(from), Some(to)) = (from.min(), to.max()) else { return Ok(Vec::new()) };
        let store = self.filled_store()?;
        let bench = self.bench(&*store, Some(Window { from, to }))?;
        let doubt = |told: &Told| {
            let place = self.shown(&told.dir.file("notes.md"));
            let id = told.dir.id();
            let mut findings =
                bench.findings(&place, &told.notes, Some(id), Some(&told.episode))?;
            findings.retain(|found| {
                found.severity == Severity::Error
                    && found.rule != UNHEARD
                    && !is_answered(found, told)
            });
            Ok(Doubt { episode: id, findings })
        };
        out.iter().map(doubt).collect()
    }
}

/// An episode that is out, as listeners have it.
struct Told {
    dir: EpisodeDir,
    episode: Episode,
    notes: String,
}

impl Told {
    fn read(dir: EpisodeDir) -> Result<Self> {
        let (episode, notes) = (dir.episode()?, dir.notes()?);
        Ok(Self { dir, episode, notes })
    }
}

fn is_answered(finding: &Finding, told: &Told) -> bool {
    let key = key(finding, &told.notes);
    let known = told.episode.corrections.iter();
    let mut known = known.filter_map(|correction| correction.finding.as_ref());
    // Earlier versions wrote the message.
    known.any(|known| *known == key || *known == finding.message)
}

/// How many letters of the notes tell a place.
const KEY: usize = 40;

/// By what a finding is known again: its rule, and the words at its place. New mail may change what
/// there is to say of them; they stay.
fn key(finding: &Finding, notes: &str) -> String {
    let Finding { rule, message, at, .. } = finding;
    let Some(at) = at else { return format!("{rule}: {message}") };
    let count = |n: u32| usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
    let line = notes.split_inclusive('\n').nth(count(at.line)).unwrap_or_default();
    let place = line.char_indices().nth(count(at.column)).map_or(line.len(), |(at, _)| at);
    let words: String = line[place..].trim_end().chars().take(KEY).collect();
    let above: usize = notes.split_inclusive('\n').take(count(at.line)).map(str::len).sum();
    let again = notes.get(..above + place).map_or(0, |front| front.matches(&words).count());
    match again {
        _ if words.is_empty() => format!("{rule} at line {}", at.line),
        0 => format!("{rule} at “{words}”"),
        again => format!("{rule} at “{words}” ({})", again + 1),
    }
}

/// A first wording, which the producer may better.
fn correction(finding: &Finding, notes: &str, today: Date) -> Correction {
    let wrong = finding.fix.as_ref().and_then(|fix| Some((notes.get(fix.from..fix.to)?, fix)));
    let text = match wrong {
        Some((wrong, fix)) => format!("it has to be {}, not {wrong}", fix.text),
        None => finding.message.clone(),
    };
    Correction { date: today, text, finding: Some(key(finding, notes)), message: None }
}
