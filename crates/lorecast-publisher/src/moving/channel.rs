//! What a feed says of its show.

use std::fmt::Display;

use lorecast_model::feed::{Credit, Funding, License, Location, RemoteShow, Schedule, ShowKind};
use lorecast_model::{ShowFeed, taxonomy};
use rss::Channel;
use rss::extension::Extension;
use rss::extension::itunes::ITunesCategory;

use super::MovedShow;
use super::tags::{Prefixes, attribute, text};
use crate::lint::values::web;
use crate::text::{one_line, printable, shortened};

/// Everything that `show.yaml` has a place for.
pub(super) fn show(channel: &Channel, prefixes: &Prefixes, defects: &mut Vec<String>) -> MovedShow {
    let itunes = channel.itunes_ext.clone().unwrap_or_default();
    let owner = itunes.owner.clone().unwrap_or_default();
    let editor = channel.managing_editor().unwrap_or_default();
    let (address, name) = contact(editor);
    let name = itunes.author.clone().or(owner.name).or(name);
    let email = owner.email.or(address).map(|email| one_line(&email));
    let artwork = itunes.image.as_deref().or(channel.image().map(rss::Image::url));
    let description = Some(channel.description()).filter(|text| !text.trim().is_empty());
    let description = description.or(itunes.summary.as_deref()).unwrap_or_default();
    let title = one_line(channel.title());
    if title.is_empty() {
        defects.push("the show has no title: write one into `show.yaml`".to_owned());
    }
    if itunes.new_feed_url.is_some() {
        defects.push("the feed says that it moved (`itunes:new-feed-url`); take that one, unless it is where you publish now".to_owned());
    }
    MovedShow {
        description: printable(&super::notes::plain(description)).trim().to_owned(),
        author: name.map(|name| one_line(&name)).filter(|n| !n.is_empty()).unwrap_or(title.clone()),
        email: email.filter(|email| !email.is_empty() && email.contains('@')),
        link: web(channel.link().trim()),
        language: channel.language().map(one_line).filter(|tag| !tag.is_empty()),
        categories: itunes.categories.iter().filter_map(category).collect(),
        explicit: itunes.explicit.as_deref().is_some_and(is_explicit),
        artwork: artwork.and_then(|url| web(url.trim())),
        feed: feed(channel, prefixes, defects),
        title,
    }
}

/// Whether a value of `itunes:explicit` means yes.
pub(super) fn is_explicit(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "yes" | "true" | "explicit")
}

/// Whether a value of iTunes means yes.
pub(super) fn is_yes(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.trim().eq_ignore_ascii_case("yes"))
}

/// Credits that the Podcast Taxonomy knows.
pub(super) fn people(
    found: &[Extension],
    whose: impl Display,
    defects: &mut Vec<String>,
) -> Vec<Credit> {
    let mut people = Vec::new();
    for person in found {
        let role = attribute(person, "role").unwrap_or_else(|| "host".to_owned()).to_lowercase();
        let mut credit = Credit {
            name: text(person),
            group: attribute(person, "group").map(|group| group.to_lowercase()),
            url: attribute(person, "href"),
            picture: attribute(person, "img"),
            role,
        };
        // Written out only where the role alone does not tell it.
        if taxonomy::group_of(&credit.role) == credit.group.as_deref() {
            credit.group = None;
        }
        if fits(ShowFeed { people: vec![credit.clone()], ..ShowFeed::default() }, &whose, defects) {
            people.push(credit);
        }
    }
    people
}

/// A license.
pub(super) fn license(
    found: Option<&Extension>,
    whose: impl Display,
    defects: &mut Vec<String>,
) -> Option<License> {
    let found = found?;
    let mut license = License { name: text(found), url: attribute(found, "url") };
    if license.url.is_none() {
        license.name = license.name.to_lowercase();
    }
    let known =
        spdx::identifiers::LICENSES.iter().any(|known| known.name.to_lowercase() == license.name);
    if license.url.is_none() && !known {
        let name = shortened(&license.name, 60);
        defects.push(format!("{whose}: the license `{name}` is left out: it is no SPDX identifier, such as `cc-by-4.0`, and has no address"));
        return None;
    }
    let alone = ShowFeed { license: Some(license.clone()), ..ShowFeed::default() };
    fits(alone, whose, defects).then_some(license)
}

/// A place.
pub(super) fn location(
    found: Option<&Extension>,
    whose: impl Display,
    defects: &mut Vec<String>,
) -> Option<Location> {
    let found = found?;
    let location =
        Location { name: text(found), geo: attribute(found, "geo"), osm: attribute(found, "osm") };
    let alone = ShowFeed { location: Some(location.clone()), ..ShowFeed::default() };
    fits(alone, whose, defects).then_some(location)
}

/// Whether a show of ours can say this; if not, that is told.
fn fits(feed: ShowFeed, whose: impl Display, defects: &mut Vec<String>) -> bool {
    let Some((key, why)) = feed.unfit() else { return true };
    defects.push(format!("{whose}: a value of `{key}` is left out: {why}"));
    false
}

fn feed(channel: &Channel, prefixes: &Prefixes, defects: &mut Vec<String>) -> ShowFeed {
    let itunes = channel.itunes_ext.clone().unwrap_or_default();
    let podcast = prefixes.podcast(channel.extensions());
    let serial = itunes.r#type.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("serial"));
    let mut feed = ShowFeed {
        kind: if serial { ShowKind::Serial } else { ShowKind::Episodic },
        copyright: channel.copyright().map(one_line).filter(|text| !text.is_empty()),
        license: license(podcast.all("license").first(), "the show", defects),
        locked: podcast.text("locked").is_some_and(|locked| is_yes(Some(&locked))),
        people: people(podcast.all("person"), "the show", defects),
        location: location(podcast.all("location").first(), "the show", defects),
        complete: is_yes(itunes.complete.as_deref()),
        hidden: is_yes(itunes.block.as_deref()),
        ..ShowFeed::default()
    };
    let mut add = |change: &dyn Fn(&mut ShowFeed)| {
        let mut alone = ShowFeed::default();
        change(&mut alone);
        if fits(alone, "the show", defects) {
            change(&mut feed);
        }
    };
    if let Some(guid) = podcast.text("guid") {
        add(&|feed| feed.guid = Some(guid.to_lowercase()));
    }
    for give in podcast.all("funding") {
        let url = attribute(give, "url").unwrap_or_default();
        let words = Some(text(give)).filter(|text| !text.is_empty());
        let words = shortened(&words.unwrap_or_else(|| url.clone()), 127);
        add(&|feed| feed.funding.push(Funding { url: url.clone(), text: words.clone() }));
    }
    for hub in prefixes.atom(channel.extensions()).links("hub") {
        add(&|feed| feed.hubs.push(hub.clone()));
    }
    if let Some(often) = podcast.all("updateFrequency").first() {
        let schedule = Schedule {
            text: text(often),
            rule: attribute(often, "rrule"),
            from: attribute(often, "dtstart").and_then(|start| start.parse().ok()),
        };
        add(&|feed| feed.schedule = Some(schedule.clone()));
    }
    let others = podcast.all("podroll").iter().flat_map(|roll| roll.children().get("remoteItem"));
    for other in others.flatten() {
        let show = RemoteShow {
            guid: attribute(other, "feedGuid").unwrap_or_default(),
            url: attribute(other, "feedUrl"),
            title: attribute(other, "title"),
        };
        add(&|feed| feed.podroll.push(show.clone()));
    }
    for item in channel.items() {
        for season in prefixes.podcast(item.extensions()).all("season") {
            let (number, name) = (text(season).parse::<u32>(), attribute(season, "name"));
            if let (Ok(number), Some(name)) = (number, name)
                && !feed.seasons.contains_key(&number)
                && number > 0
            {
                feed.seasons.insert(number, shortened(&name, 127));
            }
        }
    }
    feed
}

/// `News > Tech News` of a category within another.
fn category(found: &ITunesCategory) -> Option<String> {
    let name = one_line(&found.text);
    let within = found.subcategory.as_ref().map(|within| one_line(&within.text));
    match within.filter(|within| !within.is_empty()) {
        _ if name.is_empty() => None,
        Some(within) => Some(format!("{name} > {within}")),
        None => Some(name),
    }
}

/// The address and the name in `ann@pod.example (Ann Example)`.
fn contact(text: &str) -> (Option<String>, Option<String>) {
    let (address, name) = text.split_once('(').unwrap_or((text, ""));
    let said = |text: &str| Some(one_line(text)).filter(|text| !text.is_empty());
    (said(address), said(name.trim_end().trim_end_matches(')')))
}
