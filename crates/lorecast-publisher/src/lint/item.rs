//! An episode in the feed, and all of them together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use roxmltree::Node;

use super::channel::{explicit_value, once, title_text};
use super::document::{Feed, Space, attribute, child, said, trimmed, value};
use super::enclosure::Sound;
use super::rule::rules;
use super::values::{self, Date};
use super::{Lint, artwork, chapters, enclosure, media, page, podcast, prose, transcripts};
use crate::text::shortened;

rules! {
    TITLE "IT-01" Must Psp1 Feed
        "An episode has a `<title>`."
        => "correct `title` in `episode.yaml`";
    TITLE_NUMBER "IT-02" Should Apple Feed
        "A title holds neither the number of the episode nor the name of the show: tags carry them."
        => "take the number and the show's name out of the title";
    GUID "IT-14" Must Psp1 Feed
        "An episode has a `<guid>`."
        => "give each episode a guid, and never change it";
    GUID_UNIQUE "IT-15" Must Psp1 Feed
        "No two episodes have the same `<guid>`."
        => "give each `published.yaml` the guid it had when first published";
    GUID_PERMALINK "IT-16" Must Rss Feed
        "A `<guid>` that is no address carries `isPermaLink=\"false\"`."
        => "add `isPermaLink=\"false\"`";
    GUID_FORM "IT-18" Should Recommendations Feed
        "A `<guid>` is a UUID or a permanent URI."
        => "use a UUID for new episodes; leave those that are published";
    DATE "IT-19" Should Psp1 Feed
        "An episode has a `<pubDate>`."
        => "add the date on which it was published";
    DATE_FORM "IT-20" Must Psp1 Feed
        "`<pubDate>` is a date of RFC 2822 with a zone in numbers, or GMT."
        => "write it like `Mon, 17 Apr 2023 18:00:00 +0000`";
    WEEKDAY "IT-21" Must Rss Feed
        "The day of the week in `<pubDate>` is that of the date."
        => "correct the day of the week, or leave it out";
    LINK "IT-28" Should Rss Feed
        "An episode has a `<link>`: an absolute address."
        => "link the episode's page";
    DURATION "IT-29" Should Psp1 Feed
        "An episode has an `<itunes:duration>` in whole seconds."
        => "write the length in seconds, without a unit";
    EXPLICIT "IT-30" Should Psp1 Feed
        "An episode's `<itunes:explicit>` is `true` or `false`."
        => "write `true` or `false`";
    IMAGE "IT-31" Should Apple Feed
        "An episode has artwork of its own that keeps the rules of the show's."
        => "make it square, 1400 to 3000 pixels a side, JPEG or PNG without transparency";
    EPISODE "IT-32" Must Psp1 Feed
        "`<itunes:episode>` is a whole number above zero."
        => "set `number` in `episode.yaml`, counted from 1";
    SEASON "IT-33" Must Psp1 Feed
        "`<itunes:season>` is a whole number above zero."
        => "number seasons from 1";
    EPISODE_TYPE "IT-34" Must Psp1 Feed
        "`<itunes:episodeType>` is `full`, `trailer` or `bonus`."
        => "write `full`, `trailer` or `bonus`";
    NUMBER_UNIQUE "IT-35" Should House Feed
        "No two full episodes have the same season and number."
        => "give each `episode.yaml` its own `number`";
    TRAILER_GUID "IT-36" Should Apple Feed
        "A trailer has a guid, sound and number other than the episode that it announces."
        => "publish the trailer as an item of its own";
}

/// What earlier items of the feed used up.
#[derive(Default)]
struct Seen {
    guids: BTreeMap<String, bool>,
    enclosures: BTreeSet<String>,
    numbers: BTreeSet<(String, String)>,
}

/// What is known of an episode once its feed is read and its sound is heard.
pub(super) struct Episode {
    /// Its length in seconds: heard, else as the feed says.
    pub(super) length: Option<f64>,
    /// Lists of chapters, each with what it is from.
    pub(super) chapters: Vec<chapters::List>,
}

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    let mut seen = Seen::default();
    let mut items = Vec::new();
    for item in feed.items() {
        if let Some((title, place)) = once(lint, feed, item, "title", &TITLE) {
            title_text(lint, &place, &title);
            title_number(lint, feed, item, &title);
        }
        link(lint, feed, item);
        date(lint, feed, item);
        tags(lint, feed, item);
        guid(lint, feed, item, &mut seen);
        number(lint, feed, item, &mut seen);
        items.push((item, enclosure::check(lint, feed, item, &mut seen.enclosures)));
    }
    let (done, all) = (AtomicU64::new(0), items.len() as u64);
    let beside = |(item, sound): &(Node<'_, '_>, Option<Sound>)| {
        let mut part = lint.part();
        files(&mut part, feed, *item, sound.as_ref());
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        part.context.watch.iter().for_each(|watch| watch.looked_at(done, all));
        part
    };
    let parts: Vec<Lint> = items.par_iter().map(beside).collect();
    parts.into_iter().for_each(|part| lint.join(part));
}

/// The sound of an episode, and what else the feed says of it and its files.
fn files<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, sound: Option<&Sound>) {
    let length = values::seconds(&value(item, Space::Itunes, "duration"));
    let mut episode = Episode { length, chapters: Vec::new() };
    if let Some(sound) = sound {
        media::check(lint, feed, item, sound, &mut episode);
    }
    prose::check(lint, feed, item, &mut episode);
    podcast::item::check(lint, feed, item, &episode);
    let page = values::web(&value(item, Space::Rss, "link"));
    if page.as_ref().is_some_and(|page| lint.is_settled(page)) {
        return;
    }
    chapters::check(lint, feed, item, &mut episode);
    let words = transcripts::check(lint, feed, item, &episode);
    if let Some(page) = page.and_then(|url| lint.reach.path_of(&url)) {
        let chapters = chapters::finest(episode.chapters);
        lint.told.push(page::Told { page, chapters, words });
    }
}

/// `S2E14`, `Ep. 14`, `#14` or `14:` at the front, or the show's own name.
fn title_number<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, title: &str) {
    let show = feed.show_value(Space::Rss, "title");
    let low = title.to_lowercase();
    let named = show.chars().count() > 3 && low.contains(&show.to_lowercase());
    let number = value(item, Space::Itunes, "episode");
    if named || is_numbered(&low, &number) {
        let message = format!("`{}` repeats what tags say", shortened(title, 60));
        lint.find(&TITLE_NUMBER, feed.place_of(item, Space::Rss, "title"), message);
    }
}

fn is_numbered(title: &str, number: &str) -> bool {
    let words: Vec<&str> = title.split_whitespace().collect();
    let digits = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
    };
    let after = words.windows(2).any(|pair| {
        let word = pair[0].trim_matches(|c: char| !c.is_alphanumeric());
        matches!(word, "episode" | "ep" | "folge" | "épisode" | "season") && digits(pair[1])
    });
    let first = words.first().copied().unwrap_or_default();
    let leading = first.strip_prefix('#').unwrap_or(first);
    let own = !number.is_empty()
        && leading.trim_end_matches([':', '.', '-', '–', ')']) == number
        && (first.starts_with('#')
            || leading != number
            || words.get(1).is_some_and(|w| matches!(*w, "-" | "–" | "—" | "|")));
    let code = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let Some((season, episode)) = word.strip_prefix('s').and_then(|w| w.split_once('e')) else {
            return false;
        };
        digits(season) && digits(episode)
    };
    after || own || words.iter().any(|word| code(word))
}

fn link<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    if let Some((link, place)) = once(lint, feed, item, "link", &LINK) {
        enclosure::ascii(lint, &place, &link);
        let message = format!("`{}` is no absolute http or https address", shortened(&link, 100));
        lint.must(values::web(&link).is_some(), &LINK, place, message);
    }
}

fn guid<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, seen: &mut Seen) {
    let Some((guid, place)) = once(lint, feed, item, "guid", &GUID) else { return };
    let shown = shortened(&guid, 80);
    let node = child(item, Space::Rss, "guid");
    let permanent = node.and_then(|n| attribute(n, "isPermaLink")) != Some("false");
    let is_url = values::web(&guid).is_some();
    if permanent && !is_url {
        let message = format!("`{shown}` is no address and lacks `isPermaLink=\"false\"`");
        lint.find(&GUID_PERMALINK, &place, message);
    }
    let is_uri = is_url || ["urn:", "tag:"].iter().any(|scheme| guid.starts_with(scheme));
    if !is_uri && values::uuid(&guid).is_none() {
        lint.find(&GUID_FORM, &place, format!("`{shown}` is no UUID and no URI"));
    }
    let trailer = value(item, Space::Itunes, "episodeType") == "trailer";
    if let Some(other) = seen.guids.insert(guid, trailer) {
        lint.find(&GUID_UNIQUE, &place, format!("`{shown}` is the guid of another episode, too"));
        if other != trailer {
            lint.find(&TRAILER_GUID, place, "a trailer and an episode have the same guid");
        }
    }
}

fn number<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, seen: &mut Seen) {
    let value = |name: &str| value(item, Space::Itunes, name);
    let full = matches!(value("episodeType").as_str(), "" | "full");
    let number = value("episode");
    if full && !number.is_empty() && !seen.numbers.insert((value("season"), number.clone())) {
        let message = format!("another episode has the number `{}`, too", shortened(&number, 40));
        lint.find(&NUMBER_UNIQUE, feed.place_of(item, Space::Itunes, "episode"), message);
    }
}

fn date<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    let Some((written, place)) = once(lint, feed, item, "pubDate", &DATE) else { return };
    let shown = shortened(&written, 60);
    match values::date(&written) {
        Date::Good(_) if values::has_plain_zone(&written) => {}
        Date::Weekday(_) => {
            lint.find(&WEEKDAY, place, format!("`{shown}` is another day of the week"));
        }
        _ => lint.find(&DATE_FORM, place, format!("`{shown}` is no date of RFC 2822")),
    }
}

fn tags<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    let place = |name: &str| feed.place_of(item, Space::Itunes, name);
    let duration = value(item, Space::Itunes, "duration");
    let whole = !duration.is_empty() && duration.bytes().all(|b| b.is_ascii_digit());
    let message = match duration.as_str() {
        "" => "`<itunes:duration>` is missing".to_owned(),
        other => format!("`<itunes:duration>` is `{}`", shortened(other, 40)),
    };
    lint.must(whole, &DURATION, place("duration"), message);
    if let Some(node) = child(item, Space::Itunes, "explicit") {
        explicit_value(lint, &feed.place(node), &trimmed(node), &EXPLICIT);
    } else {
        lint.find(&EXPLICIT, feed.place(item), "`<itunes:explicit>` is missing");
    }
    for (name, rule) in [("episode", &EPISODE), ("season", &SEASON)] {
        if let Some(node) = child(item, Space::Itunes, name) {
            let message = format!("`<itunes:{name}>` is `{}`", shortened(&trimmed(node), 40));
            lint.must(values::is_counting(&trimmed(node)), rule, feed.place(node), message);
        }
    }
    if let Some(node) = child(item, Space::Itunes, "episodeType") {
        let message = format!("`<itunes:episodeType>` is `{}`", shortened(&trimmed(node), 40));
        let known = matches!(trimmed(node).as_str(), "full" | "trailer" | "bonus");
        lint.must(known, &EPISODE_TYPE, feed.place(node), message);
    }
    match child(item, Space::Itunes, "image") {
        None => lint.find(&IMAGE, feed.place(item), "`<itunes:image>` is missing"),
        Some(node) => image(lint, feed, node),
    }
}

fn image<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let (href, place) = (said(node, "href"), feed.place(node));
    enclosure::ascii(lint, &place, href);
    match values::web(href) {
        Some(url) => artwork::check(lint, &place, &url, &artwork::Rules::all(IMAGE)),
        None => {
            let message = format!("`href` is `{}`, no absolute address", shortened(href, 100));
            lint.find(&IMAGE, place, message);
        }
    }
}
