//! Turns episodes into a site and a feed, and lints them; byte-identical for equal input.
//!
//! It never reads a clock: every date it writes was decided when an episode was first published. (The
//! client that carries a finished site to storage signs its requests with the time, as S3 wants it.)
//!
//! | module | what it does |
//! |---|---|
//! | [`site`] | what is published, and the order in which it is written |
//! | [`publication`] | guid, date and enclosure URL of a new episode |
//! | [`moving`] | reads the feed of a show that moves in |
//! | [`lint`](mod@lint) | reads a published folder as a podcast app would, and says what is wrong |
//! | `telling` | the mail and the post about an episode |
//! | [`error`] | what can go wrong |

mod address;
mod artwork;
mod beside;
mod card;
mod chapters;
mod delivery;
mod digest;
pub mod downloads;
mod errata;
pub mod error;
mod feed;
mod html;
mod icon;
pub mod lint;
mod memory;
pub mod moving;
mod names;
mod notes;
mod pages;
mod people;
mod planet;
mod private;
mod promises;
pub mod publication;
mod search;
mod series;
pub mod site;
mod sound;
mod spoken;
mod telling;
mod text;
mod transcript;
mod voices;

pub use address::quiet;
pub use delivery::{
    Delivery, Keys, Media, MediaFile, Parcel, Shipment, Storage, Turn, Written, is_storage,
};
pub use digest::Digest;
pub use error::PublishError;
pub use lint::{Context, Subject, lint};
pub use memory::Memory;
pub use names::Names;
pub use notes::notes_page;
pub use people::{Appearance, Employment, Portrait};
pub use planet::{face, publish_planet};
pub use promises::{Broken, broken};
pub use publication::{new_publication, next_enclosure_url};
pub use series::{Happening, RevisionStory, SeriesStory};
pub use site::{Build, Published, Release, Site, Staged, publish};
pub use sound::{Sound, SoundFile};
pub use spoken::{Spoken, Unreadable};
pub use telling::{Told, tell};
pub use transcript::{TranscriptForm, TranscriptOf, plain_transcript};
