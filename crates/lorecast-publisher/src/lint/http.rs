//! What a server answers; and, without one, whether the files that it would serve are there.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use lorecast_fetch::{Answer, Client};
use roxmltree::Node;
use url::Url;

use super::document::{Feed, Space, attribute, children, named, space, text, trimmed};
use super::rule::{Rule, rules};
use super::values::{self, is_loopback};
use super::{Lint, Place};
use crate::html;
use crate::text::shortened;

rules! {
    ANSWERS "HT-01" Must AppleFeed Http
        "Feed, artwork and sound are there: HEAD answers 200 with a Content-Length."
        => "publish the file, and let the server tell its length";
    RANGES "HT-02" Must AppleFeed Http
        "The server serves byte ranges of sound: 206 with a right Content-Range, and 416 past the end."
        => "serve media from a server that knows byte ranges";
    FEED_TYPE "HT-03" Must Rss Http
        "The feed is served as `application/rss+xml` or `text/xml`, and as UTF-8."
        => "set the server's Content-Type for the feed";
    TYPES "HT-04" Must House Http
        "Sound, pictures, chapters and transcripts are served with the type that the feed gives them."
        => "set the server's Content-Type for the file's ending";
    CONDITIONAL "HT-05" Should Recommendations Http
        "The feed has ETag and Last-Modified, and a request that repeats them is answered 304."
        => "let the server answer conditional requests";
    MODIFIED "HT-06" Should Recommendations Http
        "Last-Modified of the feed moves only when its bytes change."
        => "serve the feed as a file, not made anew for each request";
    COMPRESSED "HT-07" Should House Http
        "The feed is compressed when asked for, with `Vary: Accept-Encoding`."
        => "switch compression on for XML";
    CORS "HT-08" Should Psp1Issues Http
        "Feed, chapters and transcripts allow pages of other hosts: `Access-Control-Allow-Origin: *`."
        => "add the header for these files";
    PUBLIC "HT-09" Must AppleFeed Http
        "Everything is public: encrypted, without a login, and on no machine that only the own network has."
        => "serve it at a public https address";
    REDIRECTS "HT-10" Should House Http
        "The feed is where it says, and sound leads elsewhere at most once; what moved answers 301."
        => "give the address where it really is";
    HUB "HT-11" Should WebSub Http
        "The feed names its hub and itself."
        => "add `<atom:link rel=\"hub\">` beside `rel=\"self\"`";
    HUB_THERE "HT-12" Should WebSub Http
        "The hub that the feed names takes notices."
        => "name a hub that answers, and tell it of each episode";
    LINKS "HT-13" Should House Http
        "Every address in the feed answers."
        => "correct the address, or publish what it names";
    WEIGHT "HT-14" House House Http
        "A feed has at most 60 kB for each 50 episodes, compressed."
        => "shorten the notes of old episodes, or page the feed";
    UNKNOWN "HT-15" Must House Http
        "What is not there answers 404, paths that climb are refused, and folders are not listed."
        => "switch the listing of folders off, and send 404 for what is not there";
}

/// Addresses that are asked for in one run: a courtesy.
const MOST_LINKS: usize = 200;

/// What is true of every address that an app follows.
pub(super) fn encrypted(lint: &mut Lint, place: &Place, url: &Url) {
    let site = lint.reach.site.as_ref();
    if is_loopback(url) {
        if site.is_some_and(|site| !is_loopback(site)) {
            let message =
                format!("`{}` cannot be reached from other machines", shortened(url.as_str(), 100));
            lint.find(&PUBLIC, place, message);
        }
    } else if url.scheme() == "http" && site.is_some_and(|site| site.scheme() == "https") {
        let message = format!("`{}` is not encrypted", shortened(url.as_str(), 100));
        lint.find(&PUBLIC, place, message);
    }
}

/// How heavy the feed is on its way.
pub(super) fn weight(lint: &mut Lint, name: &str, bytes: &[u8]) {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let Ok(packed) = gzip.write_all(bytes).and_then(|()| gzip.finish()) else { return };
    let items = bytes.windows(6).filter(|w| *w == b"<item>" || *w == b"<item ").count();
    let most = 60_000 * items.div_ceil(50).max(1);
    if packed.len() > most {
        let message = format!("it has {} kB compressed for {items} episodes", packed.len() / 1000);
        lint.find(&WEIGHT, name, message);
    }
}

/// The feed on its server.
pub(super) fn feed(lint: &mut Lint) {
    let Some((client, url)) = lint.reach.server() else { return };
    let url = url.clone();
    let name = url.to_string();
    let first = client.ask("GET", &url, &[], super::reach::TEXT);
    let Ok(first) = first else { return };
    let head = client.head(&url);
    let again = client.ask("GET", &url, &[], super::reach::TEXT).ok();
    let etag = [("If-None-Match", first.header("etag"))];
    let by_etag = client.ask("GET", &url, &etag, 1000).ok().map(|a| a.status);
    let since = [("If-Modified-Since", first.header("last-modified"))];
    let by_date = client.ask("GET", &url, &since, 1000).ok().map(|a| a.status);
    let packed =
        client.ask("GET", &url, &[("Accept-Encoding", "gzip, br")], super::reach::TEXT).ok();
    let missing = unknown(client, &url);

    if !is_loopback(&url) && url.scheme() != "https" {
        lint.find(&PUBLIC, &name, "the feed is not encrypted");
    }
    if matches!(first.status, 401 | 403) {
        lint.find(&PUBLIC, &name, format!("the feed answers {}", first.status));
    }
    let length =
        head.as_ref().is_ok_and(|h| h.status == 200 && !h.header("content-length").is_empty());
    lint.must(length, &ANSWERS, &name, "HEAD has no 200 with a Content-Length");
    let kind = first.media_type();
    let known = matches!(&*kind, "application/rss+xml" | "text/xml" | "application/xml");
    let content_type = first.header("content-type").to_ascii_lowercase();
    let utf8 = !content_type.contains("charset") || content_type.contains("utf-8");
    let message = format!("it is served as `{}`", shortened(&content_type, 60));
    lint.must(known && utf8, &FEED_TYPE, &name, message);
    let tagged = !first.header("etag").is_empty() && !first.header("last-modified").is_empty();
    lint.must(tagged, &CONDITIONAL, &name, "it has no ETag, or no Last-Modified");
    if tagged && (by_etag != Some(304) || by_date != Some(304)) {
        lint.find(&CONDITIONAL, &name, "a conditional request is not answered 304");
    }
    let moves = again.is_some_and(|again| {
        again.body == first.body && again.header("last-modified") != first.header("last-modified")
    });
    lint.must(!moves, &MODIFIED, &name, "Last-Modified is another at each request");
    let packed = packed.is_some_and(|p| {
        matches!(p.header("content-encoding"), "gzip" | "br")
            && p.header("vary").to_ascii_lowercase().contains("accept-encoding")
    });
    lint.must(packed, &COMPRESSED, &name, "it is not compressed, or lacks `Vary: Accept-Encoding`");
    cors(lint, Place::from(&name), &first);
    let message = format!("the feed leads elsewhere: {:?}", first.hops);
    lint.must(first.hops.is_empty(), &REDIRECTS, &name, message);
    if let Some(message) = missing {
        lint.find(&UNKNOWN, &name, message);
    }
}

/// What a server should not do, when it does.
fn unknown(client: &Client, feed: &Url) -> Option<String> {
    let ask = |path: &str| {
        let url = feed.join(path).ok()?;
        client.ask("GET", &url, &[], 20_000).ok()
    };
    let missing = ask("lorecast-lint-is-not-there.html")?;
    if missing.status != 404 && missing.status != 410 {
        return Some(format!("what is not there answers {}", missing.status));
    }
    let climbing = ask("..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd");
    if climbing.is_some_and(|a| a.status == 200 && a.body.windows(5).any(|w| w == b"root:")) {
        return Some("a path that climbs is served".to_owned());
    }
    let listed = ["media/", "episodes/"].iter().filter_map(|path| ask(path)).any(|a| {
        let text = String::from_utf8_lossy(&a.body).to_lowercase();
        a.status == 200 && (text.contains("index of /") || text.contains("directory listing"))
    });
    listed.then(|| "a folder is listed".to_owned())
}

fn cors(lint: &mut Lint, place: Place, answer: &Answer) {
    let any = answer.header("access-control-allow-origin") == "*";
    lint.must(any, &CORS, place, "it lacks `Access-Control-Allow-Origin: *`");
}

/// What an address is to the feed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Sound,
    Picture,
    Beside,
    Link,
    Hub,
}

/// Every address in the feed: asked for on a server, looked for in a folder.
pub(super) fn links(lint: &mut Lint, feed: &Feed) {
    let hub =
        children(feed.channel, Space::Atom, "link").any(|n| attribute(n, "rel") == Some("hub"));
    let own =
        children(feed.channel, Space::Atom, "link").any(|n| attribute(n, "rel") == Some("self"));
    if hub && !own || !hub && lint.reach.server().is_some() {
        lint.find(&HUB, feed.place(feed.channel), "it does not name both its hub and itself");
    }
    let mut seen = BTreeMap::new();
    for node in feed.channel.descendants().filter(Node::is_element) {
        for (address, role, media_type) in addresses(node) {
            if let Some(url) = values::web(&address) {
                let known = seen.insert(url.to_string(), ()).is_some();
                if !known && seen.len() <= MOST_LINKS {
                    one(lint, feed.place(node), &url, role, &media_type);
                }
            }
        }
    }
}

/// The addresses of an element, what each is, and the type that it says.
fn addresses(node: Node) -> Vec<(String, Role, String)> {
    let name = node.tag_name().name();
    let attr = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
    match (space(node), name) {
        (Some(Space::Rss), "enclosure") => vec![(attr("url"), Role::Sound, attr("type"))],
        (Some(Space::Rss), "url") => vec![(trimmed(node), Role::Picture, String::new())],
        (Some(Space::Rss), "link" | "comments") => {
            vec![(trimmed(node), Role::Link, String::new())]
        }
        (Some(Space::Itunes), "image") => vec![(attr("href"), Role::Picture, String::new())],
        (Some(Space::Atom), "link") if attr("rel") == "hub" => {
            vec![(attr("href"), Role::Hub, String::new())]
        }
        (Some(Space::Podcast), "transcript" | "chapters") => {
            vec![(attr("url"), Role::Beside, attr("type"))]
        }
        (Some(Space::Podcast), "source") => {
            let kind = node.parent().and_then(|p| p.attribute("type")).unwrap_or_default();
            vec![(attr("uri"), Role::Link, kind.to_owned())]
        }
        _ if named(node, Space::Rss, "description") || named(node, Space::Content, "encoded") => {
            let pieces = html::pieces(&text(node));
            let links = html::elements(&pieces).filter_map(|e| e.get("href").or(e.get("src")));
            links.map(|link| (link.to_owned(), Role::Link, String::new())).collect()
        }
        _ => Vec::new(),
    }
}

fn one(lint: &mut Lint, place: Place, url: &Url, role: Role, media_type: &str) {
    if lint.reach.server().is_none() {
        // Others are missed where they are opened.
        if role == Role::Link
            && let Some(path) = lint.reach.path_of(url).filter(|path| !lint.reach.has(path))
        {
            lint.find(&LINKS, place, format!("there is no `{path}`"));
        }
        return;
    }
    let Some((client, _)) = lint.reach.server() else { return };
    let answer = match client.head(url) {
        Ok(answer) => answer,
        Err(why) => {
            let rule = if why.contains("certificate") { &PUBLIC } else { role_rule(role) };
            return lint.find(rule, place, format!("`{}` {why}", shortened(url.as_str(), 100)));
        }
    };
    let ranges =
        (role == Role::Sound && answer.status == 200).then(|| ranges(client, url, &answer));
    let shown = shortened(url.as_str(), 100);
    match answer.status {
        401 | 403 if role != Role::Link => {
            return lint.find(&PUBLIC, place, format!("`{shown}` answers {}", answer.status));
        }
        200 => {}
        // A hub answers notices, not readers.
        status if role == Role::Hub && status != 404 && status < 500 => return,
        status => return lint.find(role_rule(role), place, format!("`{shown}` answers {status}")),
    }
    if matches!(role, Role::Sound | Role::Picture) && answer.header("content-length").is_empty() {
        lint.find(&ANSWERS, &place, format!("`{shown}` has no Content-Length"));
    }
    if let Some(Some(why)) = ranges {
        lint.find(&RANGES, &place, format!("`{shown}`: {why}"));
    }
    let most = if role == Role::Sound { 1 } else { usize::MAX };
    if answer.hops.len() > most {
        lint.find(&REDIRECTS, &place, format!("`{shown}` leads elsewhere {:?}", answer.hops));
    }
    served_as(lint, &place, &answer, role, media_type);
    if role == Role::Beside {
        cors(lint, place, &answer);
    }
}

fn role_rule(role: Role) -> &'static Rule {
    match role {
        Role::Sound | Role::Picture => &ANSWERS,
        Role::Hub => &HUB_THERE,
        Role::Beside | Role::Link => &LINKS,
    }
}

/// Types that mean the same.
const ALIKE: &[&[&str]] = &[
    &["audio/x-m4a", "audio/m4a", "audio/mp4"],
    &["video/x-m4v", "video/m4v", "video/mp4"],
    &["application/json+chapters", "application/json"],
    &["application/x-subrip", "application/srt", "text/srt", "text/plain"],
    &["audio/ogg", "audio/opus", "audio/ogg; codecs=opus"],
];

fn served_as(lint: &mut Lint, place: &Place, answer: &Answer, role: Role, said: &str) {
    let served = answer.media_type();
    let expected = match role {
        Role::Picture => match values::ending(&answer.url).as_str() {
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            _ => "",
        },
        _ => said,
    };
    let same = served == expected
        || ALIKE.iter().any(|kinds| kinds.contains(&served.as_str()) && kinds.contains(&expected));
    if !expected.is_empty() && !same {
        let message = format!("it is served as `{}`, not `{expected}`", shortened(&served, 60));
        lint.find(&TYPES, place, message);
    }
}

/// What is wrong with byte ranges.
fn ranges(client: &Client, url: &Url, head: &Answer) -> Option<String> {
    let length: u64 = head.header("content-length").parse().ok()?;
    if length < 1000 {
        return None;
    }
    let ask = |range: &str| client.ask("GET", url, &[("Range", range)], 1000).ok();
    let cases = [
        ("bytes=0-1", 2, format!("bytes 0-1/{length}")),
        ("bytes=-500", 500, format!("bytes {}-{}/{length}", length - 500, length - 1)),
    ];
    for (range, bytes, says) in cases {
        let answer = ask(range)?;
        let good = answer.status == 206
            && answer.body.len() == bytes
            && answer.header("content-range") == says;
        if !good {
            return Some(format!("`{range}` answers {}", answer.status));
        }
    }
    let past = ask(&format!("bytes={length}-"))?;
    (past.status != 416).then(|| format!("a range past the end answers {}", past.status))
}
