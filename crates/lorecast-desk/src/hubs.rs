//! Tells hubs that the feed changed.

use std::time::Duration;

use camino::Utf8Path;
use lorecast_fetch::{Client, Manners, Redirects};
use url::Url;

use crate::{Desk, DeskError, Result, Unit};

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of telling a hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubAnswer {
    /// The hub, as `feed.hubs` names it.
    pub hub: String,
    /// Why it does not know, in words; nothing when it does.
    pub failed: Option<String>,
}

impl Desk<'_> {
    /// Tells the show's hubs that the feed changed (WebSub section 4), once the feed in this folder is the
    /// one that its address answers with: a hub that looks earlier finds the old one, and waits for the
    /// next change.
    ///
    /// # Errors
    /// When the show or the folder's feed cannot be read, or the feed at the address is another.
    pub fn tell_hubs(&self, published: &Utf8Path) -> Result<Vec<HubAnswer>> {
        let show = self.dir.show()?;
        let hubs: Vec<Url> = show.feed.hubs.iter().filter_map(|hub| Url::parse(hub).ok()).collect();
        let address = Url::parse(&show.url).and_then(|site| site.join("feed.xml"));
        let (Ok(feed), false) = (address, hubs.is_empty()) else { return Ok(Vec::new()) };
        let task = self.progress.begin("telling hubs", hubs.len() as u64, Unit::Things);
        let named = hubs.iter().chain([&feed]).filter_map(|url| url.host_str().map(str::to_owned));
        let client = Client::new(Manners {
            agent: format!("lorecast/{} (+{})", env!("CARGO_PKG_VERSION"), show.url),
            patience: PATIENCE,
            allowed: named.collect(),
            packed: false,
            in_turn: false,
            redirects: Redirects::SameHost,
        });
        is_out(&client, &feed, &published.join("feed.xml"))?;
        let told = hubs.iter().zip(0..).map(|(hub, nth)| {
            task.set(nth);
            let feed = feed.as_str();
            let fields = [("hub.mode", "publish"), ("hub.url", feed), ("hub.topic", feed)];
            let failed = match client.post(hub, &fields) {
                Ok(answer) if (200..300).contains(&answer.status) => None,
                Ok(answer) => Some(format!("answers {}", answer.status)),
                Err(why) => Some(why),
            };
            HubAnswer { hub: hub.to_string(), failed }
        });
        Ok(told.collect())
    }
}

/// That an address answers with what was published.
fn is_out(client: &Client, feed: &Url, file: &Utf8Path) -> Result<()> {
    let ours = std::fs::read(file)
        .map_err(|source| DeskError::NothingOut { path: file.to_owned(), source })?;
    let not_out = |why| DeskError::OtherFeed { feed: feed.to_string(), why };
    let (theirs, _) = client.bytes(feed, ours.len() as u64 + 1).map_err(not_out)?;
    match theirs == ours {
        true => Ok(()),
        false => {
            Err(not_out("answers with another feed than the one that was published".to_owned()))
        }
    }
}
