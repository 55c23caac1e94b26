//! The podcast namespace in the channel, and what its tags have in common with those of episodes.

pub(super) mod item;
mod people;
mod recurrence;

use std::collections::BTreeSet;

use roxmltree::Node;

use super::Lint;
use super::document::{Feed, Space, attribute, child, children, said, tag, text, trimmed};
use super::rule::{Rule, rules};
use super::values::{self, Date};
use crate::text::shortened;

rules! {
    GUID "PC-01" Should Psp1 Feed
        "The channel has one `<podcast:guid>`."
        => "add the guid once, and keep it for ever";
    GUID_UUID "PC-02" Must Podcasting Feed
        "`<podcast:guid>` is a UUID of 36 characters."
        => "write the UUID with its dashes and nothing else";
    GUID_ADDRESS "PC-03" Must Podcasting Feed
        "`<podcast:guid>` is the UUIDv5 of the feed's first address, without scheme and slashes at the end."
        => "make it from the feed's address; of a feed that moved, give `--first-address URL`";
    GUID_KEPT "PC-04" Must Podcasting State
        "`<podcast:guid>` never changes, even when the address does."
        => "put the earlier guid back";
    LOCKED "PC-05" Should Psp1 Feed
        "The channel has `<podcast:locked>`."
        => "say `yes`, so that nobody moves the show without you";
    LOCKED_VALUE "PC-06" Must Podcasting Feed
        "`<podcast:locked>` is `yes` or `no`."
        => "write `yes` or `no`";
    LOCKED_OWNER "PC-07" Must Podcasting Feed
        "The owner in `<podcast:locked>` is a mail address."
        => "correct `email` in `show.yaml`";
    MEDIUM "PC-08" Must Podcasting Feed
        "`<podcast:medium>` stands once, and is a medium that the namespace knows."
        => "write `podcast`";
    FUNDING "PC-09" Must Podcasting Feed
        "`<podcast:funding>` has a `url`."
        => "add the address where listeners can give";
    FUNDING_LENGTH "PC-10" Should Podcasting Feed
        "The words of `<podcast:funding>` have at most 128 characters."
        => "shorten the words";
    PEOPLE "PC-11" Should Podcasting Feed
        "The channel names the people of the show with `<podcast:person>`."
        => "name the hosts";
    PERSON "PC-12" Must Podcasting Feed
        "`<podcast:person>` has a name of at most 128 characters."
        => "write the name, and nothing else";
    ROLE "PC-13" Must Client Feed
        "A person's role and group are those of the Podcast Taxonomy, and fit: a client refuses the feed otherwise."
        => "choose a role of the taxonomy, such as `host` in group `cast`";
    LICENSE "PC-14" Must Podcasting Feed
        "`<podcast:license>` is a known identifier in small letters, or has a `url`."
        => "write an SPDX identifier such as `cc-by-4.0`, or add the license's `url`";
    FREQUENCY "PC-15" Should Podcasting Feed
        "`<podcast:updateFrequency>` has a valid rule of RFC 5545, and a start when it counts."
        => "write a rule such as `FREQ=WEEKLY`";
    PODROLL "PC-16" Must Podcasting Feed
        "`<podcast:podroll>` holds a `<podcast:remoteItem>`."
        => "name a show, or remove the podroll";
    REMOTE "PC-17" Must Podcasting Feed
        "`<podcast:remoteItem>` has a `feedGuid` that is a UUID."
        => "copy the guid from the other show's feed";
    TRAILER "PC-18" Must Podcasting Feed
        "`<podcast:trailer>` has a `url` and a `pubdate` of RFC 2822."
        => "add both";
    TRAILER_TITLE "PC-19" Must Podcasting Feed
        "`<podcast:trailer>` has a title of at most 128 characters."
        => "write a short title";
    TXT "PC-20" Should Podcasting Feed
        "`<podcast:txt>` has at most 4000 characters, and its purpose at most 128."
        => "shorten it";
    SYNTHETIC "PC-21" Should Podcasting Feed
        "`ai-content` is `true` or `false`, and stands in channel and episodes when something is synthetic."
        => "say `<podcast:txt purpose=\"ai-content\">true</podcast:txt>` in the channel and each such episode";
    PICTURE "PC-22" Must Podcasting Feed
        "`<podcast:image>` has an `href`."
        => "add the picture's address";
    PICTURE_FORM "PC-23" Should Podcasting Feed
        "`<podcast:image>` has alt, width and a ratio such as `16/9`; its purpose has at most 128 characters."
        => "add what is missing";
    BLOCK "PC-24" Should Podcasting Feed
        "`<podcast:block>` is `yes` or `no`, and its `id` a service of the list."
        => "take the id from the list of services";
    PODPING "PC-25" Should Podcasting Feed
        "`<podcast:podping>` says `true` only when notifications are sent."
        => "remove the tag unless something sends podpings";
    LOCATION "PC-26" Should Podcasting Feed
        "`<podcast:location>` has words, a geo URI, an OSM id such as `R113314` and a known `rel`."
        => "correct the attribute, or leave it out";
    CHAT "PC-27" Should Podcasting Feed
        "`<podcast:chat>` has server and protocol; `<podcast:publisher>` holds one remote item of a publisher."
        => "add what is missing";
    OLD "PC-28" Should House Feed
        "No tag of the podcast namespace is retired or was never adopted."
        => "use the tag that took its place, or none";
    SOCIAL "PC-29" Must Podcasting Feed
        "`<podcast:socialInteract>` has a known protocol, and a `uri` unless it is `disabled`."
        => "write `activitypub` and the post's address, or `disabled`";
    PRIORITY "PC-30" Should Podcasting Feed
        "Several `<podcast:socialInteract>` have different priorities."
        => "number them from 1";
}

/// Tags that were replaced, or never adopted.
pub(super) const RETIRED: &[&str] =
    &["comments", "id", "images", "previousUrl", "social", "socialInteraction", "recommendations"];
const MEDIA: &[&str] = &[
    "podcast",
    "music",
    "video",
    "film",
    "audiobook",
    "newsletter",
    "blog",
    "publisher",
    "course",
];
const SOCIAL_PROTOCOLS: &[&str] = &[
    "disabled",
    "activitypub",
    "atproto",
    "bluesky",
    "hive",
    "lightning",
    "matrix",
    "nostr",
    "twitter",
];
const CHAT_PROTOCOLS: &[&str] = &["irc", "matrix", "nostr", "xmpp"];
/// The services that `<podcast:block>` may name.
const SERVICES: &[&str] = &[
    "acast",
    "amazon",
    "anchor",
    "apple",
    "audible",
    "audioboom",
    "backtracks",
    "bitcoin",
    "blubrry",
    "buzzsprout",
    "captivate",
    "castos",
    "castopod",
    "facebook",
    "fireside",
    "fyyd",
    "google",
    "gpodder",
    "hypercatcher",
    "kasts",
    "libsyn",
    "mastodon",
    "megafono",
    "megaphone",
    "omnystudio",
    "overcast",
    "paypal",
    "pinecast",
    "podbean",
    "podcastaddict",
    "podcastguru",
    "podcastindex",
    "podcasts.com",
    "podchaser",
    "podcloud",
    "podfriend",
    "podiant",
    "podigee",
    "podnews",
    "podomatic",
    "podserve",
    "podverse",
    "redcircle",
    "relay",
    "relayfm",
    "resonate",
    "rss.com",
    "shoutengine",
    "simplecast",
    "slack",
    "soundcloud",
    "spotify",
    "spreaker",
    "tiktok",
    "transistor",
    "twitter",
    "whooshkaa",
    "youtube",
    "zencast",
];

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    let channel = feed.channel;
    guid(lint, feed);
    locked(lint, feed);
    medium(lint, feed);
    people::check(lint, feed);
    synthetic(lint, feed);
    for name in
        ["funding", "updateFrequency", "podroll", "trailer", "block", "podping", "publisher"]
    {
        for node in tags(channel, name) {
            channel_tag(lint, feed, node);
        }
    }
    shared(lint, feed, channel);
    let here = |n: &Node| n.is_element() && super::document::space(*n) == Some(Space::Podcast);
    for node in channel.descendants().filter(here) {
        let name = node.tag_name().name();
        if RETIRED.contains(&name) {
            let message = format!("`<podcast:{name}>` is out of use");
            lint.find(&OLD, feed.place(node), message);
        }
        if name.eq_ignore_ascii_case("remoteItem") {
            let guid = said(node, "feedGuid");
            let message = format!("`feedGuid` is `{}`", shortened(guid, 60));
            lint.must(values::uuid(guid).is_some(), &REMOTE, feed.place(node), message);
        }
    }
}

/// The tags of the podcast namespace with a name.
fn tags<'a, 'n>(
    parent: Node<'a, 'a>,
    name: &'n str,
) -> impl Iterator<Item = Node<'a, 'a>> + use<'a, 'n> {
    children(parent, Space::Podcast, name)
}

/// Finds a value that is too long.
fn at_most(lint: &mut Lint, feed: &Feed, node: Node, what: (&str, &str), most: usize, rule: &Rule) {
    let (name, value) = what;
    let length = value.chars().count();
    if length > most {
        let message = format!("{name} of `<{}>` has {length} characters", tag(node));
        lint.find(rule, feed.place(node), message);
    }
}

fn guid(lint: &mut Lint, feed: &Feed) {
    let mut guids = tags(feed.channel, "guid");
    let Some(node) = guids.next() else {
        return lint.find(&GUID, feed.place(feed.channel), "`<podcast:guid>` is missing");
    };
    if let Some(second) = guids.next() {
        lint.find(&GUID, feed.place(second), "there is more than one `<podcast:guid>`");
    }
    let (value, place) = (trimmed(node), feed.place(node));
    let shown = shortened(&value, 60);
    let Some(guid) = values::uuid(&value) else {
        return lint.find(&GUID_UUID, place, format!("`{shown}` is no UUID"));
    };
    if lint.context.guid.is_some_and(|kept| kept.eq_ignore_ascii_case(&value)) {
        return;
    }
    let own = super::feed::own_address(feed).map(String::from);
    let first = lint.context.first_address.map(str::to_owned).or(own);
    let made = first.as_deref().map(crate::publication::podcast_guid);
    // Where the feed's own address is wrong, that is said by another rule.
    let wrong = made.is_some_and(|made| made != value.to_lowercase());
    let elsewhere = lint.findings.iter().any(|f| f.rule == super::channel::SELF_ADDRESS.id);
    if guid.get_version_num() != 5 {
        lint.find(&GUID_ADDRESS, place, format!("`{shown}` is no UUID of version 5"));
    } else if wrong && !elsewhere {
        let message = format!("`{shown}` is not made from `{}`", first.unwrap_or_default());
        lint.find(&GUID_ADDRESS, place, message);
    }
}

fn locked(lint: &mut Lint, feed: &Feed) {
    let Some(node) = child(feed.channel, Space::Podcast, "locked") else {
        return lint.find(&LOCKED, feed.place(feed.channel), "`<podcast:locked>` is missing");
    };
    let value = trimmed(node);
    let message = format!("`<podcast:locked>` is `{}`", shortened(&value, 40));
    lint.must(matches!(value.as_str(), "yes" | "no"), &LOCKED_VALUE, feed.place(node), message);
    if let Some(owner) = attribute(node, "owner") {
        let message = format!("`{}` is no e-mail address", shortened(owner, 60));
        lint.must(values::is_email(owner), &LOCKED_OWNER, feed.place(node), message);
    }
}

fn medium(lint: &mut Lint, feed: &Feed) {
    for (nth, node) in tags(feed.channel, "medium").enumerate() {
        let value = trimmed(node);
        // Each medium has a list of its own kind: `podcastL`.
        let single = value.strip_suffix('L').unwrap_or(&value);
        let known = MEDIA.contains(&single) || value == "mixed";
        let message = format!("`<podcast:medium>` is `{}`", shortened(&value, 40));
        lint.must(known, &MEDIUM, feed.place(node), message);
        lint.must(nth == 0, &MEDIUM, feed.place(node), "there is more than one `<podcast:medium>`");
    }
}

/// What is synthetic in one place must be told in the other.
fn synthetic(lint: &mut Lint, feed: &Feed) {
    let told = |parent: Node| {
        let own = parent.children().filter(|n| super::document::named(*n, Space::Podcast, "txt"));
        own.filter(|n| n.attribute("purpose") == Some("ai-content")).map(trimmed).next()
    };
    let channel = told(feed.channel);
    let some = feed.items().any(|item| told(item).as_deref() == Some("true"));
    if some && channel.as_deref() != Some("true") {
        let message = "an episode has `ai-content`, and the channel does not say so";
        lint.find(&SYNTHETIC, feed.place(feed.channel), message);
    }
    if channel.as_deref() == Some("true") && !some {
        let message = "the channel has `ai-content`, and no episode says so";
        lint.find(&SYNTHETIC, feed.place(feed.channel), message);
    }
}

fn channel_tag<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let (place, value) = (feed.place(node), trimmed(node));
    match node.tag_name().name().to_ascii_lowercase().as_str() {
        "funding" => {
            let url = values::web(said(node, "url"));
            lint.must(url.is_some(), &FUNDING, place, "`<podcast:funding>` has no `url`");
            at_most(lint, feed, node, ("the text", &value), 128, &FUNDING_LENGTH);
        }
        "updatefrequency" => {
            if let Some(rule) = attribute(node, "rrule")
                && let Err(why) = recurrence::check(rule, attribute(node, "dtstart"))
            {
                lint.find(&FREQUENCY, place, why);
            }
        }
        "podroll" => {
            let some = tags(node, "remoteItem").next().is_some();
            lint.must(some, &PODROLL, place, "`<podcast:podroll>` is empty");
        }
        "trailer" => trailer(lint, feed, node),
        "block" => {
            let known = attribute(node, "id").is_none_or(|id| SERVICES.contains(&id));
            let good = matches!(value.as_str(), "yes" | "no") && known;
            let message = format!("`{}` for `{}`", shortened(&value, 20), said(node, "id"));
            lint.must(good, &BLOCK, place, message);
        }
        "podping" => {
            let says = said(node, "usesPodping");
            let ours = super::document::value(feed.channel, Space::Rss, "generator");
            // Lorecast sends none.
            let good = says == "false" || says == "true" && !ours.starts_with("Lorecast");
            let message = format!("`usesPodping` is `{}`", shortened(says, 20));
            lint.must(good, &PODPING, place, message);
        }
        _ => {
            let remote: Vec<_> = tags(node, "remoteItem").collect();
            let one = remote.len() == 1 && attribute(remote[0], "medium") == Some("publisher");
            let message = "it does not hold one remote item of medium `publisher`";
            lint.must(one, &CHAT, place, message);
        }
    }
}

fn trailer<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let place = feed.place(node);
    let dated = matches!(values::date(said(node, "pubdate")), Date::Good(_));
    let url = values::web(said(node, "url"));
    let message = "`<podcast:trailer>` lacks its `url` or a `pubdate` of RFC 2822";
    lint.must(dated && url.is_some(), &TRAILER, &place, message);
    let title = trimmed(node);
    lint.must(!title.is_empty(), &TRAILER_TITLE, &place, "`<podcast:trailer>` has no title");
    at_most(lint, feed, node, ("the title", &title), 128, &TRAILER_TITLE);
}

/// Tags that a channel and an episode may have.
fn shared<'a>(lint: &mut Lint, feed: &Feed<'a>, parent: Node<'a, 'a>) {
    tags(parent, "license").for_each(|node| license(lint, feed, node));
    tags(parent, "location").for_each(|node| location(lint, feed, node));
    tags(parent, "image").for_each(|node| picture(lint, feed, node));
    for node in tags(parent, "txt") {
        at_most(lint, feed, node, ("the text", &text(node)), 4000, &TXT);
        at_most(lint, feed, node, ("`purpose`", said(node, "purpose")), 128, &TXT);
        if attribute(node, "purpose") == Some("ai-content") {
            let message = format!("`ai-content` is `{}`", shortened(&trimmed(node), 40));
            lint.must(values::is_bool(&trimmed(node)), &SYNTHETIC, feed.place(node), message);
        }
    }
    for node in tags(parent, "chat") {
        let known = CHAT_PROTOCOLS.contains(&said(node, "protocol"));
        let message = "it lacks its server, or a known protocol";
        lint.must(known && !said(node, "server").is_empty(), &CHAT, feed.place(node), message);
    }
    social(lint, feed, parent);
}

fn license<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let value = trimmed(node);
    let known =
        spdx::identifiers::LICENSES.iter().any(|license| license.name.to_lowercase() == value);
    // The namespace's own.
    let known = known || value == "v4v-4.0";
    let linked = values::web(said(node, "url")).is_some() && !value.is_empty();
    let message = format!("`{}` is no known identifier and has no `url`", shortened(&value, 60));
    lint.must(known || linked, &LICENSE, feed.place(node), message);
}

fn location<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let geo = attribute(node, "geo").is_none_or(is_geo);
    let osm = attribute(node, "osm").is_none_or(|id| {
        let (kind, number) = id.split_at_checked(1).unwrap_or_default();
        let number = number.split('#').next().unwrap_or_default();
        matches!(kind, "N" | "W" | "R") && values::is_counting(number)
    });
    let rel = attribute(node, "rel").is_none_or(|rel| matches!(rel, "subject" | "creator"));
    let good = geo && osm && rel && !trimmed(node).is_empty();
    lint.must(
        good,
        &LOCATION,
        feed.place(node),
        "`<podcast:location>` is not as the namespace has it",
    );
}

/// `geo:52.5,13.4`, perhaps with a height and parameters (RFC 5870).
pub(super) fn is_geo(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("geo:") else { return false };
    let numbers: Vec<&str> = rest.split(';').next().unwrap_or_default().split(',').collect();
    let within = |nth: usize, most: f64| {
        numbers.get(nth).and_then(|n| n.parse::<f64>().ok()).is_some_and(|n| n.abs() <= most)
    };
    matches!(numbers.len(), 2 | 3) && within(0, 90.0) && within(1, 180.0)
}

fn picture<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let (place, href) = (feed.place(node), said(node, "href"));
    match values::web(href) {
        None => lint.find(&PICTURE, &place, "`<podcast:image>` has no `href`"),
        Some(url) => {
            if let super::reach::Opened::Missing(why) = lint.reach.open(&url, 100_000_000) {
                lint.find(&super::http::LINKS, &place, format!("the picture `{url}` {why}"));
            }
        }
    }
    let ratio = said(node, "aspect-ratio")
        .split_once('/')
        .is_some_and(|(w, h)| values::is_counting(w.trim()) && values::is_counting(h.trim()));
    let width = values::is_counting(said(node, "width"));
    let good = ratio && width && attribute(node, "alt").is_some();
    lint.must(good, &PICTURE_FORM, &place, "it lacks `alt`, `width` or a ratio such as `1/1`");
    at_most(lint, feed, node, ("`purpose`", said(node, "purpose")), 128, &PICTURE_FORM);
}

fn social<'a>(lint: &mut Lint, feed: &Feed<'a>, parent: Node<'a, 'a>) {
    let (mut priorities, mut count) = (BTreeSet::new(), 0);
    for node in tags(parent, "socialInteract") {
        let protocol = said(node, "protocol");
        let known = SOCIAL_PROTOCOLS.contains(&protocol);
        let there = protocol == "disabled" || !said(node, "uri").is_empty();
        let message =
            format!("protocol `{}`, uri `{}`", protocol, shortened(said(node, "uri"), 80));
        lint.must(known && there, &SOCIAL, feed.place(node), message);
        count += 1;
        priorities.insert(attribute(node, "priority"));
        if count > 1 && (priorities.len() < count || priorities.contains(&None)) {
            let message = "its priority is missing, or that of another";
            lint.find(&PRIORITY, feed.place(node), message);
        }
    }
}
