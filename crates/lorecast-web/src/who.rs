//! Who asks, and whether a form is really theirs.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{AccountId, Acting, By, Deed, EntryId, Key, Refusal, Role, Way};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::app::App;
use crate::fault::Fault;
use crate::shown::one_line;

/// The cookie of a session. Its prefix makes browsers insist that no other host and no plain connection set it
/// (RFC 6265bis section 4.1.3.2).
const COOKIE: &str = "__Host-lorecast";

/// How long a browser keeps it, in seconds: as long as the session lasts at most.
const AGE: u32 = 30 * 24 * 60 * 60;

/// How long a browser keeps what it needs between two steps of signing in, in seconds.
const BETWEEN: u32 = 10 * 60;

/// How long ago somebody may have signed in to change how one gets into the account.
const LATELY: SignedDuration = SignedDuration::from_mins(30);

/// How long somebody waits while it is looked whether another server knows them. Whoever only reads goes on without.
const LOOK: Duration = Duration::from_secs(2);

/// How long a form may take to arrive.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A form is no longer than two stories at their longest, escaped.
const LONGEST_FORM: usize = 1 << 20;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct You {
    pub(crate) acting: Acting,
    /// The session, when somebody is signed in.
    pub(crate) session: Option<Key>,
    /// Whether it is not long ago that somebody proved who they are.
    fresh: bool,
    /// With what the session began.
    way: Option<Way>,
    /// The entry that began the session, when it is to be noted that it is in use.
    to_be_noted: Option<EntryId>,
    name: String,
    role: Option<Role>,
}

/// Who asks, as templates know it: `you`.
#[derive(Serialize)]
pub(crate) struct YouView<'a> {
    signed_in: bool,
    name: &'a str,
    role: &'static str,
    can_write: bool,
    can_edit: bool,
    can_own: bool,
    /// Whether the role needs a passkey, with which the session did not begin.
    lacks_passkey: bool,
    /// Proves that a form came from a page of ours that this session got.
    token: String,
}

impl You {
    /// Somebody who is not signed in.
    pub(crate) fn nobody() -> Self {
        let (acting, name) = (By::Visitor.into(), String::new());
        let (session, way, to_be_noted, role) = (None, None, None, None);
        Self { acting, session, fresh: false, way, to_be_noted, name, role }
    }

    /// Who sent a request with these headers, when all that other servers know was looked at: a session may have begun at
    /// one of them a moment ago.
    pub(crate) async fn known_anywhere(app: &App, headers: &HeaderMap) -> Self {
        let you = Self::of(app, headers);
        if you.session.is_some() || session(headers).is_none() {
            return you;
        }
        look_elsewhere(app).await;
        Self::of(app, headers)
    }

    /// Who sent a request with these headers, as far as this server knows.
    pub(crate) fn of(app: &App, headers: &HeaderMap) -> Self {
        let Some(session) = session(headers) else { return Self::nobody() };
        let now = Timestamp::now();
        let found = app.community.look(|commons| {
            let (known, account) = commons.session(&session.digest(), now)?;
            let name = one_line(account.name.as_str());
            let id = known.account;
            // Who was handed a link and has no other way in could not prove anything anew.
            let lately = now.duration_since(known.since) <= LATELY;
            let fresh = lately || !commons.can_come_back(id);
            let to_be_noted = Some(known.entry).filter(|_| known.is_to_be_noted(now));
            let acting = app.acting(id, known.way == Way::Passkey);
            let (way, role) = (Some(known.way.clone()), Some(account.role));
            Some(Self { acting, session: None, fresh, way, to_be_noted, name, role })
        });
        found.map_or_else(Self::nobody, |you| Self { session: Some(session), ..you })
    }

    /// Has it noted, once a day, that the session is in use: one that is not ends. Nobody waits for it: a page may be read
    /// while nothing can be written.
    pub(crate) fn stays(&self, app: &App) {
        if let Some(session) = self.to_be_noted {
            app.community.notes(self.acting, Deed::Stay { session }, Timestamp::now());
        }
    }

    /// The account, when somebody is signed in.
    pub(crate) fn account(&self) -> Option<AccountId> {
        self.acting.account()
    }

    /// Whether the session began with a passkey.
    pub(crate) fn has_passkey(&self) -> bool {
        self.way == Some(Way::Passkey)
    }

    /// The same somebody when they change which passkeys they have: the operator of the show, who hands out a link at the machine,
    /// stands in for the one that an owner lost.
    pub(crate) fn for_passkeys(&self) -> Acting {
        if self.way == Some(Way::Operator) { self.acting.by.into() } else { self.acting }
    }

    /// Whether the role is at least this one, and the session reaches as far.
    pub(crate) fn is(&self, role: Role) -> bool {
        self.role.is_some_and(|own| self.acting.needs(own, role).is_ok())
    }

    /// The page is for who has this role.
    pub(crate) fn needs(&self, role: Role) -> Result<(), Fault> {
        let own = self.role.ok_or(Refusal::NotSignedIn)?;
        Ok(self.acting.needs(own, role)?)
    }

    /// Whether how one gets in may be changed.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// How one gets in is changed by who proved lately who they are: not by somebody who comes upon a browser.
    pub(crate) fn needs_fresh(&self) -> Result<AccountId, Fault> {
        let account = self.account().ok_or(Refusal::NotSignedIn)?;
        if self.is_fresh() { Ok(account) } else { Err(Refusal::Stale.into()) }
    }

    /// As templates know it.
    pub(crate) fn view(&self) -> YouView<'_> {
        YouView {
            signed_in: self.role.is_some(),
            name: &self.name,
            role: self.role.map_or("", Role::word),
            can_write: self.is(Role::Contributor),
            can_edit: self.is(Role::Editor),
            can_own: self.is(Role::Owner),
            lacks_passkey: self.role.is_some_and(|own| self.acting.lacks_passkey(own)),
            token: self.token(),
        }
    }

    /// Whether a form carries what proves that a page of this session sent it; who is not signed in proves nothing.
    pub(crate) fn sent(&self, token: Option<&str>) -> bool {
        self.session.is_none() || token == Some(self.token().as_str())
    }

    /// Proves that a form came from a page of ours that this session got.
    pub(crate) fn token(&self) -> String {
        self.session
            .as_ref()
            .map_or(String::new(), |key| key.digest_for("form").as_str().to_owned())
    }
}

impl FromRequestParts<Arc<App>> for You {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        Ok(Self::of(app, &parts.headers))
    }
}

/// A form that was filled in on a page of ours, and by whom.
pub(crate) struct Posted<T>(pub(crate) You, pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Posted<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let you = You::of(app, &parts.headers);
        if !is_from_here(&parts.headers, app) {
            return Err(Fault::Elsewhere);
        }
        let bytes =
            timeout(PATIENCE, to_bytes(body, LONGEST_FORM)).await.map_err(|_| Fault::TooSlow)?;
        let bytes = bytes.map_err(|_| Fault::TooLarge)?;
        // A browser that tells nothing of where a form came from still proves it by the token.
        if !you.sent(token(&bytes).as_deref()) {
            return Err(Fault::Elsewhere);
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        let form = Form::from_request(request, &()).await;
        let Form(form) =
            form.map_err(|error| Fault::Wrong(format!("This form cannot be read: {error}.")))?;
        Ok(Self(you, form))
    }
}

/// Whether a request comes from a page of ours: what browsers say of it themselves (Fetch Metadata), or the
/// origin (RFC 6454). A request that says neither is refused.
pub(crate) fn is_from_here(headers: &HeaderMap, app: &App) -> bool {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match said("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => said("origin").is_some_and(|origin| app.at("") == origin),
    }
}

/// Looks at all that other servers know; in vain when the database is away.
pub(crate) async fn look_elsewhere(app: &App) {
    let _ = timeout(LOOK, app.community.catches_up()).await;
}

/// The session that a browser says it has.
fn session(headers: &HeaderMap) -> Option<Key> {
    cookie(headers, COOKIE).as_deref().and_then(Key::parse)
}

fn token(form: &[u8]) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(form);
    fields.find(|(name, _)| name == "token").map(|(_, value)| value.into_owned())
}

/// A cookie that a browser sends; the first one, should it send several.
pub(crate) fn cookie(headers: &HeaderMap, cookie: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie).map(|(_, value)| value.to_owned())
}

/// Lets a browser keep a session, or forget it.
pub(crate) fn set_cookie(session: Option<&Key>) -> HeaderValue {
    let (value, age) = session.map_or((String::new(), 0), |key| (key.text(), AGE));
    written(COOKIE, &value, "Lax", age)
}

/// Lets a browser keep something between two steps of signing in, or forget it; `site` says when it is sent
/// (RFC 6265bis section 5.7.7).
pub(crate) fn between(name: &str, value: Option<&str>, site: &str) -> HeaderValue {
    written(name, value.unwrap_or_default(), site, value.map_or(0, |_| BETWEEN))
}

fn written(name: &str, value: &str, site: &str, age: u32) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite={site}; Max-Age={age}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Whether somebody follows a link on a page of ours, as the browser says.
pub(crate) fn is_followed_here(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin")
}
