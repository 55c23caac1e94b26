//! The words of the project as plain data.
//!
//! It never does I/O, reads a clock or knows SQL. Every other crate speaks in these types, so a
//! stage can be read, tested and replaced without knowing its neighbours.
//!
//! | module | words |
//! |---|---|
//! | [`id`] | `MessageId`, `ListId`, `SeriesId`, `CommitId`, `BlobId`, `PatchId`, `EpisodeId`, `Guid` |
//! | [`message`] | `Message`, `Mailbox`, `Defect`, `ContentHash`, `Signature` |
//! | [`mark`] | `Mark`, `Carried`, `Carriage`: spans of messages that annotations speak of |
//! | [`thread`] | `Thread`, `Node` |
//! | [`series`] | `Series`, `Revision`, `Patch`, `CoverLetter`, `State`, `SubjectTags`, `Trailer` |
//! | [`clues`] | `Posted`, `Clues`, `ClueKey`: what helps to link revisions |
//! | [`event`] | `Event`, `What`, `Proof`: what happened to a revision |
//! | [`follow`] | `Standing`, `FollowUp`: what became of what was posted and told |
//! | [`tree`] | `Commit`, `TreeRole`, `Landing`, `Match`, `Released`, `PullRequest` |
//! | [`show`] | `Show`, `Profile`, `Voice`, `Section` |
//! | [`episode`] | `Episode`, `Window`, `Correction`, `Publication`, `ImportedSound` |
//! | [`feed`] | `ShowFeed`, `EpisodeFeed` and what they hold |
//! | [`taxonomy`] | the roles of people in a podcast |
//! | [`store_address`] | `StoreAddress` |
//! | [`story`] | `Story`, `StoryState`, `Kind`, `FollowUpStory`, `PostStory` |
//! | [`subscribe`] | `Subscribe` |
//! | [`evidence`] | `Evidence`, `Fact` |
//! | [`glossary`] | `Glossary`, `Term`, `Meaning` |
//! | [`person`] | `Person` |
//! | [`planet`] | `Planet`, `Blog`, `Post`, `Gathered`: the blogs around a show |
//! | [`music`] | `Music`, `EpisodeMusic`: what plays beside the voice |
//! | [`transcript`] | `Transcript`, `Sentence`, `Deviation`, `Anchor` |
//! | [`audio`] | `Seconds`, `Lufs`, `Lu`, `Dbtp`, `Dbfs`, `Chapter`, `Master`, `Enclosure` |
//! | [`sound_report`] | `SoundReport`, `SectionReport`, `SoundFigures`, `LoudnessCurve` |
//! | [`query`] | `Query`: a search, already parsed; `Field`: where it looks |
//! | [`ranking`] | `Signal`, `Weights`: what makes a thread news |
//! | [`finding`] | `Finding`: what a check or a lint has to say |
//! | [`template`] | `Templates`: names and texts, already resolved |

mod address;
pub mod audio;
mod chain;
mod clock;
pub mod clues;
mod community;
mod deliver;
pub mod episode;
pub mod event;
pub mod evidence;
pub mod feed;
pub mod finding;
pub mod follow;
mod formats;
pub mod glossary;
pub mod id;
mod link;
pub mod maintainers;
pub mod mark;
pub mod message;
pub mod music;
pub mod person;
pub mod planet;
pub mod query;
pub mod ranking;
pub mod series;
mod sheet;
pub mod show;
pub mod sound_report;
pub mod store_address;
pub mod story;
pub mod subscribe;
pub mod taxonomy;
mod telling;
pub mod template;
pub mod thread;
pub mod transcript;
pub mod tree;

pub use address::is_address;
pub use audio::{Alternative, Chapter, Dbfs, Dbtp, Enclosure, Lu, Lufs, Master, Seconds};
pub use chain::{
    Chain, Clicks, Compressor, Effect, Effects, Expander, Hum, Leveller, Noise, Reverb, Rumble,
    Sibilance, Silence,
};
pub use clues::{ClueKey, Clues, Posted};
pub use community::{IdentityProvider, Newcomers, PasskeysFrom, ShowCommunity};
pub use deliver::ShowDelivery;
pub use episode::{
    ChapterPlan, Correction, Episode, Filler, ImportedSound, Publication, Superseded, Window,
};
pub use event::{Event, Proof, What};
pub use evidence::{Evidence, Fact};
pub use feed::{EpisodeFeed, ShowFeed};
pub use finding::{Finding, Fix, Severity, Spot};
pub use follow::{Covered, FollowUp, Later, Standing, Taken};
pub use formats::{AacFormat, Encoding, Formats, Mp3Format, OpusFormat, WavFormat};
pub use glossary::{Glossary, Meaning, Term};
pub use id::{BlobId, CommitId, EpisodeId, Guid, ListId, MessageId, PatchId, SeriesId};
pub use link::percent_decoded;
pub use maintainers::ShowMaintainers;
pub use mark::{Carriage, Carried, InvalidMark, Mark};
pub use message::{ContentHash, Defect, Header, Mailbox, Message, Signature};
pub use music::{EpisodeMusic, Music};
pub use person::{
    Affiliation, Contribution, Decision, Declared, Employers, Own, Part, Pending, Person, PersonId,
    Sighting, Vouch, Writer,
};
pub use query::{Field, Fields, Like, Order, Query};
pub use ranking::{Signal, Weights};
pub use series::{CoverLetter, Patch, Revision, Series, State, SubjectTags, Tie, Trailer, Version};
pub use sheet::Sheet;
pub use show::{
    MboxEscapes, Numbers, Profile, Quotes, ReadBy, Section, Show, ShowSource, ShowTree, Sound,
    Voice,
};
pub use sound_report::{ChannelReport, LoudnessCurve, SectionReport, SoundFigures, SoundReport};
pub use store_address::StoreAddress;
pub use story::{FollowUpStory, Kind, PostStory, Story, StoryState};
pub use subscribe::Subscribe;
pub use telling::Telling;
pub use template::Templates;
pub use thread::{Group, Loner, LonerKey, Node, Placement, Thread, ThreadKey};
pub use transcript::{Anchor, Deviation, DeviationKind, Heading, Sentence, TimedWord, Transcript};
pub use tree::{Commit, Landing, Match, PullRequest, Released, TreeRole};
