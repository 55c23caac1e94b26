//! Signing in and out.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lorecast_community::{By, Deed, Door, Key, Name, Refusal, is_mail_address};
use lorecast_desk::{Asker, DeskError, new_key};
use serde::{Deserialize, Serialize};

use super::asking::{self, Mailed};
use super::story::Empty;
use super::to;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::client::Client;
use crate::fault::Fault;
use crate::shown::{one_line, shown};
use crate::who::{Posted, You, set_cookie};

#[derive(Default, Serialize)]
struct SignInPage {
    title: &'static str,
    email: String,
    /// A mail is on its way: `link`, or `text` when it will offer what was written.
    sent: Option<String>,
    /// What another browser asks for when the link is opened there.
    number: Option<String>,
    wrong: Option<String>,
    /// Whether passkeys are known at this address.
    passkeys: bool,
    /// Others who say who somebody is.
    providers: Vec<String>,
    q: String,
}

/// What the address may say.
#[derive(Deserialize)]
pub(crate) struct Asked {
    sent: Option<String>,
}

/// A mail address.
#[derive(Deserialize)]
pub(crate) struct EmailForm {
    email: String,
}

/// `/sign-in`
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    you: You,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer, Fault> {
    let sent = asked
        .map_err(Fault::query)?
        .0
        .sent
        .filter(|sent| ["link", "text"].contains(&sent.as_str()));
    let number = sent.is_some().then(|| asking::asker(&app, &headers)).flatten();
    let number = number.map(|asker| asker.number().to_string());
    page(&app, &you, SignInPage { sent, number, ..SignInPage::default() })
}

fn page(app: &App, you: &You, page: SignInPage) -> Result<Answer, Fault> {
    let providers = app.providers.names().map(one_line).collect();
    let passkeys = app.passkeys.is_some();
    let page = SignInPage { title: "Sign in", passkeys, providers, ..page };
    app.pages.page("sign-in", &page, you)
}

/// A provider did not say who somebody is.
pub(super) fn unsaid(app: &App, you: &You) -> Result<Answer, Fault> {
    let wrong = "You were sent back without a word of who you are. Try again, or take another way.";
    page(app, you, SignInPage { wrong: Some(wrong.to_owned()), ..SignInPage::default() })
}

/// A page, for a browser that is signed in from now on; whoever was before is no longer.
pub(super) async fn signed_in(
    app: &Arc<App>,
    you: &You,
    session: &Key,
    page: &str,
) -> Result<Response, Fault> {
    if let Some(earlier) = &you.session {
        app.does(By::Visitor.into(), Deed::SignOut { session: earlier.digest() }).await?;
    }
    let mut response = to(page).into_response();
    response.headers_mut().insert(header::SET_COOKIE, set_cookie(Some(session)));
    Ok(response)
}

/// `POST /sign-in`
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Posted(you, form): Posted<EmailForm>,
) -> Result<Response, Fault> {
    match mail(&app, client, &headers, &form.email, None).await {
        Ok(mailed) => Ok(mailed.page("link")),
        Err(fault) if fault.is_about_the_form() => {
            let (email, wrong) = (form.email, Some(fault.words()));
            let again = SignInPage { email, wrong, ..SignInPage::default() };
            Ok(page(&app, &you, again)?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// Sends a link that this browser asks for, when not too many were sent.
pub(super) async fn mail(
    app: &Arc<App>,
    client: Client,
    headers: &HeaderMap,
    email: &str,
    wish: Option<Deed>,
) -> Result<Mailed, Fault> {
    let email = email.trim().to_lowercase();
    if !is_mail_address(&email) {
        return Err(Refusal::Address.into());
    }
    app.limits.mail(client, &email)?;
    let (community, at) = (app.community.clone(), app.at(""));
    let asker = Asker::new(asking::asker(app, headers).as_ref())?;
    let kept = asking::kept(app, &asker).await?;
    let sent = app
        .desk(move |_| match community.send_link(&email, wish, &asker, &at, Timestamp::now()) {
            // Whether the mail can be delivered is not told: it would tell who has an account where.
            Err(DeskError::NotSent { why }) => {
                tracing::error!("a mail could not be sent: {why}");
                Err(Fault::Unsent)
            }
            done => Ok(done?),
        })
        .await;
    sent.map(|()| Mailed(kept))
}

#[derive(Serialize)]
struct EnterPage {
    title: &'static str,
    /// The account that is there already.
    account: Option<String>,
    /// What a new account will be.
    role: &'static str,
    /// Text that is offered with it.
    wish: Option<String>,
    name: String,
    wrong: Option<String>,
    q: String,
}

/// `/enter/<key>`: programs that look at links in mails only look; a button lets in.
pub(crate) async fn door(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    you: You,
    Path(key): Path<String>,
) -> Result<Response, Fault> {
    let key = parse(&key)?;
    // `serve --sign-in` is another process: its link may be a moment old.
    asking::look_for(&app, &key.digest()).await;
    let browser = asking::browser(&app, &headers);
    if let Some(page) = asking::stopped(&app, &you, &key, browser.as_ref(), None)? {
        return Ok(page);
    }
    Ok(enter_page(&app, &you, &key, String::new(), None)?.into_response())
}

fn enter_page(
    app: &App,
    you: &You,
    key: &Key,
    name: String,
    wrong: Option<String>,
) -> Result<Answer, Fault> {
    let digest = key.digest();
    let page = app.community.look(|commons| {
        let (door, account) = commons.door(&digest, Timestamp::now()).ok_or(Refusal::Link)?;
        let role = match door {
            Door::Invitation { role } => role.word(),
            Door::Mail { .. } | Door::Account(_) | Door::Identity { .. } => "",
        };
        Ok::<_, Refusal>(EnterPage {
            title: "Sign in",
            account: account.map(|id| one_line(commons.name(id))),
            role,
            wish: commons.wish(&digest).and_then(offered),
            name,
            wrong,
            q: String::new(),
        })
    })?;
    app.pages.page("enter", &page, you)
}

/// The words of what a visitor wanted to do.
fn offered(wish: &Deed) -> Option<String> {
    match wish {
        Deed::Propose { text, .. } | Deed::Suggest { why: text, .. } => {
            Some(shown(text).into_owned())
        }
        _ => None,
    }
}

pub(super) fn parse(key: &str) -> Result<Key, Fault> {
    Key::parse(key).ok_or_else(|| Refusal::Link.into())
}

/// What a new account is called.
#[derive(Deserialize)]
pub(crate) struct EnterForm {
    name: Option<String>,
}

/// `POST /enter/<key>`
pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(key): Path<String>,
    Posted(you, form): Posted<EnterForm>,
) -> Result<Response, Fault> {
    let link = parse(&key)?;
    let typed = form.name.unwrap_or_default();
    let session = new_key()?;
    let name = if typed.trim().is_empty() { Ok(None) } else { Name::parse(&typed).map(Some) };
    let entered = match name {
        Ok(name) => {
            let (browser, now) = (asking::browser(&app, &headers), Timestamp::now());
            app.community.enter(&link, &session, name, browser, now).await.map_err(Fault::from)
        }
        Err(refusal) => Err(refusal.into()),
    };
    match entered {
        Ok(done) => {
            let page = done.wish.map_or("/".to_owned(), |wish| wished(&app, wish));
            signed_in(&app, &you, &session, &page).await
        }
        Err(fault) if fault.is_about_the_form() => {
            Ok(enter_page(&app, &you, &link, typed, Some(fault.words()))?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// Where to see what a visitor had wanted to do.
fn wished(app: &App, wish: lorecast_community::EntryId) -> String {
    app.community.look(|commons| match commons.proposal(wish) {
        Some(_) => address::of_proposal(wish),
        None => "/".to_owned(),
    })
}

/// `POST /sign-out`
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    Posted(you, _): Posted<Empty>,
) -> Result<Response, Fault> {
    if let Some(session) = &you.session {
        app.does(By::Visitor.into(), Deed::SignOut { session: session.digest() }).await?;
    }
    Ok(signed_out())
}

/// The first page, for a browser that nobody is signed in at any more: it keeps no page that it showed.
pub(super) fn signed_out() -> Response {
    let mut response = to("/").into_response();
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, set_cookie(None));
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}
