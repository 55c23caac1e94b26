//! Who takes part, and as what.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use jiff::Timestamp;
use lorecast_community::{AccountId, Deed, Role};
use serde::{Deserialize, Serialize};

use super::proposal::{Number, Why};
use super::to;
use super::week::role as role_of;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::one_line;
use crate::who::{Posted, You};

#[derive(Serialize)]
struct AccountsPage {
    title: &'static str,
    accounts: Vec<AccountLine>,
    roles: Vec<&'static str>,
    /// A link that was just made, to hand on.
    invitation: Option<String>,
    q: String,
}

#[derive(Serialize)]
struct AccountLine {
    id: AccountId,
    name: String,
    /// Owners see it.
    email: Option<String>,
    role: &'static str,
    joined: Moment,
    banned: Option<String>,
    /// Whether the role needs a passkey and there is none yet, which owners see.
    no_passkey: bool,
    you: bool,
}

/// `/accounts/`
pub(crate) async fn accounts(State(app): State<Arc<App>>, you: You) -> Result<Answer, Fault> {
    you.needs(Role::Editor)?;
    page(&app, &you, None)
}

fn page(app: &App, you: &You, invitation: Option<String>) -> Result<Answer, Fault> {
    let owner = you.is(Role::Owner);
    let accounts = app.community.look(|commons| {
        let line = |(id, account): (AccountId, &lorecast_community::Account)| AccountLine {
            id,
            name: one_line(account.name.as_str()),
            email: account.email.as_deref().filter(|_| owner).map(one_line),
            role: account.role.word(),
            joined: account.joined.into(),
            banned: account.banned.as_deref().map(one_line),
            no_passkey: owner
                && app.acting(id, false).lacks_passkey(account.role)
                && commons.passkeys_of(id).next().is_none(),
            you: Some(id) == you.account(),
        };
        commons.accounts().map(line).collect()
    });
    let roles =
        Role::ALL.into_iter().filter(|role| owner || *role < Role::Owner).map(Role::word).collect();
    let page =
        AccountsPage { title: "Who takes part", accounts, roles, invitation, q: String::new() };
    app.pages.page("accounts", &page, you)
}

/// A role.
#[derive(Deserialize)]
pub(crate) struct RoleForm {
    role: String,
}

/// `POST /accounts/invite`: the link is shown once.
pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    Posted(you, form): Posted<RoleForm>,
) -> Result<Answer, Fault> {
    if let Some(account) = you.account() {
        app.limits.deed(account)?;
    }
    let (community, acting, role) = (app.community.clone(), you.acting, role_of(&form.role)?);
    let key = app.desk(move |_| Ok(community.invitation(acting, role, Timestamp::now())?)).await?;
    page(&app, &you, Some(app.at(&format!("/enter/{}", key.text()))))
}

/// `POST /accounts/<number>/role`
pub(crate) async fn role(
    State(app): State<Arc<App>>,
    Number(id): Number,
    Posted(you, form): Posted<RoleForm>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Grant { who: AccountId(id), role: role_of(&form.role)? }).await?;
    Ok(to("/accounts/"))
}

/// `POST /accounts/<number>/ban`
pub(crate) async fn ban(
    State(app): State<Arc<App>>,
    Number(id): Number,
    Posted(you, form): Posted<Why>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Ban { who: AccountId(id), why: form.why }).await?;
    Ok(to("/accounts/"))
}

/// `POST /accounts/<number>/unban`
pub(crate) async fn unban(
    State(app): State<Arc<App>>,
    Number(id): Number,
    Posted(you, form): Posted<Why>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Unban { who: AccountId(id), why: form.why }).await?;
    Ok(to("/accounts/"))
}
