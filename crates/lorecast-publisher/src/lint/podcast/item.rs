//! The podcast namespace in an episode.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use roxmltree::Node;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::super::document::{Feed, Space, attribute, child, said, trimmed, value};
use super::super::item::Episode;
use super::super::reach::{MEDIA, Opened};
use super::super::rule::rules;
use super::super::{Lint, http, values};
use super::{at_most, shared, tags};
use crate::text::shortened;

rules! {
    TRANSCRIPT "PI-01" Should Psp1 Feed
        "An episode has a transcript, one of them WebVTT."
        => "write a script (`lorecast script`), make the sound again with `lorecast master`, and publish";
    TRANSCRIPT_TAG "PI-02" Must Podcasting Feed
        "`<podcast:transcript>` has a `url` and a `type`."
        => "add both";
    TRANSCRIPT_TYPE "PI-03" Must Psp1 Feed
        "The type of a transcript is text/plain, text/html, text/vtt, application/json or application/x-subrip."
        => "write `application/x-subrip` for SRT and `text/vtt` for WebVTT";
    TRANSCRIPT_WORDS "PI-04" Should Podcasting Feed
        "A transcript's language is a tag of BCP 47, and only files with times are captions."
        => "correct `language`, or remove `rel`";
    CHAPTERS_ONE "PI-05" Must Podcasting Feed
        "An episode has at most one `<podcast:chapters>`."
        => "keep one";
    CHAPTERS_TAG "PI-06" Must Podcasting Feed
        "`<podcast:chapters>` has a `url` and the type `application/json+chapters`."
        => "write `type=\"application/json+chapters\"`";
    SOUNDBITE "PI-07" Must Podcasting Feed
        "`<podcast:soundbite>` has a `startTime` and a `duration` in seconds."
        => "add both";
    SOUNDBITE_LENGTH "PI-08" Should Podcasting Feed
        "A soundbite has 15 to 120 seconds."
        => "choose a passage of that length";
    SOUNDBITE_END "PI-09" Must House Media
        "A soundbite ends within the episode."
        => "let it end before the episode does";
    SEASON "PI-10" Must Podcasting Feed
        "`<podcast:season>` is a whole number, and its name has at most 128 characters."
        => "write the number; the name belongs in `name`";
    EPISODE "PI-11" Must Podcasting Feed
        "`<podcast:episode>` is a number, and its display has at most 32 characters."
        => "write the number; what is shown belongs in `display`";
    NUMBERS "PI-12" Must House Feed
        "`<podcast:season>` and `<podcast:episode>` say the same as those of iTunes."
        => "write the same number in both";
    HOSTS "PI-13" Should Podcasting Feed
        "An episode that names people names the hosts, too: its list takes the place of the channel's."
        => "repeat the hosts in the episode";
    ALTERNATE "PI-14" Must Podcasting Feed
        "`<podcast:alternateEnclosure>` has a type, and a `<podcast:source>` with a `uri`."
        => "add what is missing";
    ALTERNATE_WORDS "PI-15" Should Podcasting Feed
        "`<podcast:alternateEnclosure>` has length and bitrate; title and rel have at most 32 characters; codecs are those of RFC 6381."
        => "add what is missing";
    INTEGRITY "PI-16" Must Podcasting Feed
        "The type of `<podcast:integrity>` is `sri` or `pgp-signature`."
        => "write `sri`";
    DIGEST "PI-17" Must Podcasting Feed
        "An `sri` value is a digest in base64 of the right length."
        => "write `sha256-` and the digest of the file in base64";
    DIGEST_FILE "PI-18" Must Podcasting Media
        "The digest is that of the file."
        => "make the digest again from the file that is served";
    CONTENT_LINK "PI-19" Must Podcasting Feed
        "`<podcast:contentLink>` has an `href`."
        => "add the address";
    LICENSE "PI-20" Should Podcasting Feed
        "An episode has a license of its own only when it differs from the channel's."
        => "remove the episode's license";
    ALTERNATES "PI-21" House House Feed
        "An episode offers Opus at 24 to 32 kb/s, and the main file once more as default, both with integrity."
        => "add both as `<podcast:alternateEnclosure>`";
}

/// The types of transcripts that apps know, and whether their files carry times.
const TRANSCRIPTS: &[(&str, bool)] = &[
    ("text/plain", false),
    ("text/html", false),
    ("text/vtt", true),
    ("application/json", true),
    ("application/x-subrip", true),
];

pub(in crate::lint) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    episode: &Episode,
) {
    transcripts(lint, feed, item);
    chapters(lint, feed, item);
    tags(item, "soundbite").for_each(|node| soundbite(lint, feed, node, episode.length));
    numbers(lint, feed, item);
    hosts(lint, feed, item);
    tags(item, "alternateEnclosure").for_each(|node| alternate(lint, feed, node));
    alternates(lint, feed, item);
    for node in tags(item, "contentLink") {
        let there = !said(node, "href").is_empty();
        lint.must(there, &CONTENT_LINK, feed.place(node), "`<podcast:contentLink>` has no `href`");
    }
    if let Some(own) = child(item, Space::Podcast, "license") {
        let same = trimmed(own) == feed.show_value(Space::Podcast, "license");
        lint.must(!same, &LICENSE, feed.place(own), "it is the channel's license again");
    }
    shared(lint, feed, item);
}

fn transcripts<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    let vtt = tags(item, "transcript").any(|n| attribute(n, "type") == Some("text/vtt"));
    lint.must(vtt, &TRANSCRIPT, feed.place(item), "it has no transcript of type `text/vtt`");
    for node in tags(item, "transcript") {
        let place = feed.place(node);
        let url = values::web(said(node, "url"));
        let media_type = said(node, "type");
        if url.is_none() || media_type.is_empty() {
            let message = "`<podcast:transcript>` lacks its `url` or `type`";
            lint.find(&TRANSCRIPT_TAG, &place, message);
        }
        let known = TRANSCRIPTS.iter().find(|(name, _)| *name == media_type);
        if known.is_none() && !media_type.is_empty() {
            let message = format!("no app knows the type `{}`", shortened(media_type, 40));
            lint.find(&TRANSCRIPT_TYPE, &place, message);
        }
        let language = attribute(node, "language").is_none_or(values::is_language);
        lint.must(language, &TRANSCRIPT_WORDS, &place, "its language is no language tag");
        let captions = attribute(node, "rel") == Some("captions");
        let timed = known.is_none_or(|(_, timed)| *timed);
        lint.must(!captions || timed, &TRANSCRIPT_WORDS, &place, "captions need times");
    }
}

fn chapters<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    for (nth, node) in tags(item, "chapters").enumerate() {
        let place = feed.place(node);
        lint.must(nth == 0, &CHAPTERS_ONE, &place, "there is more than one `<podcast:chapters>`");
        let typed = attribute(node, "type") == Some(crate::chapters::MEDIA_TYPE);
        let good = typed && values::web(said(node, "url")).is_some();
        let message = format!("it lacks its `url` or the type `{}`", crate::chapters::MEDIA_TYPE);
        lint.must(good, &CHAPTERS_TAG, place, message);
    }
}

fn soundbite<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>, length: Option<f64>) {
    let place = feed.place(node);
    let number = |name: &str| attribute(node, name).and_then(values::seconds);
    let (Some(start), Some(duration)) = (number("startTime"), number("duration")) else {
        let message = "`<podcast:soundbite>` lacks its `startTime` or `duration`";
        return lint.find(&SOUNDBITE, place, message);
    };
    if !(15.0..=120.0).contains(&duration) {
        lint.find(&SOUNDBITE_LENGTH, &place, format!("it has {duration} seconds"));
    }
    if let Some(length) = length.filter(|length| start + duration > length + 0.5) {
        let message = format!("it ends at {} s, the episode at {length:.0} s", start + duration);
        lint.find(&SOUNDBITE_END, place, message);
    }
}

fn numbers<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    for (name, rule) in [("season", &SEASON), ("episode", &EPISODE)] {
        let Some(node) = child(item, Space::Podcast, name) else { continue };
        let (own, place) = (trimmed(node), feed.place(node));
        let good = match name {
            "season" => !own.is_empty() && own.bytes().all(|b| b.is_ascii_digit()),
            _ => values::seconds(&own).is_some(),
        };
        let message = format!("`<podcast:{name}>` is `{}`", shortened(&own, 40));
        lint.must(good, rule, &place, message);
        let (attr, most) = if name == "season" { ("name", 128) } else { ("display", 32) };
        at_most(lint, feed, node, (attr, said(node, attr)), most, rule);
        let itunes = value(item, Space::Itunes, name);
        // A number that is none has a rule of its own.
        let itunes_number = itunes.parse::<f64>().ok().filter(|_| values::is_counting(&itunes));
        let (a, b) = (own.parse::<f64>().ok(), itunes_number);
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            let message = format!("`<podcast:{name}>` is {own}, `<itunes:{name}>` is {itunes}");
            lint.find(&NUMBERS, place, message);
        }
    }
}

fn hosts<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    let host = |n: &Node| {
        n.attribute("role").is_none_or(|role| role.is_empty() || role.eq_ignore_ascii_case("host"))
    };
    let own: BTreeSet<String> = tags(item, "person").map(trimmed).collect();
    if own.is_empty() {
        return;
    }
    if let Some(left) =
        feed.show(Space::Podcast, "person").filter(host).map(trimmed).find(|p| !own.contains(p))
    {
        let message = format!("the host `{}` is not among its people", shortened(&left, 60));
        lint.find(&HOSTS, feed.place(item), message);
    }
}

fn alternate<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) {
    let place = feed.place(node);
    let sources: Vec<&str> = tags(node, "source").filter_map(|n| attribute(n, "uri")).collect();
    let good = !said(node, "type").is_empty() && sources.iter().any(|uri| !uri.is_empty());
    lint.must(good, &ALTERNATE, &place, "it has no type, or no source with a `uri`");
    let numbers =
        ["length", "bitrate"].iter().all(|name| values::seconds(said(node, name)).is_some());
    lint.must(numbers, &ALTERNATE_WORDS, &place, "it has no `length`, or no `bitrate`");
    for name in ["title", "rel"] {
        at_most(lint, feed, node, (name, said(node, name)), 32, &ALTERNATE_WORDS);
    }
    let codecs = attribute(node, "codecs").is_none_or(|codecs| codecs.split(',').all(is_codec));
    lint.must(codecs, &ALTERNATE_WORDS, &place, "`codecs` is not as RFC 6381 has it");
    let files: Vec<_> = sources.into_iter().filter_map(values::web).collect();
    let integrity = child(node, Space::Podcast, "integrity");
    let digest = integrity.and_then(|n| digest(lint, feed, n));
    for url in files {
        if lint.is_settled(&url) {
            continue;
        }
        match lint.reach.open(&url, MEDIA) {
            Opened::Missing(why) => lint.find(&http::LINKS, &place, format!("`{url}` {why}")),
            Opened::File(name, bytes) => {
                let right = digest.as_ref().is_none_or(|digest| digest.is_of(&bytes));
                let message = format!("the digest of `{name}` is another");
                lint.must(right, &DIGEST_FILE, feed.place(integrity.unwrap_or(node)), message);
                let length = said(node, "length").parse::<usize>();
                let message = format!("`length` is not the {} bytes of `{name}`", bytes.len());
                let same = length.is_ok_and(|length| length == bytes.len());
                lint.must(same, &ALTERNATE_WORDS, &place, message);
            }
            Opened::Elsewhere => {}
        }
    }
}

/// A name such as `mp4a.40.2` or `opus` (RFC 6381 section 3).
fn is_codec(codec: &str) -> bool {
    let mut parts = codec.trim().split('.');
    parts.all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// A digest as subresource integrity writes it.
enum Sri {
    Sha256(Vec<u8>),
    Sha384(Vec<u8>),
    Sha512(Vec<u8>),
}

impl Sri {
    fn of(text: &str) -> Option<Self> {
        let (name, digest) = text.split_once('-')?;
        let digest = BASE64.decode(digest.as_bytes()).ok()?;
        match (name, digest.len()) {
            ("sha256", 32) => Some(Self::Sha256(digest)),
            ("sha384", 48) => Some(Self::Sha384(digest)),
            ("sha512", 64) => Some(Self::Sha512(digest)),
            _ => None,
        }
    }

    fn is_of(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Sha256(digest) => Sha256::digest(bytes).as_slice() == digest,
            Self::Sha384(digest) => Sha384::digest(bytes).as_slice() == digest,
            Self::Sha512(digest) => Sha512::digest(bytes).as_slice() == digest,
        }
    }
}

fn digest<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>) -> Option<Sri> {
    let kind = said(node, "type");
    let known = matches!(kind, "sri" | "pgp-signature");
    let message = format!("its type is `{}`", shortened(kind, 40));
    lint.must(known, &INTEGRITY, feed.place(node), message);
    if kind != "sri" {
        return None;
    }
    let digest = Sri::of(said(node, "value"));
    let message = "its value is no digest in base64 of the right length";
    lint.must(digest.is_some(), &DIGEST, feed.place(node), message);
    digest
}

fn alternates<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>) {
    let whole = |n: &Node| n.children().any(|n| n.tag_name().name() == "integrity");
    let all = || tags(item, "alternateEnclosure").filter(whole);
    let small = all().any(|n| {
        let opus = said(n, "type").contains("opus") || said(n, "codecs").contains("opus");
        let rate = values::seconds(said(n, "bitrate")).unwrap_or(0.0);
        opus && (24_000.0..=32_000.0).contains(&rate)
    });
    let main = all().any(|n| attribute(n, "default") == Some("true"));
    lint.must(
        small && main,
        &ALTERNATES,
        feed.place(item),
        match (small, main) {
            (false, _) => "it offers no Opus at 24 to 32 kb/s with integrity",
            _ => "the main file is not offered with integrity",
        },
    );
}
