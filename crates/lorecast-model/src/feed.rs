//! What the feed says beside titles and sound: `feed:` in `show.yaml` and in `episode.yaml`.
//!
//! Every field is optional. `docs/feed.md` tells what each becomes in the feed.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Seconds, clock, taxonomy};

/// The longest text that the podcast namespace takes for a name or title, in characters.
const WORDS: usize = 128;

/// `feed:` in `show.yaml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowFeed {
    /// In which order apps offer the episodes (`itunes:type`).
    #[serde(rename = "type")]
    pub kind: ShowKind,
    /// The permanent name of the show (`podcast:guid`): made from the feed's address when absent. A
    /// show that moved keeps its first one here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// Who holds the rights, without sign and year; the show's author when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copyright: Option<String>,
    /// Under which license listeners may share the episodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
    /// Whether other hosts must ask before they take the show over (`podcast:locked`).
    pub locked: bool,
    /// Who makes the show; when nobody is named, its speaker hosts it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Credit>,
    /// Where the show is made, or what place it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Where listeners can give something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funding: Vec<Funding>,
    /// How often an episode comes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Other shows that this one recommends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub podroll: Vec<RemoteShow>,
    /// What the seasons are called, by their numbers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub seasons: BTreeMap<u32, String>,
    /// WebSub hubs that are told of each change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hubs: Vec<String>,
    /// How many episodes an archive page holds (RFC 5005). The feed itself holds at least as many, and
    /// less than twice as many.
    pub page: usize,
    /// Where the feed is from now on (`itunes:new-feed-url`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// Whether no episode will ever follow (`itunes:complete`).
    pub complete: bool,
    /// Whether directories are asked not to list the show (`itunes:block`).
    pub hidden: bool,
}

/// `feed:` in `episode.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EpisodeFeed {
    /// What it is (`itunes:episodeType`). A trailer is announced by the show as well.
    #[serde(rename = "type")]
    pub kind: EpisodeKind,
    /// The season that it belongs to, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<u32>,
    /// What apps show in the place of its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Artwork of its own, square, JPEG or PNG, relative to `show.yaml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Utf8PathBuf>,
    /// Whether it holds explicit language; what the show says when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit: Option<bool>,
    /// Who made it, beside the people of the show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Credit>,
    /// Its license, when that is not the show's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
    /// The place that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Passages that make good samples.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub soundbites: Vec<Soundbite>,
    /// Where it is talked about, the best place first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discussions: Vec<Discussion>,
    /// Whether directories are asked not to list it (`itunes:block`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// In which order apps offer the episodes of a show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShowKind {
    /// The newest first.
    #[default]
    Episodic,
    /// The first first; each needs a number.
    Serial,
}

/// What an episode is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EpisodeKind {
    /// An episode like the others.
    #[default]
    Full,
    /// A word on what the show, or a season, will be.
    Trailer,
    /// Something beside.
    Bonus,
}

/// Somebody who makes a show or an episode (`podcast:person`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// The name.
    pub name: String,
    /// A role of the Podcast Taxonomy in small letters.
    #[serde(default = "host")]
    pub role: String,
    /// The role's group, where two groups have a role of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Where to read about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A picture of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// A license (`podcast:license`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    /// Its SPDX identifier in small letters, `cc-by-4.0`; or what one of your own is called.
    pub name: String,
    /// Where it can be read; needed for one of your own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A place (`podcast:location`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// What people call it.
    pub name: String,
    /// A geo URI (RFC 5870): `geo:52.52,13.405`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<String>,
    /// Its node, way or relation in OpenStreetMap: `R62422`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub osm: Option<String>,
}

/// Where listeners can give something (`podcast:funding`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// The address.
    pub url: String,
    /// What the button says.
    pub text: String,
}

/// How often an episode comes out (`podcast:updateFrequency`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// In words: `each Monday`.
    pub text: String,
    /// The same as a rule of RFC 5545: `FREQ=WEEKLY;BYDAY=MO`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// From when on; a rule that counts needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
}

/// A show elsewhere (`podcast:remoteItem`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoteShow {
    /// Its `podcast:guid`.
    pub guid: String,
    /// The address of its feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A passage that makes a good sample (`podcast:soundbite`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Soundbite {
    /// Where it starts: `12:34`.
    #[serde(with = "clock")]
    pub from: Seconds,
    /// Where it ends.
    #[serde(with = "clock")]
    pub to: Seconds,
    /// What it is called; the episode's title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A post whose answers are the comments of an episode (`podcast:socialInteract`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discussion {
    /// The address of the post.
    pub url: String,
    /// How apps read it.
    #[serde(default)]
    pub protocol: Protocol,
}

/// How apps read a discussion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Mastodon and its kin.
    #[default]
    Activitypub,
    /// Bluesky.
    Atproto,
    /// Matrix.
    Matrix,
    /// Nostr.
    Nostr,
}

/// A value of `feed:` that cannot be used: its key, and what to write instead.
pub type Unfit = (&'static str, String);

impl Default for ShowFeed {
    fn default() -> Self {
        Self {
            kind: ShowKind::default(),
            guid: None,
            copyright: None,
            license: None,
            locked: true,
            people: Vec::new(),
            location: None,
            funding: Vec::new(),
            schedule: None,
            podroll: Vec::new(),
            seasons: BTreeMap::new(),
            hubs: Vec::new(),
            page: 150,
            moved_to: None,
            complete: false,
            hidden: false,
        }
    }
}

impl ShowFeed {
    /// The first value that cannot be used.
    pub fn unfit(&self) -> Option<Unfit> {
        let guids = self.podroll.iter().map(|show| &show.guid);
        people("feed.people", &self.people)
            .or_else(|| license("feed.license", self.license.as_ref()))
            .or_else(|| location("feed.location", self.location.as_ref()))
            .or_else(|| self.schedule.as_ref().and_then(schedule))
            .or_else(|| uuids("feed.guid", self.guid.iter()))
            .or_else(|| uuids("feed.podroll", guids))
            .or_else(|| words("feed.funding", self.funding.iter().map(|give| &give.text)))
            .or_else(|| words("feed.seasons", self.seasons.values()))
            .or_else(|| addresses("feed.funding", self.funding.iter().map(|give| &give.url)))
            .or_else(|| addresses("feed.hubs", self.hubs.iter()))
            .or_else(|| addresses("feed.moved_to", self.moved_to.iter()))
            .or_else(|| {
                addresses("feed.podroll", self.podroll.iter().filter_map(|s| s.url.as_ref()))
            })
            .or_else(|| {
                let wrong = !(10..=1000).contains(&self.page);
                wrong.then(|| ("feed.page", "write 10 to 1000".to_owned()))
            })
            .or_else(|| {
                let advice = || "count seasons from 1".to_owned();
                self.seasons.contains_key(&0).then(|| ("feed.seasons", advice()))
            })
    }
}

impl EpisodeFeed {
    /// Whether `episode.yaml` says nothing of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The first value that cannot be used.
    pub fn unfit(&self) -> Option<Unfit> {
        people("feed.people", &self.people)
            .or_else(|| license("feed.license", self.license.as_ref()))
            .or_else(|| location("feed.location", self.location.as_ref()))
            .or_else(|| {
                words("feed.soundbites", self.soundbites.iter().filter_map(|s| s.title.as_ref()))
            })
            .or_else(|| self.soundbites.iter().find_map(soundbite))
            .or_else(|| addresses("feed.discussions", self.discussions.iter().map(|d| &d.url)))
            .or_else(|| {
                let long = self.display.as_ref().is_some_and(|d| d.chars().count() > 32);
                long.then(|| ("feed.display", "write at most 32 characters".to_owned()))
            })
            .or_else(|| {
                let advice = || "count seasons from 1".to_owned();
                (self.season == Some(0)).then(|| ("feed.season", advice()))
            })
    }
}

impl Credit {
    /// The group of the role.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref().or_else(|| taxonomy::group_of(&self.role))
    }
}

fn host() -> String {
    "host".to_owned()
}

fn people(key: &'static str, people: &[Credit]) -> Option<Unfit> {
    let unknown = |credit: &&Credit| {
        let group = credit.group();
        let known = taxonomy::TAXONOMY.iter().find(|(known, _)| Some(*known) == group);
        !known.is_some_and(|(_, roles)| roles.contains(&credit.role.as_str()))
    };
    if let Some(credit) = people.iter().find(unknown) {
        let advice = format!(
            "the Podcast Taxonomy has no role `{}`{}; write one of its roles in small letters, such as `host`, `guest`, `producer` or `audio editor`",
            credit.role,
            credit.group.as_ref().map(|g| format!(" in the group `{g}`")).unwrap_or_default(),
        );
        return Some((key, advice));
    }
    let links = people.iter().flat_map(|credit| credit.url.iter().chain(&credit.picture));
    words(key, people.iter().map(|credit| &credit.name)).or_else(|| addresses(key, links))
}

fn license(key: &'static str, license: Option<&License>) -> Option<Unfit> {
    let license = license?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    if license.url.is_none() && (license.name.is_empty() || !license.name.chars().all(plain)) {
        let advice = "write an SPDX identifier in small letters, such as `cc-by-4.0`, or add the license's `url`";
        return Some((key, advice.to_owned()));
    }
    words(key, [&license.name]).or_else(|| addresses(key, license.url.iter()))
}

fn location(key: &'static str, location: Option<&Location>) -> Option<Unfit> {
    let location = location?;
    let wrong_geo = location.geo.as_ref().is_some_and(|geo| !is_geo(geo));
    if wrong_geo {
        return Some((key, "write `geo:` with latitude and longitude: `geo:52.52,13.405`".into()));
    }
    let is_osm = |osm: &String| {
        let digits = osm.strip_prefix(['N', 'W', 'R']);
        digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    if location.osm.as_ref().is_some_and(|osm| !is_osm(osm)) {
        return Some((key, "write N, W or R and the number in OpenStreetMap: `R62422`".into()));
    }
    words(key, [&location.name])
}

/// Latitude and longitude within their range, then perhaps more (RFC 5870 section 3.3).
fn is_geo(geo: &str) -> bool {
    let Some(numbers) = geo.strip_prefix("geo:") else { return false };
    let mut numbers = numbers.split([';', '?']).next().unwrap_or("").split(',');
    let mut within = |most: f64| {
        let number = numbers.next().and_then(|n| n.parse::<f64>().ok());
        number.is_some_and(|n| n.abs() <= most)
    };
    within(90.0) && within(180.0)
}

fn schedule(schedule: &Schedule) -> Option<Unfit> {
    const KEY: &str = "feed.schedule";
    const EVERY: [&str; 7] =
        ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
    let rule = schedule.rule.as_deref().unwrap_or("FREQ=WEEKLY");
    let mut parts = rule.split(';').map(|part| part.split_once('=').unwrap_or((part, "")));
    let known = parts.clone().any(|(name, value)| name == "FREQ" && EVERY.contains(&value));
    if !known || parts.clone().any(|(_, value)| value.is_empty()) {
        return Some((KEY, "write a rule of RFC 5545, such as `FREQ=WEEKLY;BYDAY=MO`".into()));
    }
    if parts.any(|(name, _)| name == "COUNT") && schedule.from.is_none() {
        return Some((KEY, "add `from:`: a rule with COUNT needs a start".into()));
    }
    words(KEY, [&schedule.text])
}

fn soundbite(bite: &Soundbite) -> Option<Unfit> {
    let length = bite.to.0 - bite.from.0;
    let advice = || "let it end 15 to 120 seconds after it starts".to_owned();
    (!(15.0..=120.0).contains(&length)).then(|| ("feed.soundbites", advice()))
}

fn words<'a>(key: &'static str, texts: impl IntoIterator<Item = &'a String>) -> Option<Unfit> {
    let unfit = |text: &String| text.trim().is_empty() || text.chars().count() > WORDS;
    let found = texts.into_iter().any(unfit);
    found.then(|| (key, format!("write 1 to {WORDS} characters as a name or text")))
}

fn addresses<'a>(key: &'static str, urls: impl IntoIterator<Item = &'a String>) -> Option<Unfit> {
    let web = |url: &String| {
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let plain = url.chars().all(|c| c.is_ascii_graphic() && !"<>\"`".contains(c));
        plain && host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
    };
    let found = urls.into_iter().find(|url| !web(url))?;
    Some((key, format!("`{found}` is no address; write one with `https://` in front")))
}

fn uuids<'a>(key: &'static str, guids: impl IntoIterator<Item = &'a String>) -> Option<Unfit> {
    let groups = [8, 4, 4, 4, 12];
    let uuid = |guid: &String| {
        let parts: Vec<&str> = guid.split('-').collect();
        parts.iter().map(|part| part.len()).eq(groups)
            && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let found = guids.into_iter().find(|guid| !uuid(guid))?;
    Some((key, format!("`{found}` is no UUID; copy `podcast:guid` from the show's feed")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(show: serde_json::Value, expected: &str) {
        let feed: ShowFeed = serde_json::from_value(show).unwrap();
        let said = feed.unfit().map(|(key, why)| format!("{key}: {why}"));
        assert_eq!(said.as_deref().unwrap_or("fit"), expected);
    }

    #[test]
    fn what_the_feed_cannot_say_is_found() {
        check(json!({}), "fit");
        check(json!({ "people": [{ "name": "Ann", "role": "guest" }] }), "fit");
        check(
            json!({ "people": [{ "name": "Ann", "role": "Host" }] }),
            "feed.people: the Podcast Taxonomy has no role `Host`; write one of its roles in small letters, such as `host`, `guest`, `producer` or `audio editor`",
        );
        check(
            json!({ "people": [{ "name": "Ann", "role": "host", "group": "visuals" }] }),
            "feed.people: the Podcast Taxonomy has no role `host` in the group `visuals`; write one of its roles in small letters, such as `host`, `guest`, `producer` or `audio editor`",
        );
        check(
            json!({ "license": { "name": "My License" } }),
            "feed.license: write an SPDX identifier in small letters, such as `cc-by-4.0`, or add the license's `url`",
        );
        check(
            json!({ "location": { "name": "Berlin", "geo": "52.5,13.4" } }),
            "feed.location: write `geo:` with latitude and longitude: `geo:52.52,13.405`",
        );
        check(
            json!({ "location": { "name": "Berlin", "osm": "62422" } }),
            "feed.location: write N, W or R and the number in OpenStreetMap: `R62422`",
        );
        check(
            json!({ "schedule": { "text": "weekly", "rule": "weekly" } }),
            "feed.schedule: write a rule of RFC 5545, such as `FREQ=WEEKLY;BYDAY=MO`",
        );
        check(
            json!({ "schedule": { "text": "ten times", "rule": "FREQ=WEEKLY;COUNT=10" } }),
            "feed.schedule: add `from:`: a rule with COUNT needs a start",
        );
        check(
            json!({ "hubs": ["hub.example"] }),
            "feed.hubs: `hub.example` is no address; write one with `https://` in front",
        );
        check(
            json!({ "guid": "urn:uuid:1" }),
            "feed.guid: `urn:uuid:1` is no UUID; copy `podcast:guid` from the show's feed",
        );
        check(
            json!({ "funding": [{ "url": "https://give.example/", "text": " " }] }),
            "feed.funding: write 1 to 128 characters as a name or text",
        );
        check(json!({ "page": 3 }), "feed.page: write 10 to 1000");
        check(json!({ "seasons": { "0": "None" } }), "feed.seasons: count seasons from 1");
    }

    #[test]
    fn a_soundbite_is_a_sample() {
        let bite = |to: &str| {
            let feed = json!({ "soundbites": [{ "from": "1:00", "to": to }] });
            serde_json::from_value::<EpisodeFeed>(feed).unwrap().unfit()
        };
        assert_eq!(bite("1:30"), None);
        let why = "let it end 15 to 120 seconds after it starts".to_owned();
        assert_eq!(bite("1:10"), Some(("feed.soundbites", why.clone())));
        assert_eq!(bite("0:10"), Some(("feed.soundbites", why)));
    }
}
