//! Feeds in several documents (RFC 5005).

use roxmltree::Node;

use super::document::{Feed, Space, attribute, child, children, said};
use super::rule::rules;
use super::{Lint, values};

rules! {
    ARCHIVE "PG-01" Should Rfc5005 Feed
        "An archive page says `<fh:archive>` and names the current feed; more than 300 episodes are paged."
        => "write older episodes to archive pages, linked with `prev-archive`";
    PAGES "PG-02" Should Rfc5005 Feed
        "A paged feed names first and last, and what it names is absolute and not itself."
        => "link `first`, `last`, `next` and `previous`";
    COMPLETE "PG-03" Should Rfc5005 Feed
        "`<fh:complete>` stands only in a feed that has no other pages."
        => "remove `<fh:complete>`, or the links to other pages";
    WRITTEN "PG-04" Should Rfc5005 State
        "An archive page never changes once it is written."
        => "put the earlier page back, and write what is new to a new page";
}

/// Beyond these a client should not be sent everything each time.
const MOST: usize = 300;

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    let channel = feed.channel;
    let link = |rel: &str| {
        let mut links = children(channel, Space::Atom, "link");
        links.find(|n| attribute(*n, "rel") == Some(rel))
    };
    let place = feed.place(channel);
    let (archive, complete) =
        (child(channel, Space::History, "archive"), child(channel, Space::History, "complete"));
    let pages = ["first", "last", "next", "previous"].map(link);
    let archives = ["prev-archive", "next-archive"].map(link);
    if archive.is_some() && link("current").is_none() {
        lint.find(&ARCHIVE, &place, "the archive page names no current feed");
    }
    let items = feed.items().count();
    let paged = pages.iter().chain(&archives).any(Option::is_some);
    if items > MOST && !paged {
        lint.find(&ARCHIVE, &place, format!("{items} episodes stand in one document"));
    }
    if pages.iter().any(Option::is_some) && (pages[0].is_none() || pages[1].is_none()) {
        lint.find(&PAGES, &place, "the paged feed does not name its first and last page");
    }
    let own = link("self").map(|n| said(n, "href"));
    for node in pages.into_iter().chain(archives).flatten() {
        page(lint, feed, node, own);
    }
    if let Some(node) = complete.filter(|_| paged) {
        lint.find(&COMPLETE, feed.place(node), "the feed is not complete: it has other pages");
    }
}

fn page<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>, own: Option<&str>) {
    let (rel, href) = (said(node, "rel"), said(node, "href"));
    let itself =
        own == Some(href) && matches!(rel, "next" | "previous" | "prev-archive" | "next-archive");
    let place = feed.place(node);
    let Some(url) = values::web(href).filter(|_| !itself) else {
        return lint.find(&PAGES, place, format!("`{rel}` leads nowhere, or to itself"));
    };
    if let super::reach::Opened::Missing(why) = lint.reach.open(&url, super::reach::TEXT) {
        lint.find(&ARCHIVE, place, format!("the page `{url}` {why}"));
    }
}
