//! Serves a show over HTTP: its mail to read, and the published site.
//!
//! It never parses mail or writes SQL. Everything that it shows it asks `lorecast-desk` for.
//!
//! | file | what it does |
//! |---|---|
//! | `app` | which address leads to which page |
//! | `pages` | one file for each page: ask, arrange, render |
//! | `readers` | a few open stores, shared by all requests |
//! | `address` | Message-IDs as addresses, and back |
//! | `text`, `shown` | a mail's text as blocks that fold and colour; what hides in text made visible |
//! | `render`, `answer` | templates; whole answers with an ETag |
//! | `guard`, `fault` | what every answer carries; what goes wrong, in plain words |
//! | `preview` | files of the published site |

mod address;
mod answer;
mod app;
mod fault;
mod guard;
mod pages;
pub mod preview;
mod readers;
mod render;
mod shown;
mod text;

pub use app::{Serving, router, serve};
pub use preview::{WebError, preview};
