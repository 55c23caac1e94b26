//! Doing something, for programs.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lorecast_community::{By, Deed, EntryId, Key, Refusal, Scope};
use serde::Serialize;
use tokio::time::timeout;

use super::json;
use super::problem::Problem;
use crate::app::App;
use crate::fault::Fault;
use crate::pages;
use crate::who::PATIENCE;

/// A deed is no longer than the text of two stories.
const LONGEST: usize = 256 << 10;

/// For whom a program acts, and what it may do for them.
pub(super) struct Program {
    pub(super) by: By,
    scopes: Vec<Scope>,
}

impl Program {
    /// By the token that a request carries (RFC 6750 section 2.1).
    pub(super) fn of(app: &App, headers: &HeaderMap) -> Result<Self, Fault> {
        let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = said.and_then(|said| said.strip_prefix("Bearer ")).and_then(Key::parse);
        let found = key.and_then(|key| {
            app.community.look(|commons| commons.token(&key.digest(), Timestamp::now()).cloned())
        });
        let token = found.ok_or(Refusal::NotSignedIn)?;
        Ok(Self { by: By::Account(token.by), scopes: token.scopes })
    }

    /// Whether the token is good for this.
    pub(super) fn may(&self, scope: Option<Scope>) -> Result<(), Fault> {
        match scope {
            Some(scope) if self.scopes.contains(&scope) => Ok(()),
            _ => Err(Fault::Scope),
        }
    }
}

/// What a program says of a mail has to be in it, and what it says of its owner has to be theirs to say.
async fn checked(app: &Arc<App>, by: By, deed: Deed) -> Result<Deed, Fault> {
    match deed {
        Deed::Follow { what, .. } => app.knowing(what).await,
        Deed::Describe { recording: Some(_), .. } => {
            Err(Fault::Person("a recording is sent on /me/page".to_owned()))
        }
        Deed::Describe { .. } => {
            let account = by.account().ok_or(Refusal::NotSignedIn)?;
            app.limits.description(account)?;
            app.sayable(account, deed).await
        }
        Deed::Annotate { on, mark, text } => {
            let mark = pages::marked(app, &on, mark.quote().clone()).await?;
            Ok(Deed::Annotate { on, mark, text })
        }
        deed => Ok(deed),
    }
}

#[derive(Serialize)]
struct DoneView {
    entry: EntryId,
}

/// `POST /api/v1/deeds`
pub(super) async fn deeds(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let program = Program::of(&app, &parts.headers)?;
    let bytes = timeout(PATIENCE, to_bytes(body, LONGEST)).await.map_err(|_| Fault::TooSlow)?;
    let bytes = bytes.map_err(|_| Fault::TooLarge)?;
    let deed: Deed = serde_json::from_slice(&bytes).map_err(|error| {
        Fault::Wrong(format!("This is no deed: {error}; see /api/v1/openapi.json."))
    })?;
    program.may(deed.scope())?;
    let left = program.by.account().map(|account| app.limits.deed(account)).transpose()?;
    let deed = checked(&app, program.by, deed).await?;
    let accepts = matches!(deed, Deed::Accept { .. });
    let describes = matches!(deed, Deed::Describe { .. } | Deed::Undo { .. });
    let done = app.community.does(program.by, deed, Timestamp::now()).await.map_err(Fault::from)?;
    if accepts {
        app.weave().await;
    }
    if describes {
        app.write_people().await;
    }
    let mut response = json(&DoneView { entry: done.entry })?.into_response();
    if let Some(left) = left {
        for (name, value) in left.headers() {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
