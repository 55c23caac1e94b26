//! Where a story stands: what the producer decided, else a topic or the section of its subsystem.

use std::collections::BTreeSet;

use lorecast_model::{Kind, Story};

use super::{Pick, Request};
use crate::facts::is_announcement;
use crate::plan::{MAINLINE, PULLS, RELEASES, TOPICS};

/// What `episode.yaml` says of a pick.
pub(super) fn decision<'a>(request: &Request<'a>, pick: &Pick) -> Option<&'a Story> {
    let facts = &pick.ranked.facts;
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    stories.iter().find(|story| story.id == facts.about || story.id == facts.thread)
}

/// How many conversations get a heading of their own.
const MOST_TOPICS: usize = 4;

/// From how many people and replies on a conversation can be a topic.
const TOPIC_PEOPLE: u32 = 4;

const TOPIC_REPLIES: u32 = 8;

/// The picks with the biggest conversations, and those that the producer moved there.
pub(super) fn topics(request: &Request<'_>) -> BTreeSet<usize> {
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

pub(super) fn section(request: &Request<'_>, pick: &Pick, story: &Story, topic: bool) -> String {
    if let Some(known) = decision(request, pick).filter(|known| !known.section.is_empty()) {
        return known.section.clone();
    }
    match story.kind {
        Kind::Mainline | Kind::Build => MAINLINE.to_owned(),
        Kind::Stable | Kind::Release | Kind::Call => RELEASES.to_owned(),
        Kind::Pull => PULLS.to_owned(),
        _ if topic => TOPICS.to_owned(),
        _ => {
            let facts = &pick.ranked.facts;
            request.subsystems.of(&facts.paths, &facts.title, &facts.lists).section
        }
    }
}
