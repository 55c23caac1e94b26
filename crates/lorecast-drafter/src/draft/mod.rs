//! Writes an episode and its notes.

mod context;
mod edition;
mod layout;
mod places;
mod stories;

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{
    Correction, Covered, Episode, EpisodeId, FollowUp, Glossary, Kind, Message, MessageId,
    PostStory, Revision, SeriesId, Show, StoryState, Templates, Window,
};
use lorecast_people::Affiliations;

use self::context::in_context;
use self::layout::{exists, notes};
use self::stories::{Told, stories};
use crate::follow::{ToldFollowUp, follow_ups};
use crate::glossary::{Expanded, Unknown, exact_words, expand};
use crate::notes::Writer;
use crate::plan::chapters;
use crate::posts::{PostTelling, posts};
use crate::profile::rules;
use crate::telling::Known;
use crate::{DraftError, Ranked, Subsystems};

/// A chosen thread with its material.
#[derive(Clone, Debug)]
pub struct Pick {
    /// Its facts, score and reasons.
    pub ranked: Ranked,
    /// The whole thread, by date.
    pub messages: Vec<Message>,
    /// The revisions that were posted in it.
    pub revisions: Vec<Revision>,
}

impl Pick {
    /// Whether this message names it: what it is about, its thread, or any mail of it.
    fn is_about(&self, id: &MessageId) -> bool {
        let facts = &self.ranked.facts;
        facts.about == *id
            || facts.thread == *id
            || self.messages.iter().any(|message| message.header.id == *id)
    }
}

/// What to draft.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The show.
    pub show: &'a Show,
    /// Which episode.
    pub id: EpisodeId,
    /// The days it covers.
    pub window: Window,
    /// Its number, counted from 1.
    pub number: Option<u32>,
    /// The chosen threads, best first.
    pub picks: &'a [Pick],
    /// What became of what earlier episodes told.
    pub follow_ups: &'a [FollowUp],
    /// What earlier episodes told, news or not: a piece of work comes once, as it was told last.
    pub covered: &'a [Covered],
    /// What was written in the blogs around the show in these days, the oldest first.
    pub posts: &'a [PostStory],
    /// What turned out wrong of earlier episodes and was corrected since the last one, by episode.
    pub corrections: &'a [(EpisodeId, Correction)],
    /// Whom people worked for, and when.
    pub employers: &'a Affiliations,
    /// The producer's edited `episode.yaml`: what is pinned, dropped, moved and ordered stays so.
    pub decided: Option<&'a Episode>,
    /// Where stories belong.
    pub subsystems: &'a Subsystems,
    /// The templates, `notes/…` among them.
    pub templates: &'a Templates,
    /// What acronyms stand for.
    pub glossary: &'a Glossary,
    /// Paragraphs of the show's assistant, by story, which [`crate::judge`] has let pass.
    pub offers: &'a BTreeMap<MessageId, String>,
}

/// An episode with its notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// `episode.yaml`.
    pub episode: Episode,
    /// `notes.md`.
    pub notes: String,
    /// What is missing, each a plain sentence with the source that would fill it.
    pub absent: Vec<String>,
    /// Acronyms that the glossary does not have.
    pub unknown: Vec<Unknown>,
}

/// Drafts an episode from the chosen threads. The same request gives the same draft.
///
/// # Errors
/// When a template is missing or broken. Mail never causes an error.
pub fn draft(request: &Request<'_>) -> Result<Draft, DraftError> {
    let writer = Writer::new(request.templates, Some(request.window))?;
    let mut told = stories(request, &writer)?;
    in_context(&mut told);
    for Told { story, telling } in &mut told {
        let offered = request.offers.get(&story.id).cloned();
        story.assisted = offered.is_some();
        if let Some(telling) = telling {
            telling.offered = offered;
        }
    }
    let followed = follow_ups(request, &told_series(request, &told));
    let mut episode = episode(request);
    let mut notes = notes(request, &writer, &episode, &told)?;
    notes.follow_ups = paragraphs(&writer, &followed)?;
    let posts = posts(request);
    let tellings = PostTelling::all(&posts);
    notes.posts = tellings.iter().map(|telling| writer.post(telling)).collect::<Result<_, _>>()?;
    notes.empty &= notes.follow_ups.is_empty() && notes.posts.is_empty();
    let chapters = chapters(
        |key| exists(key, &notes),
        request.window,
        request.decided,
        rules(request.show.profile),
    );
    let notes = writer.notes(&notes)?;
    episode.chapters = chapters;
    let absent = absent(request, &told, &followed);
    episode.follow_ups = followed.into_iter().map(|told| told.story).collect();
    episode.posts = posts;
    episode.stories = told.into_iter().map(|told| told.story).collect();
    let Expanded { markdown, unknown } = expand(&notes, request.glossary, &exact_words(&episode));
    Ok(Draft { episode, notes: markdown, absent, unknown })
}

/// What the episode has before its stories: what people decided stays.
fn episode(request: &Request<'_>) -> Episode {
    let begun = match request.decided {
        Some(decided) => Episode {
            minutes: decided.minutes,
            number: decided.number,
            corrections: decided.corrections.clone(),
            music: decided.music.clone(),
            fillers: decided.fillers.clone(),
            anchors: decided.anchors.clone(),
            feed: decided.feed.clone(),
            credits: decided.credits.clone(),
            ..Episode::new(decided.title.clone(), request.window)
        },
        None => Episode {
            credits: vec![request.show.author.clone()],
            ..Episode::new(format!("{} for {}", request.show.title, request.id), request.window)
        },
    };
    Episode { number: begun.number.or(request.number), ..begun }
}

fn known<'a>(request: &Request<'a>) -> Known<'a> {
    Known {
        window: request.window,
        show: request.show,
        employers: request.employers,
        covered: request.covered,
        follow_ups: request.follow_ups,
    }
}

/// The works that the stories tell.
fn told_series(request: &Request<'_>, told: &[Told]) -> BTreeSet<SeriesId> {
    let shown = |pick: &&Pick| {
        let id = &pick.ranked.facts.about;
        told.iter().any(|t| t.story.id == *id && t.story.state != StoryState::Dropped)
    };
    let picks = request.picks.iter().filter(shown);
    let series = |pick: &Pick| {
        let revisions = pick.revisions.iter().map(|revision| revision.series.clone());
        pick.ranked.facts.series.clone().into_iter().chain(revisions).collect::<Vec<_>>()
    };
    picks.flat_map(series).collect()
}

fn paragraphs(writer: &Writer, followed: &[ToldFollowUp]) -> Result<Vec<String>, DraftError> {
    let shown = followed.iter().filter(|told| told.story.state != StoryState::Dropped);
    shown.filter_map(|told| told.telling.as_ref()).map(|t| writer.follow_up(t)).collect()
}

fn absent(request: &Request<'_>, told: &[Told], followed: &[ToldFollowUp]) -> Vec<String> {
    let has = |wanted: Kind| told.iter().any(|told| told.story.kind == wanted);
    let mut absent = Vec::new();
    if request.picks.is_empty() {
        absent.push(format!(
            "no mail from {} to {} is in these archives: add sources that cover those days",
            request.window.from, request.window.to
        ));
    } else {
        absent.extend(rules(request.show.profile).absent(&has));
    }
    let news = followed.iter().filter(|told| told.telling.is_none());
    let pinned = news.filter(|told| told.story.state == StoryState::Pinned);
    absent.extend(pinned.map(|told| {
        format!("`{}` is pinned in follow_ups, but there is no news of it", told.story.id)
    }));
    let unseen =
        told.iter().filter(|told| told.telling.is_none() && told.story.state == StoryState::Pinned);
    absent.extend(unseen.map(|told| {
        format!("`{}` is pinned, but no message of it was found in these archives", told.story.id)
    }));
    absent
}
