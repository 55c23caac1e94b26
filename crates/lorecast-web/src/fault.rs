//! What goes wrong, in plain words.

use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lorecast_desk::DeskError;
use lorecast_model::MessageId;
use serde::Serialize;

use crate::address;

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The address leads nowhere.
    NoPage,
    /// The mail is not held.
    NotHeld(MessageId),
    /// The mail is held, and there is no such thing about it.
    Nothing(String),
    /// The address asks for what cannot be: what is wrong with it.
    Wrong(String),
    /// Neither GET nor HEAD.
    Method,
    /// Nothing was ingested yet.
    Empty,
    /// Too much is asked at once.
    Busy,
    /// Ours. What it was stands in the log, not on the page: it may name files.
    Ours,
}

/// A fault as its page shows it.
#[derive(Serialize)]
pub(crate) struct FaultView {
    pub(crate) title: &'static str,
    message: String,
    /// Where to look instead.
    elsewhere: Option<String>,
    /// The search that was wrong or may help.
    q: String,
}

impl Fault {
    /// Something of ours that failed; it is logged.
    pub(crate) fn ours(error: impl std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::Ours
    }

    /// What stands behind the `?` of an address and cannot be read.
    pub(crate) fn query(rejection: QueryRejection) -> Self {
        Self::Wrong(format!("What stands behind the `?` cannot be read: {rejection}."))
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoPage | Self::NotHeld(_) | Self::Nothing(_) => StatusCode::NOT_FOUND,
            Self::Wrong(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Empty | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What its page says.
    pub(crate) fn view(&self) -> FaultView {
        let (title, message) = match self {
            Self::NoPage => ("Nothing here", "There is no page at this address.".to_owned()),
            Self::NotHeld(id) => (
                "This mail is not here",
                format!("None of the archives that this show reads holds a mail <{id}>."),
            ),
            Self::Nothing(what) => ("Nothing here", what.clone()),
            Self::Wrong(why) => ("This cannot be read", why.clone()),
            Self::Method => (
                "Pages can only be read",
                "Nothing is sent to this address: use GET or HEAD.".to_owned(),
            ),
            Self::Empty => (
                "Nothing to read yet",
                "No mail was read into this show: run `lorecast sync` or `lorecast ingest`."
                    .to_owned(),
            ),
            Self::Busy => ("Too busy", "Try again in a moment.".to_owned()),
            Self::Ours => (
                "Something went wrong here",
                "It is not your fault. Try again; the server's log says what it was.".to_owned(),
            ),
        };
        let elsewhere = match self {
            Self::NotHeld(id) => Some(id.lore_url()),
            _ => None,
        };
        FaultView { title, message, elsewhere, q: String::new() }
    }
}

impl IntoResponse for Fault {
    /// The guard puts the page in, which needs templates.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NoMessage { id } => Self::NotHeld(id),
            DeskError::NoSeries { id } => Self::Nothing(format!(
                "The mail <{id}> belongs to no series of patches. Its thread is at {}",
                address::of_thread(&id)
            )),
            DeskError::NoRevision { .. } => {
                Self::Nothing("There is no such revision before this one.".to_owned())
            }
            DeskError::Query(error) => Self::Wrong(error.to_string()),
            DeskError::NothingIngested { .. } => Self::Empty,
            error => Self::ours(error),
        }
    }
}
