//! A file on its way to storage: what it is, how long it may be kept, and when it is sent.

use camino::{Utf8Path, Utf8PathBuf};

use crate::Digest;

/// A file of the site that is carried somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its place below the site's root.
    pub path: Utf8PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// What proves that it arrived.
    pub sha256: Digest,
    /// When it goes out.
    pub turn: Turn,
}

/// In which order files go out, so that a reader never sees a missing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Never: the servers of a show keep it for each other, and no reader sees it.
    Kept,
    /// Sound, and what has its own content in its name: nothing that is out needs it yet, and its
    /// address never means anything else.
    Lasting,
    /// Pages and what belongs to them.
    Page,
    /// Feeds beside the feed.
    Feed,
    /// The feed: what it promises is there by now.
    TheFeed,
}

impl Parcel {
    /// A file of the site; sound is told, all else its name tells.
    pub(crate) fn new(path: Utf8PathBuf, bytes: u64, sha256: Digest, is_sound: bool) -> Self {
        let turn = if is_sound { Turn::Lasting } else { Turn::of(&path) };
        Self { path, bytes, sha256, turn }
    }

    /// How long whoever asked may keep it (RFC 9111 section 5.2.2, RFC 8246).
    pub(crate) fn cache_control(&self) -> &'static str {
        match self.turn {
            Turn::Kept => "private, no-cache",
            Turn::Lasting => "public, max-age=31536000, immutable",
            Turn::Page => "public, max-age=300",
            Turn::Feed | Turn::TheFeed => "public, max-age=60",
        }
    }

    /// Its media type.
    pub(crate) fn content_type(&self) -> &'static str {
        match (self.path.extension().unwrap_or_default(), self.turn) {
            ("html", _) => "text/html; charset=utf-8",
            ("xml", Turn::TheFeed) => "application/rss+xml; charset=utf-8",
            ("xml", _) if self.path.file_name() == Some("atom.xml") => {
                "application/atom+xml; charset=utf-8"
            }
            ("xml", Turn::Feed) => "application/rss+xml; charset=utf-8",
            ("xml", _) => "application/xml; charset=utf-8",
            ("json", Turn::Feed) => "application/feed+json",
            ("json", _) if self.path.file_name() == Some("chapters.json") => {
                "application/json+chapters"
            }
            ("json", _) => "application/json",
            ("vtt", _) => "text/vtt; charset=utf-8",
            ("srt", _) => "application/x-subrip",
            ("css", _) => "text/css; charset=utf-8",
            ("js", _) => "text/javascript; charset=utf-8",
            ("txt", _) => "text/plain; charset=utf-8",
            ("svg", _) => "image/svg+xml",
            ("png", _) => "image/png",
            ("jpg" | "jpeg", _) => "image/jpeg",
            ("webp", _) => "image/webp",
            ("ico", _) => "image/x-icon",
            ("mp3", _) => "audio/mpeg",
            ("m4a", _) => "audio/mp4",
            ("opus" | "ogg", _) => "audio/ogg",
            ("wav", _) => "audio/wav",
            ("webmanifest", _) => "application/manifest+json",
            _ => "application/octet-stream",
        }
    }

    /// Whether all of it is read back, and not only its size: sound and feeds.
    pub(crate) fn is_read_back(&self) -> bool {
        self.content_type().starts_with("audio/") || self.turn >= Turn::Feed
    }
}

impl Turn {
    fn of(path: &Utf8Path) -> Self {
        let name = path.file_name().unwrap_or_default();
        let is_feed = match path.extension() {
            Some("xml") => name.starts_with("feed") || name == "atom.xml",
            Some("json") => name.starts_with("feed"),
            _ => false,
        };
        match path.as_str() {
            "feed.xml" => Self::TheFeed,
            _ if is_feed => Self::Feed,
            _ if is_named_by_content(path) => Self::Lasting,
            _ => Self::Page,
        }
    }
}

/// Whether the name ends in the first digits of a digest, as `crate::site::named` writes it.
fn is_named_by_content(path: &Utf8Path) -> bool {
    let digits = path.file_stem().and_then(|stem| stem.rsplit_once('-')).map(|(_, digits)| digits);
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    path.extension() != Some("html")
        && digits.is_some_and(|digits| digits.len() == 8 && digits.chars().all(is_hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_first_and_the_feed_last() {
        let paths = "feed.xml feed.json archive/feed-1.xml archive/feed-1.json cover-0a1b2c3d.png index.html \
             people/ann-deadbeef.html archive/2023.html sections/mm/atom.xml episodes/2023-04-16/chapters.json";
        let mut parcels: Vec<Parcel> = paths
            .split_whitespace()
            .map(|path| Parcel::new(path.into(), 1, Digest::of(b""), false))
            .collect();
        parcels.push(Parcel::new("media/2023-04-16.mp3".into(), 1, Digest::of(b""), true));
        parcels.sort_by_key(|parcel| parcel.turn);
        let lines = parcels.iter().map(|parcel| {
            format!("{}  {}  {}\n", parcel.path, parcel.content_type(), parcel.cache_control())
        });
        insta::assert_snapshot!(lines.collect::<String>(), @r"
        cover-0a1b2c3d.png  image/png  public, max-age=31536000, immutable
        media/2023-04-16.mp3  audio/mpeg  public, max-age=31536000, immutable
        index.html  text/html; charset=utf-8  public, max-age=300
        people/ann-deadbeef.html  text/html; charset=utf-8  public, max-age=300
        archive/2023.html  text/html; charset=utf-8  public, max-age=300
        episodes/2023-04-16/chapters.json  application/json+chapters  public, max-age=300
        feed.json  application/feed+json  public, max-age=60
        archive/feed-1.xml  application/rss+xml; charset=utf-8  public, max-age=60
        archive/feed-1.json  application/feed+json  public, max-age=60
        sections/mm/atom.xml  application/atom+xml; charset=utf-8  public, max-age=60
        feed.xml  application/rss+xml; charset=utf-8  public, max-age=60
        ");
    }
}
