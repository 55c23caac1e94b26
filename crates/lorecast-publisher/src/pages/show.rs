//! The show as templates see it, and where to subscribe to it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::PublishError;
use crate::notes;
use crate::site::Place;
use crate::text::{one_line, printable};

/// What every page knows of the show.
#[derive(Serialize)]
pub(super) struct ShowView {
    pub(super) title: String,
    description: String,
    author: String,
    email: Option<String>,
    language: String,
    url: String,
    feed_url: String,
    /// Below the site's root.
    cover: Option<String>,
    /// The same, small.
    icon: Option<String>,
}

impl ShowView {
    /// The view of a show.
    pub(super) fn of(place: &Place) -> Self {
        let show = place.show;
        Self {
            title: one_line(&show.title),
            description: printable(&show.description).trim().to_owned(),
            author: one_line(&show.author),
            email: show.email.as_deref().map(one_line),
            language: one_line(&show.language),
            url: place.address.url().to_string(),
            feed_url: place.address.at("feed.xml"),
            cover: place.cover.as_ref().map(ToString::to_string),
            icon: place.icon.as_ref().map(ToString::to_string),
        }
    }
}

/// How to subscribe.
#[derive(Serialize)]
pub(super) struct SubscribeView {
    /// Buttons: an app, and the show in it.
    apps: Vec<AppView>,
    /// The feed with `podcast://` in front, which apps on a telephone or desktop take over.
    podcast_url: String,
}

#[derive(Serialize)]
struct AppView {
    name: &'static str,
    url: String,
}

/// Like JavaScript's `encodeURIComponent`.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The apps of `show.yaml`, and AntennaPod, whose address is made from that of the feed.
pub(super) fn subscribe(place: &Place) -> SubscribeView {
    let feed = place.address.at("feed.xml");
    let mut apps: Vec<AppView> = place
        .show
        .subscribe
        .apps()
        .map(|(name, url)| AppView { name, url: url.to_owned() })
        .collect();
    if place.show.subscribe.antennapod.is_none() {
        let feed = utf8_percent_encode(&feed, COMPONENT);
        let url = format!("https://antennapod.org/deeplink/subscribe?url={feed}");
        apps.push(AppView { name: "AntennaPod", url });
    }
    let bare = feed.split_once("://").map_or(feed.as_str(), |(_, rest)| rest);
    SubscribeView { apps, podcast_url: format!("podcast://{bare}") }
}

/// What `about:` of `show.yaml` says, as HTML.
pub(super) fn about(place: &Place) -> Result<Option<String>, PublishError> {
    let Some(about) = &place.show.about else { return Ok(None) };
    let fails = |why: String| PublishError::About { why };
    if about.len() > notes::LIMIT {
        return Err(fails(format!("has {} bytes, more than {}", about.len(), notes::LIMIT)));
    }
    let notes = notes::render(about, "", place.rendering());
    Ok(Some(notes.ok_or_else(|| fails("is nested too deeply".to_owned()))?.html))
}
