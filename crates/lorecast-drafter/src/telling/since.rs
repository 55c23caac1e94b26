//! What an earlier episode told of it.

use lorecast_model::{Fact, Revision};

use super::Earlier;
use super::teller::Teller;
use crate::kind::{spoken_title, tags};
use crate::spoken;

impl Teller<'_> {
    /// That an earlier episode told of this work, and what was posted between.
    pub(super) fn covered(&mut self, revision: &Revision) -> Option<Earlier> {
        let told = self.known.covered.iter().find(|told| told.series == revision.series)?.clone();
        self.proves(Fact::Covered, &told.episode.to_string(), &told.told);
        let first = told.version.major <= 1 && told.version.minor == 0;
        let same = told.told == revision.root;
        // A version that was posted only now goes on from what was told, whatever its number.
        let before = self.about.header.date < self.known.window.bounds().0;
        let is_later = told.version > revision.version && before;
        let version = (!first && !same).then(|| told.version.to_string());
        if let Some(version) = &version {
            self.proves(Fact::Version, version, &told.told);
        }
        let news = self.known.follow_ups.iter().find(|news| news.series == revision.series);
        let later = news.map_or(&[][..], |news| &news.later);
        let mut between = Vec::new();
        for one in later.iter().filter(|l| l.version > told.version && l.version < revision.version)
        {
            self.proves(Fact::Later, &one.version.to_string(), &one.root);
            between.push(one.version.to_string());
        }
        between.dedup();
        let between = match between.len() {
            0 => None,
            1 => Some(format!("version {}", between[0])),
            _ => Some(format!("versions {}", spoken::list(&between))),
        };
        let day = spoken::day(told.episode.0, self.known.window.to);
        let title = self.title_then(&told.told).filter(|_| !same);
        Some(Earlier { day, same, later: is_later, version, title, between })
    }

    /// The title of what was told, when that is another than this one's and its mail is held.
    fn title_then(&mut self, told: &lorecast_model::MessageId) -> Option<String> {
        let message = self.pick.messages.iter().find(|m| m.header.id == *told)?;
        let title = spoken_title(&tags(message)).to_owned();
        let own = spoken_title(&self.nature.tags);
        let other = !title.is_empty() && !title.eq_ignore_ascii_case(own);
        other.then(|| self.proves(Fact::Title, &title, told));
        Some(title).filter(|_| other)
    }
}
