//! Which browser asked for a link: it keeps that for a while, and shows a number for those that did not.

use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Asked, By, Deed, Digest, Key, ShortNumber};
use serde::{Deserialize, Serialize};

use super::{Community, Done, NotDone, new_key, sealed};
use crate::{DeskError, Result};

/// How long a request for a link is good, and the link (OWASP ASVS 5.0, 6.5.5).
pub(super) const GOOD: SignedDuration = SignedDuration::from_mins(10);

/// A browser that asked for a link, or in which the number of another one was given.
#[derive(Clone, Debug)]
pub struct Asker {
    key: Key,
    number: ShortNumber,
}

/// What the browser keeps of it.
#[derive(Serialize, Deserialize)]
struct Kept {
    browser: String,
    number: ShortNumber,
}

impl Asker {
    /// For a new request, which has a number of its own. A browser that asked before is still the one that it was.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new(before: Option<&Self>) -> Result<Self> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|source| DeskError::Random { source })?;
        Self::of(before, ShortNumber::new(bytes))
    }

    /// For a number that another browser shows.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn of(before: Option<&Self>, number: ShortNumber) -> Result<Self> {
        let key = before.map_or_else(new_key, |before| Ok(before.key.clone()))?;
        Ok(Self { key, number })
    }

    /// What links know the browser by.
    pub fn browser(&self) -> Digest {
        self.key.digest()
    }

    /// What the browser shows.
    pub fn number(&self) -> ShortNumber {
        self.number
    }

    pub(super) fn asked(&self) -> Asked {
        Asked { browser: self.browser(), number: self.number }
    }
}

impl Community {
    /// What a browser is given to keep, under the show's seal.
    ///
    /// # Errors
    /// When the seal has to be made and cannot be kept.
    pub async fn keeps(&self, asker: &Asker, now: Timestamp) -> Result<String> {
        let seal = self.seal(now).await?;
        let kept = Kept { browser: asker.key.text(), number: asker.number };
        sealed::keep(&seal, kept, now + GOOD)
    }

    /// Reads what a browser kept; `None` when that is too old, or not from here.
    pub fn asker(&self, kept: &str, now: Timestamp) -> Option<Asker> {
        let seal = self.look(|commons| commons.seal().cloned())?;
        let Kept { browser, number } = sealed::kept(&seal, kept, now).ok()?;
        Some(Asker { key: Key::parse(&browser)?, number })
    }

    /// Gives a number for a link that was asked for in another browser. It is kept whether it is right or not; whether it was is
    /// known by then ([`lorecast_community::Commons::is_for`]).
    ///
    /// # Errors
    /// When the link does not work, or this cannot be kept.
    pub async fn gives_number(
        &self,
        link: &Key,
        asker: &Asker,
        now: Timestamp,
    ) -> std::result::Result<Done, NotDone> {
        let (link, number, browser) = (link.digest(), asker.number, asker.browser());
        self.does(By::Visitor, Deed::GiveNumber { link, number, browser }, now).await
    }
}
