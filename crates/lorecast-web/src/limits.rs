//! How much one may do in a time.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

use axum::http::header::HeaderValue;
use governor::clock::DefaultClock;
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use lorecast_community::AccountId;

use crate::client::Client;
use crate::fault::Fault;

/// Deeds of one account in a minute, and at once.
const DEEDS: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Mails to one address in an hour, and at once.
const MAILS_TO_ONE: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// Mails that a stranger has sent in an hour, and at once: a room full of people comes from one address.
const MAILS_FROM_ONE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Mails to everybody in a minute, and at once: strangers cannot make this server write to many.
const MAILS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Requests to providers for one stranger in a minute, and at once.
const ASKED_BY_ONE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Requests to providers for everybody in a minute, and at once.
const ASKED: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Changes of their own page by one account in an hour, and at once: each looks through all people.
const DESCRIPTIONS: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Accounts and addresses that are remembered before those that may do all again are forgotten.
const REMEMBERED: usize = 10_000;

/// One of 65,536 places on which strangers lie, so that their number does not matter.
type Shelf = [u8; 2];

/// How much everybody did lately (the generic cell rate algorithm).
pub(crate) struct Limits {
    deeds: RateLimiter<
        AccountId,
        DefaultKeyedStateStore<AccountId>,
        DefaultClock,
        StateInformationMiddleware,
    >,
    strangers: RandomState,
    mails_from_one: DefaultKeyedRateLimiter<Shelf>,
    providers_for_one: DefaultKeyedRateLimiter<Shelf>,
    mails_to_one: DefaultKeyedRateLimiter<String>,
    mails: DefaultDirectRateLimiter,
    providers: DefaultDirectRateLimiter,
    descriptions: DefaultKeyedRateLimiter<AccountId>,
}

impl Limits {
    pub(crate) fn new() -> Self {
        Self {
            deeds: RateLimiter::keyed(Quota::per_minute(DEEDS)).with_middleware(),
            strangers: RandomState::new(),
            mails_from_one: RateLimiter::keyed(Quota::per_hour(MAILS_FROM_ONE)),
            providers_for_one: RateLimiter::keyed(Quota::per_minute(ASKED_BY_ONE)),
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
    pub(crate) fn provider(&self, client: Client) -> Result<(), Fault> {
        self.stranger(&self.providers_for_one, client)?;
        self.providers.check().map_err(|_| Fault::TooOften)
    }

    /// Counts a change of one's own page.
    pub(crate) fn description(&self, account: AccountId) -> Result<(), Fault> {
        if self.descriptions.len() > REMEMBERED {
            self.descriptions.retain_recent();
        }
        self.descriptions.check_key(&account).map_err(|_| Fault::TooOften)
    }

    /// Counts a mail to an address that somebody wants to be sent.
    pub(crate) fn mail(&self, client: Client, address: &String) -> Result<(), Fault> {
        // Who is refused here takes nothing away from others.
        self.stranger(&self.mails_from_one, client)?;
        // Then the limit for everybody: so the memory of addresses cannot grow faster.
        self.mails.check().map_err(|_| Fault::TooOften)?;
        if self.mails_to_one.len() > REMEMBERED {
            self.mails_to_one.retain_recent();
        }
        self.mails_to_one.check_key(address).map_err(|_| Fault::TooOften)
    }

    /// Counts something for whoever asks, if it is known from where. Where that is, is not kept: only on which of the shelves it
    /// lies, and nobody can choose whose shelf they share.
    fn stranger(&self, most: &DefaultKeyedRateLimiter<Shelf>, client: Client) -> Result<(), Fault> {
        let Client(Some(address)) = client else { return Ok(()) };
        let [shelf, other, ..] = self.strangers.hash_one(address).to_ne_bytes();
        most.check_key(&[shelf, other]).map_err(|_| Fault::TooOften)
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
