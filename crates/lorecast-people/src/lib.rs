//! Addresses and spellings to persons, and persons to employers, each with its source.
//!
//! It never does I/O and never guesses: two writers become one person only where a rule says why, an
//! employer has a source and a date, and whatever is not sure waits for the producer.

mod addresses;
mod census;
mod complaint;
mod credit;
mod decoded;
mod effective;
mod employers;
mod everybody;
mod forgotten;
pub mod gitdm;
mod identity;
mod mailmap;
mod markdown;
mod names;
mod shown;
mod spelling;
mod veil;
mod words;

pub use complaint::Complaint;
pub use credit::{Credit, Credited, Credits, contributions, credit};
pub use effective::effective;
pub use employers::{Sources, affiliations, employer_on, for_story};
pub use everybody::Affiliations;
pub use forgotten::{Forgotten, SOMEBODY};
pub use identity::{Conflict, Known, Merge, People, Reason, Somebody, identify};
pub use mailmap::Mailmap;
pub use veil::{Found, Veil};
