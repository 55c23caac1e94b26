//! Bytes to a Message: headers, text, diff, subject tags, trailers and a list of defects.
//!
//! It never fails on bad mail and never does I/O: whatever cannot be read becomes a
//! [`Defect`](lorecast_model::Defect) beside what could be read.
//!
//! `mailparse` splits header fields and reads the oddest dates. The rest is our own, because
//! archives hold mail that it gives up on: encoded words that split a character or touch a letter
//! (`encoded_word`), address lists with one bad address (`address`), parameters with spaces or
//! encoded words (`mime::parameters`), parts in parts without end (`mime`), and damaged base64 or
//! quoted-printable (`mime::transfer`).
//!
//! Whatever comes in, time is linear in its size and memory a small multiple of it: headers, parts,
//! depth, names, ancestors and recipients have bounds, each a constant beside the code it bounds.

mod address;
mod change_id;
mod change_log;
mod charset;
mod content;
mod date;
mod diff;
mod encoded_word;
mod fields;
mod given;
mod harmless;
mod headers;
mod html;
mod ids;
mod lines;
mod links;
mod message;
mod mime;
mod organisation;
mod own_name;
mod passages;
mod person;
pub mod prose;
mod pull_request;
mod robot;
mod subject;
mod texts;
mod trailer;
mod versions;
mod writer;

pub use change_id::change_id;
pub use change_log::{Change, change_log};
pub use diff::{DiffLine, diff_lines, diff_paths, patch_id};
pub use given::{About, Given, given_trailers, patch_numbers};
pub use harmless::line as one_line;
pub use links::{linked_message, linked_messages, named_revisions};
pub use message::{Arrival, SIZE_LIMIT, parse};
pub use own_name::{employer_in_name, own_name};
pub use passages::{Passage, PassageKind, passages};
pub use person::{Fixes, fixes, trailer_person};
pub use pull_request::pull_request;
pub use robot::is_robot;
pub use subject::subject_tags;
pub use texts::texts;
pub use trailer::trailers;
pub use writer::poster;
