//! Links that let somebody in, and the mails that carry them.

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Acting, By, Deed, Door, Key, Role};
use lorecast_model::Newcomers;

use super::letter::{self, Letter};
use super::{Community, Done, NotDone};
use crate::{Desk, DeskError, Result};

/// How long a link works that is sent by mail.
const MAIL_LINK: SignedDuration = SignedDuration::from_mins(30);
/// How long the producer's own link works, and an invitation.
const OTHER_LINK: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long somebody stays signed in.
pub(super) const SESSION: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A secret nobody can guess.
///
/// # Errors
/// When the system gives no random numbers.
pub fn new_key() -> Result<Key> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|source| DeskError::Random { source })?;
    Ok(Key::new(bytes))
}

/// What a new account may do.
pub(super) fn role_of(newcomers: Newcomers) -> Role {
    match newcomers {
        Newcomers::Reader => Role::Reader,
        Newcomers::Contributor => Role::Contributor,
    }
}

impl Community {
    /// A link for whoever runs the show: to the oldest owner, or to a new one.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn owners_link(&self, now: Timestamp) -> Result<Key> {
        let owner = self.look(|commons| {
            let owner =
                commons.accounts().find(|(_, a)| a.role == Role::Owner && a.banned.is_none());
            owner.map(|(id, _)| id)
        });
        let door = owner.map_or(Door::Invitation { role: Role::Owner }, Door::Account);
        self.link(By::Show.into(), door, now)
    }

    /// A link that opens a new account with a role.
    ///
    /// # Errors
    /// When the account that invites may not, or the link cannot be kept.
    pub fn invitation(&self, acting: impl Into<Acting>, role: Role, now: Timestamp) -> Result<Key> {
        self.link(acting.into(), Door::Invitation { role }, now)
    }

    fn link(&self, acting: Acting, door: Door, now: Timestamp) -> Result<Key> {
        let key = new_key()?;
        let link = Deed::Link { key: key.digest(), door, until: now + OTHER_LINK, then: None };
        self.does_now(acting, link, now)?;
        Ok(key)
    }

    /// Sends a link to a mail address; when it is used, `wish` is done as well. The mail is the same whether the
    /// address has an account or not. `at` is where the server is found: `https://mail.example`.
    ///
    /// # Errors
    /// When the address is none, the link cannot be kept, or the mail cannot be sent.
    pub fn send_link(
        &self,
        email: &str,
        wish: Option<Deed>,
        at: &str,
        now: Timestamp,
    ) -> Result<()> {
        let desk = Desk::open(&self.root, &crate::Silent)?;
        let show = desk.show()?;
        if show.community.mail.is_empty() {
            return Err(DeskError::NoMailer);
        }
        let email = email.trim().to_lowercase();
        let (key, then) = (new_key()?, wish.map(Box::new));
        let role = role_of(show.community.newcomers);
        let door = Door::Mail { email: email.clone(), role };
        let link = Deed::Link { key: key.digest(), door, until: now + MAIL_LINK, then };
        self.does_now(By::Visitor, link, now)?;
        let (title, minutes) = (letter::title(&show), MAIL_LINK.as_mins());
        let letter = Letter {
            to: &email,
            subject: format!("Sign in to {title}"),
            header: String::new(),
            text: format!(
                "Somebody, probably you, asked to take part in {title}. This link lets you in, once, within {minutes} minutes:\n\n\
                 {at}/enter/{key}\n\n\
                 If it was not you, there is nothing to do: without the link nobody gets in.\n",
                key = key.text(),
            ),
        };
        letter.send(&desk, &show, now)
    }

    /// Uses a link.
    ///
    /// # Errors
    /// When the link does not work, or the session cannot be kept.
    pub async fn enter(
        &self,
        link: &Key,
        session: &Key,
        name: Option<lorecast_community::Name>,
        now: Timestamp,
    ) -> std::result::Result<Done, NotDone> {
        let (link, session) = (link.digest(), session.digest());
        self.does(By::Visitor, Deed::Enter { link, session, until: now + SESSION, name }, now).await
    }
}
