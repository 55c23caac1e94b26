//! What the last run made, so that a run without changes has nothing to do.

use std::io;
use std::time::UNIX_EPOCH;

use camino::Utf8Path;
use crc32fast::Hasher;
use lorecast_model::{Formats, Lufs, Master, Music, Seconds};
use serde::{Deserialize, Serialize};

use crate::cache::{Cache, Digest, Key};
use crate::digests::Digests;
use crate::recipe::{Outputs, Recipe, Tags};
use crate::{Result, StudioError};

/// Of everything behind the parts: mixing, limiting, encoding, tags. To be raised whenever the same
/// parts would come out otherwise than before.
const VERSION: u32 = 3;

/// A master and the files that it is about, in the order of [`Outputs::files`].
#[derive(Serialize, Deserialize)]
struct Record {
    master: Master,
    files: Vec<Stamp>,
}

/// A file that has these is taken for the one that was written.
#[derive(PartialEq, Serialize, Deserialize)]
struct Stamp {
    bytes: u64,
    /// Seconds and nanoseconds since 1970.
    modified: (u64, u32),
}

#[derive(Serialize)]
struct MadeOf<'a> {
    parts: Vec<String>,
    places: Vec<Place<'a>>,
    music: &'a Music,
    beds: Vec<(usize, usize)>,
    channels: u16,
    loudness: Lufs,
    pause: Seconds,
    tags: &'a Tags,
    placed_by: &'a str,
    cover: Option<Digest>,
    pictures: Vec<Digest>,
    formats: &'a Formats,
}

/// The chapter that begins with a part, who speaks, whether it is a voice, and what it lies beneath.
type Place<'a> = (Option<&'a str>, Option<&'a str>, bool, Seconds, Seconds);

/// The master that was made for this key, when the outputs are still those that it is about.
pub(crate) fn find(
    cache: &Cache,
    key: &Key,
    outputs: &Outputs,
    formats: Formats,
) -> Option<Master> {
    let Record { master, files } = cache.find::<Record>(key)?.text;
    Stamp::of_all(outputs, formats).is_ok_and(|now| now == files).then_some(master)
}

/// Writes down what was made for this key.
pub(crate) fn keep(
    cache: &Cache,
    key: &Key,
    (outputs, formats): (&Outputs, Formats),
    master: &Master,
) {
    let kept = || {
        let record = Record { master: master.clone(), files: Stamp::of_all(outputs, formats)? };
        cache.keep(key, cache.begin()?, Hasher::new(), &record)
    };
    // The master is there; the next run only takes longer.
    if let Err(error) = kept() {
        tracing::warn!(%error, "cannot write down what was made");
    }
}

/// What a master of parts with these keys is known by.
///
/// # Errors
/// When the cover or a chapter's picture cannot be read.
pub(crate) fn key(recipe: &Recipe, parts: &[Key], digests: &Digests) -> Result<Key> {
    // Whoever adds a field has to decide whether it changes an output. What the parts went through is
    // in their keys.
    let Recipe {
        parts: all,
        channels,
        loudness,
        pause,
        chain: _,
        effects: _,
        music,
        beds,
        only: _,
        placed_by,
        formats,
        threads: _,
        tags,
    } = recipe;
    let digest = |file: &Utf8Path| {
        digests.of(file).map_err(|source| StudioError::Read { file: file.to_owned(), source })
    };
    let made_of = MadeOf {
        parts: parts.iter().map(Key::to_string).collect(),
        places: all
            .iter()
            .map(|part| {
                (
                    part.chapter.as_deref(),
                    part.speaker.as_deref(),
                    part.voice,
                    part.into_next,
                    part.into_last,
                )
            })
            .collect(),
        music,
        beds: beds.iter().map(|bed| (bed.parts.start, bed.parts.end)).collect(),
        channels: *channels,
        loudness: *loudness,
        pause: *pause,
        tags,
        placed_by,
        cover: tags.cover.as_deref().map(digest).transpose()?,
        pictures: tags
            .chapters
            .iter()
            .filter_map(|chapter| chapter.picture.as_deref())
            .map(digest)
            .collect::<Result<_>>()?,
        formats,
    };
    Ok(Key::new("master", VERSION, &made_of))
}

impl Stamp {
    fn of_all(outputs: &Outputs, formats: Formats) -> io::Result<Vec<Self>> {
        outputs.files(formats).map(|file| Self::of(&file)).collect()
    }

    fn of(file: &Utf8Path) -> io::Result<Self> {
        let about = std::fs::metadata(file)?;
        let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self { bytes: about.len(), modified: (since.as_secs(), since.subsec_nanos()) })
    }
}
