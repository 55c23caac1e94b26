//! JSON Feed 1.1 (jsonfeed.org).

use serde::Serialize;

use super::Document;
use super::item::seconds;
use crate::PublishError;
use crate::site::{Place, Prepared};
use crate::text::{one_line, printable};

#[derive(Serialize)]
struct Feed {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    /// Where older episodes are.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    authors: Vec<Author>,
    language: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Hub {
    r#type: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Item {
    id: String,
    url: String,
    title: String,
    content_html: String,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: String,
    attachments: Vec<Attachment>,
}

#[derive(Serialize)]
struct Attachment {
    url: String,
    mime_type: String,
    size_in_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

/// A document with these episodes, newest first.
pub(super) fn feed(
    place: &Place,
    episodes: &[Prepared],
    document: Document,
) -> Result<String, PublishError> {
    let show = place.show;
    let hub = |url: &String| Hub { r#type: "WebSub", url: url.clone() };
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: one_line(&show.title),
        home_page_url: place.address.url().to_string(),
        feed_url: place.address.at(&document.path("json")),
        next_url: document.before().map(|older| place.address.at(&older.path("json"))),
        description: printable(&show.description).trim().to_owned(),
        icon: place.cover.as_ref().map(|cover| place.address.at(cover.as_str())),
        authors: vec![Author { name: one_line(&show.author) }],
        language: one_line(&show.language),
        hubs: show.feed.hubs.iter().map(hub).collect(),
        items: episodes.iter().map(|episode| item(place, episode)).collect::<Result<_, _>>()?,
    };
    let mut text = serde_json::to_string_pretty(&feed).expect("plain strings and numbers are JSON");
    text.push('\n');
    Ok(text)
}

fn item(place: &Place, episode: &Prepared) -> Result<Item, PublishError> {
    let (release, notes) = (episode.release, episode.notes()?);
    let enclosure = &release.sound.enclosure;
    Ok(Item {
        id: release.publication.guid.to_string(),
        url: place.address.at(&episode.folder()),
        title: place.title(place.show.below(&release.episode.title)),
        content_html: notes.html.clone(),
        summary: notes.summary.clone(),
        image: episode.image.as_ref().map(|path| place.address.at(path.as_str())),
        date_published: release.publication.date.to_string(),
        attachments: vec![Attachment {
            url: release.publication.enclosure_url.clone(),
            mime_type: enclosure.media_type.clone(),
            size_in_bytes: enclosure.bytes,
            duration_in_seconds: Some(seconds(episode)).filter(|all| *all > 0),
        }],
    })
}
