//! The words of the project as plain data.
//!
//! It never does I/O, reads a clock or knows SQL. Every other crate speaks in these types, so a
//! stage can be read, tested and replaced without knowing its neighbours.
//!
//! | module | words |
//! |---|---|
//! | [`id`] | `MessageId`, `ListId`, `SeriesId`, `CommitId`, `BlobId`, `PatchId`, `EpisodeId`, `Guid` |
//! | [`message`] | `Message`, `Mailbox`, `Defect`, `ContentHash`, `Signature` |
//! | [`thread`] | `Thread`, `Node` |
//! | [`series`] | `Series`, `Revision`, `Patch`, `CoverLetter`, `State`, `SubjectTags`, `Trailer` |
//! | [`clues`] | `Posted`, `Clues`, `ClueKey`: what helps to link revisions |
//! | [`event`] | `Event`, `What`, `Proof`: what happened to a revision |
//! | [`follow`] | `Standing`, `FollowUp`: what became of what was posted and told |
//! | [`tree`] | `Commit`, `TreeRole`, `Landing`, `Match`, `Released`, `PullRequest` |
//! | [`episode`] | `Show`, `Episode`, `Story`, `Evidence`, `Section`, `Window` |
//! | [`audio`] | `Seconds`, `Lufs`, `Dbtp`, `Chapter`, `Master`, `Enclosure` |
//! | [`query`] | `Query`: a search, already parsed; `Field`: where it looks |
//! | [`finding`] | `Finding`: what a check or a lint has to say |
//! | [`template`] | `Templates`: names and texts, already resolved |

pub mod audio;
pub mod clues;
pub mod episode;
pub mod event;
pub mod finding;
pub mod follow;
pub mod id;
pub mod message;
pub mod query;
pub mod series;
pub mod template;
pub mod thread;
pub mod tree;

pub use audio::{Chapter, Dbtp, Enclosure, Lufs, Master, Seconds};
pub use clues::{ClueKey, Clues, Posted};
pub use episode::{
    ChapterPlan, Episode, Evidence, Fact, FollowUpStory, Kind, MboxEscapes, Publication, Section,
    Show, ShowSource, ShowTree, Sound, Story, StoryState, Window,
};
pub use event::{Event, Proof, What};
pub use finding::{Finding, Severity};
pub use follow::{FollowUp, Later, Standing, Taken};
pub use id::{BlobId, CommitId, EpisodeId, Guid, ListId, MessageId, PatchId, SeriesId};
pub use message::{ContentHash, Defect, Header, Mailbox, Message, Signature};
pub use query::{Field, Fields, Like, Order, Query};
pub use series::{CoverLetter, Patch, Revision, Series, State, SubjectTags, Tie, Trailer, Version};
pub use template::Templates;
pub use thread::{Group, Loner, LonerKey, Node, Placement, Thread, ThreadKey};
pub use tree::{Commit, Landing, Match, PullRequest, Released, TreeRole};
