//! What the feed says of the show.

use lorecast_model::feed::{Credit, EpisodeKind, ShowKind};
use lorecast_model::{Show, ShowFeed};
use rss::extension::ExtensionMap;
use rss::extension::itunes::{ITunesCategory, ITunesChannelExtension, ITunesOwner};
use rss::{Channel, Image};

use super::element::Element;
use super::{rfc2822, shared};
use crate::publication::show_guid;
use crate::site::{Place, Prepared};
use crate::text::{one_line, printable, shortened};

/// The channel without its items, for these episodes.
pub(super) fn channel(place: &Place, all: &[Prepared]) -> Channel {
    let show = place.show;
    let (title, link) = (one_line(&show.title), place.address.url().to_string());
    Channel {
        description: printable(&show.description).trim().to_owned(),
        language: Some(one_line(&show.language)),
        copyright: Some(one_line(show.feed.copyright.as_ref().unwrap_or(&show.author))),
        managing_editor: show.email.as_ref().map(|email| contact(email, &show.author)),
        generator: Some("Lorecast".to_owned()),
        image: place.cover.as_ref().map(|cover| Image {
            url: place.address.at(cover.as_str()),
            title: title.clone(),
            link: link.clone(),
            ..Image::default()
        }),
        extensions: extensions(place, all),
        itunes_ext: Some(itunes(place)),
        title,
        link,
        ..Channel::default()
    }
}

/// Who makes every episode: those whom `show.yaml` names, else the show's speaker.
pub(super) fn people(show: &Show) -> Vec<Credit> {
    if !show.feed.people.is_empty() {
        return show.feed.people.clone();
    }
    let name = show.voice.speaker.as_ref().unwrap_or(&show.author);
    let name = shortened(&one_line(name), 127);
    vec![Credit { name, role: "host".to_owned(), ..Credit::default() }]
}

/// An address as RSS 2.0 writes it.
fn contact(email: &str, name: &str) -> String {
    format!("{} ({})", one_line(email), one_line(name))
}

fn extensions(place: &Place, all: &[Prepared]) -> ExtensionMap {
    let (show, feed) = (place.show, &place.show.feed);
    let mut map = ExtensionMap::new();
    hubs(&mut map, feed);
    Element::new("podcast:guid").text(show_guid(show)).add_to(&mut map);
    Element::new("podcast:locked")
        .maybe("owner", show.email.as_deref().map(one_line))
        .text(if feed.locked { "yes" } else { "no" })
        .add_to(&mut map);
    Element::new("podcast:medium").text("podcast").add_to(&mut map);
    // The iTunes extension of the `rss` crate has no field for it.
    let kind = match feed.kind {
        ShowKind::Episodic => "episodic",
        ShowKind::Serial => "serial",
    };
    Element::new("itunes:type").text(kind).add_to(&mut map);
    people(show).iter().for_each(|credit| shared::person(&mut map, credit));
    shared::license(&mut map, feed.license.as_ref());
    shared::location(&mut map, feed.location.as_ref(), "creator");
    around(&mut map, feed);
    trailers(&mut map, place, all);
    if all.iter().any(|episode| !episode.release.sound.synthetic.is_empty()) {
        shared::synthetic(&mut map);
    }
    map
}

/// Where changes are announced (WebSub section 4).
fn hubs(map: &mut ExtensionMap, feed: &ShowFeed) {
    for hub in &feed.hubs {
        Element::new("atom:link").attr("href", hub.as_str()).attr("rel", "hub").add_to(map);
    }
}

/// How often episodes come, who may be paid, and which other shows there are.
fn around(map: &mut ExtensionMap, feed: &ShowFeed) {
    for give in &feed.funding {
        let text = one_line(&give.text);
        Element::new("podcast:funding").attr("url", give.url.as_str()).text(text).add_to(map);
    }
    if let Some(schedule) = &feed.schedule {
        Element::new("podcast:updateFrequency")
            .maybe("rrule", schedule.rule.as_deref())
            .maybe("dtstart", schedule.from.map(|from| from.to_string()))
            .maybe("complete", feed.complete.then_some("true"))
            .text(one_line(&schedule.text))
            .add_to(map);
    }
    if !feed.podroll.is_empty() {
        let items = feed.podroll.iter().map(|show| {
            Element::new("podcast:remoteItem")
                .attr("feedGuid", show.guid.to_lowercase())
                .attr("medium", "podcast")
                .maybe("feedUrl", show.url.as_deref())
                .maybe("title", show.title.as_deref().map(one_line))
        });
        items.fold(Element::new("podcast:podroll"), Element::child).add_to(map);
    }
}

/// Each trailer among the episodes, the newest first.
fn trailers(map: &mut ExtensionMap, place: &Place, all: &[Prepared]) {
    let is_trailer = |e: &&Prepared| e.release.episode.feed.kind == EpisodeKind::Trailer;
    for trailer in all.iter().filter(is_trailer) {
        let release = trailer.release;
        let enclosure = &release.sound.enclosure;
        Element::new("podcast:trailer")
            .attr("url", release.publication.enclosure_url.as_str())
            .attr("pubdate", rfc2822(release.publication.date))
            .attr("length", enclosure.bytes.to_string())
            .attr("type", enclosure.media_type.as_str())
            .maybe("season", release.episode.feed.season.map(|season| season.to_string()))
            .text(shortened(&place.title(place.show.below(&release.episode.title)), 127))
            .add_to(map);
    }
}

fn itunes(place: &Place) -> ITunesChannelExtension {
    let (show, feed) = (place.show, &place.show.feed);
    let author = one_line(&show.author);
    let owner = show
        .email
        .as_ref()
        .map(|email| ITunesOwner { name: Some(author.clone()), email: Some(one_line(email)) });
    ITunesChannelExtension {
        author: Some(author),
        block: feed.hidden.then(|| "yes".to_owned()),
        categories: show.categories.iter().map(|c| category(c)).collect(),
        complete: feed.complete.then(|| "yes".to_owned()),
        image: place.cover.as_ref().map(|path| place.address.at(path.as_str())),
        explicit: Some(show.explicit.to_string()),
        new_feed_url: feed.moved_to.clone(),
        owner,
        ..ITunesChannelExtension::default()
    }
}

/// `News > Tech News` as a category with a subcategory.
fn category(written: &str) -> ITunesCategory {
    let one = |text: &str| ITunesCategory { text: one_line(text), subcategory: None };
    match written.split_once('>') {
        None => one(written),
        Some((parent, child)) => {
            ITunesCategory { subcategory: Some(Box::new(one(child))), ..one(parent) }
        }
    }
}
