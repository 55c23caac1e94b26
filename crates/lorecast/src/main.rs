//! The lorecast command: one file per command
//!
//! It never holds logic.
fn main() {}
