//! All episodes by year, and all stories of a section.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::episode::{StoryView, story_view};
use super::known::{Known, told};
use crate::feed::follow::{Followed, News};
use crate::site::{Place, Prepared};

/// An episode as a line of a list.
#[derive(Clone, Serialize)]
pub(super) struct EpisodeLine {
    title: String,
    /// The folder of its page below the site's root.
    path: String,
    number: Option<u32>,
    /// For people: `17 April 2023`.
    date: String,
    /// For machines: `2023-04-17T18:00:00Z`.
    datetime: String,
    /// For people: `31:12`.
    length: String,
}

impl EpisodeLine {
    fn of(episode: &Prepared, place: &Place) -> Self {
        let date = episode.release.publication.date;
        Self {
            title: place.title(&episode.release.episode.title),
            path: episode.folder(),
            number: episode.release.episode.number,
            date: super::day(date),
            datetime: date.to_string(),
            length: episode.release.sound.length.to_string(),
        }
    }
}

/// The episodes that were published in one year, the latest first.
#[derive(Serialize)]
pub(super) struct YearView {
    year: i16,
    episodes: Vec<EpisodeLine>,
}

/// The years, the latest first.
pub(super) fn years(place: &Place, episodes: &[Prepared]) -> Vec<YearView> {
    let year = |episode: &Prepared| {
        episode.release.publication.date.to_zoned_datetime(TimeZone::UTC).year()
    };
    episodes
        .chunk_by(|a, b| year(a) == year(b))
        .map(|group| YearView {
            year: year(&group[0]),
            episodes: group.iter().map(|episode| EpisodeLine::of(episode, place)).collect(),
        })
        .collect()
}

/// A section on a page of its own, or as a link to it.
#[derive(Serialize)]
pub(super) struct SectionPage {
    title: String,
    /// The folder of its page below the site's root.
    pub(super) path: String,
    /// How many stories it has.
    count: usize,
    /// The episodes that told of it, the latest first; empty where the section is only a link.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    episodes: Vec<SectionEpisode>,
}

/// What an episode told of a section.
#[derive(Serialize)]
struct SectionEpisode {
    #[serde(flatten)]
    episode: EpisodeLine,
    stories: Vec<StoryView>,
}

impl SectionPage {
    /// What its feed tells: the stories of each episode.
    pub(super) fn followed(&self, place: &Place) -> Followed<'_> {
        let news = self.episodes.iter().map(|told| {
            let EpisodeLine { title, path, datetime, .. } = &told.episode;
            News::of_episode(
                place,
                (title, path, datetime),
                told.stories.iter().map(StoryView::link),
            )
        });
        Followed { folder: &self.path, title: &self.title, news: news.collect() }
    }

    /// The same as a link, without its stories.
    pub(super) fn link(&self) -> Self {
        Self {
            title: self.title.clone(),
            path: self.path.clone(),
            count: self.count,
            episodes: Vec::new(),
        }
    }
}

/// The sections with a story, in the order of their titles.
pub(super) fn sections(place: &Place, episodes: &[Prepared], known: &Known) -> Vec<SectionPage> {
    let page = |key: &str| {
        let of = |episode: &Prepared| {
            let stories: Vec<StoryView> = told(episode)
                .filter(|story| story.section == key)
                .map(|story| story_view(story, place, known))
                .collect();
            (!stories.is_empty())
                .then(|| SectionEpisode { episode: EpisodeLine::of(episode, place), stories })
        };
        let episodes: Vec<SectionEpisode> = episodes.iter().filter_map(of).collect();
        Some(SectionPage {
            title: known.section_title(key),
            path: known.section_path(key)?,
            count: episodes.iter().map(|episode| episode.stories.len()).sum(),
            episodes,
        })
    };
    let mut pages: Vec<SectionPage> = known.sections().filter_map(page).collect();
    pages.sort_by_cached_key(|page| (page.title.to_lowercase(), page.path.clone()));
    pages
}
