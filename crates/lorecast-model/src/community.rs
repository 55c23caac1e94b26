//! How people take part in a show: `community:` in `show.yaml`.

use serde::{Deserialize, Serialize};

/// Who may take part, and how they are written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowCommunity {
    /// What somebody may do who is new.
    pub newcomers: Newcomers,
    /// From which role on a session has to begin with a passkey to do what the role may; nobody needs one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkeys: Option<PasskeysFrom>,
    /// A program and its arguments that sends a mail, whole with its headers on standard input: `[sendmail, -t, -i]`. Without one,
    /// nobody can open an account but by invitation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mail: Vec<String>,
    /// Whom mails come from; the show's `email` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How large a recording may be that an editor sends with a browser, in megabytes (10^6 bytes).
    pub take_megabytes: u32,
    /// Others who know people and say who somebody is (OpenID Connect).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<IdentityProvider>,
}

/// An hour and a half of stereo at 24 bits and 48 kHz.
const USUAL: u32 = 1_600;

impl Default for ShowCommunity {
    fn default() -> Self {
        Self {
            newcomers: Newcomers::default(),
            passkeys: None,
            mail: Vec::new(),
            from: None,
            take_megabytes: USUAL,
            providers: Vec::new(),
        }
    }
}

/// Somebody who says who people are (OpenID Connect Core 1.0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// What people call it, in letters, digits and hyphens; its part of the address that the provider sends people back to.
    pub name: String,
    /// Its address, exactly as it gives it itself: `https://login.example`.
    pub issuer: String,
    /// What it calls the show.
    pub client: String,
    /// The environment variable that holds the secret which it gave the show, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_from: Option<String>,
}

/// What somebody may do who is new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Newcomers {
    /// Vote and report.
    Reader,
    /// Claim, suggest, propose and comment as well.
    #[default]
    Contributor,
}

/// From which role on a session has to begin with a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasskeysFrom {
    /// Editors and owners need one.
    Editor,
    /// Owners do; who is one and has come without does what editors may.
    Owner,
}

impl ShowCommunity {
    /// Whether `show.yaml` says nothing of it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// A value that cannot be used: its key, and what to write instead.
    pub fn unfit(&self) -> Option<(&'static str, &'static str)> {
        if !(1..=100_000).contains(&self.take_megabytes) {
            return Some(("community.take_megabytes", "write 1 to 100000 megabytes"));
        }
        if self.from.as_ref().is_some_and(|from| !crate::is_address(from)) {
            return Some(("community.from", "write one address: `show@host.example`"));
        }
        let names: Vec<String> = self.providers.iter().map(|one| one.name.to_lowercase()).collect();
        if (1..names.len()).any(|at| names[..at].contains(&names[at])) {
            return Some(("community.providers", "give each provider a name of its own"));
        }
        self.providers.iter().find_map(IdentityProvider::unfit)
    }
}

impl IdentityProvider {
    /// Whether it is at this machine, where nothing has to be encrypted: to try it out.
    pub fn is_here(&self) -> bool {
        let host = self.issuer.strip_prefix("http://").unwrap_or_default();
        let host = host.split('/').next().unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        ["127.0.0.1", "localhost", "[::1]"].contains(&name)
    }

    fn unfit(&self) -> Option<(&'static str, &'static str)> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(plain) {
            return Some((
                "community.providers.name",
                "write letters, digits and hyphens, 40 at most",
            ));
        }
        if !self.issuer.starts_with("https://") && !self.is_here() {
            return Some((
                "community.providers.issuer",
                "write its address with `https://` in front",
            ));
        }
        if self.client.trim().is_empty() {
            return Some(("community.providers.client", "write what the provider calls the show"));
        }
        let variable = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if self
            .secret_from
            .as_ref()
            .is_some_and(|name| name.is_empty() || !name.chars().all(variable))
        {
            return Some((
                "community.providers.secret_from",
                "write the name of an environment variable, such as `LOGIN_SECRET`, and never the secret",
            ));
        }
        None
    }
}
