//! What lies beside an episode's page: chapters, transcripts and the card.

use rayon::prelude::*;

use crate::PublishError;
use crate::card::{self, Card};
use crate::chapters;
use crate::delivery::Planned;
use crate::memory::{Memory, Part, Recipe, Stamp};
use crate::pages::day;
use crate::site::{Place, Prepared, Release};
use crate::transcript::{TranscriptForm, TranscriptOf};

/// The files of all episodes, on all processors; their order is that of the episodes.
pub(crate) fn files(
    place: &Place,
    episodes: &[Prepared],
    memory: &Memory,
) -> Result<Vec<Part<'static>>, PublishError> {
    let part = |episode: &Prepared| {
        memory.part(name(episode.release), recipe(episode.release, episode.recipe), || {
            of_one(place, episode)
        })
    };
    episodes.par_iter().map(part).collect()
}

/// What is known of a transcript that was not read, because what is made of it stands: whether it says anything.
pub(crate) fn has_transcript(release: &Release, own: Recipe, memory: &Memory) -> Option<bool> {
    let files = memory.kept(&name(release), recipe(release, own))?;
    let name = TranscriptForm::Vtt.file_name();
    Some(files.iter().any(|file| file.path.file_name() == Some(name)))
}

fn name(release: &Release) -> String {
    format!("beside {}", release.id)
}

/// The wave on the card comes from a file of its own.
fn recipe(release: &Release, own: Recipe) -> Recipe {
    own.and(&[&Stamp::of(&release.peaks)])
}

fn of_one(place: &Place, episode: &Prepared) -> Result<Vec<Planned<'static>>, PublishError> {
    let (about, sound) = (&episode.release.episode, &episode.release.sound);
    let title = place.title(&about.title);
    let mut files = Vec::new();
    if !sound.chapters.is_empty() {
        let json = chapters::json(&about.title, &sound.chapters, place);
        files.push(Planned::new(episode.chapters_path(), json));
    }
    if let Some(transcript) = episode.transcript()? {
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
    Ok(files)
}
