//! Which stories are told, and in which order.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Redirect;
use lorecast_community::{Arrangement, Commons, Role};
use lorecast_desk::{Week, WeekSection, WeekStory};
use lorecast_model::{EpisodeId, MessageId, Sheet, StoryState};
use serde::{Deserialize, Serialize};

use super::OfEpisode;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::shown::{one_line, subject};
use crate::taking_part::{message, to};
use crate::who::{Posted, You};

#[derive(Serialize)]
struct RundownPage {
    title: String,
    date: EpisodeId,
    days: String,
    minutes: String,
    target: Option<String>,
    /// Where the notes hold both sides of a conflict, by its line.
    conflict: Option<usize>,
    sections: Vec<SectionView>,
    /// Told stories, to merge one into another or to move it elsewhere.
    stories: Vec<Choice>,
    /// The keys of all sections that have stories.
    places: Vec<Choice>,
    missed: Vec<MissedView>,
    q: String,
}

#[derive(Serialize)]
struct SectionView {
    key: String,
    title: String,
    stories: Vec<StoryView>,
}

#[derive(Serialize)]
struct StoryView {
    id: String,
    /// The story as a part of the page's address.
    anchor: String,
    title: String,
    link: String,
    edit: String,
    more: String,
    told: bool,
    pinned: bool,
    dropped: bool,
    together: bool,
    merged: usize,
    score: String,
    minutes: Option<String>,
    up_votes: usize,
    down_votes: usize,
    proposals: usize,
    /// What the buttons send, when there is anything before or behind.
    up: Option<String>,
    down: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    text: String,
    here: bool,
}

#[derive(Serialize)]
struct MissedView {
    id: String,
    link: String,
    why: String,
    up_votes: usize,
    down_votes: usize,
}

/// The story to move or merge.
#[derive(Deserialize)]
pub(crate) struct Asked {
    story: Option<String>,
}

/// `/produce/`: to the coming episode.
pub(crate) async fn coming(State(app): State<Arc<App>>, you: You) -> Result<Redirect, Fault> {
    you.needs(Role::Editor)?;
    let week = app.desk(|desk| Ok(desk.week()?)).await?;
    let none =
        || Fault::Nothing("No episode is being made: `lorecast draft` begins one.".to_owned());
    Ok(Redirect::to(&address::of_episode(week.ok_or_else(none)?.episode)))
}

/// `/produce/<date>`
pub(crate) async fn to_rundown(OfEpisode(id): OfEpisode) -> Redirect {
    Redirect::permanent(&address::of_episode(id))
}

/// `/produce/<date>/`
pub(crate) async fn rundown(
    State(app): State<Arc<App>>,
    you: You,
    OfEpisode(id): OfEpisode,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    you.needs(Role::Editor)?;
    let chosen = asked.map_err(Fault::query)?.0.story;
    let week = app.desk(move |desk| Ok(desk.week_of(id)?)).await?;
    let page = app.community.look(|commons| page(commons, &week, chosen.as_deref()));
    app.pages.page("rundown", &page, &you)
}

fn page(commons: &Commons, week: &Week, chosen: Option<&str>) -> RundownPage {
    let told = week.sections.iter().flat_map(|section| &section.stories);
    let told = told.filter(|told| told.story.is_told());
    let choice = |told: &WeekStory| Choice {
        value: told.story.id.to_string(),
        text: subject(&told.story.title),
        here: chosen == Some(told.story.id.as_str()),
    };
    let place = |section: &WeekSection| Choice {
        value: format!("section:{}", section.key),
        text: one_line(&section.title),
        here: false,
    };
    RundownPage {
        title: one_line(&week.title),
        date: week.episode,
        days: format!("{} to {}", week.window.from, week.window.to),
        minutes: format!("{:.0}", week.minutes),
        target: week.target.map(|minutes| format!("{minutes:.0}")),
        conflict: week.markers.first().copied(),
        sections: week.sections.iter().map(|section| view(commons, week, section)).collect(),
        stories: told.map(choice).collect(),
        places: week.sections.iter().filter(|section| !section.key.is_empty()).map(place).collect(),
        missed: missed(commons, week),
        q: String::new(),
    }
}

fn view(commons: &Commons, week: &Week, section: &WeekSection) -> SectionView {
    let steps = steps(&section.stories);
    let stories = section.stories.iter().map(|one| {
        let (up, down) = steps.get(&one.story.id).cloned().unwrap_or_default();
        StoryView { up, down, ..line(commons, week.episode, one) }
    });
    let stories = stories.collect();
    SectionView { key: section.key.clone(), title: one_line(&section.title), stories }
}

/// What moves each told story up and down, when anything stands there. Those that one paragraph tells of move together.
fn steps(stories: &[WeekStory]) -> HashMap<&MessageId, (Option<String>, Option<String>)> {
    let mut units: Vec<Vec<&MessageId>> = Vec::new();
    for told in stories.iter().filter(|told| told.story.is_told()) {
        match units.last_mut().filter(|_| told.together) {
            Some(unit) => unit.push(&told.story.id),
            None => units.push(vec![&told.story.id]),
        }
    }
    let before = |at: usize| Some(format!("before:{}", units.get(at)?.first()?));
    let mut steps = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        let up = at.checked_sub(1).and_then(before);
        let down = (at + 1 < units.len()).then(|| before(at + 2).unwrap_or("last".to_owned()));
        steps.extend(unit.iter().map(|id| (*id, (up.clone(), down.clone()))));
    }
    steps
}

fn line(commons: &Commons, episode: EpisodeId, told: &WeekStory) -> StoryView {
    let story = &told.story;
    let talk = commons.talk(&story.id);
    let open = |id: &&lorecast_community::EntryId| {
        !commons.is_hidden(**id)
            && commons.proposal(**id).is_some_and(|proposal| proposal.is_open())
    };
    let (up_votes, down_votes) = talk.map_or((0, 0), |talk| talk.votes());
    StoryView {
        id: story.id.to_string(),
        anchor: anchor(&story.id),
        title: subject(&story.title),
        link: address::of_story(&story.id),
        edit: address::of_words(episode, Sheet::Notes, Some(&story.id)),
        more: address::to_move(episode, &story.id),
        told: told.text.is_some(),
        pinned: story.state == StoryState::Pinned,
        dropped: story.state == StoryState::Dropped,
        together: told.together && story.is_told(),
        merged: story.with.len(),
        score: format!("{:.0}", story.score),
        minutes: told.text.as_ref().map(|_| format!("{:.1}", told.minutes)),
        up_votes,
        down_votes,
        proposals: talk.into_iter().flat_map(|talk| &talk.proposals).filter(open).count(),
        up: None,
        down: None,
    }
}

/// A story as a part of the page's address.
fn anchor(story: &MessageId) -> String {
    format!("s{}", story.in_path())
}

/// So many stories that were missed are listed.
const MOST_MISSED: usize = 20;

/// What people found missing and the episode does not have, the most wanted first.
fn missed(commons: &Commons, week: &Week) -> Vec<MissedView> {
    let stories: Vec<&MessageId> = week
        .sections
        .iter()
        .flat_map(|section| &section.stories)
        .map(|told| &told.story.id)
        .collect();
    let mut missed: Vec<(i64, &MessageId, MissedView)> = Vec::new();
    for (id, talk) in commons.talks().filter(|(id, _)| !stories.contains(id)) {
        let Some(why) = talk.suggestions.iter().find(|one| !commons.is_hidden(one.id)) else {
            continue;
        };
        let (up_votes, down_votes) = talk.votes();
        let (link, why) = (address::of_story(id), one_line(&why.why));
        let view = MissedView { id: id.to_string(), link, why, up_votes, down_votes };
        missed.push((down_votes as i64 - up_votes as i64, id, view));
    }
    missed.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    missed.into_iter().take(MOST_MISSED).map(|(_, _, view)| view).collect()
}

/// A decision about a story.
#[derive(Deserialize)]
pub(crate) struct ArrangeForm {
    story: String,
    to: String,
}

/// `POST /produce/<date>/arrange`
pub(crate) async fn arrange(
    State(app): State<Arc<App>>,
    OfEpisode(episode): OfEpisode,
    Posted(you, form): Posted<ArrangeForm>,
) -> Result<Redirect, Fault> {
    let story = message(form.story.trim()).ok_or_else(|| {
        Fault::Wrong("Write a Message-ID, or the address of a mail at an archive.".to_owned())
    })?;
    let page = format!("{}#{}", address::of_episode(episode), anchor(&story));
    app.counts(you.acting)?;
    app.arranges(you.acting, episode, story, arrangement(&form.to)?).await?;
    Ok(to(&page))
}

/// What a form asks for: `pin`, `before:<message-id>` and so on.
fn arrangement(text: &str) -> Result<Arrangement, Fault> {
    let wrong = || {
        let all = "pin, drop, release, last, before:ID, into:ID, section:KEY";
        Fault::Wrong(format!("What becomes of a story is one of {all}."))
    };
    let id = |text: &str| MessageId::new(text).map_err(|_| wrong());
    Ok(match text.split_once(':') {
        None => match text {
            "pin" => Arrangement::Pin,
            "drop" => Arrangement::Drop,
            "release" => Arrangement::Release,
            "last" => Arrangement::Last,
            _ => return Err(wrong()),
        },
        Some(("before", other)) => Arrangement::Before(id(other)?),
        Some(("into", other)) => Arrangement::Into(id(other)?),
        Some(("section", key)) => Arrangement::Section(key.to_owned()),
        Some(_) => return Err(wrong()),
    })
}
