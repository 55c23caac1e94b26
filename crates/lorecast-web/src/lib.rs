//! Serves a show over HTTP: for now a preview of the published site
//!
//! It never parses mail or writes SQL.
