//! The studio at its boundary: files in, files out.

mod desk;
mod errors;
mod formats;
mod join;
mod loudness;
mod outputs;
mod tags;
