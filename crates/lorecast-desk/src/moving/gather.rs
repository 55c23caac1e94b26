//! All documents of a feed.

use std::collections::BTreeSet;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_fetch::{Client, Manners, Redirects};
use lorecast_publisher::moving::{self, MovedEpisode, MovedFeed, MovedShow};
use url::Url;

use super::MovingIn;
use crate::{DeskError, Progress, Result, Unit};

/// How long an answer may take; a sound file may be as long as half a day at a slow server's pace.
const PATIENCE: Duration = Duration::from_secs(60);
const PATIENCE_FOR_SOUND: Duration = Duration::from_secs(3600);
/// More pages than any show has.
const MOST_PAGES: u64 = 1000;

/// What a feed with its pages holds.
pub(super) struct Gathered {
    pub(super) show: MovedShow,
    /// Where the feed was.
    pub(super) feeds: Vec<Url>,
    pub(super) episodes: Vec<MovedEpisode>,
    /// Who asks for what the feed names.
    pub(super) client: Client,
    pub(super) defects: Vec<String>,
}

/// Reads the feed, and what it says is before it (RFC 5005 sections 3 and 4).
pub(super) fn all(how: &MovingIn<'_>, progress: &dyn Progress) -> Result<Gathered> {
    let origin = Url::parse(how.feed).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut allowed = how.allow.to_vec();
    allowed.extend(origin.as_ref().and_then(Url::host_str).map(str::to_owned));
    let asks = client(&allowed, PATIENCE, true);
    let task = progress.begin("reading the feed", MOST_PAGES, Unit::Things);
    let first = match &origin {
        Some(url) => fetched(&asks, url),
        None => read(Utf8Path::new(how.feed)),
    };
    let first = first.map_err(|why| DeskError::NoAnswer { feed: how.feed.to_owned(), why })?;
    let MovedFeed { mut show, mut episodes, address, mut older, mut defects } =
        moving::read(&first, how.feed)?;
    let place = match &origin {
        Some(_) => None,
        None => address.clone().map(|own| (own, Utf8PathBuf::from(how.feed))),
    };
    let mut seen: BTreeSet<Url> = origin.iter().chain(&address).cloned().collect();
    while let Some(url) = older.take().filter(|url| !seen.contains(url)) {
        if seen.len() as u64 > MOST_PAGES || episodes.len() > moving::MOST_EPISODES {
            defects.push(format!("pages from `{url}` on are left out: there are too many"));
            break;
        }
        let file = place.as_ref().and_then(|(own, file)| beside(own, file, &url));
        let bytes = match file {
            Some(file) => read(&file),
            None => fetched(&asks, &url),
        };
        let page = bytes.and_then(|bytes| {
            moving::read(&bytes, url.as_str()).map_err(|error| error.to_string())
        });
        match page {
            Ok(page) => {
                episodes.extend(page.episodes);
                defects.extend(page.defects.into_iter().map(|line| format!("{url}: {line}")));
                older = page.older;
            }
            Err(why) => defects.push(format!("episodes from `{url}` on are missing: it {why}")),
        }
        seen.insert(url);
        task.set(seen.len() as u64);
    }
    let episodes = moving::distinct(episodes, &mut defects);
    if episodes.is_empty() {
        let first = defects.first().cloned().unwrap_or_else(|| "it has no items".to_owned());
        return Err(DeskError::NothingToMove { feed: how.feed.to_owned(), first });
    }
    let mut feeds: Vec<Url> = origin.into_iter().chain(address).collect();
    feeds.dedup();
    // A show that never had a permanent name has that of its feed's address.
    if let Some(feed) = feeds.last().filter(|_| show.feed.guid.is_none()) {
        show.feed.guid = Some(moving::guid_of(feed));
    }
    let client = client(&allowed, PATIENCE_FOR_SOUND, false);
    Ok(Gathered { show, feeds, episodes, client, defects })
}

fn client(allowed: &[String], patience: Duration, packed: bool) -> Client {
    Client::new(Manners {
        agent: concat!("lorecast/", env!("CARGO_PKG_VERSION"), " (moving in)").to_owned(),
        patience,
        allowed: allowed.to_vec(),
        packed,
        in_turn: true,
        // Sound is counted on its way through other hosts.
        redirects: Redirects::Anywhere,
    })
}

fn fetched(client: &Client, url: &Url) -> std::result::Result<Vec<u8>, String> {
    match client.bytes(url, moving::LARGEST)? {
        (bytes, true) => Ok(bytes),
        _ => Err(format!("has more than {} MB", moving::LARGEST >> 20)),
    }
}

fn read(file: &Utf8Path) -> std::result::Result<Vec<u8>, String> {
    let words = |error: std::io::Error| format!("cannot be read: {error}");
    let size = file.metadata().map_err(words)?.len();
    if size > moving::LARGEST {
        return Err(format!("has more than {} MB", moving::LARGEST >> 20));
    }
    std::fs::read(file).map_err(words)
}

/// A page that lies beside or below the file of the feed as its address does beside the feed's.
fn beside(own: &Url, file: &Utf8Path, page: &Url) -> Option<Utf8PathBuf> {
    let folder = own.join(".").ok()?;
    let rest = page.as_str().strip_prefix(folder.as_str())?;
    let plain = rest.split('/').all(|name| !name.is_empty() && !name.starts_with('.'));
    let path = file.parent()?.join(rest);
    (plain && !rest.contains(['\\', '?', '#', '%']) && path.is_file()).then_some(path)
}
