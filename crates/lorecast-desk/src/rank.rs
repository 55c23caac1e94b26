//! The threads of a span, best first.

use lorecast_drafter::{DraftError, Facts, Maintainers, Ranked, Subsystems, Weights};
use lorecast_model::{Kind, Message, Revision, ShowMaintainers, Window};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Span, Store};
use serde::Serialize;

use crate::{Desk, Result, Unit, maintainers};

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
        let ranked = self.ranked(&store, window)?;
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

    /// The facts of every thread of the window, ranked. One thread's mails are held at a time.
    pub(crate) fn ranked(&self, store: &SqliteStore, window: Window) -> Result<Vec<Ranked>> {
        let (from, to) = window.bounds();
        let profile = self.dir.show()?.profile;
        let threads = store.threads(Span { from, to })?;
        let task = self.progress.begin("ranking", threads.len() as u64, Unit::Things);
        let mut facts: Vec<Facts> = Vec::with_capacity(threads.len());
        for (index, thread) in threads.iter().enumerate() {
            let (messages, revisions) = material(store, &thread.id)?;
            facts.push(lorecast_drafter::facts(thread, &messages, &revisions, window, profile));
            task.set(index as u64 + 1);
        }
        Ok(lorecast_drafter::rank(facts, &Weights::default()))
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

/// A thread's messages by date, and the revisions posted in it.
pub(crate) fn material(
    store: &SqliteStore,
    thread: &lorecast_model::MessageId,
) -> Result<(Vec<Message>, Vec<Revision>)> {
    let keys = store.thread_keys(std::slice::from_ref(thread))?;
    let Some(key) = keys.get(thread) else { return Ok((Vec::new(), Vec::new())) };
    let messages = store.thread_messages(*key)?;
    let mut revisions: Vec<Revision> = Vec::new();
    for message in &messages {
        if let Some(revision) = store.revision_of(&message.header.id)?
            && !revisions.iter().any(|known| known.root == revision.root)
        {
            revisions.push(revision);
        }
    }
    Ok((messages, revisions))
}
