//! Where listeners subscribe.

use serde::{Deserialize, Serialize};

/// `subscribe:` in `show.yaml`: the show's page in each app, as an https address. The subscribe page
/// has a button for each; every other app takes the address of the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subscribe {
    /// Apple Podcasts: `https://podcasts.apple.com/podcast/id…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apple: Option<String>,
    /// Spotify: `https://open.spotify.com/show/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spotify: Option<String>,
    /// Pocket Casts: `https://pca.st/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pocket_casts: Option<String>,
    /// Overcast: `https://overcast.fm/itunes…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overcast: Option<String>,
    /// AntennaPod; made from the address of the feed when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub antennapod: Option<String>,
    /// Castbox: `https://castbox.fm/channel/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub castbox: Option<String>,
    /// YouTube Music: `https://music.youtube.com/playlist?list=…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub youtube_music: Option<String>,
    /// Amazon Music: `https://music.amazon.com/podcasts/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amazon_music: Option<String>,
    /// The Podcast Index: `https://podcastindex.org/podcast/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub podcast_index: Option<String>,
}

impl Subscribe {
    /// Each app that has a page of the show: its name and the address, in the order of the buttons.
    pub fn apps(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Self {
            apple,
            spotify,
            pocket_casts,
            overcast,
            antennapod,
            castbox,
            youtube_music,
            amazon_music,
            podcast_index,
        } = self;
        let apps = [
            ("Apple Podcasts", apple),
            ("Spotify", spotify),
            ("Pocket Casts", pocket_casts),
            ("Overcast", overcast),
            ("AntennaPod", antennapod),
            ("Castbox", castbox),
            ("YouTube Music", youtube_music),
            ("Amazon Music", amazon_music),
            ("Podcast Index", podcast_index),
        ];
        apps.into_iter().filter_map(|(name, url)| Some((name, url.as_deref()?)))
    }

    /// Whether `show.yaml` names no app.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
