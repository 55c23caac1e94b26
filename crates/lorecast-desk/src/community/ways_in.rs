//! Links that let somebody in, and the mails that carry them.

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Acting, By, Deed, Digest, Door, Key, Role};
use lorecast_model::Newcomers;

use super::asking::{self, Asker};
use super::letter::{self, Letter};
use super::{Community, Done, NotDone};
use crate::{Desk, DeskError, Result};

/// How long an invitation works, which is handed on and opens a new account.
const INVITATION: SignedDuration = SignedDuration::from_hours(24 * 7);
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
        // Who gets into an account that there is signs in; and who can make this link can make another one.
        let good = owner.map_or(INVITATION, |_| asking::GOOD);
        self.link(By::Show.into(), door, now + good, now)
    }

    /// A link that opens a new account with a role.
    ///
    /// # Errors
    /// When the account that invites may not, or the link cannot be kept.
    pub fn invitation(&self, acting: impl Into<Acting>, role: Role, now: Timestamp) -> Result<Key> {
        self.link(acting.into(), Door::Invitation { role }, now + INVITATION, now)
    }

    fn link(&self, acting: Acting, door: Door, until: Timestamp, now: Timestamp) -> Result<Key> {
        let key = new_key()?;
        let link = Deed::Link { key: key.digest(), door, until, then: None };
        self.does_now(acting, link, now)?;
        Ok(key)
    }

    /// Sends a link to a mail address, which a browser asked for; when it is used, `wish` is done as well. The mail is the same
    /// whether the address has an account or not. `at` is where the server is found: `https://mail.example`.
    ///
    /// # Errors
    /// When the address is none, the link cannot be kept, or the mail cannot be sent.
    pub fn send_link(
        &self,
        email: &str,
        wish: Option<Deed>,
        asker: &Asker,
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
        let door = Door::Mail { email: email.clone(), role, asked: Some(asker.asked()) };
        let link = Deed::Link { key: key.digest(), door, until: now + asking::GOOD, then };
        self.does_now(By::Visitor, link, now)?;
        let (title, minutes) = (letter::title(&show), asking::GOOD.as_mins());
        let letter = Letter {
            to: &email,
            subject: format!("Sign in to {title}"),
            header: String::new(),
            text: format!(
                "Somebody, probably you, asked to take part in {title}. This link lets you in, once, within {minutes} minutes:\n\n\
                 {at}/enter/{key}\n\n\
                 Opened in another browser, it asks for the number that the first one shows. Give the number to nobody.\n\n\
                 If it was not you, there is nothing to do: without the link nobody gets in.\n",
                key = key.text(),
            ),
        };
        letter.send(&desk, &show, now)
    }

    /// Uses a link, from a browser that asked for it unless none did.
    ///
    /// # Errors
    /// When the link does not work, or the session cannot be kept.
    pub async fn enter(
        &self,
        link: &Key,
        session: &Key,
        name: Option<lorecast_community::Name>,
        browser: Option<Digest>,
        now: Timestamp,
    ) -> std::result::Result<Done, NotDone> {
        let (link, session, until) = (link.digest(), session.digest(), now + SESSION);
        self.does(By::Visitor, Deed::Enter { link, session, until, name, browser }, now).await
    }
}
