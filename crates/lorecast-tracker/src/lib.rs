//! Groups messages into threads, series and revisions
//!
//! It never renders.
