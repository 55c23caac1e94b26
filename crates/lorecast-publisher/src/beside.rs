//! What lies beside an episode's page: chapters, transcripts and the card.

use rayon::prelude::*;

use crate::card::{self, Card};
use crate::chapters;
use crate::delivery::Planned;
use crate::pages::day;
use crate::site::{Place, Prepared};
use crate::transcript::{TranscriptForm, TranscriptOf};

/// The files of all episodes, on all processors; their order is that of the episodes.
pub(crate) fn files(place: &Place, episodes: &[Prepared]) -> Vec<Planned<'static>> {
    episodes.par_iter().flat_map_iter(|episode| of_one(place, episode)).collect()
}

fn of_one(place: &Place, episode: &Prepared) -> Vec<Planned<'static>> {
    let (about, sound) = (&episode.release.episode, &episode.release.sound);
    let title = place.title(&about.title);
    let mut files = Vec::new();
    if !sound.chapters.is_empty() {
        let json = chapters::json(&about.title, &sound.chapters, place);
        files.push(Planned::new(episode.chapters_path(), json));
    }
    if let Some(transcript) = &episode.transcript {
        let feed = place.address.at("feed.xml");
        let about =
            TranscriptOf { title: &title, language: &place.show.language, feed: Some(&feed) };
        for (form, text) in TranscriptForm::all(transcript, &about) {
            files.push(Planned::new(episode.transcript_path(form), text));
        }
    }
    let card = Card {
        show: &place.show.title,
        title: &title,
        line: &format!("{} · {}", day(episode.release.publication.date), sound.length),
        wave: &card::wave(&episode.release.peaks),
    };
    files.push(Planned::new(episode.card_path(), card::png(&card)));
    files
}
