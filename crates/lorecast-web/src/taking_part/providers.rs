//! Providers that say who somebody is: going there, and coming back.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{self, HeaderMap};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{AccountId, Commons, Deed, EntryId, Key, Refusal};
use lorecast_desk::{Back, Providers, Returned, new_key};
use serde::{Deserialize, Serialize};

use super::proposal::Number;
use super::story::Empty;
use super::to;
use super::ways_in::{signed_in, unsaid};
use crate::app::App;
use crate::client::Client;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;
use crate::who::{Posted, You, between, cookie, is_followed_here};

/// The key of an errand, which comes back with the browser from another site.
const COOKIE: &str = "__Host-lorecast-errand";

/// A provider that knows whose account it is.
#[derive(Serialize)]
pub(super) struct TieLine {
    id: EntryId,
    name: String,
    added: Moment,
    used: Option<Moment>,
}

/// The providers that know whose account it is.
pub(super) fn lines(commons: &Commons, providers: &Providers, account: AccountId) -> Vec<TieLine> {
    let line = |(id, tie): (EntryId, &lorecast_community::Tie)| TieLine {
        id,
        name: one_line(providers.name_of(&tie.identity.issuer)),
        added: tie.added.into(),
        used: tie.used.map(Moment::from),
    };
    commons.ties_of(account).map(line).collect()
}

/// `/sign-in/with/<name>`: it changes nothing here, and is still not for links elsewhere.
pub(crate) async fn go(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    if !is_followed_here(&headers) {
        return Ok(to("/sign-in").into_response());
    }
    send(&app, client, name, None).await
}

/// `/me/with/<name>`
pub(crate) async fn go_to_add(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    you: You,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    if !is_followed_here(&headers) {
        return Ok(to("/me/").into_response());
    }
    send(&app, client, name, Some(you.needs_fresh()?)).await
}

/// Sends a browser on its errand.
async fn send(
    app: &Arc<App>,
    client: Client,
    name: String,
    account: Option<AccountId>,
) -> Result<Response, Fault> {
    app.limits.provider(client)?;
    let (key, providers, at) = (new_key()?, Arc::clone(&app.providers), app.at(""));
    let keeps = between(COOKIE, Some(&key.text()), "Lax");
    let way = app
        .desk(move |_| Ok(providers.way_to(&name, &key, account, &at, Timestamp::now())?))
        .await?;
    let mut response = Redirect::to(way.as_str()).into_response();
    response.headers_mut().insert(header::SET_COOKIE, keeps);
    Ok(response)
}

/// What a provider lets a browser bring back.
#[derive(Deserialize)]
pub(crate) struct Brought {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

/// `/sign-in/with/<name>/back`
pub(crate) async fn back(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    you: You,
    Path(name): Path<String>,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Result<Response, Fault> {
    let Query(Brought { state, code, iss }) = brought.map_err(Fault::query)?;
    let key = cookie(&headers, COOKIE).as_deref().and_then(Key::parse).ok_or(Refusal::Unproven)?;
    let Some(code) = code else {
        // Somebody thought better of it, or may not.
        return Ok(unsaid(&app, &you)?.into_response());
    };
    app.limits.provider(client)?;
    let (community, providers) = (app.community.clone(), Arc::clone(&app.providers));
    let (account, at, session) = (you.account(), app.at(""), new_key()?);
    let kept = session.clone();
    let back = app
        .desk(move |_| {
            let (provider, state, code) = (name.as_str(), state.as_str(), code.as_str());
            let (key, at, iss) = (&key, at.as_str(), iss.as_deref());
            let returned = Returned { provider, key, account, at, state, code, iss };
            Ok(community.back_from(&providers, &returned, &session, Timestamp::now())?)
        })
        .await?;
    let mut response = match back {
        Back::Entered(_) => signed_in(&app, &you, &kept, "/").await?,
        Back::Welcome(link) => to(&format!("/enter/{}", link.text())).into_response(),
        Back::Added => to("/me/?changed=ways").into_response(),
    };
    response.headers_mut().append(header::SET_COOKIE, between(COOKIE, None, "Lax"));
    Ok(response)
}

/// `POST /me/providers/<number>/drop`
pub(crate) async fn drop(
    State(app): State<Arc<App>>,
    Number(identity): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    you.needs_fresh()?;
    app.does(you.acting, Deed::DropIdentity { identity }).await?;
    Ok(to("/me/?changed=ways"))
}
