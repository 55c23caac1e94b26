//! Reads the feed of a show that moves in: everything that its subscribers' apps remember, and all else
//! that a show of ours has a place for.
//!
//! A feed is read as far as it can be. What is missing or unfit is told in one line each, and nothing is
//! made up in its place but what the line says. Nothing is asked from a server here: whoever calls brings
//! the bytes.
//!
//! | module | what it reads |
//! |---|---|
//! | `document` | bytes that may be cut off, broken, or meant to break us |
//! | `tags` | elements of other namespaces, under whatever prefix |
//! | `channel`, `item` | the show, an episode |
//! | `notes` | HTML, as Markdown |
//! | `keeping` | (it writes) what is promised from now on, and where old addresses lead |
//! | `chapters`, `transcript` | the files beside the sound |

mod channel;
mod chapters;
mod document;
mod item;
mod keeping;
mod notes;
mod tags;
mod transcript;

use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_model::{Chapter, EpisodeFeed, Guid, Seconds, ShowFeed};
use url::Url;

use crate::text::{one_line, shortened};
use crate::{PublishError, artwork};

pub use chapters::read as chapters;
pub use keeping::{Downloaded, publication, redirects};
pub use transcript::read as transcript;

/// The largest document that is read, in bytes: one of a hundred times the size that Apple takes.
pub const LARGEST: u64 = 64 << 20;

/// The most episodes that a show may bring; none has a tenth of it.
pub const MOST_EPISODES: usize = 20_000;

/// A document of a feed: the feed itself, or a page with older episodes (RFC 5005).
#[derive(Clone, Debug)]
pub struct MovedFeed {
    /// What it says of the show.
    pub show: MovedShow,
    /// Its episodes, in its order.
    pub episodes: Vec<MovedEpisode>,
    /// Where it says that it is.
    pub address: Option<Url>,
    /// Where the next older episodes are.
    pub older: Option<Url>,
    /// What was left out or stands otherwise, a line each.
    pub defects: Vec<String>,
}

/// A show as its feed tells it.
#[derive(Clone, Debug, Default)]
pub struct MovedShow {
    /// Its name.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Who makes it.
    pub author: String,
    /// The address of its owner.
    pub email: Option<String>,
    /// Its site.
    pub link: Option<Url>,
    /// RFC 5646 tag.
    pub language: Option<String>,
    /// As `show.yaml` writes them.
    pub categories: Vec<String>,
    /// Whether episodes hold explicit language.
    pub explicit: bool,
    /// Where its artwork is.
    pub artwork: Option<Url>,
    /// What `feed:` of `show.yaml` holds.
    pub feed: ShowFeed,
}

/// An episode as its feed tells it.
#[derive(Clone, Debug)]
pub struct MovedEpisode {
    /// Its title.
    pub title: String,
    /// Counted from 1.
    pub number: Option<u32>,
    /// Its permanent name.
    pub guid: Guid,
    /// Whether that is an address.
    pub permalink: bool,
    /// When it came out.
    pub date: Timestamp,
    /// Its page.
    pub link: Option<Url>,
    /// Its sound, as the feed writes the address.
    pub enclosure_url: String,
    /// The size that the feed gives, in bytes.
    pub bytes: u64,
    /// The type that the feed gives.
    pub media_type: String,
    /// Its length.
    pub length: Option<Seconds>,
    /// Its notes, as Markdown.
    pub notes: String,
    /// Its chapters, where the feed holds them.
    pub chapters: Vec<Chapter>,
    /// Where they are, when the feed only names them.
    pub chapters_at: Option<Url>,
    /// Where its transcripts are, each with its media type; those that can be read best come first.
    pub transcripts: Vec<(Url, String)>,
    /// Artwork of its own.
    pub artwork: Option<Url>,
    /// What `feed:` of `episode.yaml` holds.
    pub feed: EpisodeFeed,
}

/// Reads a document of a feed; `name` is its file or address, for messages.
///
/// # Errors
/// [`PublishError::NoFeed`] when it is no RSS at all.
pub fn read(bytes: &[u8], name: &str) -> Result<MovedFeed, PublishError> {
    let mut defects = Vec::new();
    let channel = document::channel(bytes, &mut defects)
        .map_err(|why| PublishError::NoFeed { name: name.to_owned(), why })?;
    let prefixes = tags::Prefixes::of(&channel);
    let links = prefixes.atom(channel.extensions());
    let show = channel::show(&channel, &prefixes, &mut defects);
    let episodes = item::episodes(&channel, &prefixes, &show, &mut defects);
    Ok(MovedFeed {
        show,
        episodes,
        address: links.link("self"),
        older: links.link("prev-archive").or_else(|| links.link("next")),
        defects: defects.iter().map(|line| one_line(line)).collect(),
    })
}

/// Leaves out episodes that apps cannot tell from newer ones, and those beyond [`MOST_EPISODES`]. An
/// archive page may repeat what the feed holds: that is no defect.
pub fn distinct(episodes: Vec<MovedEpisode>, defects: &mut Vec<String>) -> Vec<MovedEpisode> {
    let (mut kept, mut seen) = (Vec::<MovedEpisode>::new(), BTreeSet::new());
    for episode in episodes {
        if seen.insert(episode.guid.clone()) {
            kept.push(episode);
            continue;
        }
        let first = kept.iter().find(|other| other.guid == episode.guid);
        let same = first.is_some_and(|first| first.enclosure_url == episode.enclosure_url);
        if !same {
            defects.push(format!(
                "`{}` is left out: it has the guid `{}` of `{}`, and apps show one of the two",
                shortened(&episode.title, 80),
                shortened(&episode.guid.0, 80),
                shortened(first.map_or("", |first| &first.title), 80),
            ));
        }
    }
    if kept.len() > MOST_EPISODES {
        defects.push(format!("episodes after the newest {MOST_EPISODES} are left out"));
        kept.truncate(MOST_EPISODES);
    }
    kept
}

/// The ending of a picture that directories take.
///
/// # Errors
/// What is wrong with it, in words that follow "artwork".
pub fn fit_artwork(bytes: &[u8]) -> Result<&'static str, String> {
    artwork::check(bytes)
}

/// The `podcast:guid` of a show whose feed was at an address and had none of its own.
pub fn guid_of(feed: &Url) -> String {
    crate::publication::podcast_guid(feed.as_str())
}
