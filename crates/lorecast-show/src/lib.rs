//! Reads and writes a show on disk: typed YAML with places for errors, three-way merges, atomic writes
//!
//! It never knows mail or audio.
