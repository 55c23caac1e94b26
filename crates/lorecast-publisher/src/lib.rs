//! Turns episodes into a site and a feed, and lints them; byte-identical for equal input
//!
//! It never reads a clock.
