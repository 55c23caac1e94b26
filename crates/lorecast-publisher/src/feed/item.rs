//! What the feed says of an episode.

use lorecast_model::feed::{Credit, Discussion, EpisodeKind, Protocol};
use lorecast_model::{Chapter, Encoding, Show};
use rss::extension::ExtensionMap;
use rss::extension::itunes::ITunesItemExtension;
use rss::{Enclosure, Guid, Item};

use super::element::Element;
use super::{channel, rfc2822, shared};
use crate::chapters::{MEDIA_TYPE, normal_play_time, timestamp};
use crate::notes::{Notes, fitting};
use crate::site::{Place, Prepared};
use crate::text::{one_line, shortened};
use crate::transcript::TranscriptForm;
use crate::{Digest, PublishError};

/// The longest list of chapters in a description, in bytes: the notes want their place too.
const TIMES: usize = 2000;

pub(super) fn item(place: &Place, episode: &Prepared) -> Result<Item, PublishError> {
    let (release, notes) = (episode.release, episode.notes()?);
    let link = place.address.at(&episode.folder());
    Ok(Item {
        title: Some(place.title(place.show.below(&release.episode.title))),
        link: Some(link.clone()),
        description: Some(description(place, episode, notes, &link)),
        content: Some(notes.html.clone()),
        guid: Some(Guid {
            value: release.publication.guid.to_string(),
            permalink: release.publication.permalink,
        }),
        pub_date: Some(rfc2822(release.publication.date)),
        enclosure: Some(Enclosure {
            url: release.publication.enclosure_url.clone(),
            length: release.sound.enclosure.bytes.to_string(),
            mime_type: release.sound.enclosure.media_type.clone(),
        }),
        itunes_ext: Some(itunes(place, episode)),
        extensions: extensions(place, episode),
        ..Item::default()
    })
}

/// Its own artwork, else the show's: some apps take the one of another episode otherwise.
fn image(place: &Place, episode: &Prepared) -> Option<String> {
    episode.image.as_ref().or(place.cover.as_ref()).map(|path| place.address.at(path.as_str()))
}

/// The sound's length in whole seconds.
pub(super) fn seconds(episode: &Prepared) -> u64 {
    episode.release.sound.length.0.max(0.0).round() as u64
}

fn itunes(place: &Place, episode: &Prepared) -> ITunesItemExtension {
    let about = &episode.release.episode;
    let kind = match about.feed.kind {
        EpisodeKind::Full => "full",
        EpisodeKind::Trailer => "trailer",
        EpisodeKind::Bonus => "bonus",
    };
    ITunesItemExtension {
        author: Some(one_line(&place.show.author)),
        block: about.feed.hidden.then(|| "yes".to_owned()),
        image: image(place, episode),
        duration: Some(seconds(episode)).filter(|all| *all > 0).map(|all| all.to_string()),
        explicit: Some(about.feed.explicit.unwrap_or(place.show.explicit).to_string()),
        episode: about.number.filter(|n| *n > 0).map(|n| n.to_string()),
        season: about.feed.season.map(|n| n.to_string()),
        episode_type: Some(kind.to_owned()),
        ..ITunesItemExtension::default()
    }
}

fn extensions(place: &Place, episode: &Prepared) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    let feed = &episode.release.episode.feed;
    numbers(&mut map, place.show, episode);
    people(place.show, episode).iter().for_each(|credit| shared::person(&mut map, credit));
    chapters(&mut map, place, episode);
    transcripts(&mut map, place, episode);
    soundbites(&mut map, place, episode);
    shared::license(&mut map, feed.license.as_ref().or(place.show.feed.license.as_ref()));
    shared::location(&mut map, feed.location.as_ref(), "subject");
    for (nth, discussion) in feed.discussions.iter().enumerate() {
        discussed(&mut map, nth + 1, discussion);
    }
    files(&mut map, place, episode);
    if !episode.release.sound.synthetic.is_empty() {
        shared::synthetic(&mut map);
    }
    map
}

/// The numbers once more, with the names that the iTunes tags have no place for.
fn numbers(map: &mut ExtensionMap, show: &Show, episode: &Prepared) {
    let about = &episode.release.episode;
    if let Some(season) = about.feed.season {
        Element::new("podcast:season")
            .maybe("name", show.feed.seasons.get(&season).map(|name| one_line(name)))
            .text(season.to_string())
            .add_to(map);
    }
    if let Some(number) = about.number.filter(|n| *n > 0) {
        Element::new("podcast:episode")
            .maybe("display", about.feed.display.as_deref().map(one_line))
            .text(number.to_string())
            .add_to(map);
    }
}

/// The people of the episode. They take the place of the show's in apps, so these come first; then
/// those whom `episode.yaml` names, and who sent a recording.
fn people(show: &Show, episode: &Prepared) -> Vec<Credit> {
    let about = &episode.release.episode;
    let mut people = channel::people(show);
    people.extend(about.feed.people.iter().cloned());
    for filler in about.fillers.iter().filter(|filler| !filler.speaker.trim().is_empty()) {
        let name = shortened(&one_line(&filler.speaker), 127);
        if !people.iter().any(|known| known.name == name) {
            people.push(Credit { name, role: "guest".to_owned(), ..Credit::default() });
        }
    }
    people
}

/// The chapters as a file and as Podlove Simple Chapters 1.2.
fn chapters(map: &mut ExtensionMap, place: &Place, episode: &Prepared) {
    let all = &episode.release.sound.chapters;
    if all.is_empty() {
        return;
    }
    Element::new("podcast:chapters")
        .attr("url", place.address.at(&episode.chapters_path()))
        .attr("type", MEDIA_TYPE)
        .add_to(map);
    let simple = |chapter: &Chapter| {
        Element::new("psc:chapter")
            .attr("start", normal_play_time(chapter.start))
            .attr("title", place.title(&chapter.title))
            .maybe("href", chapter.link.as_deref().and_then(|link| place.link(link)))
    };
    let list = Element::new("psc:chapters").attr("version", "1.2");
    all.iter().map(simple).fold(list, Element::child).add_to(map);
}

fn transcripts(map: &mut ExtensionMap, place: &Place, episode: &Prepared) {
    if !episode.has_transcript {
        return;
    }
    for form in TranscriptForm::ALL {
        Element::new("podcast:transcript")
            .attr("url", place.address.at(&episode.transcript_path(form)))
            .attr("type", form.media_type())
            .attr("language", one_line(&place.show.language))
            .maybe("rel", form.is_captions().then_some("captions"))
            .add_to(map);
    }
}

fn soundbites(map: &mut ExtensionMap, place: &Place, episode: &Prepared) {
    for bite in &episode.release.episode.feed.soundbites {
        let title = bite.title.as_ref().unwrap_or(&episode.release.episode.title);
        Element::new("podcast:soundbite")
            .attr("startTime", tenths(bite.from.0))
            .attr("duration", tenths(bite.to.0 - bite.from.0))
            .text(shortened(&place.title(title), 127))
            .add_to(map);
    }
}

fn tenths(seconds: f64) -> String {
    format!("{:.1}", seconds.max(0.0))
}

fn discussed(map: &mut ExtensionMap, priority: usize, discussion: &Discussion) {
    let protocol = match discussion.protocol {
        Protocol::Activitypub => "activitypub",
        Protocol::Atproto => "atproto",
        Protocol::Matrix => "matrix",
        Protocol::Nostr => "nostr",
    };
    Element::new("podcast:socialInteract")
        .attr("protocol", protocol)
        .attr("uri", discussion.url.as_str())
        .attr("priority", priority.to_string())
        .add_to(map);
}

/// The sound in each of its encodings, with what proves that a download is whole (W3C Subresource
/// Integrity section 3.1).
fn files(map: &mut ExtensionMap, place: &Place, episode: &Prepared) {
    let release = episode.release;
    // Of sound that stays elsewhere nothing more can be proved.
    let Some(file) = &release.file else { return };
    let enclosure = &release.sound.enclosure;
    let bits = enclosure.bytes as f64 * 8.0 / release.sound.length.0.max(1.0);
    alternate(enclosure, bits, &release.publication.enclosure_url, Some(&file.digest))
        .attr("default", "true")
        .attr("title", kind_of_sound(&enclosure.media_type))
        .add_to(map);
    for (nth, other) in release.sound.alternatives.iter().enumerate() {
        let url = place.address.at(episode.alternative_path(other).as_str());
        let title = match other.encoding {
            Encoding::Mp3 => "MP3",
            Encoding::Opus => "Opus",
            Encoding::Aac => "AAC",
        };
        alternate(&other.file, f64::from(other.bit_rate), &url, file.alternatives.get(nth))
            .attr("title", title)
            .maybe("codecs", other.encoding.codecs())
            .add_to(map);
    }
}

/// What listeners call an encoding.
pub(crate) fn kind_of_sound(media_type: &str) -> &'static str {
    match media_type {
        "audio/mpeg" => "MP3",
        "audio/mp4" | "audio/x-m4a" | "audio/aac" => "AAC",
        "audio/ogg" | "audio/opus" => "Ogg",
        kind if kind.starts_with("video/") => "Video",
        _ => "Audio",
    }
}

fn alternate(
    file: &lorecast_model::Enclosure,
    bits: f64,
    url: &str,
    digest: Option<&Digest>,
) -> Element {
    let element = Element::new("podcast:alternateEnclosure")
        .attr("type", file.media_type.as_str())
        .attr("length", file.bytes.to_string())
        .attr("bitrate", format!("{bits:.0}"))
        .child(Element::new("podcast:source").attr("uri", url));
    let Some(digest) = digest else { return element };
    let proof = Element::new("podcast:integrity").attr("type", "sri");
    element.child(proof.attr("value", digest.integrity()))
}

/// The notes as far as directories show them, then the chapters as a list of times.
fn description(place: &Place, episode: &Prepared, notes: &Notes, link: &str) -> String {
    let times = times(place, &episode.release.sound.chapters);
    let more = format!("<p><a href=\"{link}\">All notes and links</a></p>\n");
    let (mut text, whole) = fitting(&notes.short, times.len() + more.len());
    if !whole {
        text.push_str(&more);
    }
    text + &times
}

/// A line for each chapter, in the form that Apple and Spotify recognise, from three chapters on. Titles are cut when they are
/// many: a list of times is of use only when it is whole.
fn times(place: &Place, chapters: &[Chapter]) -> String {
    if chapters.len() < 3 {
        return String::new();
    }
    let line = |chapter: &Chapter, limit: usize| {
        let title = shortened(&place.title(&chapter.title), limit);
        format!("<p>{} {}</p>\n", timestamp(chapter.start), crate::text::escaped(&title))
    };
    let list = |limit| chapters.iter().map(|chapter| line(chapter, limit)).collect::<String>();
    let lists = [usize::MAX, 60, 30].map(list);
    lists.into_iter().find(|list| list.len() <= TIMES).unwrap_or_default()
}
