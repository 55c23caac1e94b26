//! What stories lead to on the site itself: pages of sections and of series.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use lorecast_model::{MessageId, Section, Story};

use crate::address::is_plain_name;
use crate::series::SeriesStory;
use crate::site::{Prepared, Release};
use crate::text::one_line;

/// The sections that episodes have, and the series that are told.
pub(super) struct Known<'a> {
    titles: BTreeMap<&'a str, String>,
    told: BTreeSet<&'a str>,
    series: BTreeMap<&'a MessageId, String>,
}

impl<'a> Known<'a> {
    /// The sections of `subsystems.yaml` and those that only episodes name.
    pub(super) fn new(
        sections: &'a [Section],
        series: &'a [SeriesStory],
        episodes: &[Prepared<'a>],
    ) -> Self {
        let titles = sections.iter().map(|s| (s.key.as_str(), one_line(&s.title)));
        let stories = episodes.iter().flat_map(|episode| told(episode));
        Self {
            titles: titles.collect(),
            told: stories.map(|story| story.section.as_str()).collect(),
            series: series
                .iter()
                .flat_map(|one| one.messages.iter().map(|id| (id, one.folder())))
                .collect(),
        }
    }

    /// The keys of the sections that have a page: those with a story and with a name that a folder
    /// can have.
    pub(super) fn sections(&self) -> impl Iterator<Item = &'a str> {
        self.told.iter().copied().filter(|key| is_folder(key))
    }

    /// What a section is called.
    pub(super) fn section_title(&self, key: &str) -> String {
        self.titles.get(key).cloned().unwrap_or_else(|| one_line(key))
    }

    /// The folder of a section's page below the site's root, when it has one.
    pub(super) fn section_path(&self, key: &str) -> Option<String> {
        let told = self.told.contains(key) && is_folder(key);
        told.then(|| format!("sections/{key}/"))
    }

    /// The folder of the page of the series to which a mail belongs, when it has one.
    pub(super) fn series_path(&self, message: &MessageId) -> Option<String> {
        self.series.get(message).cloned()
    }

    /// All that it knows of the stories of an episode, in their order.
    pub(super) fn links(&self, release: &Release) -> impl Debug + use<> {
        let link = |story: &Story| {
            let section = (self.section_title(&story.section), self.section_path(&story.section));
            (section, self.series_path(&story.id))
        };
        release.episode.stories.iter().map(link).collect::<Vec<_>>()
    }
}

/// The stories of an episode that were told.
pub(super) fn told<'a>(episode: &Prepared<'a>) -> impl Iterator<Item = &'a Story> + use<'a> {
    episode.release.episode.stories.iter().filter(|story| story.is_told())
}

/// Whether a section can have a folder of its name.
fn is_folder(key: &str) -> bool {
    is_plain_name(key) && key.len() <= 64
}
