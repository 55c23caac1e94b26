//! What is another in a draft than in the one before, and why.

use std::collections::BTreeMap;

use lorecast_model::{Episode, Fact, MessageId, Story, StoryState};
use serde::Serialize;

use crate::Ranked;

/// A story that is not told as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryChange {
    /// The story, by the message that it goes by now.
    pub story: MessageId,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub what: Fate,
    /// Why, in words.
    pub why: String,
}

/// What became of a story since the last draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was not told.
    New,
    /// It is told otherwise.
    Changed,
    /// It is not told any more.
    Gone,
}

/// What is another in `after` than in `before`, both as drafted; `renamed` says which stories of
/// `before` go by another message now. What the producer dropped is followed by what took its place.
pub fn differences(
    before: &Episode,
    after: &Episode,
    renamed: &BTreeMap<MessageId, MessageId>,
    ranked: &[Ranked],
) -> Vec<StoryChange> {
    let name = |story: &Story| renamed.get(&story.id).unwrap_or(&story.id).clone();
    let old: BTreeMap<MessageId, &Story> =
        before.stories.iter().map(|story| (name(story), story)).collect();
    let was_told = |story: &Story| old.get(&story.id).is_some_and(|old| is_told(old));
    let gone = before
        .stories
        .iter()
        .filter(|story| is_told(story) && !told(after).any(|now| now.id == name(story)));
    let gone: Vec<StoryChange> = gone
        .map(|story| {
            change(&name(story), &story.title, Fate::Gone, why_gone(&name(story), after, ranked))
        })
        .collect();
    let mut fresh: Vec<&Story> = told(after).filter(|story| !was_told(story)).collect();
    fresh.sort_by(|a, b| b.score.total_cmp(&a.score));
    // What the producer took out has a successor; all others gave way to many.
    let (taken_out, mut found): (Vec<StoryChange>, Vec<StoryChange>) =
        gone.into_iter().partition(|change| change.why == DROPPED);
    let mut places = taken_out.into_iter();
    for story in fresh {
        let own = match (story.state, old.get(&story.id)) {
            (StoryState::Pinned, _) => Some("you asked for it".to_owned()),
            (_, Some(_)) => Some("you gave it back to the ranking".to_owned()),
            _ => None,
        };
        let why = own.unwrap_or_else(|| match places.next() {
            Some(left) => {
                let why = format!("it takes the place of “{}”", left.title);
                found.push(left);
                why
            }
            None => why_new(&story.id, story, ranked),
        });
        found.push(change(&story.id, &story.title, Fate::New, why));
    }
    found.extend(places);
    let both = told(after).filter_map(|story| Some((*old.get(&story.id)?, story)));
    found.extend(both.filter(|(old, _)| is_told(old)).filter_map(|(old, story)| {
        Some(change(&story.id, &story.title, Fate::Changed, why_changed(old, story)?))
    }));
    found
}

fn change(story: &MessageId, title: &str, what: Fate, why: String) -> StoryChange {
    StoryChange { story: story.clone(), title: title.to_owned(), what, why }
}

fn is_told(story: &Story) -> bool {
    story.state != StoryState::Dropped
}

fn told(episode: &Episode) -> impl Iterator<Item = &Story> {
    episode.stories.iter().filter(|story| is_told(story))
}

const DROPPED: &str = "you dropped it";

fn why_gone(id: &MessageId, after: &Episode, ranked: &[Ranked]) -> String {
    if after.stories.iter().any(|story| story.id == *id) {
        return DROPPED.to_owned();
    }
    if let Some(into) = after.stories.iter().find(|story| story.with.contains(id)) {
        return format!("it is told with “{}”", into.title);
    }
    let place = ranked.iter().position(|one| one.facts.about == *id || one.facts.thread == *id);
    match place {
        Some(at) => format!("others rank higher: it has place {} by now", at + 1),
        None => "the archives hold no mail of these days about it".to_owned(),
    }
}

fn why_new(id: &MessageId, story: &Story, ranked: &[Ranked]) -> String {
    let place = ranked.iter().position(|one| one.facts.about == *id || one.facts.thread == *id);
    let place = place.map(|at| format!("it has place {}", at + 1));
    place.into_iter().chain(story.reasons.iter().cloned()).collect::<Vec<_>>().join("; ")
}

/// `None` when it is told as before.
fn why_changed(old: &Story, new: &Story) -> Option<String> {
    let mut why = Vec::new();
    if old.id != new.id {
        why.push("a newer version came".to_owned());
    }
    if old.section != new.section {
        why.push(format!("it stands in `{}` now", new.section));
    }
    if old.with != new.with {
        why.push("other threads are told with it".to_owned());
    }
    let fresh = || new.evidence.iter().filter(|evidence| !old.evidence.contains(evidence));
    let who: Vec<&str> =
        fresh().filter(|e| e.fact == Fact::Reply).map(|e| e.value.as_str()).collect();
    if !who.is_empty() {
        why.push(format!("it has words of {}", who.join(", ")));
    } else if fresh().next().is_some() {
        why.push("more of it is told".to_owned());
    } else if old.evidence != new.evidence {
        why.push("less of it is told".to_owned());
    }
    (!why.is_empty()).then(|| why.join("; "))
}
