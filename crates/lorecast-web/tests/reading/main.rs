//! The pages of a show's mail, as somebody meets them who asks for an address.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod feeds;
mod headers;
mod hostile;
mod mails;
mod searching;
mod series;
mod show;
mod site;
