//! How much one may do in a time.

use std::num::NonZeroU32;

use axum::http::header::HeaderValue;
use governor::clock::DefaultClock;
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use lorecast_community::AccountId;

use crate::fault::Fault;

/// Deeds of one account in a minute, and at once.
const DEEDS: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Mails to one address in an hour, and at once.
const MAILS_TO_ONE: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// Mails to everybody in a minute, and at once: a stranger cannot make this server write to many.
const MAILS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Requests to providers for everybody in a minute, and at once.
const ASKED: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Changes of their own page by one account in an hour, and at once: each looks through all people.
const DESCRIPTIONS: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Accounts and addresses that are remembered before those that may do all again are forgotten.
const REMEMBERED: usize = 10_000;

/// How much everybody did lately (the generic cell rate algorithm).
pub(crate) struct Limits {
    deeds: RateLimiter<
        AccountId,
        DefaultKeyedStateStore<AccountId>,
        DefaultClock,
        StateInformationMiddleware,
    >,
    mails_to_one: DefaultKeyedRateLimiter<String>,
    mails: DefaultDirectRateLimiter,
    providers: DefaultDirectRateLimiter,
    descriptions: DefaultKeyedRateLimiter<AccountId>,
}

impl Limits {
    pub(crate) fn new() -> Self {
        Self {
            deeds: RateLimiter::keyed(Quota::per_minute(DEEDS)).with_middleware(),
            mails_to_one: RateLimiter::keyed(Quota::per_hour(MAILS_TO_ONE)),
            mails: RateLimiter::direct(Quota::per_minute(MAILS)),
            providers: RateLimiter::direct(Quota::per_minute(ASKED)),
            descriptions: RateLimiter::keyed(Quota::per_hour(DESCRIPTIONS)),
        }
    }

    /// Counts something that an account does.
    pub(crate) fn deed(&self, account: AccountId) -> Result<Left, Fault> {
        if self.deeds.len() > REMEMBERED {
            self.deeds.retain_recent();
        }
        self.deeds.check_key(&account).map(Left).map_err(|_| Fault::TooOften)
    }

    /// Counts a step with a provider, which this server asks for a stranger.
    pub(crate) fn provider(&self) -> Result<(), Fault> {
        self.providers.check().map_err(|_| Fault::TooOften)
    }

    /// Counts a change of one's own page.
    pub(crate) fn description(&self, account: AccountId) -> Result<(), Fault> {
        if self.descriptions.len() > REMEMBERED {
            self.descriptions.retain_recent();
        }
        self.descriptions.check_key(&account).map_err(|_| Fault::TooOften)
    }

    /// Counts a mail to an address.
    pub(crate) fn mail(&self, address: &String) -> Result<(), Fault> {
        // First of all the limit for everybody: so the memory of addresses cannot grow faster.
        self.mails.check().map_err(|_| Fault::TooOften)?;
        if self.mails_to_one.len() > REMEMBERED {
            self.mails_to_one.retain_recent();
        }
        self.mails_to_one.check_key(address).map_err(|_| Fault::TooOften)
    }
}

/// How much an account may still do.
pub(crate) struct Left(StateSnapshot);

impl Left {
    /// As programs are told (draft-ietf-httpapi-ratelimit-headers, sections 3 and 4).
    pub(crate) fn headers(&self) -> [(&'static str, HeaderValue); 2] {
        let left = self.0.remaining_burst_capacity();
        let text =
            |text: String| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        [
            ("ratelimit-policy", text(format!("\"deeds\";q={DEEDS};w=60"))),
            ("ratelimit", text(format!("\"deeds\";r={left};t=60"))),
        ]
    }
}
