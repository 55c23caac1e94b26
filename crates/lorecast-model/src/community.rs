//! How people take part in a show: `community:` in `show.yaml`.

use serde::{Deserialize, Serialize};

/// Who may take part, and how they are written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// How large a recording may be that an editor sends with a browser, in megabytes (10^6 bytes).
    pub take_megabytes: u32,
}

/// An hour and a half of stereo at 24 bits and 48 kHz.
const USUAL: u32 = 1_600;

impl Default for ShowCommunity {
    fn default() -> Self {
        Self {
            newcomers: Newcomers::default(),
            mail: Vec::new(),
            from: None,
            take_megabytes: USUAL,
        }
    }
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
        if !(1..=100_000).contains(&self.take_megabytes) {
            return Some(("community.take_megabytes", "write 1 to 100000 megabytes"));
        }
        let wrong = self.from.as_ref().is_some_and(|from| !crate::is_address(from));
        wrong.then_some(("community.from", "write one address: `show@host.example`"))
    }
}
