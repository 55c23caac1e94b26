//! Doing something, for programs.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lorecast_community::{Acting, Deed, EntryId, Key, Refusal, Role, Scope, SoundStep};
use serde::Serialize;
use tokio::time::timeout;

use super::json;
use super::problem::Problem;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::limits::Left;
use crate::pages;
use crate::who::{PATIENCE, look_elsewhere};

/// A deed is no longer than the text of two stories.
const LONGEST: usize = 256 << 10;
/// Two texts of an episode are.
const LONGEST_WORDS: usize = 2 << 20;

/// For whom a program acts, and what it may do for them.
pub(super) struct Program {
    pub(super) acting: Acting,
    scopes: Vec<Scope>,
}

impl Program {
    /// By the token that a request carries (RFC 6750 section 2.1); it may have been made at another server a moment ago.
    pub(super) async fn of(app: &App, headers: &HeaderMap) -> Result<Self, Fault> {
        let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = said.and_then(|said| said.strip_prefix("Bearer ")).and_then(Key::parse);
        let digest = key.ok_or(Refusal::NotSignedIn)?.digest();
        let known =
            || app.community.look(|commons| commons.token(&digest, Timestamp::now()).cloned());
        let token = match known() {
            Some(token) => token,
            None => {
                look_elsewhere(app).await;
                known().ok_or(Refusal::NotSignedIn)?
            }
        };
        Ok(Self { acting: app.acting(token.by, token.passkey), scopes: token.scopes })
    }

    /// Counts something that it does.
    pub(super) fn counts(&self, app: &App) -> Result<Option<Left>, Fault> {
        self.acting.account().map(|account| app.limits.deed(account)).transpose()
    }

    /// Whether its account has this role, and the key reaches as far.
    pub(super) fn is(&self, app: &App, role: Role) -> Result<(), Fault> {
        let own = self.acting.account();
        let own = app.community.look(|commons| Some(commons.account(own?)?.role));
        Ok(self.acting.needs(own.ok_or(Refusal::NotSignedIn)?, role)?)
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
async fn checked(app: &Arc<App>, acting: Acting, deed: Deed) -> Result<Deed, Fault> {
    match deed {
        Deed::Follow { what, .. } => app.knowing(what).await,
        Deed::Describe { recording: Some(_), .. } => {
            Err(Fault::Person("a recording is sent on /me/page".to_owned()))
        }
        Deed::Describe { .. } => {
            let account = acting.account().ok_or(Refusal::NotSignedIn)?;
            app.limits.description(account)?;
            app.sayable(account, deed).await
        }
        Deed::Annotate { on, mark, text } => {
            let mark = pages::marked(app, &on, mark.quote().clone()).await?;
            Ok(Deed::Annotate { on, mark, text })
        }
        // What it says of a recording is what was found in it.
        Deed::OfferFiller { .. } | Deed::Sound { step: SoundStep::AddTake { .. }, .. } => {
            Err(Fault::Wrong("Send the recording itself; see /api/v1/openapi.json.".to_owned()))
        }
        deed => Ok(deed),
    }
}

/// Where text is sent to.
const TO_EDIT: &str =
    "Send the text to /api/v1/episodes/<date>/notes or script; see /api/v1/openapi.json.";

/// What was sent with a request.
async fn arrived(body: Body, most: usize) -> Result<Bytes, Fault> {
    let bytes = timeout(PATIENCE, to_bytes(body, most)).await.map_err(|_| Fault::TooSlow)?;
    bytes.map_err(|_| Fault::TooLarge)
}

/// The texts that were sent with a request.
pub(super) async fn body(request: Request) -> Result<Bytes, Fault> {
    arrived(request.into_body(), LONGEST_WORDS).await
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
    let program = Program::of(&app, &parts.headers).await?;
    let bytes = arrived(body, LONGEST).await?;
    let deed: Deed = serde_json::from_slice(&bytes).map_err(|error| {
        Fault::Wrong(format!("This is no deed: {error}; see /api/v1/openapi.json."))
    })?;
    program.may(deed.scope())?;
    let left = program.counts(&app)?;
    let entry = match checked(&app, program.acting, deed).await? {
        // What changes files says so when that fails.
        Deed::Arrange { episode, story, to } => {
            app.arranges(program.acting, episode, story, to).await?
        }
        Deed::Edit { .. } => return Err(Fault::Wrong(TO_EDIT.to_owned()).into()),
        deed => {
            let done = app.community.does(program.acting, deed.clone(), Timestamp::now()).await;
            let done = done.map_err(Fault::from)?;
            match deed {
                Deed::Accept { .. } => app.weave().await,
                Deed::Describe { .. } | Deed::Undo { .. } => app.write_people().await,
                Deed::AcceptFiller { .. } => app.place_fillers().await,
                Deed::Sound { episode, step } => {
                    app.carry_out(program.acting, episode, step).await?
                }
                _ => {}
            }
            done.entry
        }
    };
    Ok(done(json(&DoneView { entry })?, left))
}

/// The answer to who did something: how much they may still do.
pub(super) fn done(answer: Answer, left: Option<Left>) -> Response {
    let mut response = answer.into_response();
    for (name, value) in left.iter().flat_map(Left::headers) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
