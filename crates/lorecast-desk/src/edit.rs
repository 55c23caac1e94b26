//! The producer's decisions about stories.

use std::collections::BTreeMap;

use lorecast_drafter::{Edit, Facts, Ranked, Whereabouts, Wish};
use lorecast_mail::linked_message;
use lorecast_model::{Episode, MessageId, Story, StoryState, Window};
use lorecast_store::Store;

use crate::rank::material;
use crate::{Desk, DeskError, Result};

/// What is to become of stories, as messages name them: any message of a story's thread will do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// To add, or to keep whatever the ranking says.
    pub pin: Vec<MessageId>,
    /// To leave out, whatever the ranking says.
    pub drop: Vec<MessageId>,
    /// To leave to the ranking again.
    pub release: Vec<MessageId>,
    /// To tell in the section of this key.
    pub moves: Vec<(MessageId, String)>,
    /// To tell as part of another story.
    pub merges: Vec<(MessageId, MessageId)>,
    /// How long the episode is to be, in minutes.
    pub minutes: Option<f64>,
}

impl Decisions {
    /// A message about which two things were decided that exclude each other.
    pub fn contradiction(&self) -> Option<&MessageId> {
        let once = [&self.pin, &self.drop, &self.release];
        let all: Vec<&MessageId> = once.into_iter().flatten().collect();
        let twice = all.iter().enumerate().find(|(at, id)| all[..*at].contains(id));
        let itself = self.merges.iter().find(|(story, into)| story == into);
        twice.map(|(_, id)| *id).or(itself.map(|(story, _)| story))
    }

    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Desk<'_> {
    /// Turns decisions into changes of the episode `decided`.
    pub(crate) fn edits(
        &self,
        store: &dyn Store,
        decided: Option<&Episode>,
        decisions: &Decisions,
        window: Window,
    ) -> Result<Vec<Edit>> {
        let simple = [
            (&decisions.pin, Wish::Pin),
            (&decisions.drop, Wish::Drop),
            (&decisions.release, Wish::Release),
        ];
        let mut wishes: Vec<(&MessageId, Wish)> = Vec::new();
        for (ids, wish) in simple {
            wishes.extend(ids.iter().map(|id| (id, wish.clone())));
        }
        for (id, section) in &decisions.moves {
            self.known_section(section)?;
            wishes.push((id, Wish::Move(section.clone())));
        }
        for (id, into) in &decisions.merges {
            let into = self.target(store, decided, into, window)?;
            wishes.push((id, Wish::MergeInto(into)));
        }
        wishes.into_iter().map(|wish| self.edit_of(store, decided, wish, window)).collect()
    }

    fn edit_of(
        &self,
        store: &dyn Store,
        decided: Option<&Episode>,
        (id, wish): (&MessageId, Wish),
        window: Window,
    ) -> Result<Edit> {
        let facts = self.facts_of(store, id, window)?;
        let section =
            self.subsystems(Some(window))?.of(&facts.paths, &facts.title, &facts.lists).section;
        let mut known_as = known_as(store, decided, id, &facts)?;
        if let Wish::MergeInto(into) = &wish {
            // Of two revisions of a series, one may be told behind the other.
            let same = |name: &MessageId| name == into && *name != *id && *name != facts.thread;
            known_as.retain(|name| !same(name));
        }
        let story = Story {
            id: facts.about.clone(),
            state: StoryState::Proposed,
            with: Vec::new(),
            assisted: false,
            section,
            kind: facts.kind,
            title: facts.title,
            score: 0.0,
            reasons: Vec::new(),
            evidence: Vec::new(),
        };
        Ok(Edit { story, known_as, wish })
    }

    /// The story into which another is merged: the episode must tell it.
    fn target(
        &self,
        store: &dyn Store,
        decided: Option<&Episode>,
        into: &MessageId,
        window: Window,
    ) -> Result<MessageId> {
        let facts = self.facts_of(store, into, window)?;
        let known_as = known_as(store, decided, into, &facts)?;
        let stories = decided.map_or(&[][..], |episode| &episode.stories);
        let told = std::iter::once(&facts.about)
            .chain(&known_as)
            .find_map(|id| stories.iter().find(|story| story.id == *id));
        told.map(|story| story.id.clone()).ok_or_else(|| DeskError::NoStory { id: into.clone() })
    }

    fn known_section(&self, key: &str) -> Result<()> {
        let subsystems = self.sections(None)?;
        let keys = subsystems.keys();
        if keys.contains(&key) {
            return Ok(());
        }
        Err(DeskError::NoSection { key: key.to_owned(), known: keys.join(", ") })
    }

    /// The threads that the producer asked for and that `ranked` lacks, because nobody wrote in them
    /// during the window.
    pub(crate) fn asked_for(
        &self,
        store: &dyn Store,
        decided: &Episode,
        ranked: &[Ranked],
        window: Window,
    ) -> Result<Vec<Ranked>> {
        let kept = decided.stories.iter().filter(|story| story.state != StoryState::Dropped);
        let asked = kept.flat_map(|story| {
            let own = (story.state == StoryState::Pinned).then_some(&story.id);
            own.into_iter().chain(&story.with)
        });
        let mut found: Vec<Ranked> = Vec::new();
        for id in asked {
            // What an earlier draft told may have left the archives; the draft says so.
            let Some(whereabouts) = whereabouts(store, id)? else { continue };
            let facts = self.facts_of(store, &whereabouts.message, window)?;
            let known = |one: &Ranked| one.facts.thread == facts.thread;
            if !ranked.iter().any(known) && !found.iter().any(known) {
                let reasons = vec!["asked for by the producer".to_owned()];
                found.push(Ranked { facts, score: 0.0, reasons });
            }
        }
        Ok(found)
    }

    /// Fills in what somebody left open who wrote a story into `episode.yaml` by hand.
    pub(crate) fn fill(
        &self,
        store: &dyn Store,
        episode: &mut Episode,
        window: Window,
    ) -> Result<()> {
        let open = |story: &&mut Story| story.title.is_empty() || story.section.is_empty();
        let mut subsystems = None;
        for story in episode.stories.iter_mut().filter(open) {
            if whereabouts(store, &story.id)?.is_none() {
                continue;
            }
            let facts = self.facts_of(store, &story.id, window)?;
            if story.title.is_empty() {
                story.title.clone_from(&facts.title);
                story.kind = facts.kind;
            }
            // The draft itself places what it tells.
            if story.section.is_empty() && story.state == StoryState::Dropped {
                let subsystems = match &subsystems {
                    Some(known) => known,
                    None => subsystems.insert(self.subsystems(Some(window))?),
                };
                story.section = subsystems.of(&facts.paths, &facts.title, &facts.lists).section;
            }
        }
        Ok(())
    }

    /// The facts of the thread of any message.
    fn facts_of(&self, store: &dyn Store, id: &MessageId, window: Window) -> Result<Facts> {
        let Some((thread, _)) = store.thread(id)? else {
            return Err(DeskError::NoMessage { id: id.clone() });
        };
        let (messages, revisions) = material(store, &thread.id)?;
        let profile = self.dir.show()?.profile;
        Ok(lorecast_drafter::facts(&thread, &messages, &revisions, window, profile))
    }
}

/// Other names by which `decided` may know the story of a message, the nearest first: the message, the
/// root of its thread, other mails of it, other revisions of its series.
fn known_as(
    store: &dyn Store,
    decided: Option<&Episode>,
    id: &MessageId,
    facts: &Facts,
) -> Result<Vec<MessageId>> {
    let mut names = vec![id.clone(), facts.thread.clone()];
    let Some(decided) = decided else { return Ok(names) };
    let known = all_whereabouts(store, decided)?;
    let of_thread = known.iter().filter(|(_, at)| at.thread == facts.thread);
    names.extend(of_thread.map(|(name, _)| name.clone()));
    let of_series = known.iter().filter(|(_, at)| {
        let series = at.revision.as_ref().map(|(series, ..)| series);
        series.is_some() && series == facts.series.as_ref()
    });
    names.extend(of_series.map(|(name, _)| name.clone()));
    Ok(names)
}

/// What every message that an episode names belongs to; of those that the archives hold.
pub(crate) fn all_whereabouts(
    store: &dyn Store,
    episode: &Episode,
) -> Result<BTreeMap<MessageId, Whereabouts>> {
    let stories = episode.stories.iter().flat_map(|s| std::iter::once(&s.id).chain(&s.with));
    let mut found = BTreeMap::new();
    for id in stories.chain(episode.follow_ups.iter().map(|told| &told.id)) {
        if let Some(at) = whereabouts(store, id)? {
            found.insert(id.clone(), at);
        }
    }
    Ok(found)
}

/// Takes a story that somebody deleted from `episode.yaml` since the last draft as dropped; one that
/// was dropped already is the ranking's again. Returns what these belong to.
pub(crate) fn drop_deleted(
    store: &dyn Store,
    decided: &mut Episode,
    known: &BTreeMap<MessageId, Whereabouts>,
    last: &Episode,
) -> Result<BTreeMap<MessageId, Whereabouts>> {
    let series = |at: &Whereabouts| at.revision.as_ref().map(|(series, ..)| series.clone());
    let mut dropped = BTreeMap::new();
    for story in last.stories.iter().filter(|story| story.state != StoryState::Dropped) {
        let named = decided.stories.iter().any(|s| s.id == story.id || s.with.contains(&story.id));
        let at = if named { None } else { whereabouts(store, &story.id)? };
        let Some(at) = at else { continue };
        let same = |other: &Whereabouts| {
            other.thread == at.thread || series(other).is_some() && series(other) == series(&at)
        };
        if !known.values().any(same) {
            decided.stories.push(Story { state: StoryState::Dropped, ..story.clone() });
            dropped.insert(story.id.clone(), at);
        }
    }
    Ok(dropped)
}

/// What a message belongs to; `id` may be its address. `None` when the archives do not hold it.
pub(crate) fn whereabouts(store: &dyn Store, id: &MessageId) -> Result<Option<Whereabouts>> {
    let message = linked_message(id.as_str()).unwrap_or_else(|| id.clone());
    let Some((thread, _)) = store.thread(&message)? else { return Ok(None) };
    let own = store.revision_of(&message)?;
    // An answer is about the newest revision of its thread.
    let revision = match own {
        Some(own) => Some(own),
        None => {
            let (_, revisions) = material(store, &thread.id)?;
            revisions.into_iter().max_by_key(|revision| (revision.version, revision.date))
        }
    };
    let revision = revision.map(|found| (found.series, found.version, found.date));
    Ok(Some(Whereabouts { message, thread: thread.id, revision }))
}
