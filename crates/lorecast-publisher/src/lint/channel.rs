//! The channel: what a directory shows of the show.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::document::{Feed, Space, attribute, child, children, said, trimmed, value};
use super::rule::{Rule, rules};
use super::values::{self, Date};
use super::{Lint, Place, apple, artwork};
use crate::text::shortened;

rules! {
    TITLE "CH-01" Must Rss Feed
        "The channel has one `<title>` that is not empty."
        => "set `title` in `show.yaml`";
    LINK "CH-02" Must Rss Feed
        "The channel has one `<link>`: an absolute http or https address."
        => "set `url` in `show.yaml`";
    DESCRIPTION "CH-03" Must Rss Feed
        "The channel has a `<description>` that is not empty."
        => "set `description` in `show.yaml`";
    DESCRIPTION_LENGTH "CH-04" Must Psp1 Feed
        "The channel's `<description>` has at most 4000 bytes."
        => "shorten `description` in `show.yaml`";
    LANGUAGE "CH-05" Must Psp1 Feed
        "The channel has a `<language>`: an ISO 639 code, perhaps with a region."
        => "set `language` in `show.yaml`, such as `en` or `en-GB`";
    SELF "CH-06" Must Psp1 Feed
        "The channel has `<atom:link rel=\"self\" type=\"application/rss+xml\">`."
        => "add the link; `lorecast publish` does";
    SELF_ADDRESS "CH-07" Must Psp1 Http
        "The address in `<atom:link rel=\"self\">` is the one that the feed is served from."
        => "write the address that listeners subscribe to";
    CATEGORY "CH-08" Must Psp1 Feed
        "The channel has an `<itunes:category>` of Apple's list."
        => "set `categories` in `show.yaml`, such as `News > Tech News`";
    CATEGORY_CASE "CH-09" Must AppleFeed Feed
        "Categories are written as in Apple's list, upper and lower case included."
        => "write the category as Apple's list does";
    SUBCATEGORY "CH-10" Must Apple Feed
        "A subcategory belongs to the category that it stands in."
        => "choose a subcategory of that category";
    FIRST_CATEGORY "CH-11" Should Apple Feed
        "Categories are told once each, with one subcategory: Apple reads the first."
        => "keep the category and subcategory that you want, first";
    EXPLICIT "CH-12" Must Psp1 Feed
        "The channel has `<itunes:explicit>`."
        => "set `explicit` in `show.yaml`";
    EXPLICIT_VALUE "CH-13" Must Psp1 Feed
        "The channel's `<itunes:explicit>` is `true` or `false`."
        => "write `true` or `false`";
    EXPLICIT_OLD "CH-14" Should Psp1 Feed
        "`<itunes:explicit>` has none of the old values `yes`, `no`, `clean` and `explicit`."
        => "write `true` or `false`";
    IMAGE "CH-15" Must Psp1 Feed
        "The channel has an `<itunes:image>`."
        => "set `cover` in `show.yaml`";
    IMAGE_HREF "CH-16" Must Apple Feed
        "`<itunes:image>` names an absolute address in `href`."
        => "write `<itunes:image href=\"https://…\"/>`";
    IMAGE_ENDING "CH-17" Must Psp1 Feed
        "The address of the artwork ends in `.jpg`, `.jpeg` or `.png`."
        => "save the cover as JPEG or PNG, named accordingly";
    AUTHOR "CH-23" Should Psp1 Feed
        "The channel has an `<itunes:author>` of at most 255 characters."
        => "set `author` in `show.yaml`";
    TYPE "CH-24" Should Apple Feed
        "`<itunes:type>` is `episodic` or `serial`."
        => "write `episodic` or `serial`";
    SERIAL "CH-25" Must Psp1 Feed
        "In a serial show every full episode has an `<itunes:episode>`."
        => "set `number` in `episode.yaml`";
    COMPLETE "CH-26" Should Psp1 Feed
        "`<itunes:complete>` and `<itunes:block>` are `Yes` or are not there."
        => "write `Yes`, or remove the element";
    COPYRIGHT "CH-27" Should Apple Feed
        "The channel has a `<copyright>`."
        => "say who owns the show";
    COPYRIGHT_TEXT "CH-28" Should Psp1 Feed
        "`<copyright>` names the owner only: apps add the sign and the word."
        => "leave out the word, the sign and the year";
    EMAIL "CH-29" Should Rss Feed
        "The owner's email, `<managingEditor>` and `<webMaster>` are mail addresses."
        => "correct `email` in `show.yaml`";
    RSS_IMAGE "CH-30" Should Rss Feed
        "`<image>` has url, title and link, the last two like the channel's."
        => "give it the channel's title and link";
    TTL "CH-31" Should Rss Feed
        "`<ttl>` is a number of minutes above zero."
        => "write whole minutes, or remove the element";
    DATES "CH-32" Should Rss Feed
        "The channel's `<lastBuildDate>` and `<pubDate>` are dates of RFC 2822."
        => "write it like `Mon, 17 Apr 2023 18:00:00 +0000`";
    ITEMS "CH-35" Must AppleFeed Feed
        "The feed has an episode."
        => "master an episode with `lorecast master`, then publish again";
    TITLE_HTML "CH-36" Should RssProfile Feed
        "Titles are plain text."
        => "write the title without HTML";
    ORDER "CH-37" House House Feed
        "Episodes stand newest first."
        => "sort the items by `<pubDate>`";
}

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    if let Some((title, place)) = once(lint, feed, feed.channel, "title", &TITLE) {
        title_text(lint, &place, &title);
    }
    link(lint, feed);
    if let Some((about, place)) = once(lint, feed, feed.channel, "description", &DESCRIPTION)
        && about.len() > 4000
    {
        let message = format!("`<description>` has {} bytes", about.len());
        lint.find(&DESCRIPTION_LENGTH, place, message);
    }
    language(lint, feed);
    own(lint, feed);
    categories(lint, feed);
    explicit(lint, feed);
    image(lint, feed);
    people(lint, feed);
    plain(lint, feed);
    rss_image(lint, feed);
    episodes(lint, feed);
}

/// Finds a value that must be there once, and returns it with its place.
pub(super) fn once<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    parent: Node<'a, 'a>,
    name: &str,
    rule: &Rule,
) -> Option<(String, Place)> {
    let mut found = children(parent, Space::Rss, name);
    let (first, second) = (found.next(), found.next());
    let place = feed.place(first.unwrap_or(parent));
    if let Some(second) = second {
        lint.find(rule, feed.place(second), format!("there is more than one `<{name}>`"));
    }
    let value = first.map(trimmed).unwrap_or_default();
    if value.is_empty() {
        lint.find(rule, &place, format!("`<{name}>` is missing or empty"));
        return None;
    }
    Some((value, place))
}

/// What titles of shows and episodes have in common.
pub(super) fn title_text(lint: &mut Lint, place: &Place, title: &str) {
    let html =
        ["<b>", "<i>", "<em>", "<strong>", "<br", "<a ", "</", "&amp;", "&lt;", "&quot;", "&#"];
    if html.iter().any(|tag| title.contains(tag)) {
        let message = format!("the title `{}` looks like HTML", shortened(title, 60));
        lint.find(&TITLE_HTML, place, message);
    }
}

fn link(lint: &mut Lint, feed: &Feed) {
    if let Some((link, place)) = once(lint, feed, feed.channel, "link", &LINK) {
        let message = format!("`{}` is no absolute http or https address", shortened(&link, 100));
        lint.must(values::web(&link).is_some(), &LINK, place, message);
    }
}

fn language(lint: &mut Lint, feed: &Feed) {
    if let Some((language, place)) = once(lint, feed, feed.channel, "language", &LANGUAGE) {
        let message = format!("`{}` is no language tag", shortened(&language, 40));
        lint.must(values::is_language(&language), &LANGUAGE, place, message);
    }
}

fn own(lint: &mut Lint, feed: &Feed) {
    let mut links = children(feed.channel, Space::Atom, "link");
    let Some(own) = links.find(|n| attribute(*n, "rel") == Some("self")) else {
        let message = "`<atom:link rel=\"self\">` is missing";
        return lint.find(&SELF, feed.place(feed.channel), message);
    };
    let place = feed.place(own);
    let kind = attribute(own, "type");
    let message = "its type is not `application/rss+xml`";
    lint.must(kind == Some("application/rss+xml"), &SELF, &place, message);
    let href = said(own, "href");
    let Some(url) = values::web(href) else {
        let message = format!("`{}` is no absolute http or https address", shortened(href, 100));
        return lint.find(&SELF, place, message);
    };
    let shown = shortened(href, 100);
    let elsewhere = match (lint.reach.server(), lint.reach.path_of(&url)) {
        (Some((_, served)), _) => *served != url,
        (None, Some(path)) => {
            // Many servers give a folder's feed at the folder's own address.
            let own = lint.reach.feed_path().unwrap_or_default();
            let listed = lint.reach.folder().is_some() && path != own;
            listed && !own.starts_with(path.as_str().trim_end_matches("index.html"))
        }
        (None, None) => lint.reach.folder().is_some() && shares_host(lint, feed),
    };
    if elsewhere || contradicts_guid(feed, &url) {
        lint.find(&SELF_ADDRESS, place, format!("`{shown}` is not where this feed is"));
    }
}

/// Whether the sound lies below the channel's link, so that its feed should as well.
fn shares_host(lint: &Lint, feed: &Feed) -> bool {
    let mut sounds = feed.items().filter_map(|item| child(item, Space::Rss, "enclosure"));
    sounds
        .any(|n| values::web(said(n, "url")).is_some_and(|url| lint.reach.path_of(&url).is_some()))
}

/// Whether `podcast:guid` was made from an address beside the channel's link, and not from this one.
fn contradicts_guid(feed: &Feed, own: &url::Url) -> bool {
    let guid = value(feed.channel, Space::Podcast, "guid");
    let made_from = |address: &str| crate::publication::podcast_guid(address) == guid;
    if guid.is_empty() || made_from(own.as_str()) {
        return false;
    }
    let link = value(feed.channel, Space::Rss, "link");
    let names =
        [feed.name.as_str(), "feed.xml", "rss.xml", "index.xml", "podcast.xml", "feed", "rss"];
    names.iter().any(|name| made_from(&format!("{}/{name}", link.trim_end_matches('/'))))
}

fn categories(lint: &mut Lint, feed: &Feed) {
    let all: Vec<Node> = children(feed.channel, Space::Itunes, "category").collect();
    if all.is_empty() {
        lint.find(&CATEGORY, feed.place(feed.channel), "`<itunes:category>` is missing");
    }
    let mut seen = BTreeSet::new();
    for category in all {
        let (name, place) = (said(category, "text"), feed.place(category));
        let below: Vec<Node> = children(category, Space::Itunes, "category").collect();
        if !seen.insert(name) || below.len() > 1 {
            let message = format!("`{}` is told more than once", shortened(name, 60));
            lint.find(&FIRST_CATEGORY, &place, message);
        }
        match apple::subcategories(name) {
            Some(known) => below.iter().for_each(|sub| subcategory(lint, feed, *sub, name, known)),
            None => unknown(lint, &place, name, apple::respelled(name)),
        }
    }
}

fn subcategory(lint: &mut Lint, feed: &Feed, node: Node, category: &str, known: &[&str]) {
    let name = node.attribute("text").unwrap_or_default();
    if known.contains(&name) {
        return;
    }
    let place = feed.place(node);
    if let Some(right) = known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        unknown(lint, &place, name, Some(right));
    } else {
        let message = format!("`{category}` has no subcategory `{}`", shortened(name, 60));
        lint.find(&SUBCATEGORY, place, message);
    }
}

fn unknown(lint: &mut Lint, place: &Place, name: &str, right: Option<&str>) {
    let shown = shortened(name, 60);
    match right {
        Some(right) => lint.find(&CATEGORY_CASE, place, format!("`{shown}` is written `{right}`")),
        None => lint.find(&CATEGORY, place, format!("Apple has no category `{shown}`")),
    }
}

fn explicit(lint: &mut Lint, feed: &Feed) {
    let Some(node) = child(feed.channel, Space::Itunes, "explicit") else {
        let message = "`<itunes:explicit>` is missing";
        return lint.find(&EXPLICIT, feed.place(feed.channel), message);
    };
    explicit_value(lint, &feed.place(node), &trimmed(node), &EXPLICIT_VALUE);
}

/// `true` or `false`; old values are told apart.
pub(super) fn explicit_value(lint: &mut Lint, place: &Place, value: &str, rule: &Rule) {
    let old = ["yes", "no", "clean", "explicit"].iter().any(|old| old.eq_ignore_ascii_case(value));
    let rule = if old { &EXPLICIT_OLD } else { rule };
    let message = format!("`<itunes:explicit>` is `{}`", shortened(value, 40));
    lint.must(values::is_bool(value), rule, place, message);
}

fn image(lint: &mut Lint, feed: &Feed) {
    let Some(node) = child(feed.channel, Space::Itunes, "image") else {
        return lint.find(&IMAGE, feed.place(feed.channel), "`<itunes:image>` is missing");
    };
    let place = feed.place(node);
    let href = said(node, "href");
    let Some(url) = values::web(href) else {
        let message = format!("`href` is `{}`, no absolute address", shortened(href, 100));
        return lint.find(&IMAGE_HREF, place, message);
    };
    if !matches!(values::ending(&url).as_str(), "jpg" | "jpeg" | "png") {
        let message = "its name does not end in `.jpg`, `.jpeg` or `.png`";
        lint.find(&IMAGE_ENDING, &place, message);
    }
    artwork::check(lint, &place, &url, &artwork::SHOW);
}

fn people(lint: &mut Lint, feed: &Feed) {
    let author = value(feed.channel, Space::Itunes, "author");
    if author.is_empty() || author.chars().count() > 255 {
        let message = "`<itunes:author>` is missing or longer than 255 characters";
        let place = feed.place_of(feed.channel, Space::Itunes, "author");
        lint.find(&AUTHOR, place, message);
    }
    let owner = child(feed.channel, Space::Itunes, "owner");
    let email = owner.and_then(|owner| child(owner, Space::Itunes, "email"));
    let rss = ["managingEditor", "webMaster"];
    let rss = rss.into_iter().filter_map(|name| child(feed.channel, Space::Rss, name));
    for node in email.into_iter().chain(rss) {
        let address = trimmed(node);
        let message = format!("`{}` is no e-mail address", shortened(&address, 60));
        lint.must(values::is_email(&address), &EMAIL, feed.place(node), message);
    }
}

fn plain(lint: &mut Lint, feed: &Feed) {
    let channel = feed.channel;
    if let Some(node) = child(channel, Space::Itunes, "type") {
        let message = format!("`<itunes:type>` is `{}`", shortened(&trimmed(node), 40));
        let known = matches!(trimmed(node).as_str(), "episodic" | "serial");
        lint.must(known, &TYPE, feed.place(node), message);
    }
    for name in ["complete", "block"] {
        for node in children(channel, Space::Itunes, name) {
            let message = format!("`<itunes:{name}>` is `{}`", shortened(&trimmed(node), 40));
            let yes = trimmed(node).eq_ignore_ascii_case("yes");
            lint.must(yes, &COMPLETE, feed.place(node), message);
        }
    }
    match child(channel, Space::Rss, "copyright") {
        None => lint.find(&COPYRIGHT, feed.place(channel), "`<copyright>` is missing"),
        Some(node) => {
            let text = trimmed(node).to_lowercase();
            let year = values::words(&text)
                .iter()
                .any(|w| w.len() == 4 && matches!(w.parse(), Ok(1900..=2199)));
            let sign = ["copyright", "©", "(c)", "℗"].iter().any(|sign| text.contains(sign));
            let message = format!("`{}` says what apps add", shortened(&trimmed(node), 60));
            lint.must(!year && !sign, &COPYRIGHT_TEXT, feed.place(node), message);
        }
    }
    for node in children(channel, Space::Rss, "ttl") {
        let message = format!("`<ttl>` is `{}`", shortened(&trimmed(node), 40));
        lint.must(values::is_counting(&trimmed(node)), &TTL, feed.place(node), message);
    }
    for name in ["lastBuildDate", "pubDate"] {
        for node in children(channel, Space::Rss, name) {
            let good = matches!(values::date(&trimmed(node)), Date::Good(_));
            let message = format!("`{}` is no date of RFC 2822", shortened(&trimmed(node), 60));
            lint.must(good, &DATES, feed.place(node), message);
        }
    }
}

fn rss_image(lint: &mut Lint, feed: &Feed) {
    let Some(image) = child(feed.channel, Space::Rss, "image") else { return };
    let place = feed.place(image);
    let url = value(image, Space::Rss, "url");
    lint.must(values::web(&url).is_some(), &RSS_IMAGE, &place, "`<image>` has no `<url>`");
    for name in ["title", "link"] {
        let (own, show) = (value(image, Space::Rss, name), value(feed.channel, Space::Rss, name));
        let message = match own.as_str() {
            "" => format!("`<image>` has no `<{name}>`"),
            other => format!("its {name} is `{}`, not the channel's", shortened(other, 60)),
        };
        // A slash at the end makes no other place.
        let alike = own.trim_end_matches('/') == show.trim_end_matches('/') && !own.is_empty();
        lint.must(alike || show.is_empty() && !own.is_empty(), &RSS_IMAGE, &place, message);
    }
}

fn episodes(lint: &mut Lint, feed: &Feed) {
    if feed.items().next().is_none() {
        lint.find(&ITEMS, feed.place(feed.channel), "the feed has no episode");
    }
    let serial = value(feed.channel, Space::Itunes, "type") == "serial";
    let mut last = None;
    for item in feed.items() {
        let kind = value(item, Space::Itunes, "episodeType");
        let full = matches!(kind.as_str(), "" | "full");
        if serial && full && child(item, Space::Itunes, "episode").is_none() {
            lint.find(&SERIAL, feed.place(item), "`<itunes:episode>` is missing");
        }
        if let Date::Good(date) = values::date(&value(item, Space::Rss, "pubDate")) {
            if last.is_some_and(|last| last < date) {
                let place = feed.place_of(item, Space::Rss, "pubDate");
                lint.find(&ORDER, place, "it stands below an older episode");
            }
            last = Some(date);
        }
    }
}
