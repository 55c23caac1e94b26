//! An episode as templates see it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_model::{Seconds, Story, StoryState};
use serde::Serialize;

use super::known::Known;
use crate::PublishError;
use crate::chapters::{milliseconds, whole_seconds};
use crate::feed::kind_of_sound;
use crate::site::{Place, Prepared};
use crate::text::one_line;
use crate::transcript::{self, TranscriptForm};

/// An episode with everything that its page shows.
#[derive(Serialize)]
pub(super) struct EpisodeView {
    id: String,
    pub(super) title: String,
    number: Option<u32>,
    /// The folder of its page below the site's root.
    pub(super) path: String,
    /// For people: `17 April 2023`.
    date: String,
    /// For machines: `2023-04-17T18:00:00Z`.
    datetime: String,
    /// Whether it tells mails of some days: not, when it came with a show that moved here.
    drafted: bool,
    /// The days that it covers, for machines and for people.
    from: String,
    to: String,
    from_day: String,
    to_day: String,
    /// For people: `31:12`.
    length: String,
    /// For machines: ISO 8601, `PT1872S`.
    duration: String,
    summary: String,
    /// HTML, already harmless.
    notes: String,
    audio: AudioView,
    /// For search engines: a PodcastEpisode of schema.org as JSON-LD, ready to stand in a script.
    data: String,
    /// The picture for social networks, below the site's root.
    card: String,
    chapters: Vec<ChapterView>,
    /// The page that shows what is said, below the site's root.
    transcript: Option<String>,
    /// On the episode's own page what is said, as HTML, already harmless; a link behind each time moves the
    /// player.
    spoken: Option<String>,
    sections: Vec<SectionView>,
    credits: Vec<String>,
}

#[derive(Serialize)]
struct AudioView {
    /// Below the site's root; nothing when it stays elsewhere.
    path: Option<String>,
    /// As the episode's page links to it.
    href: String,
    /// What a page with sound from elsewhere may load it with, whoever the address leads to: `https:`.
    scheme: Option<&'static str>,
    url: String,
    /// What listeners call it: `MP3`.
    kind: &'static str,
    media_type: String,
    bytes: u64,
    /// For people: `28.4 MB`.
    size: String,
}

#[derive(Serialize)]
struct ChapterView {
    title: String,
    /// In seconds.
    start: serde_json::Number,
    /// For people: `12:34`.
    clock: String,
}

/// Stories that follow each other in one section.
#[derive(Serialize)]
struct SectionView {
    key: String,
    title: String,
    /// The folder of its page below the site's root, when it has one.
    path: Option<String>,
    stories: Vec<StoryView>,
}

/// A story as a link.
#[derive(Serialize)]
pub(super) struct StoryView {
    title: String,
    /// Where its first mail is; nothing when that would tell who asked to be forgotten.
    url: Option<String>,
    /// The folder of its series' page below the site's root, when it has one.
    series: Option<String>,
}

impl StoryView {
    /// Its title, and where its first mail is.
    pub(super) fn link(&self) -> (&str, Option<&str>) {
        (&self.title, self.url.as_deref())
    }
}

/// The view of an episode for its own page.
pub(super) fn page(
    place: &Place,
    prepared: &Prepared,
    known: &Known,
) -> Result<EpisodeView, PublishError> {
    let spoken = prepared.transcript()?;
    let spoken = spoken.map(|spoken| transcript::page(spoken, &prepared.audio_from("../../")));
    Ok(EpisodeView { spoken, ..view(place, prepared, known)? })
}

/// The view of an episode.
pub(super) fn view(
    place: &Place,
    prepared: &Prepared,
    known: &Known,
) -> Result<EpisodeView, PublishError> {
    let (release, notes) = (prepared.release, prepared.notes()?);
    let (about, sound) = (&release.episode, &release.sound);
    let date = release.publication.date;
    Ok(EpisodeView {
        id: release.id.to_string(),
        title: place.title(&about.title),
        number: about.number,
        path: prepared.folder(),
        date: day(date),
        datetime: date.to_string(),
        drafted: release.publication.sound.is_none(),
        from: about.window.from.to_string(),
        to: about.window.to.to_string(),
        from_day: about.window.from.strftime("%-d %B").to_string(),
        to_day: about.window.to.strftime("%-d %B %Y").to_string(),
        length: length(sound.length),
        duration: duration(sound.length),
        summary: notes.summary.clone(),
        notes: notes.html.clone(),
        audio: AudioView {
            path: prepared.audio.as_ref().map(ToString::to_string),
            href: prepared.audio_from("../../"),
            url: match &prepared.audio {
                Some(path) => place.address.at(path.as_str()),
                None => release.publication.enclosure_url.clone(),
            },
            scheme: scheme(prepared),
            kind: kind_of_sound(&sound.enclosure.media_type),
            media_type: sound.enclosure.media_type.clone(),
            bytes: sound.enclosure.bytes,
            size: size(sound.enclosure.bytes),
        },
        data: data(place, prepared, &notes.summary),
        card: prepared.card_path(),
        chapters: sound.chapters.iter().map(|chapter| chapter_view(chapter, place)).collect(),
        transcript: prepared.has_transcript.then(|| prepared.transcript_path(TranscriptForm::Html)),
        spoken: None,
        sections: sections(&about.stories, place, known),
        credits: about.credits.iter().map(|c| place.title(c)).collect(),
    })
}

/// What <https://schema.org/PodcastEpisode> has a name for.
fn data(place: &Place, prepared: &Prepared, summary: &str) -> String {
    let release = prepared.release;
    let (sound, at) = (&release.sound, |path: &str| place.address.at(path));
    let length = duration(sound.length);
    let data = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": place.title(&release.episode.title),
        "description": summary,
        "url": at(&prepared.folder()),
        "image": at(&prepared.card_path()),
        "datePublished": release.publication.date.to_string(),
        "duration": length,
        "episodeNumber": release.episode.number,
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": one_line(&place.show.title),
            "url": place.address.url().as_str(),
            "webFeed": at("feed.xml"),
        },
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": release.publication.enclosure_url,
            "encodingFormat": sound.enclosure.media_type,
            "contentSize": sound.enclosure.bytes.to_string(),
            "duration": length,
        },
    });
    // Nothing that ends a script or begins a comment in one can be written with this.
    data.to_string().replace('<', "\\u003c")
}

fn scheme(prepared: &Prepared) -> Option<&'static str> {
    let url = &prepared.release.publication.enclosure_url;
    let elsewhere = prepared.audio.is_none();
    elsewhere.then_some(if url.starts_with("https:") { "https:" } else { "http: https:" })
}

/// For people; nothing when nobody told it.
pub(crate) fn length(length: Seconds) -> String {
    if length.0 > 0.0 { length.to_string() } else { String::new() }
}

/// ISO 8601, as machines read a length.
fn duration(length: Seconds) -> String {
    format!("PT{}S", length.0.max(0.0).round() as u64)
}

fn chapter_view(chapter: &lorecast_model::Chapter, place: &Place) -> ChapterView {
    ChapterView {
        title: place.title(&chapter.title),
        start: milliseconds(chapter.start),
        clock: Seconds(whole_seconds(chapter.start) as f64).to_string(),
    }
}

fn sections(stories: &[Story], place: &Place, known: &Known) -> Vec<SectionView> {
    let told: Vec<&Story> = stories.iter().filter(|s| s.state != StoryState::Dropped).collect();
    told.chunk_by(|a, b| a.section == b.section)
        .map(|group| SectionView {
            key: one_line(&group[0].section),
            title: known.section_title(&group[0].section),
            path: known.section_path(&group[0].section),
            stories: group.iter().map(|story| story_view(story, place, known)).collect(),
        })
        .collect()
}

/// The view of a story.
pub(super) fn story_view(story: &Story, place: &Place, known: &Known) -> StoryView {
    StoryView {
        title: place.title(&story.title),
        url: place.mail(&story.id),
        series: known.series_path(&story.id),
    }
}

/// `17 April 2023`.
pub(crate) fn day(date: Timestamp) -> String {
    date.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

/// Megabytes of 1000 × 1000 bytes, as download pages count them.
fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
