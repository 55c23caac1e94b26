//! What site and feed say of an episode's sound, whoever made it.

use camino::Utf8PathBuf;
use lorecast_model::{Alternative, Chapter, Enclosure, ImportedSound, Master, Seconds};

use crate::Digest;

/// What is known of an episode's sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Its length; zero when nobody told it.
    pub length: Seconds,
    /// Its chapters, in order of time.
    pub chapters: Vec<Chapter>,
    /// The file that every app downloads.
    pub enclosure: Enclosure,
    /// The same, encoded otherwise.
    pub alternatives: Vec<Alternative>,
    /// The titles of the chapters that a machine reads.
    pub synthetic: Vec<String>,
}

/// Sound that lies beside the show, and goes out with its site.
#[derive(Clone, Debug)]
pub struct SoundFile {
    /// The file. Its alternatives lie beside it, under its name with their endings.
    pub path: Utf8PathBuf,
    /// What proves that it is the one that was read.
    pub digest: Digest,
    /// The same of each alternative, in their order.
    pub alternatives: Vec<Digest>,
}

impl From<Master> for Sound {
    fn from(master: Master) -> Self {
        let Master { length, chapters, enclosure, alternatives, synthetic, .. } = master;
        Self { length, chapters, enclosure, alternatives, synthetic }
    }
}

impl From<ImportedSound> for Sound {
    fn from(imported: ImportedSound) -> Self {
        let ImportedSound { file, bytes, media_type, length, chapters } = imported;
        Self {
            length: length.unwrap_or_default(),
            chapters,
            enclosure: Enclosure { file: file.unwrap_or_default(), bytes, media_type },
            alternatives: Vec::new(),
            synthetic: Vec::new(),
        }
    }
}
