//! Picks the stories of a week, groups them by subsystem and writes the notes
//!
//! It never touches the network.
