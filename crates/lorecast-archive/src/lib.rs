//! Reads mail archives incrementally: mbox files and public-inbox git epochs
//!
//! It never knows SQL.
