//! Turns takes into a master: WAV, MP3, tags and chapters
//!
//! It never knows feeds.
