//! A week into an episode.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lorecast_drafter::{
    Draft, Pick, Ranked, Request, Settled, StoryChange, Unknown, differences, settle,
};
use lorecast_model::{
    Episode, EpisodeId, FollowUp, Proof, Revision, Show, State, StoryState, Window,
};
use lorecast_people::{Forgotten, Veil};
use lorecast_show::{EpisodeDir, Outcome, Renamed};
use lorecast_store::Store;

use crate::assistant::Assistance;
use crate::check::Archives;
use crate::corrections::Doubt;
use crate::edit::{all_whereabouts, drop_deleted};
use crate::people::veil;
use crate::rank::material;
use crate::track::standing::{Moment, standing};
use crate::{Decisions, Desk, DeskError, Result, hand_edited};

/// What a draft did.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftReport {
    /// The episode.
    pub id: EpisodeId,
    /// Threads that were active in the window.
    pub threads: usize,
    /// Stories that the notes tell.
    pub stories: usize,
    /// Words of the notes as generated.
    pub words: usize,
    /// So many minutes they take, read aloud.
    pub minutes: f64,
    /// So many it is to take, if anybody said so.
    pub target: Option<f64>,
    /// What is odd about its days, each a plain sentence.
    pub days: Vec<String>,
    /// What is another since the last draft; empty for the first.
    pub changes: Vec<StoryChange>,
    /// What became of `episode.yaml`.
    pub episode: Outcome,
    /// What became of `notes.md`.
    pub notes: Outcome,
    /// What is wrong of earlier episodes that are out, and not corrected yet.
    pub doubts: Vec<Doubt>,
    /// Sections that are left out, and what would fill them.
    pub absent: Vec<String>,
    /// Acronyms that the glossary does not have.
    pub unknown: Vec<Unknown>,
    /// What became of each request to the assistant.
    pub assistance: Vec<Assistance>,
}

/// How to draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drafting {
    /// Ask the show's assistant for the words of each story.
    pub assist: bool,
    /// The day it is, UTC: it says which days are over, and nothing in the draft.
    pub today: Date,
}

impl Desk<'_> {
    /// Drafts an episode, or merges a new draft into what people made of the last one.
    ///
    /// # Errors
    /// When nothing was ingested, or a file of the episode cannot be read or written; nothing is
    /// lost then.
    pub fn draft(
        &self,
        id: EpisodeId,
        window: Window,
        decisions: &Decisions,
        how: Drafting,
    ) -> Result<DraftReport> {
        let days = self.odd_days(id, window, how.today)?;
        let store = self.filled_store()?;
        // Decisions of others that come while this is made would not be in it.
        let held = self.hold(id)?;
        let mut show = self.dir.show()?;
        let dir = self.dir.episode_dir(id);
        let subsystems = self.subsystems(Some(window))?;
        let mut ranked = self.ranked(&*store, window, &subsystems)?;
        if dir.exists() {
            hand_edited::check(&*store, &dir, &dir.episode()?, &subsystems, &ranked)?;
        }
        let last = dir.generated()?;
        let decided = self.decided(&*store, &dir, window, decisions)?;
        let threads = ranked.len();
        let follow_ups = self.news(&*store, id, window)?;
        let settled =
            self.settled(&*store, decided, last.as_ref(), &mut ranked, &follow_ups, window)?;
        let decided = settled.as_ref().map(|settled| &settled.episode);
        show.minutes = decided.and_then(|episode| episode.minutes).or(show.minutes);
        show.voice.words_per_minute = self.learned_pace(&show, id)?;
        let covered = self.covered(&*store, id)?;
        let corrections = self.corrections(id)?;
        let posts = self.posts_of(&show, window)?;
        let ((employers, complaints), templates) =
            (self.affiliations(&*store)?, self.dir.templates()?);
        let (glossary, offers) = (self.glossary()?, BTreeMap::new());
        let request = Request {
            show: &show,
            id,
            window,
            number: self.number(id, decided)?,
            picks: &[],
            follow_ups: &follow_ups,
            covered: &covered,
            posts: &posts,
            corrections: &corrections,
            employers: &employers,
            decided,
            subsystems: &subsystems,
            templates: &templates,
            glossary: &glossary,
            offers: &offers,
        };
        let forgotten = self.forgotten()?;
        let (picks, mut draft) = chosen(&*store, &ranked, request, &forgotten)?;
        let mut assistance = Vec::new();
        if how.assist {
            let archives = Archives::new(&*store, Some(window));
            let (offers, asked) = self.offers(&show, &draft.episode.stories, &picks, &archives);
            archives.failure()?;
            assistance = asked;
            draft =
                lorecast_drafter::draft(&Request { offers: &offers, picks: &picks, ..request })?;
        }
        let Draft { episode, notes, mut absent, unknown } = draft;
        let hidden = Veil::of(forgotten, employers.people());
        let notes = hidden.markdown(&notes);
        let episode = veil::episode(&hidden, episode);
        let changes = last.map_or_else(Vec::new, |last| {
            let renamed = settled.as_ref().map(|settled| &settled.stories);
            differences(&last, &episode, renamed.unwrap_or(&BTreeMap::new()), &ranked)
        });
        let words = notes.split_whitespace().count();
        let told = episode.stories.iter().filter(|s| s.state != StoryState::Dropped).count();
        let nothing = Renamed::default();
        let renamed = settled.as_ref().map_or(nothing, |settled| Renamed {
            stories: settled.stories.clone(),
            follow_ups: settled.follow_ups.clone(),
        });
        let drafted = dir.draft(&episode, &notes, &renamed)?;
        held.keep()?;
        // What cannot be read of an old episode is said, and no reason to lose the report of this one.
        let (doubts, unread) = match self.doubts(id) {
            Ok(doubts) => (doubts, None),
            Err(error) => {
                (Vec::new(), Some(format!("earlier episodes were not checked again: {error}")))
            }
        };
        absent.extend(unread);
        absent.extend(complaints);
        Ok(DraftReport {
            id,
            threads,
            stories: told,
            words,
            minutes: words as f64 / lorecast_drafter::words_a_minute(&show),
            target: show.minutes,
            days,
            changes,
            episode: drafted.episode,
            notes: drafted.notes,
            absent,
            unknown,
            assistance,
            doubts,
        })
    }

    /// The decided episode by the names of this draft; the threads that the producer asked for and
    /// that nobody wrote in are added to `ranked`.
    fn settled(
        &self,
        store: &dyn Store,
        decided: Option<Episode>,
        last: Option<&Episode>,
        ranked: &mut Vec<Ranked>,
        news: &[FollowUp],
        window: Window,
    ) -> Result<Option<Settled>> {
        let Some(mut decided) = decided else { return Ok(None) };
        let mut known = all_whereabouts(store, &decided)?;
        if let Some(last) = last {
            known.extend(drop_deleted(store, &mut decided, &known, last)?);
        }
        let active = settle(&decided, &known, ranked, news);
        ranked.extend(self.asked_for(store, &active.episode, ranked, window)?);
        let mut settled = settle(&decided, &known, ranked, news);
        self.fill(store, &mut settled.episode, window)?;
        Ok(Some(settled))
    }

    /// `episode.yaml` with the decisions in it, which are written down at once in a file that people
    /// own already; `None` for an episode that begins now.
    fn decided(
        &self,
        store: &dyn Store,
        dir: &EpisodeDir,
        window: Window,
        decisions: &Decisions,
    ) -> Result<Option<Episode>> {
        let known = if dir.exists() { Some(dir.episode()?) } else { None };
        if decisions.is_empty() {
            return Ok(known);
        }
        if let Some(id) = decisions.contradiction() {
            return Err(DeskError::Contradiction { id: id.clone() });
        }
        let edits = self.edits(store, known.as_ref(), decisions, window)?;
        if known.is_some() {
            // What is going to be refused changes nothing.
            if dir.file("notes.md").is_file() {
                dir.notes()?;
            }
            dir.edit(|episode| {
                lorecast_drafter::edit(episode, &edits);
                episode.minutes = decisions.minutes.or(episode.minutes);
            })?;
            return Ok(Some(dir.episode()?));
        }
        let show = self.dir.show()?;
        let mut begun = Episode {
            number: self.number(dir.id(), None)?,
            minutes: decisions.minutes,
            credits: vec![show.author],
            ..Episode::new(format!("{} for {}", show.title, dir.id()), window)
        };
        lorecast_drafter::edit(&mut begun, &edits);
        Ok(Some(begun))
    }

    /// The number the episode has, else the one after the episode before it.
    fn number(&self, id: EpisodeId, decided: Option<&Episode>) -> Result<Option<u32>> {
        if let Some(decided) = decided {
            return Ok(decided.number);
        }
        let earlier = self.dir.episodes()?.into_iter().rev().find(|dir| dir.id() < id);
        match earlier {
            Some(dir) => Ok(dir.episode()?.number.map(|number| number.saturating_add(1))),
            None => Ok(Some(1)),
        }
    }
}

/// So often the number of stories is changed until an episode has its length.
const MOST_ROUNDS: usize = 6;

/// The chosen threads and the draft of them. There are more in a week that gives few words, and as many
/// as fill the minutes of an episode that has some.
fn chosen(
    store: &dyn Store,
    ranked: &[Ranked],
    request: Request<'_>,
    forgotten: &Forgotten,
) -> Result<(Vec<Pick>, Draft)> {
    let mut show = request.show.clone();
    (show.stories, show.minutes) = (lorecast_drafter::stories_for(request.show), None);
    let mut before = None;
    let mut round = 1;
    loop {
        let picks = picks(store, ranked, &show, request.decided, request.window, forgotten)?;
        let draft = lorecast_drafter::draft(&Request { picks: &picks, ..request })?;
        let words = draft.notes.split_whitespace().count();
        let limits = Show { stories: show.stories, ..request.show.clone() };
        let lacking = lorecast_drafter::stories_lacking(&limits, picks.len(), words);
        // A week may have no more to tell.
        if lacking == 0 || before == Some(picks.len()) || round == MOST_ROUNDS {
            return Ok((picks, draft));
        }
        show.stories = show.stories.saturating_add_signed(lacking).max(1);
        before = Some(picks.len());
        round += 1;
    }
}

/// The threads to tell, with their material.
fn picks(
    store: &dyn Store,
    ranked: &[Ranked],
    show: &Show,
    decided: Option<&Episode>,
    window: Window,
    forgotten: &Forgotten,
) -> Result<Vec<Pick>> {
    let chosen = lorecast_drafter::choose(ranked, show, decided).into_iter();
    let pick = |index: usize| {
        let mut ranked = ranked[index].clone();
        let (mut messages, revisions) = material(store, &ranked.facts.thread)?;
        let revisions = revisions.into_iter().map(|revision| stood(store, revision, window));
        let revisions = revisions.collect::<Result<Vec<_>>>()?;
        veil::sender(forgotten, &mut ranked.facts.author);
        for message in &mut messages {
            veil::sender(forgotten, &mut message.header.from);
            veil::sender(forgotten, &mut message.writer.who);
        }
        Ok(Pick { ranked, messages, revisions })
    };
    chosen.map(pick).collect()
}

/// A revision as it stood at the end of the window, by mails and trees. What trees hold counts once
/// they hold all of it.
fn stood(store: &dyn Store, revision: Revision, window: Window) -> Result<Revision> {
    let (_, end) = window.bounds();
    let by_mails = revision.state.clone();
    let standing = standing(store, revision, Moment::at(end))?;
    let (mut revision, taken) = (standing.revision, standing.taken);
    let patches = revision.patches.len() as u32;
    let whole = match &revision.state {
        State::Applied { by: Proof::Commit { .. } } => taken.applied >= patches,
        State::Next { by: Proof::Commit { .. } } => taken.next >= patches,
        State::Landed { by: Proof::Commit { .. }, .. } => taken.landed >= patches,
        _ => true,
    };
    if !whole {
        revision.state = by_mails;
    }
    Ok(revision)
}
