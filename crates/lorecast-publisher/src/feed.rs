//! The feed: RSS 2.0 with the iTunes, Atom, content and podcast namespaces.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_model::Show;
use rss::extension::itunes::{
    ITunesCategory, ITunesChannelExtension, ITunesItemExtension, ITunesOwner,
};
use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Guid, Item};

use crate::PublishError;
use crate::chapters::{MEDIA_TYPE, timestamp};
use crate::notes::fitting;
use crate::publication::podcast_guid;
use crate::site::{Place, Prepared};
use crate::text::{one_line, printable};
use crate::transcript::TranscriptForm;

/// The feed as it is written, newest episode first.
pub(crate) fn xml(place: &Place, episodes: &[Prepared]) -> Result<Vec<u8>, PublishError> {
    let show = place.show;
    let feed_url = place.address.at("feed.xml");
    let channel = Channel {
        title: one_line(&show.title),
        link: place.address.url().to_string(),
        description: printable(&show.description).trim().to_owned(),
        language: Some(one_line(&show.language)),
        last_build_date: episodes.iter().map(|e| e.release.publication.date).max().map(rfc2822),
        generator: Some("Lorecast".to_owned()),
        namespaces: namespaces(),
        extensions: channel_extensions(show, &feed_url),
        itunes_ext: Some(itunes_channel(place)),
        items: episodes.iter().map(|episode| item(place, episode)).collect(),
        ..Channel::default()
    };
    let mut xml = channel.pretty_write_to(Vec::new(), b' ', 2)?;
    xml.push(b'\n');
    Ok(xml)
}

/// A date as RSS wants it (RFC 2822 section 3.3, four-digit year, numeric zone).
pub(crate) fn rfc2822(date: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&date.to_zoned_datetime(TimeZone::UTC))
        .unwrap_or_else(|_| "Thu, 1 Jan 1970 00:00:00 +0000".to_owned())
}

fn namespaces() -> BTreeMap<String, String> {
    let known = [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
        ("podcast", "https://podcastindex.org/namespace/1.0"),
    ];
    known.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).into()
}

fn channel_extensions(show: &Show, feed_url: &str) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    let own = [("href", feed_url), ("rel", "self"), ("type", "application/rss+xml")];
    add(&mut map, "atom:link", "", &own);
    add(&mut map, "podcast:guid", &podcast_guid(feed_url), &[]);
    if let Some(email) = &show.email {
        add(&mut map, "podcast:locked", "yes", &[("owner", &one_line(email))]);
    }
    add(&mut map, "podcast:medium", "podcast", &[]);
    // The iTunes extension of the `rss` crate has no field for it.
    add(&mut map, "itunes:type", "episodic", &[]);
    map
}

fn add(map: &mut ExtensionMap, name: &str, value: &str, attrs: &[(&str, &str)]) {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let attrs = attrs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let element = Extension {
        name: name.to_owned(),
        // Even an empty text keeps the printer from breaking the line inside the element.
        value: Some(value.to_owned()),
        attrs: attrs.collect(),
        ..Extension::default()
    };
    map.entry(prefix.to_owned()).or_default().entry(local.to_owned()).or_default().push(element);
}

fn itunes_channel(place: &Place) -> ITunesChannelExtension {
    let show = place.show;
    let author = one_line(&show.author);
    let owner = show
        .email
        .as_ref()
        .map(|email| ITunesOwner { name: Some(author.clone()), email: Some(one_line(email)) });
    ITunesChannelExtension {
        author: Some(author),
        categories: show.categories.iter().map(|c| category(c)).collect(),
        image: place.cover.as_ref().map(|path| place.address.at(path.as_str())),
        explicit: Some(show.explicit.to_string()),
        owner,
        ..ITunesChannelExtension::default()
    }
}

/// `News > Tech News` as a category with a subcategory.
fn category(written: &str) -> ITunesCategory {
    match written.split_once('>') {
        None => ITunesCategory { text: one_line(written), subcategory: None },
        Some((parent, child)) => ITunesCategory {
            text: one_line(parent),
            subcategory: Some(Box::new(ITunesCategory {
                text: one_line(child),
                subcategory: None,
            })),
        },
    }
}

fn item(place: &Place, episode: &Prepared) -> Item {
    let release = episode.release;
    let link = place.address.at(&episode.folder());
    Item {
        title: Some(place.title(&release.episode.title)),
        link: Some(link.clone()),
        description: Some(description(place, episode, &link)),
        content: Some(episode.notes.html.clone()),
        guid: Some(Guid { value: release.publication.guid.to_string(), permalink: false }),
        pub_date: Some(rfc2822(release.publication.date)),
        enclosure: Some(Enclosure {
            url: release.publication.enclosure_url.clone(),
            length: release.master.enclosure.bytes.to_string(),
            mime_type: release.master.enclosure.media_type.clone(),
        }),
        itunes_ext: Some(itunes_item(place.show, episode)),
        extensions: item_extensions(place, episode),
        ..Item::default()
    }
}

fn itunes_item(show: &Show, episode: &Prepared) -> ITunesItemExtension {
    let seconds = episode.release.master.length.0.max(0.0).round() as u64;
    ITunesItemExtension {
        duration: Some(seconds.to_string()),
        explicit: Some(show.explicit.to_string()),
        episode: episode.release.episode.number.map(|n| n.to_string()),
        episode_type: Some("full".to_owned()),
        ..ITunesItemExtension::default()
    }
}

fn item_extensions(place: &Place, episode: &Prepared) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    if !episode.release.master.chapters.is_empty() {
        let url = place.address.at(&episode.chapters_path());
        add(&mut map, "podcast:chapters", "", &[("url", &url), ("type", MEDIA_TYPE)]);
    }
    if episode.transcript.is_some() {
        let language = one_line(&place.show.language);
        for form in TranscriptForm::ALL {
            let url = place.address.at(&episode.transcript_path(form));
            let mut attrs =
                vec![("url", url.as_str()), ("type", form.media_type()), ("language", &language)];
            if form.is_captions() {
                attrs.push(("rel", "captions"));
            }
            add(&mut map, "podcast:transcript", "", &attrs);
        }
    }
    // The namespace has no tag for a synthetic voice; apps and feeds agree on this purpose of `txt`.
    if !episode.release.master.synthetic.is_empty() {
        add(&mut map, "podcast:txt", "true", &[("purpose", "ai-content")]);
    }
    map
}

/// The notes as far as directories show them, then the chapters as a list of times.
fn description(place: &Place, episode: &Prepared, link: &str) -> String {
    let mut chapters = String::new();
    for chapter in &episode.release.master.chapters {
        let title = ammonia::clean_text(&place.title(&chapter.title));
        chapters.push_str(&format!("<p>{} {title}</p>\n", timestamp(chapter.start)));
    }
    if chapters.len() > 2000 {
        chapters.clear();
    }
    let more = format!("<p><a href=\"{link}\">All notes and links</a></p>\n");
    let (mut text, whole) = fitting(&episode.notes.short, chapters.len() + more.len());
    if !whole {
        text.push_str(&more);
    }
    text + &chapters
}
