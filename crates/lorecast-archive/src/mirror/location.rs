//! Where an inbox is mirrored from.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

use crate::ArchiveError;
use crate::discover::epoch_number;

/// The ways git may go. Others, such as `ext::`, run programs (gitremote-helpers(7)).
pub(super) const SCHEMES: [&str; 5] = ["file", "git", "http", "https", "ssh"];

/// A URL, a path, or what ssh calls one (`host:path`), without slashes at its end. Displayed
/// without the password that may stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location(String);

impl Location {
    /// # Errors
    /// When git would take it for an option, or run a program for it.
    pub fn new(url: &str) -> Result<Self, ArchiveError> {
        let refused =
            |why| Err(ArchiveError::RefusedUrl { url: url.escape_debug().to_string(), why });
        let trimmed = url.trim().trim_end_matches('/');
        if trimmed.is_empty() || trimmed.starts_with('-') || trimmed.contains(char::is_control) {
            return refused("it is no address");
        }
        match trimmed.split_once("://") {
            Some((scheme, _)) if !SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => {
                refused("only file, git, http, https and ssh are followed")
            }
            None if trimmed.contains("::") => refused("it names a program to run"),
            Some(_) => Ok(Self(trimmed.to_owned())),
            // git runs in the mirror's folder, where a relative path leads elsewhere.
            None if Utf8Path::new(trimmed).is_dir() => match camino::absolute_utf8(trimmed) {
                Ok(path) => Ok(Self(path.into_string())),
                Err(_) => refused("it is no path"),
            },
            None => Ok(Self(trimmed.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_http(&self) -> bool {
        let scheme = self.0.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https"))
    }

    /// The folder it names on this machine.
    pub fn folder(&self) -> Option<Utf8PathBuf> {
        let path = self.0.strip_prefix("file://").unwrap_or(&self.0);
        let path = Utf8Path::new(path);
        (!path.as_str().contains("://") && path.is_dir()).then(|| path.to_owned())
    }

    /// The last part of its path.
    pub fn name(&self) -> &str {
        let path = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        path.split_once('/').and_then(|(_, path)| path.rsplit('/').next()).unwrap_or_default()
    }

    pub fn join(&self, path: &str) -> Self {
        Self(format!("{}/{path}", self.0))
    }

    /// The number of the epoch that `…/git/0.git` names, and `…/0` may name.
    pub fn epoch(&self) -> Option<Epoch> {
        let name = self.name();
        let whole = self.0.strip_suffix(name)?.ends_with("/git/");
        match epoch_number(name).filter(|_| whole) {
            Some(number) => Some(Epoch::Surely(number)),
            None => epoch_number(&format!("{name}.git")).map(Epoch::Maybe),
        }
    }
}

/// What a location says of epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Epoch {
    Surely(u32),
    Maybe(u32),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else { return f.write_str(&self.0) };
        let host = rest.find('/').unwrap_or(rest.len());
        let at = rest[..host].rfind('@').map_or(0, |at| at + 1);
        write!(f, "{scheme}://{}", &rest[at..])
    }
}
