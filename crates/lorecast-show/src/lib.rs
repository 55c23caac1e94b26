//! Reads and writes a show on disk: typed YAML with places for errors, three-way merges, atomic
//! writes.
//!
//! It never knows mail or audio. [`ShowDir`] is a show's folder, [`EpisodeDir`] one episode's. What
//! people edit is never overwritten: a new draft is merged into it ([`merge`]).

mod arranging;
mod atomic;
mod blocks;
mod builtin;
mod by_block;
mod by_line;
mod claims;
mod decisions;
mod employers;
mod episode_dir;
mod error;
mod forgotten;
mod holding;
mod imports;
pub mod maps;
mod merge;
mod moving;
mod pairs;
mod passage;
mod people;
mod place;
mod planet;
mod ranking;
mod scaffold;
mod sheets;
mod show_dir;
mod taken_in;
mod takes;
mod yaml;

pub use arranging::rearranged;
pub use atomic::write as write_atomically;
pub use claims::Claim;
pub use episode_dir::{Drafted, EpisodeDir, Outcome, read_notes, read_transcript};
pub use error::ShowError;
pub use forgotten::KEY as FORGOTTEN_KEY;
pub use holding::Held;
pub use maps::FOLDER as MAPS;
pub use merge::{Merged, is_marker, three_way};
pub use moving::{Moved, MovedEpisode, move_in};
pub use passage::passage;
pub use scaffold::{COVER, Scaffold, create};
pub use sheets::{Saved, Standing};
pub use show_dir::ShowDir;
pub use taken_in::Renamed;
pub use takes::{Owner, Recordings, Take, TakeFile, take_name};
pub use yaml::{Setting, read_bytes};

/// What every call returns.
pub type Result<T> = std::result::Result<T, ShowError>;
