//! What can go wrong while publishing.

use camino::Utf8PathBuf;
use lorecast_model::{EpisodeId, Seconds};
use thiserror::Error;

use crate::spoken::Unreadable;

/// Why nothing, or not everything, was published.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The operating system refused.
    #[error("cannot {doing} `{path}`: {source}")]
    File {
        /// What was tried: `read`, `write`, `remove`.
        doing: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The MP3 is not there.
    #[error("episode {id}: `{path}` is missing; run `lorecast master {id}` to make it again")]
    MissingAudio {
        /// The episode.
        id: EpisodeId,
        /// Where the MP3 was looked for.
        path: Utf8PathBuf,
    },
    /// The sound that came with the show is not there.
    #[error(
        "episode {id}: `{path}` is missing, the sound that came with the show; copy it from a backup, or from \
         where the site is out (`enclosure_url` in its `published.yaml`)"
    )]
    MissingImported {
        /// The episode.
        id: EpisodeId,
        /// Where the sound was looked for.
        path: Utf8PathBuf,
    },
    /// The MP3 is not the one that `master.json` describes.
    #[error(
        "episode {id}: `{path}` has {found} bytes and `master.json` says {expected}; \
         run `lorecast master {id}` to make both again"
    )]
    ChangedAudio {
        /// The episode.
        id: EpisodeId,
        /// The MP3.
        path: Utf8PathBuf,
        /// Its size in bytes.
        found: u64,
        /// The size that `master.json` gives.
        expected: u64,
    },
    /// `master.json` names an enclosure that cannot be a file name in a URL.
    #[error(
        "episode {id}: `{file}` in `master.json` is not a plain file name; \
         run `lorecast master {id}` to make it again"
    )]
    AudioName {
        /// The episode.
        id: EpisodeId,
        /// The name.
        file: String,
    },
    /// Artwork that directories refuse.
    #[error(
        "artwork `{path}` {why}; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency"
    )]
    Artwork {
        /// The picture.
        path: Utf8PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Two episodes with one permanent name.
    #[error(
        "episodes {first} and {second} have the same guid `{guid}`: apps would show one of them; \
         delete `published.yaml` of the one that never came out"
    )]
    SharedGuid {
        /// The one.
        first: EpisodeId,
        /// The other.
        second: EpisodeId,
        /// The guid.
        guid: String,
    },
    /// A passage that ends behind the episode.
    #[error(
        "episode {id}: a soundbite of `episode.yaml` ends at {end} and the sound at {length}; correct `feed.soundbites`"
    )]
    Soundbite {
        /// The episode.
        id: EpisodeId,
        /// Where the passage ends.
        end: Seconds,
        /// Where the sound ends.
        length: Seconds,
    },
    /// A serial without a number.
    #[error(
        "episode {id} has no number, and apps play a serial in their order; add `number:` to its `episode.yaml`"
    )]
    Unnumbered {
        /// The episode.
        id: EpisodeId,
    },
    /// What is said in an episode cannot be read.
    #[error("episode {id}: {source}")]
    Spoken {
        /// The episode.
        id: EpisodeId,
        /// Why not.
        source: Unreadable,
    },
    /// The notes are longer than any reader would take.
    #[error("episode {id}: its notes have {bytes} bytes; shorten `notes.md` to {limit}")]
    LongNotes {
        /// The episode.
        id: EpisodeId,
        /// Their length in bytes.
        bytes: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// `about:` of `show.yaml` cannot be shown.
    #[error("`about` in `show.yaml` {why}; shorten or flatten it")]
    About {
        /// What is wrong with it.
        why: String,
    },
    /// The notes nest deeper than anyone writes by hand.
    #[error(
        "episode {id}: `notes.md` nests quotations, lists or tags more than {limit} deep; flatten it"
    )]
    DeepNotes {
        /// The episode.
        id: EpisodeId,
        /// The deepest nesting that is taken.
        limit: usize,
    },
    /// `url` in `show.yaml` cannot be the address of a site.
    #[error("`url: {url}` in `show.yaml` {why}; write it like `https://example.org/show/`")]
    ShowUrl {
        /// As written.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// A template cannot be read or rendered.
    #[error("{place}: {why}; correct the template, or delete it to use the built-in one")]
    Template {
        /// `templates/site/index.html:12`, or without a line when the fault has none.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// A file stands in the way that an earlier publish did not write.
    #[error(
        "`{path}` is not one that Lorecast wrote and would be overwritten; move it away, \
         or publish to another folder"
    )]
    Foreign {
        /// The file.
        path: Utf8PathBuf,
    },
    /// Somebody publishes there already.
    #[error(
        "`{path}` is being published by another `lorecast publish`; run this one again when it is done"
    )]
    Busy {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// A file that is out is not the one that was sent.
    #[error(
        "`{path}` is not what was written to it: the disk is full or damaged, or another program writes \
         there; run `lorecast publish` again"
    )]
    ReadBack {
        /// The file.
        path: Utf8PathBuf,
    },
    /// Storage refused, could not be reached, or does not hold what was sent to it.
    #[error("cannot {doing} `{object}`: {why}; {next}")]
    Storage {
        /// What was tried: `send`, `read back`.
        doing: &'static str,
        /// The object, as `s3://bucket/…`.
        object: String,
        /// What the storage said, without anything secret.
        why: String,
        /// What to do.
        next: &'static str,
    },
    /// The address of storage cannot be used.
    #[error(
        "`{to}` is no place to deliver to; write it like `s3://bucket/folder`, of letters, digits, `.`, `-` and `_`"
    )]
    StorageAddress {
        /// As written.
        to: String,
    },
    /// Two things want the same place on the site.
    #[error("`{path}` would be written twice; rename the episode's sound or the template")]
    Twice {
        /// The place, below the published folder.
        path: Utf8PathBuf,
    },
    /// A mail needs somebody whom it is from.
    #[error("a mail needs an address that it comes from; write `email:` into `show.yaml`")]
    NoSender,
    /// A post that no server takes.
    #[error(
        "the post has {characters} characters even without the summary, and {limit} is the most; shorten \
         `templates/telling/post.txt` or the title"
    )]
    LongPost {
        /// How long it is.
        characters: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A feed to be taken over is none.
    #[error("`{name}` {why}; name the RSS feed that podcast apps subscribe to")]
    NoFeed {
        /// The file or address.
        name: String,
        /// What it is instead.
        why: String,
    },
    /// The feed could not be written as XML.
    #[error("the feed cannot be written: {0}")]
    Feed(#[from] rss::Error),
    /// A feed of a section, a series, a person or the planet could not be written as XML.
    #[error("the feed cannot be written: {0}")]
    Atom(#[from] atom_syndication::Error),
}

impl PublishError {
    /// Wraps what the system said about a file.
    pub(crate) fn file(
        doing: &'static str,
        path: impl Into<Utf8PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }
}
