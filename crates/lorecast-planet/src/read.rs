//! Bytes of a feed into what it holds.

use feed_rs::model::{Entry, Link};
use jiff::Timestamp;
use lorecast_model::planet::Post;
use thiserror::Error;
use url::Url;

use crate::clean::{html, one_line, shortened, words};

/// More entries of a feed are not looked at.
const MOST: usize = 200;
/// The longest name, link or category, in bytes.
const LONGEST: usize = 2_000;
/// A post that is longer as HTML is shown by how it begins, in bytes.
const LONGEST_POST: usize = 60_000;

/// What a feed holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// The blog's page.
    pub site: Option<String>,
    /// The picture that the feed names.
    pub picture: Option<String>,
    /// The entries in the order of the feed.
    pub entries: Vec<Entered>,
}

/// An entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The post; its date is that of the feed, or the beginning of time.
    pub(crate) post: Post,
    /// Whether the feed says when it came out.
    pub(crate) dated: bool,
    /// Its categories.
    pub(crate) tags: Vec<String>,
}

/// Why a feed cannot be read, in words that fit behind its address.
#[derive(Debug, Error)]
#[error("is no feed that can be read: {0}")]
pub struct Unreadable(String);

/// Reads RSS, Atom or JSON Feed that came from `base`. Entries without a link are left out.
///
/// # Errors
/// When it is none of them, or broken.
pub fn read(bytes: &[u8], base: &Url) -> Result<Feed, Unreadable> {
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        // A made-up name would be another one the next time.
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = parser.parse(bytes).map_err(|error| Unreadable(one_line(&error.to_string())))?;
    let picture = feed.logo.or(feed.icon).map(|picture| picture.uri);
    Ok(Feed {
        site: page(&feed.links, base),
        picture: picture.and_then(|url| web(&url, base)),
        entries: feed.entries.iter().take(MOST).filter_map(|entry| entered(entry, base)).collect(),
    })
}

fn entered(entry: &Entry, base: &Url) -> Option<Entered> {
    let link = page(&entry.links, base).or_else(|| web(&entry.id, base))?;
    let below = Url::parse(&link).ok()?;
    let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let summary = entry.summary.as_ref().map(|text| text.content.as_str());
    let (text, teaser) =
        (body.or(summary).unwrap_or_default(), summary.or(body).unwrap_or_default());
    let full = html(text, &below);
    let title = entry.title.as_ref().map(|title| words(&title.content)).unwrap_or_default();
    let teaser = shortened(&words(teaser), 280);
    let date = entry.published.or(entry.updated);
    let date = date.and_then(|date| Timestamp::from_second(date.timestamp()).ok());
    let author = entry.authors.iter().filter_map(|author| author.name.as_deref()).map(words);
    let tags = entry.categories.iter().flat_map(|c| [Some(&c.term), c.label.as_ref()]).flatten();
    let post = Post {
        id: match entry.id.trim() {
            "" => link.clone(),
            id => shortened(&one_line(id), LONGEST),
        },
        title: match shortened(&title, 200) {
            title if title.is_empty() => shortened(&teaser, 60),
            title => title,
        },
        link,
        date: date.unwrap_or(Timestamp::MIN),
        author: author.map(|name| shortened(&name, 100)).find(|name| !name.is_empty()),
        summary: teaser,
        html: if full.len() <= LONGEST_POST { full } else { String::new() },
    };
    let post =
        Post { title: if post.title.is_empty() { post.link.clone() } else { post.title }, ..post };
    let tags = tags.filter(|tag| tag.len() <= LONGEST).take(50).map(|tag| words(tag)).collect();
    Some(Entered { post, dated: date.is_some(), tags })
}

/// The page among links: the one that is the thing itself.
fn page(links: &[Link], base: &Url) -> Option<String> {
    let is_page = |link: &&Link| {
        let feed = link
            .media_type
            .as_deref()
            .is_some_and(|kind| kind.contains("xml") && !kind.contains("html"));
        link.rel.as_deref().is_none_or(|rel| rel == "alternate") && !feed
    };
    links.iter().find(is_page).and_then(|link| web(&link.href, base))
}

/// An address in the web, absolute.
fn web(link: &str, base: &Url) -> Option<String> {
    let link = link.trim();
    let url = if link.is_empty() || link.len() > LONGEST { None } else { base.join(link).ok() }?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none();
    plain.then(|| url.to_string())
}
