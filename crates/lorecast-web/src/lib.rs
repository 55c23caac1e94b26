//! Serves a show over HTTP: its mail to read, and the published site.
//!
//! It never parses mail or writes SQL. Everything that it shows it asks `lorecast-desk` for.
//!
//! | file | what it does |
//! |---|---|
//! | `app` | which address leads to which page |
//! | `listen` | connections: how many, how slow they may be, and how they end |
//! | `pages` | one file for each page: ask, arrange, render |
//! | `taking_part` | one file for each page where people do something |
//! | `api` | the same for programs, and what happens as it happens |
//! | `who`, `limits` | who asks, whether a form is really theirs, and how much one may do |
//! | `readers`, `everybody` | a few open stores, and who is who, shared by all requests |
//! | `upload` | a small file that comes with a form |
//! | `clock` | what the server does by itself: mails that tell what is new |
//! | `address` | Message-IDs as addresses, and back |
//! | `text`, `shown` | a mail's text as blocks that fold and colour; what hides in text made visible |
//! | `render`, `answer` | templates; whole answers with an ETag |
//! | `guard`, `fault` | what every answer carries; what goes wrong, in plain words |
//! | `preview` | files of the published site |

mod address;
mod answer;
mod api;
mod app;
mod clock;
mod everybody;
mod fault;
mod guard;
mod limits;
mod listen;
mod moment;
mod pages;
pub mod preview;
mod readers;
mod render;
mod shown;
mod taking_part;
mod text;
mod upload;
mod who;

pub use app::{Ending, Serving, router};
pub use clock::keep_telling;
pub use listen::serve;
pub use preview::{WebError, preview};
