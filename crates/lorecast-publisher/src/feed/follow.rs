//! Atom feeds (RFC 4287) with which readers follow a section, a series or a person.

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Link, Person, Text, WriteConfig};

use crate::PublishError;
use crate::delivery::Planned;
use crate::site::Place;
use crate::text::{escaped, one_line, quoted};

/// So much is in a feed, the latest.
const MOST: usize = 100;

/// What somebody follows: something with a page.
pub(crate) struct Followed<'a> {
    /// The folder of its page below the site's root.
    pub(crate) folder: &'a str,
    pub(crate) title: &'a str,
    /// What happened, in any order.
    pub(crate) news: Vec<News>,
}

/// Something that happened to it.
pub(crate) struct News {
    /// What tells it from all others of the feed, for ever.
    pub(crate) key: String,
    pub(crate) title: String,
    /// Where to read it.
    pub(crate) url: String,
    /// When, as RFC 3339 has it.
    pub(crate) date: String,
    /// HTML, harmless.
    pub(crate) html: String,
}

impl News {
    /// That an episode told these stories: their titles, and where to read each.
    pub(crate) fn of_episode<'a>(
        place: &Place,
        (title, path, date): (&str, &str, &str),
        stories: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Self {
        Self {
            key: date.to_owned(),
            title: place.show.below(title).to_owned(),
            url: place.address.at(path),
            date: date.to_owned(),
            html: list(stories),
        }
    }
}

/// The feed beside the page: `atom.xml`.
pub(crate) fn feed(place: &Place, followed: Followed) -> Result<Planned<'static>, PublishError> {
    let (page, own) = (place.address.at(followed.folder), format!("{}atom.xml", followed.folder));
    let address = place.address.at(&own);
    let mut entries: Vec<Entry> =
        followed.news.into_iter().map(|news| entry(&page, news)).collect();
    entries.sort_by(|a, b| b.updated.cmp(&a.updated).then_with(|| a.id.cmp(&b.id)));
    entries.dedup_by(|a, b| a.id == b.id);
    entries.truncate(MOST);
    let link = |rel: &str, href: &str, mime: &str| Link {
        rel: rel.to_owned(),
        href: href.to_owned(),
        mime_type: Some(mime.to_owned()),
        ..Link::default()
    };
    let feed = Feed {
        title: Text::plain(format!("{} · {}", followed.title, one_line(&place.show.title))),
        id: address.clone(),
        updated: entries.first().map(|entry| entry.updated).unwrap_or_default(),
        authors: vec![Person { name: one_line(&place.show.author), ..Person::default() }],
        links: vec![
            link("self", &address, "application/atom+xml"),
            link("alternate", &page, "text/html"),
        ],
        lang: Some(one_line(&place.show.language)),
        entries,
        ..Feed::default()
    };
    let how = WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    let mut xml = feed.write_with_config(Vec::new(), how)?;
    xml.push(b'\n');
    Ok(Planned::new(own, xml))
}

fn entry(page: &str, news: News) -> Entry {
    Entry {
        id: format!("{page}#{}", news.key),
        title: Text::plain(news.title),
        updated: news.date.parse::<FixedDateTime>().unwrap_or_default(),
        links: vec![Link { href: news.url, rel: "alternate".into(), ..Link::default() }],
        content: Some(news.html).filter(|html| !html.is_empty()).map(|html| Content {
            value: Some(html),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// A list of links, nothing when there are none; a title without an address stands alone.
pub(crate) fn list<'a>(links: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> String {
    let items = links.map(|(title, url)| match url {
        Some(url) => {
            format!("<li><a href=\"{}\">{}</a></li>", quoted(url), escaped(title))
        }
        None => format!("<li>{}</li>", escaped(title)),
    });
    let items: String = items.collect();
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}
