//! Who is about to do something, and how far their role reaches.

use crate::{AccountId, By, Refusal, Role};

/// Who is about to do something. A show may want a passkey for what a role may do: whose session began without one does what
/// the roles below may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Who.
    pub by: By,
    /// The first role whose rights are out of reach without the passkey that the session did not begin with.
    pub out_of_reach: Option<Role>,
}

impl Acting {
    /// The account, if somebody is signed in.
    pub fn account(self) -> Option<AccountId> {
        self.by.account()
    }

    /// Whether the role that somebody has needs a passkey which their session did not begin with.
    pub fn lacks_passkey(self, own: Role) -> bool {
        self.out_of_reach.is_some_and(|first| own >= first)
    }

    /// Whether somebody with a role may do what another role may.
    ///
    /// # Errors
    /// When the role is not enough, or needs a passkey.
    pub fn needs(self, own: Role, role: Role) -> Result<(), Refusal> {
        match self.out_of_reach {
            _ if own < role => Err(Refusal::Role(role)),
            Some(first) if role >= first => Err(Refusal::Passkey),
            _ => Ok(()),
        }
    }
}

impl From<By> for Acting {
    /// Nothing is asked for beside the role.
    fn from(by: By) -> Self {
        Self { by, out_of_reach: None }
    }
}
