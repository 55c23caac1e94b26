//! The stories laid out as notes: headings, paragraphs, groups.

use std::collections::BTreeSet;

use lorecast_model::{Episode, Kind, Story, StoryState};

use super::Request;
use super::edition::{developed, edition};
use super::stories::Told;
use crate::DraftError;
use crate::erratum::Erratum;
use crate::notes::{Block, Group, Notes, Writer};
use crate::plan::{
    BLOGS, EVERYTHING_ELSE, FOLLOW_UPS, HEADLINES, MAINLINE, ONGOING, PULLS, RELEASES, SIGNOFF,
    TOPICS,
};
use crate::profile::rules;
use crate::spoken;
use crate::subsystems::OTHER;
use crate::telling::Telling;

pub(super) fn notes<'a>(
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
    let errata = request.corrections.iter().map(|(id, c)| Erratum::new(*id, c, request.id));
    notes.corrections = errata.map(|e| writer.correction(&e)).collect::<Result<_, _>>()?;
    notes.empty = shown.is_empty();
    notes.edition = edition(&shown);
    if notes.edition.iter().any(|name| name.contains(',')) {
        notes.between = ";";
    }
    for telling in within(MAINLINE) {
        let text = writer.story(telling, false)?;
        match notes.mainline.last_mut() {
            // What was found in a release stands below its announcement.
            Some(block) if telling.head.kind != Kind::Mainline => {
                block.text.push_str("\n\n");
                block.text.push_str(&text);
            }
            _ if telling.head.kind == Kind::Build => {
                notes.mainline.push(Block { title: BUILDS.to_owned(), text });
            }
            _ => {
                let head = &telling.head;
                let title = head.release.clone().unwrap_or_else(|| telling.heading.clone());
                notes.mainline.push(Block { title, text });
            }
        }
    }
    let calls = within(RELEASES).iter().any(|telling| telling.head.kind == Kind::Call);
    notes.releases_title = match rules(request.show.profile).part(RELEASES) {
        _ if calls => "Releases and Announcements".to_owned(),
        Some(part) => spoken::heading(part),
        None => "Releases".to_owned(),
    };
    notes.releases = releases(writer, &within(RELEASES))?;
    notes.pulls =
        within(PULLS).into_iter().map(|t| writer.story(t, false)).collect::<Result<_, _>>()?;
    for telling in within(TOPICS) {
        notes
            .topics
            .push(Block { title: telling.heading.clone(), text: writer.story(telling, true)? });
    }
    let sections = request.subsystems.sections().iter().map(|s| (s.key.as_str(), s.title.as_str()));
    // Without sections there is nothing else than everything.
    let none = request.subsystems.sections().is_empty();
    let other = std::iter::once((OTHER, if none { "" } else { EVERYTHING_ELSE }));
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
    notes.developed = developed(&notes.ongoing);
    Ok(notes)
}

/// The heading of build reports when no release is announced.
const BUILDS: &str = "Build Reports";

/// Stable kernels merged by announcer, then other projects one by one; a paragraph each.
fn releases(writer: &Writer, tellings: &[&Telling]) -> Result<Vec<String>, DraftError> {
    let mut announcers: Vec<&str> = Vec::new();
    for telling in tellings.iter().filter(|t| t.head.kind == Kind::Stable) {
        if !announcers.contains(&telling.head.author.as_str()) {
            announcers.push(&telling.head.author);
        }
    }
    // The plain kernels come before the patched ones.
    let patched = |announcer: &&str| {
        let own = tellings.iter().filter(|t| t.head.author == **announcer);
        own.filter_map(|t| t.head.release.as_deref()).all(|release| release.contains('-'))
    };
    announcers.sort_by_key(patched);
    let mut paragraphs = Vec::new();
    for announcer in announcers {
        let own: Vec<&Telling> = tellings
            .iter()
            .copied()
            .filter(|t| t.head.kind == Kind::Stable && t.head.author == announcer)
            .collect();
        let mut own = own;
        own.sort_by_key(|t| numbers(t.head.release.as_deref().unwrap_or_default()));
        let mut paragraph = writer.announcements(Kind::Stable, &own)?;
        for telling in own {
            paragraph.push_str(&writer.joined(telling)?);
        }
        paragraphs.push(paragraph);
    }
    for telling in tellings.iter().filter(|t| t.head.kind != Kind::Stable) {
        paragraphs.push(writer.story(telling, false)?);
    }
    Ok(paragraphs)
}

/// The numbers of a release, to order kernels by.
fn numbers(release: &str) -> Vec<u64> {
    release.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

pub(super) fn exists(key: &str, notes: &Notes<'_>) -> bool {
    match key {
        HEADLINES | SIGNOFF => true,
        MAINLINE => !notes.mainline.is_empty(),
        RELEASES => !notes.releases.is_empty(),
        PULLS => !notes.pulls.is_empty(),
        TOPICS => !notes.topics.is_empty(),
        ONGOING => !notes.ongoing.is_empty(),
        BLOGS => !notes.posts.is_empty(),
        FOLLOW_UPS => !notes.follow_ups.is_empty(),
        _ => false,
    }
}
