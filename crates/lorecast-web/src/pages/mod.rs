//! The pages: each asks a reader, arranges what it gets, and renders a template.
//!
//! | file | address |
//! |---|---|
//! | `latest` | `/latest` |
//! | `thread` | `/<message-id>/t/` |
//! | `mail` | `/<message-id>/` |
//! | `raw` | `/<message-id>/raw`, `/<message-id>/t.mbox.gz` |
//! | `atom` | `/<message-id>/t.atom`, `/series/<message-id>/atom.xml`, `/search?q=…&x=A` |
//! | `series` | `/series/<message-id>/`, `/series/<message-id>/interdiff` |
//! | `search` | `/search?q=…` |
//! | `person` | `/people/<id>/`, `/people/<id>/mails.atom`, `/people/<id>/spoken`, `/<message-id>/writer` |
//! | `people` | `/people/` |
//! | `beside` | what stands beside a thread: revisions, trailers, what happened |
//! | `notes` | what people said of spans of mails; `POST /<message-id>/annotate` |
//! | `outline`, `mails`, `pager` | parts that several pages have |

mod atom;
mod beside;
mod latest;
mod mail;
mod mails;
mod notes;
mod outline;
mod pager;
mod people;
mod person;
mod raw;
mod search;
mod series;
mod thread;

pub(crate) use atom::{series_feed, thread_feed};
pub(crate) use latest::{latest, latest_threads};
pub(crate) use mail::mail;
pub(crate) use notes::{annotate, marked, retract};
pub(crate) use pager::{Asked, number as page_number};
pub(crate) use people::{part as part_of_people, people};
pub(crate) use person::{OfPerson, person, person_feed, somebody, spoken, writer};
pub(crate) use raw::{mbox, raw};
pub(crate) use search::search;
pub(crate) use series::{interdiff, series};
pub(crate) use thread::thread;
