//! The threads of a span, best first.

use std::collections::BTreeSet;

use lorecast_drafter::{DraftError, Facts, Maintainers, Ranked, Subsystems};
use lorecast_model::{
    EpisodeId, Kind, Message, MessageId, Revision, SeriesId, ShowMaintainers, Window,
};
use lorecast_store::{Span, Store};
use rayon::prelude::*;
use serde::Serialize;

use crate::{Desk, Result, Unit, maintainers, track};

/// A thread with its score.
#[derive(Clone, Debug, Serialize)]
pub struct RankedStory {
    /// The root's message-id.
    pub thread_id: String,
    /// Higher is more newsworthy.
    pub score: f64,
    /// From 1.
    pub rank: usize,
    /// The key of the section of the show that it belongs to.
    pub section: String,
    /// What sort of news it is.
    pub kind: Kind,
    /// The title without tags.
    pub title: String,
    /// Who began it.
    pub author: String,
    /// Why it stands where it stands, in words.
    pub reasons: Vec<String>,
}

impl Desk<'_> {
    /// Every thread that was active in the window, best first.
    ///
    /// # Errors
    /// When nothing was ingested, or the show's sections cannot be read.
    pub fn rank(&self, window: Window) -> Result<Vec<RankedStory>> {
        let store = self.filled_store()?;
        let subsystems = self.subsystems(Some(window))?;
        let ranked = self.ranked(&*store, window, &subsystems)?;
        let stories = ranked.into_iter().enumerate().map(|(index, ranked)| {
            let Ranked { facts, score, reasons } = ranked;
            let section = subsystems.of(&facts.paths, &facts.title, &facts.lists).section;
            RankedStory {
                thread_id: facts.thread.to_string(),
                score,
                rank: index + 1,
                section,
                kind: facts.kind,
                title: facts.title,
                author: facts.author.called().to_owned(),
                reasons,
            }
        });
        Ok(stories.collect())
    }

    /// The facts of every thread of the window, ranked.
    pub(crate) fn ranked(
        &self,
        store: &dyn Store,
        window: Window,
        subsystems: &Subsystems,
    ) -> Result<Vec<Ranked>> {
        let weights = self.dir.weights(self.dir.show()?.profile)?;
        let known = Known { told: self.told_series(store)?, subsystems };
        Ok(lorecast_drafter::rank(self.facts(store, window, &known)?, &weights))
    }

    /// The facts of every thread of the window. A few threads' mails are held at a time.
    pub(crate) fn facts(
        &self,
        store: &dyn Store,
        window: Window,
        known: &Known<'_>,
    ) -> Result<Vec<Facts>> {
        let (from, to) = window.bounds();
        let profile = self.dir.show()?.profile;
        let threads = store.threads(Span { from, to })?;
        let task = self.progress.begin("ranking", threads.len() as u64, Unit::Things);
        let mut facts: Vec<Facts> = Vec::with_capacity(threads.len());
        for some in threads.chunks(AT_ONCE) {
            let material = some
                .iter()
                .map(|thread| material(store, &thread.id))
                .collect::<Result<Vec<_>>>()?;
            let read = some.par_iter().zip(&material).map(|(thread, (messages, revisions))| {
                lorecast_drafter::facts(thread, messages, revisions, window, profile)
            });
            facts.extend(read.collect::<Vec<_>>());
            task.set(facts.len() as u64);
        }
        facts.iter_mut().for_each(|facts| known.complete(facts, window));
        Ok(facts)
    }

    /// Which series every episode told; of the newest ones.
    pub(crate) fn told_series(&self, store: &dyn Store) -> Result<Told> {
        let dirs = self.dir.episodes()?;
        let mut told = Vec::new();
        for dir in &dirs[dirs.len().saturating_sub(MOST_EPISODES)..] {
            let mut series = BTreeSet::new();
            for story in track::follow::told(&dir.episode()?) {
                series.extend(store.revision_of(story)?.map(|revision| revision.series));
            }
            told.push((dir.id(), series));
        }
        Ok(Told(told))
    }

    /// The mapping of mails to subsystems and sections, as this show has it; with the MAINTAINERS
    /// of the window's last day when that comes from a tree.
    ///
    /// # Errors
    /// When `subsystems.yaml` or the MAINTAINERS cannot be read.
    pub(crate) fn subsystems(&self, window: Option<Window>) -> Result<Subsystems> {
        let from = self.dir.show()?.maintainers.map(|from| ShowMaintainers {
            path: self.dir.resolve(&from.path),
            folders: from.folders.map(|file| self.dir.resolve(&file)),
            branch: from.branch,
        });
        let before = window.map(|window| window.bounds().1);
        self.sections(from.map(|from| maintainers::read(&from, before)).transpose()?)
    }

    /// The show's sections, without the kernel's unless they are given.
    ///
    /// # Errors
    /// When `subsystems.yaml` cannot be read.
    pub(crate) fn sections(&self, maintainers: Option<Maintainers>) -> Result<Subsystems> {
        Subsystems::new(self.dir.sections()?, maintainers).map_err(|error| match error {
            DraftError::SectionKey { key, why } => self
                .dir
                .wrong_section(&key, &format!("is {why}"))
                .map_or_else(Into::into, Into::into),
            error => error.into(),
        })
    }
}

/// What mails alone do not tell.
pub(crate) struct Known<'a> {
    pub told: Told,
    pub subsystems: &'a Subsystems,
}

impl Known<'_> {
    fn complete(&self, facts: &mut Facts, window: Window) {
        let maintain = self.subsystems.maintainers_of(&facts.paths);
        let wrote = facts.writers.iter().map(|writer| &writer.who);
        let wrote = wrote.filter(|who| maintain.contains(&who.email.to_ascii_lowercase()));
        facts.maintainers = wrote.map(|who| who.called().to_owned()).collect();
        facts.told = facts.series.as_ref().map_or(0, |series| self.told.before(window, series));
    }
}

/// Which series each episode told, oldest first.
pub(crate) struct Told(Vec<(EpisodeId, BTreeSet<SeriesId>)>);

impl Told {
    /// How many episodes told a series before the one of a window.
    fn before(&self, window: Window, series: &SeriesId) -> u32 {
        let earlier = self.0.iter().filter(|(id, _)| id.0 < window.to);
        earlier.filter(|(_, told)| told.contains(series)).count() as u32
    }
}

/// So many threads are read before their facts are gathered on every processor.
const AT_ONCE: usize = 64;
/// So many of the newest episodes count: two years of them.
pub(crate) const MOST_EPISODES: usize = 104;

/// A thread's messages by date, and the revisions posted in it.
pub(crate) fn material(
    store: &dyn Store,
    thread: &MessageId,
) -> Result<(Vec<Message>, Vec<Revision>)> {
    let keys = store.thread_keys(std::slice::from_ref(thread))?;
    let Some(key) = keys.get(thread) else { return Ok((Vec::new(), Vec::new())) };
    Ok((store.thread_messages(*key)?, store.revisions_in(&[*key])?))
}
