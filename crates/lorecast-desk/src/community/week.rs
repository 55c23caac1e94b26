//! The episode that is being made.

use std::collections::HashMap;

use lorecast_model::{Episode, EpisodeId, Sheet, Story, Window};
use lorecast_show::{EpisodeDir, Standing, is_marker, passage};

use super::weave::about;
use crate::{Desk, Result};

/// The rundown of the coming episode.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    /// The episode.
    pub episode: EpisodeId,
    /// Its title.
    pub title: String,
    /// The days that it covers.
    pub window: Window,
    /// How long its notes take to read aloud, in minutes.
    pub minutes: f64,
    /// How long it is to be, in minutes, when the show wants a certain length.
    pub target: Option<f64>,
    /// Its stories by section, in the order in which the notes tell them.
    pub sections: Vec<WeekSection>,
    /// Where the notes hold both sides of a conflict with a draft: the lines of the markers, from 1.
    pub markers: Vec<usize>,
}

/// Stories that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekSection {
    /// The key by which `episode.yaml` names it.
    pub key: String,
    /// The heading.
    pub title: String,
    /// The stories.
    pub stories: Vec<WeekStory>,
}

/// A story of the coming episode.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekStory {
    /// The story, with score and reasons.
    pub story: Story,
    /// What the notes say of it, unless that is both sides of a conflict.
    pub text: Option<String>,
    /// How long that takes to read aloud, in minutes.
    pub minutes: f64,
    /// The same paragraph tells of the story before it in its section: the two move together.
    pub together: bool,
}

impl Desk<'_> {
    /// The coming episode: the latest one that is not published. `None` when there is none.
    ///
    /// # Errors
    /// When a file of the episode cannot be read.
    pub fn week(&self) -> Result<Option<Week>> {
        self.coming()?.map(|(dir, episode)| self.week_in(&dir, episode)).transpose()
    }

    /// Any episode in the same way.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be read.
    pub fn week_of(&self, id: EpisodeId) -> Result<Week> {
        let dir = self.dir.episode(id)?;
        self.week_in(&dir, dir.episode()?)
    }

    fn week_in(&self, dir: &EpisodeDir, episode: Episode) -> Result<Week> {
        let (show, standing) = (self.dir.show()?, dir.standing(Sheet::Notes)?);
        let Standing { text: notes, markers } = standing.unwrap_or_default();
        let pace = lorecast_drafter::words_a_minute(&show).max(1.0);
        let titles = crate::publish::sections(self.dir.sections()?, show.profile);
        let place = |story: &Story| passage(&notes, about(&episode, &story.id));
        let mut stories: Vec<_> =
            episode.stories.iter().map(|story| (place(story), story)).collect();
        // What the notes do not tell comes last.
        stories.sort_by_key(|(place, _)| place.as_ref().map_or(usize::MAX, |place| place.start));
        let mut sections: Vec<WeekSection> = Vec::new();
        let mut ends: HashMap<&str, usize> = HashMap::new();
        for (place, story) in stories {
            let whole = |text: &&str| !text.lines().any(is_marker);
            let text = place.clone().map(|place| &notes[place]).filter(whole).map(str::to_owned);
            let (start, end) =
                place.as_ref().map_or((usize::MAX, 0), |place| (place.start, place.end));
            let known = ends.entry(story.section.as_str()).or_insert(0);
            let together = start < *known;
            *known = end.max(*known);
            let minutes = text.as_deref().map_or(0.0, |text| words(text) as f64 / pace);
            let told = WeekStory { story: story.clone(), text, minutes, together };
            match sections.iter_mut().find(|section| section.key == story.section) {
                Some(section) => section.stories.push(told),
                None => {
                    let title = titles.iter().find(|section| section.key == story.section);
                    let title = title.map_or("Other stories", |section| &section.title).to_owned();
                    sections.push(WeekSection {
                        key: story.section.clone(),
                        title,
                        stories: vec![told],
                    });
                }
            }
        }
        Ok(Week {
            episode: dir.id(),
            title: episode.title,
            window: episode.window,
            minutes: words(&notes) as f64 / pace,
            target: episode.minutes.or(show.minutes),
            sections,
            markers,
        })
    }
}

/// How many words of Markdown are read aloud: addresses of links are not.
pub(crate) fn words(text: &str) -> usize {
    let mut rest = text;
    let mut count = 0;
    while let Some(at) = rest.find("](") {
        count += rest[..at].split_whitespace().count();
        let behind = &rest[at + 2..];
        rest = behind.find(')').map_or("", |end| &behind[end + 1..]);
        // What stands at once behind a link belongs to its last word.
        let joined = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = &rest[joined..];
    }
    count + rest.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_not_read_aloud() {
        assert_eq!(words("Ann posted [a patch](https://x/ y), twice."), 5);
        assert_eq!(words(""), 0);
        assert_eq!(words("[a](b"), 1);
    }
}
