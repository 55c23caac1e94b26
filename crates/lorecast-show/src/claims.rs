//! Who was asked to prove an address. Losing the file costs nothing but another mail.

use camino::Utf8Path;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Result, atomic, yaml};

/// No more claims than this wait at a time; the oldest go first.
const MOST: usize = 10_000;

/// An address that somebody says is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The address, in small letters.
    pub email: String,
    /// The SHA-256 of the token that was mailed there, in hex: whoever reads the file cannot use it.
    pub token: String,
    /// Until when the token is good, UTC.
    pub until: Timestamp,
}

/// The claims that are still good.
pub(crate) fn read(file: &Utf8Path, now: Timestamp) -> Result<Vec<Claim>> {
    if !file.is_file() {
        return Ok(Vec::new());
    }
    let claims: Vec<Claim> = yaml::read(file)?;
    Ok(claims.into_iter().filter(|claim| now < claim.until).collect())
}

/// Adds a claim, and forgets those that are over.
pub(crate) fn add(file: &Utf8Path, claim: Claim, now: Timestamp) -> Result<()> {
    let mut claims = read(file, now)?;
    claims.push(claim);
    let beyond = claims.len().saturating_sub(MOST);
    claims.drain(..beyond);
    atomic::write_private(file, yaml::write(file, &claims)?.as_bytes())
}
