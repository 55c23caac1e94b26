//! The feed from its bytes to the checks of its parts.

use url::Url;

use super::document::{Feed, Space, attribute, children, value};
use super::{Lint, channel, http, item, paging, podcast, state, values, xml};

pub(super) fn check(lint: &mut Lint) {
    let (name, read) = lint.reach.feed();
    http::feed(lint);
    let bytes = match read {
        Ok((bytes, true)) => bytes,
        Ok(_) => {
            return lint.find(&xml::WELL_FORMED, name, "it has more than 64 MB, and is not read");
        }
        Err(why) => {
            return lint.find(&http::ANSWERS, &name, format!("the feed cannot be read: {why}"));
        }
    };
    http::weight(lint, &name, &bytes);
    let Some(source) = xml::source(lint, &name, bytes) else { return };
    let Some(document) = xml::parse(lint, &name, &source) else { return };
    let Some(channel) = xml::channel(lint, &name, &document) else { return };
    let feed = Feed::new(&name, &source, channel);
    lint.reach.site = site(lint, &feed);
    xml::check(lint, &feed);
    channel::check(lint, &feed);
    podcast::check(lint, &feed);
    paging::check(lint, &feed);
    item::check(lint, &feed);
    state::check(lint, &feed);
    http::links(lint, &feed);
}

/// The address of the folder: that of the feed itself when a server is linted, else the channel's
/// link, below which everything is expected; without one, what the feed says of itself.
fn site(lint: &Lint, feed: &Feed) -> Option<Url> {
    if let Some((_, url)) = lint.reach.server() {
        return url.join(".").ok();
    }
    if let Some(mut url) = values::web(&value(feed.channel, Space::Rss, "link")) {
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        return Some(url);
    }
    own_address(feed)?.join(".").ok()
}

/// The address that the feed gives as its own.
pub(super) fn own_address(feed: &Feed) -> Option<Url> {
    let mut links = children(feed.channel, Space::Atom, "link");
    let own = links.find(|n| attribute(*n, "rel") == Some("self"))?;
    values::web(attribute(own, "href")?)
}
