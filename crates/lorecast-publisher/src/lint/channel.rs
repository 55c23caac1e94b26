//! What must be true of the channel.

use std::collections::BTreeSet;

use roxmltree::Node;
use url::Url;
use uuid::Uuid;

use super::feed::{ATOM, Feed, ITUNES, PODCAST, child, children, named, required, text, value};
use super::{Folder, apple, media, rules};
use crate::text::shortened;

pub(super) fn check(folder: &mut Folder, feed: &Feed) {
    let channel = feed.channel;
    link(folder, feed);
    if let Some((title, place)) = required(folder, feed, channel, "title", &rules::CHANNEL_TITLE) {
        title_text(folder, &place, &title);
    }
    let rule = &rules::CHANNEL_DESCRIPTION;
    if let Some((about, place)) = required(folder, feed, channel, "description", rule)
        && about.len() > 4000
    {
        folder.find(rule, place, format!("`<description>` has {} bytes", about.len()));
    }
    language(folder, feed);
    atom_self(folder, feed);
    categories(folder, feed);
    itunes(folder, feed);
    podcast(folder, feed);
    image(folder, feed);
    let built = value(channel, "", "lastBuildDate");
    if !built.is_empty() && jiff::fmt::rfc2822::parse(&built).is_err() {
        let message = format!("`{}` is no date of RFC 2822", shortened(&built, 60));
        folder.find(&rules::BUILD_DATE, feed.place(channel), message);
    }
    if feed.items().next().is_none() {
        folder.find(&rules::NO_EPISODES, feed.place(channel), "the feed has no episode");
    }
}

/// What titles of shows and episodes have in common.
pub(super) fn title_text(folder: &mut Folder, place: &str, title: &str) {
    let length = title.chars().count();
    if length > 255 {
        folder.find(&rules::TITLE_LENGTH, place, format!("the title has {length} characters"));
    }
    let html = ["<b>", "<i>", "<em>", "<br", "<a ", "</", "&amp;", "&lt;", "&quot;", "&#"];
    if html.iter().any(|tag| title.contains(tag)) {
        let message = format!("the title `{}` looks like HTML", shortened(title, 60));
        folder.find(&rules::TITLE_HTML, place, message);
    }
}

fn link(folder: &mut Folder, feed: &Feed) {
    let rule = &rules::CHANNEL_LINK;
    let Some((link, place)) = required(folder, feed, feed.channel, "link", rule) else { return };
    let url = folder.check_url(rule, &place, "the channel's link", &link);
    // Everything below this address is expected in the folder.
    folder.site = url.map(|mut url: Url| {
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        url
    });
}

fn language(folder: &mut Folder, feed: &Feed) {
    let rule = &rules::CHANNEL_LANGUAGE;
    let Some((language, place)) = required(folder, feed, feed.channel, "language", rule) else {
        return;
    };
    let mut parts = language.split('-');
    let primary = parts.next().unwrap_or_default();
    let letters = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic());
    let known = matches!(primary.len(), 2 | 3) && letters(primary);
    let rest =
        parts.all(|p| (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric()));
    if !known || !rest {
        let message = format!("`{}` is no language tag", shortened(&language, 40));
        folder.find(rule, place, message);
    }
}

fn atom_self(folder: &mut Folder, feed: &Feed) {
    let rule = &rules::ATOM_SELF;
    let own = children(feed.channel, ATOM, "link").find(|n| n.attribute("rel") == Some("self"));
    let Some(own) = own else {
        return folder.find(
            rule,
            feed.place(feed.channel),
            "`<atom:link rel=\"self\">` is missing",
        );
    };
    let place = feed.place(own);
    if own.attribute("type") != Some("application/rss+xml") {
        folder.find(rule, place.clone(), "its type is not `application/rss+xml`");
    }
    let href = own.attribute("href").unwrap_or_default();
    if let Some(url) = folder.check_url(rule, &place, "the feed's own address", href)
        && folder.file_of(&url).is_some_and(|file| file != "feed.xml")
    {
        folder.find(rule, place, format!("`{}` is not where this feed is", shortened(href, 100)));
    }
}

fn categories(folder: &mut Folder, feed: &Feed) {
    let rule = &rules::CATEGORY;
    let all: Vec<Node> = children(feed.channel, ITUNES, "category").collect();
    if all.is_empty() {
        folder.find(rule, feed.place(feed.channel), "`<itunes:category>` is missing");
    }
    for category in all {
        let name = category.attribute("text").unwrap_or_default();
        let Some(below) = apple::subcategories(name) else {
            let message = format!("Apple has no category `{}`", shortened(name, 60));
            folder.find(rule, feed.place(category), message);
            continue;
        };
        for sub in children(category, ITUNES, "category") {
            let sub_name = sub.attribute("text").unwrap_or_default();
            if !below.contains(&sub_name) {
                let message = format!("`{name}` has no subcategory `{}`", shortened(sub_name, 60));
                folder.find(rule, feed.place(sub), message);
            }
        }
    }
}

fn itunes(folder: &mut Folder, feed: &Feed) {
    let channel = feed.channel;
    let explicit = value(channel, ITUNES, "explicit");
    if !matches!(explicit.as_str(), "true" | "false") {
        let message = match explicit.as_str() {
            "" => "`<itunes:explicit>` is missing".to_owned(),
            other => format!("`<itunes:explicit>` is `{}`", shortened(other, 40)),
        };
        folder.find(&rules::EXPLICIT, feed.place(channel), message);
    }
    let author = value(channel, ITUNES, "author");
    if author.is_empty() || author.chars().count() > 255 {
        let message = "`<itunes:author>` is missing or longer than 255 characters";
        folder.find(&rules::AUTHOR, feed.place(channel), message);
    }
    if let Some(kind) = child(channel, ITUNES, "type")
        && !matches!(text(kind).trim(), "episodic" | "serial")
    {
        let message = format!("`<itunes:type>` is `{}`", shortened(&text(kind), 40));
        folder.find(&rules::ITUNES_TYPE, feed.place(kind), message);
    }
    if let Some(owner) = child(channel, ITUNES, "owner") {
        let email = value(owner, ITUNES, "email");
        if !is_email(&email) {
            let message = format!("`{}` is no e-mail address", shortened(&email, 60));
            folder.find(&rules::OWNER_EMAIL, feed.place(owner), message);
        }
    }
}

/// Loosely: a directory will send its code there, so gross slips are what matters.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>@,;".contains(c);
    !local.is_empty() && domain.contains('.') && local.chars().chain(domain.chars()).all(plain)
}

fn podcast(folder: &mut Folder, feed: &Feed) {
    let guids: Vec<Node> = children(feed.channel, PODCAST, "guid").collect();
    if guids.len() > 1 {
        let message = "there is more than one `<podcast:guid>`";
        folder.find(&rules::PODCAST_GUID, feed.place(guids[1]), message);
    }
    for guid in guids {
        let value = text(guid);
        let version = Uuid::try_parse(value.trim()).ok().map(|uuid| uuid.get_version_num());
        if value.trim().len() != 36 || version != Some(5) {
            let message = format!("`{}` is no UUID of version 5", shortened(value.trim(), 60));
            folder.find(&rules::PODCAST_GUID, feed.place(guid), message);
        }
    }
    for locked in children(feed.channel, PODCAST, "locked") {
        if !matches!(text(locked).trim(), "yes" | "no") {
            let message = format!("`<podcast:locked>` is `{}`", shortened(&text(locked), 40));
            folder.find(&rules::LOCKED, feed.place(locked), message);
        }
    }
    let known: BTreeSet<&str> = PODCAST_TAGS.iter().copied().collect();
    let tags = feed.channel.descendants().filter(|n| n.tag_name().namespace() == Some(PODCAST));
    for tag in tags.filter(|n| !known.contains(n.tag_name().name())) {
        let message = format!("the podcast namespace has no `{}`", tag.tag_name().name());
        folder.find(&rules::NAMESPACE, feed.place(tag), message);
    }
}

/// The elements of the podcast namespace
/// (<https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags>).
const PODCAST_TAGS: &[&str] = &[
    "alternateEnclosure",
    "block",
    "chapters",
    "chat",
    "contentLink",
    "episode",
    "funding",
    "guid",
    "image",
    "images",
    "integrity",
    "license",
    "liveItem",
    "location",
    "locked",
    "medium",
    "person",
    "podping",
    "podroll",
    "publisher",
    "remoteItem",
    "season",
    "socialInteract",
    "soundbite",
    "source",
    "trailer",
    "transcript",
    "txt",
    "updateFrequency",
    "value",
    "valueRecipient",
    "valueTimeSplit",
];

fn image(folder: &mut Folder, feed: &Feed) {
    let image = feed.channel.children().find(|n| named(*n, ITUNES, "image"));
    let href = image.and_then(|n| n.attribute("href"));
    let (Some(image), Some(href)) = (image, href) else {
        let message = "`<itunes:image href>` is missing";
        return folder.find(&rules::IMAGE_MISSING, feed.place(feed.channel), message);
    };
    let place = feed.place(image);
    if let Some(url) = folder.check_url(&rules::IMAGE_MISSING, &place, "the cover's address", href)
    {
        media::check_cover(folder, &place, &url);
    }
}
