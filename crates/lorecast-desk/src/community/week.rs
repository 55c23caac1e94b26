//! The episode that is being made.

use lorecast_model::{EpisodeId, Story, Window};
use lorecast_show::passage;

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
    /// Its stories by section, in their order.
    pub sections: Vec<WeekSection>,
}

/// Stories that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekSection {
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
    /// What the notes say of it.
    pub text: Option<String>,
    /// How long that takes to read aloud, in minutes.
    pub minutes: f64,
}

impl Desk<'_> {
    /// The coming episode: the latest one that is not published. `None` when there is none.
    ///
    /// # Errors
    /// When a file of the episode cannot be read.
    pub fn week(&self) -> Result<Option<Week>> {
        let Some((dir, episode)) = self.coming()? else { return Ok(None) };
        let (show, notes) = (self.dir.show()?, dir.notes()?);
        let pace = lorecast_drafter::words_a_minute(&show).max(1.0);
        let titles = crate::publish::sections(self.dir.sections()?, show.profile);
        let mut sections: Vec<(String, WeekSection)> = Vec::new();
        for story in &episode.stories {
            let text =
                passage(&notes, about(&episode, &story.id)).map(|place| notes[place].to_owned());
            let minutes = text.as_deref().map_or(0.0, |text| words(text) as f64 / pace);
            let told = WeekStory { story: story.clone(), text, minutes };
            match sections.iter_mut().find(|(key, _)| *key == story.section) {
                Some((_, section)) => section.stories.push(told),
                None => {
                    let title = titles.iter().find(|section| section.key == story.section);
                    let title = title.map_or("Other stories", |section| &section.title).to_owned();
                    let section = WeekSection { title, stories: vec![told] };
                    sections.push((story.section.clone(), section));
                }
            }
        }
        Ok(Some(Week {
            episode: dir.id(),
            title: episode.title,
            window: episode.window,
            minutes: words(&notes) as f64 / pace,
            target: episode.minutes.or(show.minutes),
            sections: sections.into_iter().map(|(_, section)| section).collect(),
        }))
    }
}

/// How many words of Markdown are read aloud: addresses of links are not.
fn words(text: &str) -> usize {
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
