//! Passkeys: signing in with one, adding one, taking one off. A script of ours asks the browser; what it says comes back in a form.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{self, HeaderMap};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{AccountId, Commons, Deed, EntryId, Refusal};
use lorecast_desk::{Passkeys, Question, new_key};
use serde::{Deserialize, Serialize};

use super::proposal::Number;
use super::story::Empty;
use super::to;
use super::ways_in::signed_in;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;
use crate::who::{Posted, between, cookie};

/// What the browser keeps between the question and its answer; it is sent by pages of ours alone.
const COOKIE: &str = "__Host-lorecast-asked";

/// A passkey of one's own.
#[derive(Serialize)]
pub(super) struct PasskeyLine {
    id: EntryId,
    title: String,
    added: Moment,
    used: Option<Moment>,
}

/// The passkeys of an account.
pub(super) fn lines(commons: &Commons, account: AccountId) -> Vec<PasskeyLine> {
    let line = |(id, passkey): (EntryId, &lorecast_community::Passkey)| PasskeyLine {
        id,
        title: one_line(&passkey.title),
        added: passkey.added.into(),
        used: passkey.used.map(Moment::from),
    };
    commons.passkeys_of(account).map(line).collect()
}

fn known(app: &App) -> Result<&Passkeys, Fault> {
    app.passkeys.as_ref().ok_or(Fault::NoPage)
}

/// The question for the script, and a cookie that comes back with the answer.
fn asked(question: Question) -> Response {
    let mut response = Answer::new("application/json", question.options.into()).into_response();
    let keeps = between(COOKIE, Some(&question.kept), "Strict");
    response.headers_mut().insert(header::SET_COOKIE, keeps);
    response
}

fn step(headers: &HeaderMap) -> Result<String, Fault> {
    cookie(headers, COOKIE).ok_or_else(|| Refusal::Unproven.into())
}

/// `POST /sign-in/passkey/ask`
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    Posted(_, _): Posted<Empty>,
) -> Result<Response, Fault> {
    Ok(asked(app.community.ask_for_passkey(known(&app)?, Timestamp::now()).await?))
}

/// What a browser answers, in JSON.
#[derive(Deserialize)]
pub(crate) struct Proof {
    answer: String,
}

/// `POST /sign-in/passkey`
pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Posted(you, form): Posted<Proof>,
) -> Result<Response, Fault> {
    let (passkeys, step, session) = (known(&app)?, step(&headers)?, new_key()?);
    let now = Timestamp::now();
    app.community.enter_with_passkey(passkeys, &step, &form.answer, &session, now).await?;
    let mut response = signed_in(&app, &you, &session, "/").await?;
    response.headers_mut().append(header::SET_COOKIE, between(COOKIE, None, "Strict"));
    Ok(response)
}

/// `POST /me/passkeys/ask`
pub(crate) async fn ask_for_new(
    State(app): State<Arc<App>>,
    Posted(you, _): Posted<Empty>,
) -> Result<Response, Fault> {
    let (passkeys, account) = (known(&app)?, you.needs_fresh()?);
    app.limits.deed(account)?;
    let acting = you.for_passkeys();
    Ok(asked(app.community.ask_for_new_passkey(passkeys, acting, Timestamp::now()).await?))
}

/// A new passkey, and what its owner calls it.
#[derive(Deserialize)]
pub(crate) struct NewPasskey {
    title: String,
    answer: String,
}

/// `POST /me/passkeys`
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Posted(you, form): Posted<NewPasskey>,
) -> Result<Response, Fault> {
    let (passkeys, account, step) = (known(&app)?, you.needs_fresh()?, step(&headers)?);
    app.limits.deed(account)?;
    let (acting, answer, title, now) =
        (you.for_passkeys(), form.answer, form.title, Timestamp::now());
    app.community.add_passkey(passkeys, acting, &step, &answer, title, now).await?;
    let mut response = to("/me/?changed=ways").into_response();
    response.headers_mut().insert(header::SET_COOKIE, between(COOKIE, None, "Strict"));
    Ok(response)
}

/// `POST /me/passkeys/<number>/drop`
pub(crate) async fn drop(
    State(app): State<Arc<App>>,
    Number(passkey): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    you.needs_fresh()?;
    app.does(you.for_passkeys(), Deed::DropPasskey { passkey }).await?;
    Ok(to("/me/?changed=ways"))
}
