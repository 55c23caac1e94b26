//! One's own account.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Deed, Entry, EntryId, Key, Name, Refusal, Role, Scope};
use lorecast_desk::new_key;
use serde::{Deserialize, Serialize};

use super::passkeys::{self, PasskeyLine};
use super::proposal::Number;
use super::providers::{self, TieLine};
use super::sessions::{self, SessionLine};
use super::story::Empty;
use super::to;
use super::ways_in::signed_out;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;
use crate::who::{Posted, You};

#[derive(Serialize)]
struct MePage {
    title: &'static str,
    name: String,
    email: Option<String>,
    role: &'static str,
    joined: Moment,
    tokens: Vec<TokenView>,
    ways: Ways,
    sessions: Vec<SessionLine>,
    /// A key that was just made, to be copied.
    key: Option<String>,
    wrong: Option<String>,
    q: String,
}

/// How one gets into the account, beside links.
#[derive(Serialize)]
struct Ways {
    /// Whether passkeys are known at this address.
    known: bool,
    passkeys: Vec<PasskeyLine>,
    ties: Vec<TieLine>,
    /// Providers that can be added.
    providers: Vec<String>,
    /// Whether they may be changed without signing in anew.
    fresh: bool,
    /// Whether passkeys may be: where the role needs one, by who came with it.
    keys: bool,
    /// Whether one was changed just now.
    changed: bool,
}

#[derive(Serialize)]
struct TokenView {
    id: EntryId,
    title: String,
    scopes: String,
    until: Moment,
}

/// What the page shows that it did not show before.
#[derive(Default)]
struct News {
    name: Option<String>,
    key: Option<Key>,
    wrong: Option<String>,
    changed: bool,
}

/// What the address may say.
#[derive(Deserialize)]
pub(crate) struct Changed {
    changed: Option<String>,
}

impl News {
    fn wrong(why: String) -> Self {
        Self { wrong: Some(why), ..Self::default() }
    }
}

/// `/me/`
pub(crate) async fn me(
    State(app): State<Arc<App>>,
    you: You,
    asked: Result<Query<Changed>, QueryRejection>,
) -> Result<Answer, Fault> {
    let changed = asked.map_err(Fault::query)?.0.changed.is_some();
    page(&app, &you, News { changed, ..News::default() })
}

fn page(app: &App, you: &You, news: News) -> Result<Answer, Fault> {
    let now = Timestamp::now();
    let found = you.account().and_then(|id| {
        app.community.look(|commons| {
            let tokens = commons.tokens_of(id).filter(|(_, token)| token.until > now);
            let tokens = tokens.map(|(id, token)| TokenView {
                id,
                title: one_line(&token.title),
                scopes: token
                    .scopes
                    .iter()
                    .map(|scope| scope.word())
                    .collect::<Vec<_>>()
                    .join(", "),
                until: token.until.into(),
            });
            let ways = Ways {
                known: app.passkeys.is_some(),
                passkeys: passkeys::lines(commons, id),
                ties: providers::lines(commons, &app.providers, id),
                providers: app.providers.names().map(one_line).collect(),
                fresh: you.is_fresh(),
                keys: commons.may_change_passkeys(you.for_passkeys()).is_ok(),
                changed: news.changed,
            };
            let sessions = sessions::lines(commons, &app.providers, you, id);
            Some((commons.account(id)?.clone(), tokens.collect(), ways, sessions))
        })
    });
    let (account, tokens, ways, sessions) = found.ok_or(Refusal::NotSignedIn)?;
    let page = MePage {
        title: "Your account",
        name: news.name.unwrap_or_else(|| one_line(account.name.as_str())),
        email: account.email.map(|email| one_line(&email)),
        role: account.role.word(),
        joined: account.joined.into(),
        tokens,
        ways,
        sessions,
        key: news.key.map(|key| key.text()),
        wrong: news.wrong,
        q: String::new(),
    };
    app.pages.page("me", &page, you)
}

/// Another name.
#[derive(Deserialize)]
pub(crate) struct NameForm {
    name: String,
}

/// `POST /me/name`
pub(crate) async fn rename(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<NameForm>,
) -> Result<Response, Fault> {
    let renamed = match Name::parse(&form.name) {
        Ok(name) => app.does(you.acting, Deed::Rename { name }).await.map(drop),
        Err(refusal) => Err(refusal.into()),
    };
    match renamed {
        Ok(()) => Ok(to("/me/").into_response()),
        Err(fault) if fault.is_about_the_form() => {
            let news = News { name: Some(form.name), ..News::wrong(fault.words()) };
            Ok(page(&app, &you, news)?.into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// Everything that somebody did, as the journal has it.
#[derive(Serialize)]
struct Export {
    account: lorecast_community::AccountId,
    name: String,
    email: Option<String>,
    role: &'static str,
    deeds: Vec<Entry>,
}

/// `/me/export.json`
pub(crate) async fn export(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    you.needs(Role::Reader)?;
    let id = you.account().ok_or(Refusal::NotSignedIn)?;
    let community = app.community.clone();
    let deeds = app.desk(move |_| Ok(community.deeds_of(id)?)).await?;
    let export = app.community.look(|commons| {
        let account = commons.account(id).ok_or(Refusal::NotSignedIn)?;
        Ok::<_, Refusal>(Export {
            account: id,
            name: account.name.to_string(),
            email: account.email.clone(),
            role: account.role.word(),
            deeds,
        })
    })?;
    let json = serde_json::to_vec_pretty(&export).map_err(Fault::ours)?;
    Ok(Answer::new("application/json", json).named(format!("account-{id}.json")))
}

/// What a program is to do, and for how long.
#[derive(Deserialize)]
pub(crate) struct TokenForm {
    title: String,
    scope: String,
    days: String,
}

/// `POST /me/tokens`: the key is shown once.
pub(crate) async fn make_token(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<TokenForm>,
) -> Result<Answer, Fault> {
    you.needs_fresh()?;
    let wrong = |why: &str| page(&app, &you, News::wrong(why.to_owned()));
    let scopes = match form.scope.as_str() {
        "read" => vec![Scope::Read],
        "take-part" => vec![Scope::Read, Scope::TakePart],
        "edit" => vec![Scope::Read, Scope::TakePart, Scope::Edit],
        _ => return wrong("Choose what the program may do."),
    };
    let Ok(days) = form.days.parse::<u16>() else {
        return wrong("Write for how many days, 1 to 366.");
    };
    let until = Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days));
    let key = new_key()?;
    let deed = Deed::MakeToken {
        key: key.digest(),
        title: form.title,
        scopes,
        until,
        passkey: you.has_passkey(),
    };
    match app.does(you.acting, deed).await {
        Ok(_) => page(&app, &you, News { key: Some(key), ..News::default() }),
        Err(fault) if fault.is_about_the_form() => wrong(&fault.words()),
        Err(fault) => Err(fault),
    }
}

/// `POST /me/tokens/<number>/drop`
pub(crate) async fn drop_token(
    State(app): State<Arc<App>>,
    Number(token): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::DropToken { token }).await?;
    Ok(to("/me/"))
}

/// Whether somebody means it.
#[derive(Deserialize)]
pub(crate) struct EraseForm {
    sure: Option<String>,
}

/// `POST /me/erase`
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<EraseForm>,
) -> Result<Response, Fault> {
    if form.sure.is_none() {
        let wrong = "Tick the box: what is deleted cannot be brought back.".to_owned();
        return Ok(page(&app, &you, News::wrong(wrong))?.into_response());
    }
    // What was said of oneself goes first: afterwards nobody would know whose it was.
    let emails = app.community.look(|commons| {
        commons.judge(you.acting, &Deed::Erase, Timestamp::now())?;
        let proved = you.account().into_iter().flat_map(|account| commons.proved(account));
        Ok::<_, Refusal>(proved.map(str::to_owned).collect::<Vec<_>>())
    })?;
    app.desk(move |desk| Ok(desk.withdraw(&emails)?)).await?;
    app.does(you.acting, Deed::Erase).await?;
    Ok(signed_out())
}
