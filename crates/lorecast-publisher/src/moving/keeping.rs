//! What a show that moved in promises from now on, and where its old addresses lead.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lorecast_model::{EpisodeId, ImportedSound, Publication, Superseded};
use url::Url;

use super::MovedEpisode;
use crate::PublishError;
use crate::address::Address;

/// Sound that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Its file beside `published.yaml`: `imported.mp3`.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What goes to `published.yaml` of an episode that moves in `now`. Sound that was downloaded gets an
/// address of the site at `url`, unless it has one already; what it had is kept.
///
/// # Errors
/// When `url` is no address of a site.
pub fn publication(
    url: &str,
    id: EpisodeId,
    episode: &MovedEpisode,
    downloaded: Option<Downloaded>,
    now: Timestamp,
) -> Result<Publication, PublishError> {
    let address = Address::parse(url)?;
    let was = &episode.enclosure_url;
    let (mut enclosure_url, mut superseded) = (was.clone(), Vec::new());
    if let Some(downloaded) = &downloaded
        && address.below(was).is_none()
    {
        let ending = downloaded.file.rsplit('.').next().unwrap_or("mp3");
        enclosure_url = address.at(&format!("media/{id}.{ending}"));
        superseded.push(Superseded {
            on: now,
            reason: "the show moved here with its sound".to_owned(),
            was: vec![format!("enclosure_url was {was}")],
        });
    }
    let (file, bytes) = downloaded.map(|sound| (sound.file, sound.bytes)).unzip();
    Ok(Publication {
        guid: episode.guid.clone(),
        permalink: episode.permalink,
        date: episode.date,
        enclosure_url,
        sound: Some(ImportedSound {
            file,
            bytes: bytes.unwrap_or(episode.bytes),
            media_type: episode.media_type.clone(),
            length: episode.length,
            chapters: episode.chapters.clone(),
        }),
        sha256: None,
        superseded,
    })
}

/// Where old addresses lead from now on, as a `map` of nginx. `feeds` are the old addresses of the feed.
///
/// # Errors
/// When `url` is no address of a site.
pub fn redirects<'a>(
    url: &str,
    feeds: &[Url],
    episodes: impl Iterator<Item = (EpisodeId, &'a MovedEpisode, &'a Publication)>,
) -> Result<String, PublishError> {
    let address = Address::parse(url)?;
    let mut moved = BTreeMap::new();
    let mut add = |old: &Url, new: String| {
        if old.as_str() != new {
            moved.entry(request(old)).or_insert(new);
        }
    };
    feeds.iter().for_each(|feed| add(feed, address.at("feed.xml")));
    for (id, episode, publication) in episodes {
        if let Some(link) = episode.link.as_ref().filter(|link| request(link) != "/") {
            add(link, address.at(&format!("episodes/{id}/")));
        }
        if publication.enclosure_url != episode.enclosure_url
            && let Ok(old) = Url::parse(&episode.enclosure_url)
        {
            add(&old, publication.enclosure_url.clone());
        }
    }
    let lines: String =
        moved.iter().map(|(old, new)| format!("    \"{old}\" \"{new}\";\n")).collect();
    Ok(format!("{HEAD}map $request_uri $moved {{\n    default \"\";\n{lines}}}\n"))
}

const HEAD: &str = "\
# For the server that has the old addresses: this file in `http { }`, and in its `server { }`
#     if ($moved) { return 301 $moved; }
";

/// What a client asks for: path and query. Nothing in it can end a string of nginx.
fn request(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let request = format!("{}{query}", url.path());
    request.replace('\\', "%5C").replace('"', "%22")
}
