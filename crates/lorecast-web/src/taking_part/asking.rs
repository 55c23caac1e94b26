//! Links that were asked for in this browser, or in another one: what a browser keeps of its request, the number that it shows,
//! and what leads on when a link does not work here, or not any more.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lorecast_community::{Commons, Deed, Digest, Key, Over, Refusal, ShortNumber};
use lorecast_desk::Asker;
use serde::{Deserialize, Serialize};

use super::story::Empty;
use super::to;
use super::ways_in::{mail, parse};
use crate::app::App;
use crate::client::Client;
use crate::fault::Fault;
use crate::who::{Posted, You, between, cookie};

/// What a browser keeps of its request for a link. It comes along when a link in a mail is followed.
const COOKIE: &str = "__Host-lorecast-link";

/// A mail is on its way: what the browser keeps of it.
pub(super) struct Mailed(pub(super) HeaderValue);

impl Mailed {
    /// The page that says so: of a `link`, or of `text` that comes with it.
    pub(super) fn page(self, kind: &str) -> Response {
        let mut response = to(&format!("/sign-in?sent={kind}")).into_response();
        response.headers_mut().append(header::SET_COOKIE, self.0);
        response
    }
}

/// The request for a link that this browser made.
pub(super) fn asker(app: &App, headers: &HeaderMap) -> Option<Asker> {
    app.community.asker(&cookie(headers, COOKIE)?, Timestamp::now())
}

/// What links know this browser by.
pub(super) fn browser(app: &App, headers: &HeaderMap) -> Option<Digest> {
    asker(app, headers).map(|asker| asker.browser())
}

/// Lets a browser keep a request.
pub(super) async fn kept(app: &App, asker: &Asker) -> Result<HeaderValue, Fault> {
    let kept = app.community.keeps(asker, Timestamp::now()).await?;
    Ok(between(COOKIE, Some(&kept), "Lax"))
}

/// Somebody with a link that does not let them in like this.
#[derive(Serialize)]
struct LinkPage {
    title: &'static str,
    link: String,
    /// Why it lets nobody in any more; else it was asked for in another browser.
    over: Option<&'static str>,
    /// Whether text came with it.
    text: bool,
    wrong: Option<String>,
    q: String,
}

/// Waits until a link is known that another process may have made a moment ago.
pub(super) async fn look_for(app: &App, link: &Digest) {
    let known = |commons: &Commons| {
        let now = Timestamp::now();
        commons.door(link, now).is_some() || commons.addressee(link, now).is_some()
    };
    if !app.community.look(known) {
        app.community.catches_up().await;
    }
}

/// The page of a link that does not let in like this; nothing when it does, or there is none.
pub(super) fn stopped(
    app: &App,
    you: &You,
    key: &Key,
    browser: Option<&Digest>,
    wrong: Option<String>,
) -> Result<Option<Response>, Fault> {
    let (link, now) = (key.digest(), Timestamp::now());
    let (over, here, text) = app.community.look(|commons| {
        let waits = |wish: &Deed| matches!(wish, Deed::Propose { .. } | Deed::Suggest { .. });
        let here = commons.door(&link, now).is_none() || commons.is_for(&link, browser);
        (commons.over(&link, now), here, commons.wish(&link).is_some_and(waits))
    });
    if over.is_none() && here {
        return Ok(None);
    }
    let (title, link, over, q) = ("Sign in", key.text(), over.map(said), String::new());
    let status = over.map_or(StatusCode::OK, |_| StatusCode::GONE);
    let page = app.pages.page("link", &LinkPage { title, link, over, text, wrong, q }, you)?;
    Ok(Some((status, page).into_response()))
}

fn said(over: Over) -> &'static str {
    match over {
        Over::RanOut => "This link has run out: it works for ten minutes.",
        Over::Replaced => "This link has ended: a later mail brought another one.",
        Over::WrongNumbers => {
            "This link has ended: three numbers were given for it, and the last was wrong."
        }
    }
}

/// The number that another browser shows.
#[derive(Deserialize)]
pub(crate) struct NumberForm {
    number: String,
}

/// `POST /enter/<key>/number`
pub(crate) async fn number(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(key): Path<String>,
    Posted(you, form): Posted<NumberForm>,
) -> Result<Response, Fault> {
    let (link, before) = (parse(&key)?, asker(&app, &headers));
    let page = format!("/enter/{}", link.text());
    let here = before.as_ref().map(Asker::browser);
    let is_for = |browser: Option<&Digest>| {
        app.community.look(|commons| commons.is_for(&link.digest(), browser))
    };
    if is_for(here.as_ref()) {
        return Ok(to(&page).into_response());
    }
    let Some(number) = ShortNumber::parse(&form.number) else {
        let wrong = "A number has four digits; type those that the other browser shows.".to_owned();
        let stopped = stopped(&app, &you, &link, here.as_ref(), Some(wrong))?;
        return stopped.ok_or_else(|| Refusal::Link.into());
    };
    let asker = Asker::of(before.as_ref(), number)?;
    app.community.gives_number(&link, &asker, Timestamp::now()).await?;
    if is_for(Some(&asker.browser())) {
        let mut response = to(&page).into_response();
        response.headers_mut().append(header::SET_COOKIE, kept(&app, &asker).await?);
        return Ok(response);
    }
    let left = app.community.look(|commons| commons.numbers_left(&link.digest()));
    let wrong = format!("The other browser shows another number.{}", times(left));
    stopped(&app, &you, &link, here.as_ref(), Some(wrong))?.ok_or_else(|| Refusal::Link.into())
}

fn times(left: u8) -> &'static str {
    match left {
        0 => "",
        1 => " You may try once more.",
        _ => " You may try twice more.",
    }
}

/// `POST /enter/<key>/again`: whoever has a link that was sent by mail, and cannot use it, has another one sent to the same
/// address, with what was wanted.
pub(crate) async fn again(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(key): Path<String>,
    Posted(_, _): Posted<Empty>,
) -> Result<Response, Fault> {
    let link = parse(&key)?.digest();
    look_for(&app, &link).await;
    let (email, wish) = app
        .community
        .look(|commons| {
            let email = commons.addressee(&link, Timestamp::now())?.to_owned();
            Some((email, commons.wish(&link).cloned()))
        })
        .ok_or(Refusal::Link)?;
    let kind = if wish.is_some() { "text" } else { "link" };
    Ok(mail(&app, client, &headers, &email, wish).await?.page(kind))
}
