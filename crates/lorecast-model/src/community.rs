//! How people take part in a show: `community:` in `show.yaml`.

use serde::{Deserialize, Serialize};

/// Who may take part, and how they are written to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowCommunity {
    /// What somebody may do who is new.
    pub newcomers: Newcomers,
    /// A program and its arguments that sends a mail, whole with its headers on standard input: `[sendmail, -t, -i]`. Without one,
    /// nobody can open an account but by invitation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mail: Vec<String>,
    /// Whom mails come from; the show's `email` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
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

impl ShowCommunity {
    /// Whether `show.yaml` says nothing of it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// A value that cannot be used: its key, and what to write instead.
    pub fn unfit(&self) -> Option<(&'static str, &'static str)> {
        let wrong = self.from.as_ref().is_some_and(|from| !crate::is_address(from));
        wrong.then_some(("community.from", "write one address: `show@host.example`"))
    }
}
