//! Serves a show over HTTP: its mail to read, and the published site.
//!
//! It never parses mail or writes SQL. Everything that it shows it asks `lorecast-desk` for.
//!
//! | file | what it does |
//! |---|---|
//! | `app` | which address leads to which page |
//! | `shows` | several shows on one server |
//! | `listen` | connections: how many, how slow they may be, and how they end |
//! | `pages` | one file for each page: ask, arrange, render |
//! | `taking_part` | one file for each page where people do something |
//! | `producing` | the workbench of editors: rundown, notes, script |
//! | `sound` | takes, jobs and fillers: one file for each page, and recordings on their way in and out |
//! | `api` | the same for programs, and what happens as it happens |
//! | `tls` | connections that nobody on the way reads |
//! | `watch`, `measures` | what becomes of requests: a line of the log each, and numbers for Prometheus |
//! | `who`, `client`, `limits` | who asks and from where, whether a form is really theirs, and how much one may do |
//! | `readers`, `everybody` | a few open stores, and who is who, shared by all requests |
//! | `upload` | a small file that comes with a form |
//! | `clock` | what the server does by itself: mails that tell what is new |
//! | `address` | Message-IDs as addresses, and back |
//! | `text`, `shown` | a mail's text as blocks that fold and colour; what hides in text made visible |
//! | `render`, `answer` | templates; whole answers with an ETag |
//! | `guard`, `fault` | what every answer carries; what goes wrong, in plain words |
//! | `preview` | files of the published site |
//! | `site` | where they are: beside the pages, or at a host of their own |

mod address;
mod answer;
mod api;
mod app;
mod client;
mod clock;
mod everybody;
mod fault;
mod guard;
mod kept;
mod limits;
mod listen;
mod measures;
mod moment;
mod pages;
pub mod preview;
mod producing;
mod readers;
mod render;
mod shown;
mod shows;
mod site;
mod sound;
mod taking_part;
mod text;
mod tls;
mod upload;
mod watch;
mod who;

pub use axum::Router;
pub use axum::http::HeaderName;

pub use app::{Ending, Serving, router};
pub use client::Front;
pub use clock::keep_telling;
pub use listen::{serve, serve_tls};
pub use measures::Measures;
pub use preview::{Preview, WebError};
pub use shows::{host_of, shows};
pub use site::site;
pub use tls::Tls;
pub use watch::{REQUEST, watched};
