//! Who was asked to prove an address. Losing the file costs nothing but another mail.

use std::fs::File;

use camino::Utf8Path;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Result, ShowError, atomic, yaml};

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

/// Adds a claim, and forgets those that are over. One at a time, whoever else adds.
pub(crate) fn add(file: &Utf8Path, claim: Claim, now: Timestamp) -> Result<()> {
    let _alone = lock(file).map_err(|source| ShowError::Write { path: file.to_owned(), source })?;
    let mut claims = read(file, now)?;
    claims.push(claim);
    atomic::write_private(file, yaml::write(file, &claims)?.as_bytes())
}

/// Takes away the claims of some addresses; the file is left alone when it has none of them.
pub(crate) fn drop_of(file: &Utf8Path, emails: &[String]) -> Result<()> {
    if !file.is_file() {
        return Ok(());
    }
    let _alone = lock(file).map_err(|source| ShowError::Write { path: file.to_owned(), source })?;
    let all: Vec<Claim> = yaml::read(file)?;
    let theirs =
        |claim: &&Claim| emails.iter().any(|email| email.eq_ignore_ascii_case(&claim.email));
    let left: Vec<&Claim> = all.iter().filter(|claim| !theirs(claim)).collect();
    if left.len() == all.len() {
        return Ok(());
    }
    atomic::write_private(file, yaml::write(file, &left)?.as_bytes())
}

/// Takes the claim with this token away; nothing when there is none, or it is over.
pub(crate) fn take(file: &Utf8Path, token: &str, now: Timestamp) -> Result<Option<Claim>> {
    if !file.is_file() {
        return Ok(None);
    }
    let _alone = lock(file).map_err(|source| ShowError::Write { path: file.to_owned(), source })?;
    let mut claims = read(file, now)?;
    let Some(at) = claims.iter().position(|claim| claim.token == token) else { return Ok(None) };
    let claim = claims.swap_remove(at);
    atomic::write_private(file, yaml::write(file, &claims)?.as_bytes())?;
    Ok(Some(claim))
}

/// Held until it is dropped, or the process ends.
pub(crate) fn lock(file: &Utf8Path) -> std::io::Result<File> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    let lock = options.write(true).create(true).truncate(false).open(format!("{file}.lock"))?;
    lock.lock()?;
    Ok(lock)
}
