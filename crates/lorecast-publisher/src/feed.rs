//! The feeds: RSS 2.0 with the iTunes, Atom, content, podcast and Podlove namespaces, its archive pages,
//! JSON Feed, and an Atom feed for each section, series and person.

mod archive;
mod channel;
mod element;
pub(crate) mod follow;
mod item;
mod json;
mod shared;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rayon::prelude::*;
use rss::Channel;

use crate::PublishError;
use crate::delivery::Planned;
use crate::memory::{Memory, Part, Recipe};
use crate::site::{Place, Prepared};
pub(crate) use element::Element;
pub(crate) use item::kind_of_sound;

/// The feeds of a show, `feed.xml` last: what it links to is there when it is.
pub(crate) fn all(
    place: &Place,
    episodes: &[Prepared],
    memory: &Memory,
) -> Result<Vec<Part<'static>>, PublishError> {
    let pages = archive::split(episodes, place.show.feed.page);
    let archived =
        pages.archived.iter().enumerate().map(|(n, own)| (Document::Archive(n + 1), *own));
    let current = (Document::Current { archived: archived.len() }, pages.current);
    let documents: Vec<_> = archived.chain([current]).collect();
    let made = documents.into_par_iter().map(|(document, own)| {
        let about = document.about(episodes, own);
        let recipes: Vec<Recipe> = about.iter().map(|episode| episode.recipe).collect();
        let recipe = place.recipe.and(&[&document, &own.len(), &recipes]);
        memory.part(document.path("xml"), recipe, || {
            let json = json::feed(place, own, document)?;
            let xml = xml(place, about, own, document)?;
            let planned = [("json", json.into_bytes()), ("xml", xml)];
            Ok(planned.map(|(form, bytes)| Planned::new(document.path(form), bytes)).into())
        })
    });
    made.collect()
}

/// A date as RSS wants it (RFC 2822 section 3.3, four-digit year, numeric zone).
pub(crate) fn rfc2822(date: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&date.to_zoned_datetime(TimeZone::UTC))
        .unwrap_or_else(|_| "Thu, 1 Jan 1970 00:00:00 +0000".to_owned())
}

/// One of the documents that make up the RSS feed (RFC 5005 section 4).
#[derive(Clone, Copy, Debug)]
enum Document {
    /// What apps subscribe to; so many archive pages stand behind it.
    Current { archived: usize },
    /// An archive page, counted from 1, the oldest first. It never changes once it is full, so it does
    /// not name the page after it.
    Archive(usize),
}

impl Document {
    /// Below the site's root, as `xml` or `json`.
    fn path(self, form: &str) -> String {
        match self {
            Self::Current { .. } => format!("feed.{form}"),
            Self::Archive(nth) => format!("archive/feed-{nth}.{form}"),
        }
    }

    /// The document with older episodes.
    fn before(self) -> Option<Self> {
        let before = match self {
            Self::Current { archived } => archived,
            Self::Archive(nth) => nth - 1,
        };
        (before > 0).then_some(Self::Archive(before))
    }

    /// The episodes that it says something of. An archive page says nothing that a later episode could change.
    fn about<'e, 'a>(self, all: &'e [Prepared<'a>], own: &'e [Prepared<'a>]) -> &'e [Prepared<'a>] {
        if matches!(self, Self::Archive(_)) { own } else { all }
    }

    /// The links between the documents (RFC 5005 section 4).
    fn links(self) -> Vec<(&'static str, String)> {
        let mut links = vec![("self", self.path("xml"))];
        if matches!(self, Self::Archive(_)) {
            links.push(("current", "feed.xml".to_owned()));
        }
        links.extend(self.before().map(|older| ("prev-archive", older.path("xml"))));
        links
    }
}

/// A document with its own of the episodes that it says something `about`, newest first.
fn xml(
    place: &Place,
    about: &[Prepared],
    own: &[Prepared],
    document: Document,
) -> Result<Vec<u8>, PublishError> {
    let mut channel = Channel {
        namespaces: namespaces(document),
        last_build_date: own.iter().map(|e| e.release.publication.date).max().map(rfc2822),
        items: own.iter().map(|episode| item::item(place, episode)).collect::<Result<_, _>>()?,
        ..channel::channel(place, about)
    };
    for (rel, path) in document.links() {
        Element::new("atom:link")
            .attr("href", place.address.at(&path))
            .attr("rel", rel)
            .attr("type", "application/rss+xml")
            .add_to(&mut channel.extensions);
    }
    if matches!(document, Document::Archive(_)) {
        Element::new("fh:archive").add_to(&mut channel.extensions);
    }
    let mut xml = channel.pretty_write_to(Vec::new(), b' ', 2)?;
    xml.push(b'\n');
    Ok(xml)
}

fn namespaces(document: Document) -> BTreeMap<String, String> {
    let mut known = vec![
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
        ("podcast", "https://podcastindex.org/namespace/1.0"),
        ("psc", "http://podlove.org/simple-chapters"),
    ];
    if matches!(document, Document::Archive(_)) {
        known.push(("fh", "http://purl.org/syndication/history/1.0"));
    }
    known.into_iter().map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
}
