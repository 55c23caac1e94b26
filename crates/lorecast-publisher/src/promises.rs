//! What subscribers were promised: guid, date, address and sound of every episode that is out.
//!
//! `published.yaml` keeps the promises; the feed that is out shows what listeners were told. Both are
//! compared with what a new feed would say.

use std::collections::BTreeMap;

use camino::Utf8Path;
use lorecast_model::EpisodeId;
use rss::Channel;

use crate::feed::rfc2822;
use crate::site::{Release, Site};

/// The largest feed that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// A promise that a new feed would not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The episode; `None` when the new feed has none that belongs to what was promised, or when it is
    /// about the show.
    pub episode: Option<EpisodeId>,
    /// What listeners have, in words: `date was Mon, 17 Apr 2023 18:00:00 +0000`.
    pub was: Vec<String>,
}

/// The promises that `site` would break, as `out` and each `published.yaml` made them. What
/// `published.yaml` says was changed on purpose is no longer promised.
pub fn broken(site: &Site, out: &Utf8Path) -> Vec<Broken> {
    let mut broken: BTreeMap<Option<EpisodeId>, Vec<String>> = BTreeMap::new();
    for release in site.releases {
        let now = release.digest().map(|digest| digest.to_string());
        let sound = release.publication.sha256.as_ref();
        if let Some(sound) = sound.filter(|sound| Some(*sound) != now.as_ref()) {
            broken.entry(Some(release.id)).or_default().push(format!("sha256 was {sound}"));
        }
    }
    for told in told(out) {
        let (episode, was) = compare(site.releases, &told);
        if !was.is_empty() {
            broken.entry(episode).or_default().extend(was);
        }
    }
    if let Some(was) = show_guid(site, out) {
        broken.entry(None).or_default().push(was);
    }
    let broken = broken.into_iter().map(|(episode, was)| Broken { episode, was });
    broken.filter(|broken| !is_superseded(site.releases, broken)).collect()
}

/// What a feed told of an episode.
struct Told {
    guid: String,
    link: String,
    date: String,
    enclosure: String,
}

fn told(out: &Utf8Path) -> Vec<Told> {
    let mut told = Vec::new();
    let archive = (1..).map(|nth| out.join(format!("archive/feed-{nth}.xml")));
    let archive = archive.map_while(|path| read(&path));
    for channel in read(&out.join("feed.xml")).into_iter().chain(archive) {
        told.extend(channel.items().iter().map(|item| Told {
            guid: item.guid().map(|guid| guid.value().to_owned()).unwrap_or_default(),
            link: item.link().unwrap_or_default().to_owned(),
            date: item.pub_date().unwrap_or_default().to_owned(),
            enclosure: item.enclosure().map(|e| e.url().to_owned()).unwrap_or_default(),
        }));
    }
    told
}

/// A feed of ours; nothing when it is not there, or cannot be read: it will be written anew.
fn read(path: &Utf8Path) -> Option<Channel> {
    let size = path.symlink_metadata().ok()?.len();
    let bytes = if size <= LARGEST { std::fs::read(path).ok()? } else { return None };
    Channel::read_from(bytes.as_slice()).ok()
}

/// The release that an item was about, and what it said otherwise.
fn compare(releases: &[Release], told: &Told) -> (Option<EpisodeId>, Vec<String>) {
    let same_guid = |release: &&Release| release.publication.guid.0 == told.guid;
    let same_page = |release: &&Release| told.link.ends_with(&format!("episodes/{}/", release.id));
    let release = releases.iter().find(same_guid).or_else(|| releases.iter().find(same_page));
    let Some(release) = release else {
        return (None, vec![format!("guid was {}", told.guid)]);
    };
    let publication = &release.publication;
    let mut was = Vec::new();
    for (what, then, now) in [
        ("guid", &told.guid, &publication.guid.0),
        ("date", &told.date, &rfc2822(publication.date)),
        ("enclosure_url", &told.enclosure, &publication.enclosure_url),
    ] {
        if then != now {
            was.push(format!("{what} was {then}"));
        }
    }
    (Some(release.id), was)
}

fn show_guid(site: &Site, out: &Utf8Path) -> Option<String> {
    let channel = read(&out.join("feed.xml"))?;
    let told = channel.extensions().get("podcast")?.get("guid")?.first()?.value.clone()?;
    (told != crate::publication::show_guid(site.show)).then(|| format!("podcast:guid was {told}"))
}

fn is_superseded(releases: &[Release], broken: &Broken) -> bool {
    let release = releases.iter().find(|release| Some(release.id) == broken.episode);
    release.is_some_and(|release| {
        let superseded: Vec<&String> =
            release.publication.superseded.iter().flat_map(|change| &change.was).collect();
        broken.was.iter().all(|was| superseded.contains(&was))
    })
}
