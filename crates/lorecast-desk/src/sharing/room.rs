//! What is shared together, and how each file of it is treated.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::EpisodeId;
use lorecast_show::ShowDir;

use crate::DeskError;

/// How many folders deep the files of an episode may lie.
const DEEPEST: usize = 3;
/// Large, read by nobody else, and made again of the takes wherever it is missing.
const MADE_HERE: &str = "master.wav";
/// The texts generated last, which the next merge needs.
const GENERATED: &str = ".generated";
/// What people said of themselves aloud.
const SPOKEN: &str = "sounds/people";
/// Who was asked to prove an address.
const CLAIMS: &str = ".lorecast/claims.yaml";
/// Makes hashes of who asked to be forgotten.
const FORGOTTEN: &str = "forgotten.key";

/// Files that are shared together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// An episode's folder.
    Episode(EpisodeId),
    /// What the show knows of people, and who is proving an address.
    People,
}

impl From<EpisodeId> for Room {
    fn from(id: EpisodeId) -> Self {
        Self::Episode(id)
    }
}

/// In words, for errors.
impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Episode(id) => write!(f, "the episode of {id}"),
            Self::People => write!(f, "`people.yaml`"),
        }
    }
}

impl Room {
    /// The room of a list in the storage.
    pub(super) fn of_list(name: &str) -> Option<Self> {
        match name {
            "people" => Some(Self::People),
            _ => EpisodeId::new(name).ok().map(Self::Episode),
        }
    }

    /// It cannot be shared at the moment.
    pub(super) fn is_not_shared(self) -> DeskError {
        DeskError::NotShared { what: self.to_string() }
    }

    /// The name of its list.
    pub(super) fn list(self) -> String {
        match self {
            Self::Episode(id) => id.to_string(),
            Self::People => "people".to_owned(),
        }
    }

    /// Its folder.
    pub(super) fn folder(self, show: &ShowDir) -> Utf8PathBuf {
        match self {
            Self::Episode(id) => show.episode_dir(id).path().to_owned(),
            Self::People => show.root().to_owned(),
        }
    }

    /// Whether somebody emptied its folder: that is no wish to have nothing any more.
    pub(super) fn is_empty(self, folder: &Utf8Path) -> bool {
        match self {
            Self::Episode(_) => !folder.join("episode.yaml").is_file(),
            Self::People => false,
        }
    }

    /// Whether a file of this name is shared: it lies in the folder, and is nothing that is still being made.
    pub(super) fn shares(self, name: &str) -> bool {
        match self {
            Self::Episode(_) => is_plain(name) && name != MADE_HERE && !name.ends_with(".part"),
            Self::People => {
                let spoken = name.strip_prefix(SPOKEN).and_then(|rest| rest.strip_prefix('/'));
                matches!(name, CLAIMS | FORGOTTEN)
                    || self.edits(name)
                    || spoken.is_some_and(|rest| is_plain(rest) && !rest.contains('/'))
            }
        }
    }

    /// Whether a folder of this name may hold such files.
    pub(super) fn enters(self, name: &str) -> bool {
        match self {
            Self::Episode(_) => is_plain(name),
            Self::People => {
                [SPOKEN, CLAIMS].iter().any(|file| Utf8Path::new(file).starts_with(name))
            }
        }
    }

    /// Whether people edit it: what two servers changed is merged.
    pub(super) fn edits(self, name: &str) -> bool {
        match self {
            Self::Episode(_) => matches!(name, "episode.yaml" | "notes.md" | "script.md"),
            Self::People => matches!(name, "people.yaml" | "merges.yaml" | "forgotten.yaml"),
        }
    }

    /// Whether nobody could make it again: the storage keeps it when no list names it any more. What somebody said of
    /// themselves goes when they want that.
    pub(super) fn keeps(self, name: &str) -> bool {
        matches!(self, Self::Episode(_)) && name.starts_with("takes/")
    }

    /// Whether nobody else on the machine may read it.
    pub(super) fn hides(self, name: &str) -> bool {
        matches!((self, name), (Self::People, CLAIMS | FORGOTTEN))
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |(at, part): (usize, &str)| {
        let hidden = part.starts_with('.') && !(at == 0 && part == GENERATED);
        !part.is_empty() && !hidden && !part.contains(|c: char| c.is_control() || c == '\\')
    };
    name.len() <= 255
        && name.split('/').count() <= DEEPEST
        && name.split('/').enumerate().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_lies_in_the_folder_and_is_whole() {
        let episode = Room::of_list("2025-06-22").unwrap();
        for shared in
            ["notes.md", "takes/mm (5).wav", "takes/removed/2 mm.wav", ".generated/notes.md"]
        {
            assert!(episode.shares(shared), "{shared}");
        }
        for other in [
            "",
            "/etc/passwd",
            "../notes.md",
            "takes/../../x",
            "takes/.upload-1",
            ".git/config",
            "takes//x",
            "takes/.generated/x",
            "master.wav",
            "master.mp3.part",
            "a/b/c/d",
            "a\\b",
            "a\nb",
        ] {
            assert!(!episode.shares(other), "{other}");
        }
    }

    #[test]
    fn of_the_show_only_what_it_knows_of_people_is_shared() {
        let people = Room::of_list("people").unwrap();
        for shared in
            ["people.yaml", "forgotten.key", ".lorecast/claims.yaml", "sounds/people/1.wav"]
        {
            assert!(people.shares(shared), "{shared}");
        }
        for other in [
            "show.yaml",
            "sounds/jingle.flac",
            "sounds/people",
            "sounds/people/.new.wav",
            "sounds/people/../../show.yaml",
            "sounds/people/a/b.wav",
            "sounds/peoples.wav",
            ".lorecast/index.db",
            ".lorecast/claims.yaml.lock",
        ] {
            assert!(!people.shares(other), "{other}");
        }
        assert!(
            people.enters("sounds") && people.enters("sounds/people") && people.enters(".lorecast")
        );
        assert!(!people.enters("episodes") && !people.enters(".lorecast/cache"));
    }
}
