//! The parts of an episode, and the chapters made of them.

use lorecast_model::{ChapterPlan, Episode, Profile, Window};

use crate::notes::is_week;
use crate::profile::{Rules, rules};
use crate::subsystems::OTHER;

/// A part of the notes: the section key that puts a story there, the chapter's title, its take.
pub(crate) struct Part {
    pub key: &'static str,
    pub title: &'static str,
}

/// What stands in no section, where there are sections.
pub(crate) const EVERYTHING_ELSE: &str = "Everything else";

/// What people write elsewhere.
pub(crate) const FROM_THE_BLOGS: &str = "From the blogs";

/// The headlines of more than a week, such as a merge window.
const LONG_EDITION: &str = "In this edition";

pub(crate) const HEADLINES: &str = "headlines";
pub(crate) const MAINLINE: &str = "mainline";
pub(crate) const RELEASES: &str = "releases";
pub(crate) const PULLS: &str = "pulls";
pub(crate) const TOPICS: &str = "topics";
pub(crate) const ONGOING: &str = "ongoing";
pub(crate) const BLOGS: &str = "blogs";
pub(crate) const FOLLOW_UPS: &str = "follow-ups";
pub(crate) const SIGNOFF: &str = "signoff";

/// The parts that hold stories of their own; all others stand in the show's sections.
pub(crate) const STORY_PARTS: [&str; 4] = [MAINLINE, RELEASES, PULLS, TOPICS];

/// Every part, in the order of the notes; its key also names its take.
pub(crate) const PARTS: [Part; 9] = [
    Part { key: HEADLINES, title: "In this week’s edition" },
    Part { key: MAINLINE, title: "Mainline" },
    Part { key: RELEASES, title: "Releases" },
    Part { key: PULLS, title: "Pull requests" },
    Part { key: TOPICS, title: "Topics" },
    Part { key: ONGOING, title: "Ongoing development" },
    Part { key: BLOGS, title: FROM_THE_BLOGS },
    Part { key: FOLLOW_UPS, title: "Follow-ups" },
    Part { key: SIGNOFF, title: "Sign-off" },
];

/// The sections beside the show's own into which a draft puts stories: their keys, and what they are
/// called.
pub fn common_sections(profile: Profile) -> Vec<(&'static str, &'static str)> {
    let parts = PARTS.iter().filter(|part| STORY_PARTS.contains(&part.key));
    let titled = |part: &Part| (part.key, rules(profile).part(part.key).unwrap_or(part.title));
    parts.map(titled).chain([(OTHER, EVERYTHING_ELSE)]).collect()
}

/// The chapters of the parts that exist. A title that the producer changed stays, and so does a
/// chapter of the producer's own, behind the one it followed.
pub(crate) fn chapters(
    exists: impl Fn(&str) -> bool,
    window: Window,
    decided: Option<&Episode>,
    rules: &dyn Rules,
) -> Vec<ChapterPlan> {
    let known = decided.map_or(&[][..], |episode| &episode.chapters);
    let titled = |part: &Part| {
        let long = part.key == HEADLINES && !is_week(window);
        let title = if long { LONG_EDITION } else { part.title };
        let ours = rules.part(part.key).unwrap_or(title);
        // The days of a draft may have changed since its title was ours.
        let own = |c: &&ChapterPlan| {
            c.take == part.key && ![part.title, LONG_EDITION].contains(&&*c.title)
        };
        known.iter().find(own).map_or(ours, |c| &c.title).to_owned()
    };
    let mut chapters: Vec<ChapterPlan> = PARTS
        .iter()
        .filter(|part| exists(part.key))
        .map(|part| {
            // Where it lies in a recording is the producer's.
            let own = known.iter().find(|chapter| chapter.take == part.key).cloned();
            let title = titled(part);
            ChapterPlan { title, take: part.key.to_owned(), ..own.unwrap_or_default() }
        })
        .collect();
    for (at, own) in
        known.iter().enumerate().filter(|(_, c)| PARTS.iter().all(|part| part.key != c.take))
    {
        let before = known[..at]
            .iter()
            .rev()
            .find_map(|c| chapters.iter().position(|made| made.take == c.take));
        chapters.insert(before.map_or(0, |place| place + 1), own.clone());
    }
    chapters
}
