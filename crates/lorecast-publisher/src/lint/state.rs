//! What must not change from one build to the next, and what a build may not leave behind.

mod lists;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use roxmltree::{Document, Node};

use super::document::{Feed, Space, attribute, child, children, said, value};
use super::rule::rules;
use super::values::{self, Date};
use super::{Lint, paging, podcast, reach};
use crate::text::shortened;

rules! {
    BUILD_DATE "CH-33" House Recommendations State
        "`<lastBuildDate>` changes only when something else in the feed does."
        => "take the date from the newest episode, not from the clock";
    MOVED "CH-34" Must Apple State
        "A feed that moved names its new address in `<itunes:new-feed-url>`, and the old one answers 301."
        => "add `<itunes:new-feed-url>` with the new address, and redirect the old one";
    ARTWORK "CH-38" Should Apple State
        "The address of the artwork changes whenever the picture does."
        => "give the new picture a new name; directories look again only when the address is new";
    GUID "IT-17" Must AppleFeed State
        "The guid of a published episode never changes."
        => "put the earlier guid back: apps download the episode again otherwise";
    DATE "IT-22" Must House State
        "The date of a published episode never changes, and none is in the future."
        => "put the earlier date back; publish a scheduled episode when its time has come";
    SOUND "MD-08" House House State
        "A published file never changes under its address."
        => "give the new sound a new address";
    SAME "ST-01" House House State
        "Two builds of the same episodes are equal, byte for byte."
        => "leave out what differs: times, random names, orders that vary";
    EARLIER "ST-02" House House State
        "A new episode changes nothing in earlier ones."
        => "put the earlier items back as they were";
    EDITED "ST-03" House House State
        "An edit of a published episode is logged: the feed's `<lastBuildDate>` moves with it."
        => "say why it changed, and let the build date tell that it did";
    LEFT "ST-04" House House State
        "A build leaves nothing half-written behind."
        => "remove the file, and publish again";
    SCHEDULED "ST-05" House House State
        "Episodes are in no list before their time."
        => "publish them when their time has come";
    LISTS "ST-06" Should House State
        "JSON Feed, sitemap and OPML name the same episodes and feeds as the feed."
        => "build all of them from the same episodes";
}

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    future(lint, feed);
    left_behind(lint);
    lists::check(lint, feed);
    let Some(path) = lint.context.earlier else { return };
    let folder = path.is_dir().then_some(path);
    let earlier = match folder {
        Some(folder) => reach::feed_in(folder).map(|feed| folder.join(feed)),
        None => Some(path.to_owned()),
    };
    let read = earlier.and_then(|path| reach::read(&path, reach::TEXT).ok());
    let source = read.and_then(|(bytes, _)| String::from_utf8(bytes).ok());
    let Some(source) = source else {
        return lint.find(&EARLIER, path, "the earlier build cannot be read");
    };
    let Ok(document) = Document::parse(&source) else {
        return lint.find(&EARLIER, path, "the feed of the earlier build is not XML");
    };
    let Some(channel) = child(document.root(), Space::Rss, "rss")
        .and_then(|root| child(root, Space::Rss, "channel"))
    else {
        return;
    };
    let before = Feed::new(path.as_str(), &source, channel);
    show(lint, feed, &before);
    episodes(lint, feed, &before);
    if let Some(folder) = folder {
        files(lint, feed, &before, folder);
    }
}

/// What is dated after the time of the lint.
fn future(lint: &mut Lint, feed: &Feed) {
    let Some(now) = lint.now() else { return };
    for item in feed.items() {
        let written = value(item, Space::Rss, "pubDate");
        if let Date::Good(date) | Date::Weekday(date) = values::date(&written)
            && date > now
        {
            let place = feed.place_of(item, Space::Rss, "pubDate");
            lint.find(&DATE, place, format!("`{}` is in the future", shortened(&written, 60)));
        }
    }
}

fn left_behind(lint: &mut Lint) {
    for (path, _) in lint.reach.files() {
        let name = path.file_name().unwrap_or_default();
        let unfinished =
            [".tmp", ".part", ".partial", ".new", "~"].iter().any(|end| name.ends_with(end));
        if unfinished || name.starts_with(".tmp") {
            lint.find(&LEFT, path, "a build left it behind");
        }
    }
}

/// What the show is called by machines.
fn show(lint: &mut Lint, feed: &Feed, before: &Feed) {
    let place = feed.place(feed.channel);
    let guids = [feed, before].map(|f| value(f.channel, Space::Podcast, "guid"));
    if guids[0] != guids[1] && !guids[1].is_empty() {
        let message = format!("it was `{}`", shortened(&guids[1], 60));
        lint.find(
            &podcast::GUID_KEPT,
            feed.place_of(feed.channel, Space::Podcast, "guid"),
            message,
        );
    }
    let own = [feed, before].map(own_address);
    let told = value(feed.channel, Space::Itunes, "new-feed-url");
    if own[0] != own[1] && !own[1].is_empty() && told != own[0] {
        let message = format!("the feed was at `{}`, and does not say where it is now", own[1]);
        lint.find(&MOVED, &place, message);
    }
    let dates = [feed, before].map(|f| value(f.channel, Space::Rss, "lastBuildDate"));
    if dates[0] != dates[1] && without(feed.source, &dates[0]) == without(before.source, &dates[1])
    {
        let place = feed.place_of(feed.channel, Space::Rss, "lastBuildDate");
        lint.find(&BUILD_DATE, place, "nothing else in the feed changed");
    }
}

fn own_address(feed: &Feed) -> String {
    let own =
        children(feed.channel, Space::Atom, "link").find(|n| attribute(*n, "rel") == Some("self"));
    own.map(|n| said(n, "href").to_owned()).unwrap_or_default()
}

fn without(source: &str, date: &str) -> String {
    source.replacen(date, "", 1)
}

/// An episode by its guid.
fn by_guid<'a>(feed: &Feed<'a>) -> BTreeMap<String, Node<'a, 'a>> {
    feed.items().map(|item| (value(item, Space::Rss, "guid"), item)).collect()
}

fn enclosure(item: Node, name: &str) -> String {
    let node = item.children().find(|n| n.has_tag_name("enclosure"));
    node.and_then(|n| n.attribute(name)).unwrap_or_default().to_owned()
}

fn episodes(lint: &mut Lint, feed: &Feed, before: &Feed) {
    let (new, old) = (by_guid(feed), by_guid(before));
    let sounds: BTreeMap<String, &String> =
        old.iter().map(|(guid, item)| (enclosure(*item, "url"), guid)).collect();
    let added = new.keys().any(|guid| !old.contains_key(guid));
    let dated = [feed, before].map(|f| value(f.channel, Space::Rss, "lastBuildDate"));
    let mut replaced = BTreeSet::new();
    for (guid, item) in &new {
        if let Some(was) = sounds.get(&enclosure(*item, "url")).filter(|was| **was != guid) {
            if !old.contains_key(guid) {
                let place = feed.place_of(*item, Space::Rss, "guid");
                lint.find(&GUID, place, format!("it was `{}`", shortened(was, 80)));
                replaced.insert((*was).clone());
            }
            continue;
        }
        let Some(was) = old.get(guid) else { continue };
        let findings = lint.findings.len();
        kept(lint, feed, *item, *was);
        let source = |feed: &Feed, node: Node| feed.source.get(node.range()).map(str::to_owned);
        if findings == lint.findings.len() && source(feed, *item) != source(before, *was) {
            let place = feed.place(*item);
            if added {
                lint.find(&EARLIER, place, "it was otherwise before the new episode came");
            } else if dated[0] == dated[1] {
                lint.find(&EDITED, place, "it was otherwise, and `<lastBuildDate>` did not move");
            }
        }
    }
}

/// What an episode keeps for ever.
fn kept<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, was: Node) {
    let dates = [value(item, Space::Rss, "pubDate"), value(was, Space::Rss, "pubDate")];
    let at = |text: &str| match values::date(text) {
        Date::Good(date) | Date::Weekday(date) => Some(date),
        Date::Bad => None,
    };
    if at(&dates[0]) != at(&dates[1]) && !dates[1].is_empty() {
        let place = feed.place_of(item, Space::Rss, "pubDate");
        lint.find(&DATE, place, format!("it was `{}`", shortened(&dates[1], 60)));
    }
    let same = enclosure(item, "url") == enclosure(was, "url");
    if same && enclosure(item, "length") != enclosure(was, "length") {
        let place = feed.place_of(item, Space::Rss, "enclosure");
        let message = format!("the file had {} bytes", shortened(&enclosure(was, "length"), 20));
        lint.find(&SOUND, place, message);
    }
}

/// The files of two builds.
fn files(lint: &mut Lint, feed: &Feed, before: &Feed, earlier: &Utf8Path) {
    let Some(root) = lint.reach.folder().map(Utf8Path::to_owned) else { return };
    let same_feed = feed.source == before.source;
    let artwork = child(feed.channel, Space::Itunes, "image").map(|n| said(n, "href").to_owned());
    let sounds: BTreeSet<String> = feed.items().map(|item| enclosure(item, "url")).collect();
    let path_of =
        |lint: &Lint, url: &str| values::web(url).and_then(|url| lint.reach.path_of(&url));
    let artwork = artwork.and_then(|url| path_of(lint, &url));
    let sounds: BTreeSet<_> = sounds.iter().filter_map(|url| path_of(lint, url)).collect();
    let old: BTreeMap<_, _> = reach::files(earlier).into_iter().collect();
    let new: BTreeMap<_, _> = lint.reach.files().into_iter().collect();
    for path in new.keys().chain(old.keys()).collect::<BTreeSet<_>>() {
        if new.get(path) == old.get(path) && equal(&root.join(path), &earlier.join(path)) {
            continue;
        }
        let both = new.contains_key(path) && old.contains_key(path);
        if both && sounds.contains(path) {
            lint.find(&SOUND, path, "the file is another than before");
        } else if both && artwork.as_ref() == Some(path) {
            lint.find(&ARTWORK, path, "the picture is another, and its name the same");
        } else if both && is_archive(&earlier.join(path)) {
            lint.find(&paging::WRITTEN, path, "the archive page is another than before");
        } else if same_feed {
            lint.find(&SAME, path, "the feed is the same, and this file is not");
        }
    }
}

fn equal(a: &Utf8Path, b: &Utf8Path) -> bool {
    let read = |path| reach::read(path, reach::MEDIA).ok();
    matches!((read(a), read(b)), (Some(a), Some(b)) if a == b)
}

fn is_archive(path: &Utf8Path) -> bool {
    path.extension() == Some("xml")
        && reach::read(path, reach::TEXT).is_ok_and(|(bytes, _)| {
            bytes.windows(12).any(|w| w == b"<fh:archive/" || w == b"<fh:archive>")
        })
}
