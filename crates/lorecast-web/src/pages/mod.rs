//! The pages: each asks a reader, arranges what it gets, and renders a template.
//!
//! | file | address |
//! |---|---|
//! | `home` | `/` |
//! | `thread` | `/<message-id>/t/` |
//! | `mail` | `/<message-id>/` |
//! | `raw` | `/<message-id>/raw`, `/<message-id>/t.mbox.gz` |
//! | `atom` | `/<message-id>/t.atom`, `/series/<message-id>/atom.xml`, `/search?q=…&x=A` |
//! | `series` | `/series/<message-id>/`, `/series/<message-id>/interdiff` |
//! | `search` | `/search?q=…` |
//! | `beside` | what stands beside a thread: revisions, trailers, what happened |
//! | `outline`, `mails`, `pager`, `moment` | parts that several pages have |

mod atom;
mod beside;
mod home;
mod mail;
mod mails;
mod moment;
mod outline;
mod pager;
mod raw;
mod search;
mod series;
mod thread;

pub(crate) use atom::{series_feed, thread_feed};
pub(crate) use home::home;
pub(crate) use mail::mail;
pub(crate) use raw::{mbox, raw};
pub(crate) use search::search;
pub(crate) use series::{interdiff, series};
pub(crate) use thread::thread;
