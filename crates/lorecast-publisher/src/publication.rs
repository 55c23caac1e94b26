//! What an episode keeps for ever once it is published.

use jiff::Timestamp;
use lorecast_model::{EpisodeId, Guid, Publication, Show};
use uuid::Uuid;

use crate::address::{audio_url, feed_url};

/// The namespace of `podcast:guid` (podcast namespace, tag `guid`).
const PODCAST: Uuid = Uuid::from_u128(0xead4c236_bf58_58c6_a2c6_a6b28d128cb6);

/// The guid, date and enclosure URL of an episode that is published for the first time `now`.
/// The caller keeps them in `published.yaml` and never asks again.
///
/// The guid is a UUIDv5 (RFC 9562 section 5.5) of the feed's URL and the episode's id, so that two
/// shows never share one. The date has whole seconds, all that RFC 2822 can say.
pub fn new_publication(show: &Show, id: EpisodeId, now: Timestamp) -> Publication {
    let name = format!("{}#{id}", feed_url(show));
    let guid = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes());
    Publication {
        guid: Guid(guid.urn().to_string()),
        permalink: false,
        date: Timestamp::from_second(now.as_second()).unwrap_or(now),
        enclosure_url: audio_url(show, id),
        sound: None,
        sha256: None,
        superseded: Vec::new(),
    }
}

/// The `podcast:guid` of a show: the one in `show.yaml`, else made from the feed's address.
pub(crate) fn show_guid(show: &Show) -> String {
    let own = show.feed.guid.as_ref().map(|guid| guid.to_lowercase());
    own.unwrap_or_else(|| podcast_guid(&feed_url(show)))
}

/// The address of the sound that takes the place of one that is out: a file never changes under its
/// address. `nth` counts from 2.
pub fn next_enclosure_url(show: &Show, id: EpisodeId, nth: usize) -> String {
    audio_url(show, id).replace(&format!("{id}.mp3"), &format!("{id}-{nth}.mp3"))
}

/// `podcast:guid`: a UUIDv5 of the feed's URL without scheme and trailing slashes.
pub(crate) fn podcast_guid(feed_url: &str) -> String {
    let name = feed_url.split_once("://").map_or(feed_url, |(_, rest)| rest);
    Uuid::new_v5(&PODCAST, name.trim_end_matches('/').as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn podcast_guids_are_those_of_the_namespace_document() {
        let known = "9b024349-ccf0-5f69-a609-6b82873eab3c";
        assert_eq!(podcast_guid("https://podnews.net/rss/"), known);
        assert_eq!(
            podcast_guid("http://mp3s.nashownotes.com/pc20rss.xml"),
            "917393e3-1b1e-5cef-ace4-edaa54e1f810"
        );
    }

    #[test]
    fn a_publication_is_the_same_whenever_it_is_made_but_for_its_date() {
        let show = crate::site::tests::show("https://pod.example/show");
        let id = EpisodeId::new("2023-04-16").unwrap();
        let first = new_publication(&show, id, "2023-04-17T18:00:00.7Z".parse().unwrap());
        let later = new_publication(&show, id, "2024-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(first.date.to_string(), "2023-04-17T18:00:00Z");
        assert_eq!(first.enclosure_url, "https://pod.example/show/media/2023-04-16.mp3");
        assert_eq!(first.guid, later.guid);
        let other = crate::site::tests::show("https://pod.example/other");
        assert_ne!(first.guid, new_publication(&other, id, first.date).guid);
        insta::assert_snapshot!(first.guid, @"urn:uuid:de82107d-e05f-55a4-acaa-5bc122c1d476");
    }
}
