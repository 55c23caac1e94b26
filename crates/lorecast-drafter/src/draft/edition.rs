//! The lead sentence: what is in this edition.

use std::collections::BTreeSet;

use lorecast_model::Story;

use crate::facts::is_announcement;
use crate::head::Head;
use crate::notes::Group;
use crate::plan::{MAINLINE, PULLS, RELEASES, TOPICS};
use crate::spoken;
use crate::telling::Telling;

/// How many names the lead sentence gives.
const MOST_NAMES: usize = 6;

/// The names of the main things: mainline, the topics, then the best of the rest.
pub(super) fn edition(shown: &[(&Story, &Telling)]) -> Vec<String> {
    let mut names = Vec::new();
    let mainline = shown.iter().filter(|(story, _)| story.section == MAINLINE);
    names.extend(mainline.filter_map(|(_, t)| announced(&t.head)));
    let topics = shown.iter().filter(|(story, _)| story.section == TOPICS);
    names.extend(topics.map(|(_, t)| t.named.clone()));
    let mut rest: Vec<_> = shown
        .iter()
        .filter(|(s, t)| {
            ![MAINLINE, RELEASES, PULLS, TOPICS].contains(&s.section.as_str())
                && !is_announcement(t.head.kind)
        })
        .collect();
    rest.sort_by(|a, b| b.0.score.total_cmp(&a.0.score).then_with(|| a.0.id.cmp(&b.0.id)));
    let room = MOST_NAMES.saturating_sub(names.len());
    names.extend(rest.into_iter().take(room).map(|(_, t)| t.named.clone()));
    let mut seen = BTreeSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
    names
}

/// `Linus Torvalds announces Linux 6.3-rc7`.
fn announced(head: &Head) -> Option<String> {
    let release = head.release.as_deref()?;
    Some(format!("{} announces {release}", head.author))
}

/// How many sections the lead sentence names.
const MOST_SECTIONS: usize = 3;

/// What ongoing development is about: the sections with most stories, by their first names.
pub(super) fn developed(groups: &[Group]) -> String {
    let mut most: Vec<&Group> = groups.iter().filter(|group| !group.title.is_empty()).collect();
    most.sort_by_key(|group| std::cmp::Reverse(group.stories.len()));
    let names: Vec<String> =
        most.into_iter().take(MOST_SECTIONS).map(|group| spoken::running(&group.title)).collect();
    spoken::list(&names)
}
