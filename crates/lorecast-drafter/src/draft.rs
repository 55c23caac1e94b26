//! Writes an episode and its notes.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{
    Episode, EpisodeId, FollowUp, Glossary, Kind, Message, MessageId, Revision, SeriesId, Show,
    Story, StoryState, Templates, Window,
};

use crate::facts::is_announcement;
use crate::follow::{ToldFollowUp, follow_ups};
use crate::glossary::{Expanded, Unknown, exact_words, expand};
use crate::notes::{Block, Group, Notes, Writer};
use crate::plan::{
    FOLLOW_UPS, HEADLINES, MAINLINE, ONGOING, PARTS, PULLS, RELEASES, SIGNOFF, TOPICS, chapters,
};
use crate::profile::rules;
use crate::subsystems::OTHER;
use crate::telling::{Telling, tell};
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
    /// The producer's edited `episode.yaml`: what is pinned, dropped, moved and ordered stays so.
    pub decided: Option<&'a Episode>,
    /// Where stories belong.
    pub subsystems: &'a Subsystems,
    /// The templates, `notes/…` among them.
    pub templates: &'a Templates,
    /// What acronyms stand for.
    pub glossary: &'a Glossary,
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

/// A story with what the templates see; nothing to see for one that only `episode.yaml` keeps.
struct Told {
    story: Story,
    telling: Option<Telling>,
}

/// Drafts an episode from the chosen threads. The same request gives the same draft.
///
/// # Errors
/// When a template is missing or broken. Mail never causes an error.
pub fn draft(request: &Request<'_>) -> Result<Draft, DraftError> {
    let writer = Writer::new(request.templates)?;
    let mut told = stories(request);
    explain_rfc(&mut told);
    let followed = follow_ups(request, &told_series(request, &told));
    let mut episode = episode(request);
    let mut notes = notes(request, &writer, &episode, &told)?;
    notes.follow_ups = paragraphs(&writer, &followed)?;
    notes.empty &= notes.follow_ups.is_empty();
    let chapters =
        chapters(|key| exists(key, &notes), request.decided, rules(request.show.profile));
    let notes = writer.notes(&notes)?;
    episode.chapters = chapters;
    let absent = absent(request, &told, &followed);
    episode.follow_ups = followed.into_iter().map(|told| told.story).collect();
    episode.stories = told.into_iter().map(|told| told.story).collect();
    let Expanded { markdown, unknown } = expand(&notes, request.glossary, &exact_words(&episode));
    Ok(Draft { episode, notes: markdown, absent, unknown })
}

fn episode(request: &Request<'_>) -> Episode {
    let decided = request.decided;
    Episode {
        title: decided.map_or_else(
            || format!("{} for {}", request.show.title, request.id),
            |e| e.title.clone(),
        ),
        number: decided.and_then(|episode| episode.number).or(request.number),
        window: request.window,
        stories: Vec::new(),
        follow_ups: Vec::new(),
        corrections: decided.map_or_else(Vec::new, |episode| episode.corrections.clone()),
        chapters: Vec::new(),
        credits: decided
            .map_or_else(|| vec![request.show.author.clone()], |episode| episode.credits.clone()),
    }
}

/// Every story in the order of the notes, those that the producer dropped or that are gone too.
fn stories(request: &Request<'_>) -> Vec<Told> {
    let topics = topics(request);
    let mut told: Vec<Told> = Vec::new();
    for (at, pick) in request.picks.iter().enumerate() {
        let topic = topics.contains(&at);
        if is_joined(request, pick) {
            continue;
        }
        let Some((mut story, mut telling)) =
            tell(pick, request.window, request.show.profile, topic)
        else {
            continue;
        };
        if told.iter().any(|other| other.story.id == story.id) {
            continue;
        }
        story.section = section(request, pick, &story, topic);
        if let Some(known) = decision(request, pick) {
            story.state = known.state;
            join(request, known, &mut story, &mut telling);
        }
        told.push(Told { story, telling: Some(telling) });
    }
    told.extend(kept(request, &told));
    let order = order(request);
    let decided: BTreeMap<&MessageId, usize> = request
        .decided
        .iter()
        .flat_map(|e| &e.stories)
        .enumerate()
        .map(|(at, story)| (&story.id, at))
        .collect();
    told.sort_by_key(|told| {
        let place = order.get(told.story.section.as_str()).copied().unwrap_or(usize::MAX);
        (place, decided.get(&told.story.id).copied().unwrap_or(usize::MAX))
    });
    told
}

/// Whether the producer merged a pick into another story.
fn is_joined(request: &Request<'_>, pick: &Pick) -> bool {
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    let told = stories.iter().filter(|story| story.state != StoryState::Dropped);
    told.flat_map(|story| &story.with).any(|id| pick.is_about(id))
}

/// Tells what the producer merged into a story, behind it.
fn join(request: &Request<'_>, known: &Story, story: &mut Story, telling: &mut Telling) {
    story.with.clone_from(&known.with);
    for id in &known.with {
        let pick = request.picks.iter().find(|pick| pick.is_about(id));
        let Some((joined, words)) =
            pick.and_then(|pick| tell(pick, request.window, request.show.profile, false))
        else {
            continue;
        };
        let fresh = joined.evidence.into_iter().filter(|e| !story.evidence.contains(e));
        let fresh: Vec<_> = fresh.collect();
        story.evidence.extend(fresh);
        telling.joined.push(words);
    }
}

/// What `episode.yaml` says of a pick.
fn decision<'a>(request: &Request<'a>, pick: &Pick) -> Option<&'a Story> {
    let facts = &pick.ranked.facts;
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    stories.iter().find(|story| story.id == facts.about || story.id == facts.thread)
}

/// The producer's own words that no pick carries: dropped stories stay dropped, pinned ones stay.
fn kept(request: &Request<'_>, told: &[Told]) -> Vec<Told> {
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    let gone = |story: &&Story| {
        story.state != StoryState::Proposed && told.iter().all(|told| told.story.id != story.id)
    };
    stories.iter().filter(gone).map(|story| Told { story: story.clone(), telling: None }).collect()
}

/// The places of sections in the notes.
fn order<'a>(request: &Request<'a>) -> BTreeMap<&'a str, usize> {
    let parts = PARTS.iter().map(|part| part.key);
    let sections = request.subsystems.sections().iter().map(|section| section.key.as_str());
    parts.chain(sections).enumerate().map(|(at, key)| (key, at)).collect()
}

/// How many conversations get a heading of their own.
const MOST_TOPICS: usize = 4;
/// From how many people and replies on a conversation can be a topic.
const TOPIC_PEOPLE: u32 = 4;
const TOPIC_REPLIES: u32 = 8;

/// The picks with the biggest conversations, and those that the producer moved there.
fn topics(request: &Request<'_>) -> BTreeSet<usize> {
    let decided =
        |at: &usize| decision(request, &request.picks[*at]).map(|story| story.section.as_str());
    let talk = |at: &usize| {
        let facts = &request.picks[*at].ranked.facts;
        u64::from(facts.people) * u64::from(facts.replies)
    };
    let fits = |at: &usize| {
        let facts = &request.picks[*at].ranked.facts;
        let big = facts.people >= TOPIC_PEOPLE && facts.replies >= TOPIC_REPLIES;
        big && !is_announcement(facts.kind) && facts.kind != Kind::Pull && facts.routine.is_none()
    };
    let all = 0..request.picks.len();
    let mut found: Vec<usize> =
        all.clone().filter(|at| decided(at).is_none()).filter(fits).collect();
    found.sort_by_key(|at| (std::cmp::Reverse(talk(at)), *at));
    let moved: BTreeSet<usize> = all.filter(|at| decided(at) == Some(TOPICS)).collect();
    let room = MOST_TOPICS.saturating_sub(moved.len());
    moved.into_iter().chain(found.into_iter().take(room)).collect()
}

fn section(request: &Request<'_>, pick: &Pick, story: &Story, topic: bool) -> String {
    if let Some(known) = decision(request, pick) {
        return known.section.clone();
    }
    match story.kind {
        Kind::Mainline => MAINLINE.to_owned(),
        Kind::Stable | Kind::Release => RELEASES.to_owned(),
        Kind::Pull => PULLS.to_owned(),
        _ if topic => TOPICS.to_owned(),
        _ => {
            let facts = &pick.ranked.facts;
            request.subsystems.of(&facts.paths, &facts.title, &facts.lists).section
        }
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

fn explain_rfc(told: &mut [Told]) {
    let mut tellings = told
        .iter_mut()
        .filter(|t| t.story.state != StoryState::Dropped)
        .filter_map(|t| t.telling.as_mut());
    if let Some(first) = tellings.find(|telling| telling.rfc) {
        first.explain_rfc = true;
    }
}

fn notes<'a>(
    request: &Request<'a>,
    writer: &Writer,
    episode: &'a Episode,
    told: &[Told],
) -> Result<Notes<'a>, DraftError> {
    let shown: Vec<(&Story, &Telling)> = told
        .iter()
        .filter(|told| told.story.state != StoryState::Dropped)
        .filter_map(|told| Some((&told.story, told.telling.as_ref()?)))
        .collect();
    let within = |key: &str| {
        shown.iter().filter(|(story, _)| story.section == key).map(|(_, t)| *t).collect::<Vec<_>>()
    };
    let mut notes = Notes::new(request.show, episode);
    notes.empty = shown.is_empty();
    notes.edition = edition(&shown);
    if notes.edition.iter().any(|name| name.contains(',')) {
        notes.between = ";";
    }
    for telling in within(MAINLINE) {
        let title = telling.release.clone().unwrap_or_else(|| telling.title.clone());
        notes.mainline.push(Block { title, text: writer.story(telling, false)? });
    }
    notes.releases = releases(writer, &within(RELEASES))?;
    notes.pulls =
        within(PULLS).into_iter().map(|t| writer.story(t, false)).collect::<Result<_, _>>()?;
    for telling in within(TOPICS) {
        notes
            .topics
            .push(Block { title: telling.title.clone(), text: writer.story(telling, true)? });
    }
    let sections = request.subsystems.sections().iter().map(|s| (s.key.as_str(), s.title.as_str()));
    let other = std::iter::once((OTHER, "Everything else"));
    let mut seen = BTreeSet::new();
    for (key, title) in sections.chain(other).filter(|(key, _)| seen.insert(*key)) {
        let stories = within(key)
            .into_iter()
            .map(|t| writer.story(t, false))
            .collect::<Result<Vec<_>, _>>()?;
        if !stories.is_empty() {
            notes.ongoing.push(Group { title: title.to_owned(), stories });
        }
    }
    Ok(notes)
}

/// Stable kernels merged by announcer, then other projects one by one; a paragraph each.
fn releases(writer: &Writer, tellings: &[&Telling]) -> Result<Vec<String>, DraftError> {
    let mut announcers: Vec<&str> = Vec::new();
    for telling in tellings.iter().filter(|t| t.kind == Kind::Stable) {
        if !announcers.contains(&telling.author.as_str()) {
            announcers.push(&telling.author);
        }
    }
    let mut paragraphs = Vec::new();
    for announcer in announcers {
        let own: Vec<&Telling> = tellings
            .iter()
            .copied()
            .filter(|t| t.kind == Kind::Stable && t.author == announcer)
            .collect();
        paragraphs.push(writer.announcements(Kind::Stable, &own)?);
    }
    for telling in tellings.iter().filter(|t| t.kind != Kind::Stable) {
        paragraphs.push(writer.story(telling, false)?);
    }
    Ok(paragraphs)
}

/// How many names the lead sentence gives.
const MOST_NAMES: usize = 6;

/// The names of the main things: mainline, the topics, then the best of the rest.
fn edition(shown: &[(&Story, &Telling)]) -> Vec<String> {
    let mut names = Vec::new();
    let mainline = shown.iter().filter(|(story, _)| story.section == MAINLINE);
    names.extend(mainline.map(|(_, t)| t.release.clone().unwrap_or_else(|| t.title.clone())));
    let topics = shown.iter().filter(|(story, _)| story.section == TOPICS);
    names.extend(topics.map(|(_, t)| t.title.clone()));
    let mut rest: Vec<_> = shown
        .iter()
        .filter(|(s, t)| {
            ![MAINLINE, RELEASES, PULLS, TOPICS].contains(&s.section.as_str())
                && !is_announcement(t.kind)
        })
        .collect();
    rest.sort_by(|a, b| b.0.score.total_cmp(&a.0.score).then_with(|| a.0.id.cmp(&b.0.id)));
    let room = MOST_NAMES.saturating_sub(names.len());
    names.extend(rest.into_iter().take(room).map(|(_, t)| t.title.clone()));
    names.iter().map(|name| name.trim_end_matches(['.', ' ']).to_owned()).collect()
}

fn exists(key: &str, notes: &Notes<'_>) -> bool {
    match key {
        HEADLINES | SIGNOFF => true,
        MAINLINE => !notes.mainline.is_empty(),
        RELEASES => !notes.releases.is_empty(),
        PULLS => !notes.pulls.is_empty(),
        TOPICS => !notes.topics.is_empty(),
        ONGOING => !notes.ongoing.is_empty(),
        FOLLOW_UPS => !notes.follow_ups.is_empty(),
        _ => false,
    }
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
