//! Where an account is signed in, and the end of it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{AccountId, Commons, Deed, EntryId, Session, Way};
use lorecast_desk::Providers;
use serde::{Deserialize, Serialize};

use super::proposal::Number;
use super::story::Empty;
use super::to;
use super::ways_in::signed_out;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;
use crate::who::{Posted, You};

/// A session of one's own.
#[derive(Serialize)]
pub(super) struct SessionLine {
    id: EntryId,
    /// With what it began.
    way: String,
    since: Moment,
    /// When it was used last, to within a day.
    used: Moment,
    until: Moment,
    /// The one that asks.
    here: bool,
}

/// The sessions of an account.
pub(super) fn lines(
    commons: &Commons,
    providers: &Providers,
    you: &You,
    account: AccountId,
) -> Vec<SessionLine> {
    let now = Timestamp::now();
    let own = you.session.as_ref().and_then(|key| commons.session(&key.digest(), now));
    let here = own.map(|(session, _)| session.entry);
    let line = |session: &Session| SessionLine {
        id: session.entry,
        way: match &session.way {
            Way::Link => "a link".to_owned(),
            Way::Operator => "a link that `serve --sign-in` made".to_owned(),
            Way::Passkey => "a passkey".to_owned(),
            Way::Provider(issuer) => one_line(providers.name_of(issuer)),
        },
        since: session.since.into(),
        used: session.used.into(),
        until: session.until.into(),
        here: Some(session.entry) == here,
    };
    commons.sessions_of(account, now).into_iter().map(line).collect()
}

/// `POST /me/sessions/<number>/end`
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    Number(session): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::EndSession { session }).await?;
    Ok(to("/me/"))
}

/// Whether to stay signed in where one is.
#[derive(Deserialize)]
pub(crate) struct Everywhere {
    here: Option<String>,
}

/// `POST /me/sessions/end`
pub(crate) async fn end_all(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<Everywhere>,
) -> Result<Response, Fault> {
    let who = you.account().ok_or(lorecast_community::Refusal::NotSignedIn)?;
    let but = you.session.as_ref().filter(|_| form.here.is_none()).map(|key| key.digest());
    let stays = but.is_some();
    app.does(you.acting, Deed::EndSessions { who, but }).await?;
    if stays {
        return Ok(to("/me/").into_response());
    }
    Ok(signed_out())
}

/// `POST /accounts/<number>/sign-out`: for owners, when somebody lost a device.
pub(crate) async fn end_theirs(
    State(app): State<Arc<App>>,
    Number(id): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::EndSessions { who: AccountId(id), but: None }).await?;
    Ok(to("/accounts/"))
}
