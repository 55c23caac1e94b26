//! What goes wrong, for programs.

use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::fault::Fault;

/// A fault as `application/problem+json` (RFC 9457).
pub(crate) struct Problem(Fault);

#[derive(Serialize)]
struct ProblemView {
    title: &'static str,
    status: u16,
    detail: String,
}

impl<T: Into<Fault>> From<T> for Problem {
    fn from(fault: T) -> Self {
        Self(fault.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, view) = (self.0.status(), self.0.view());
        let view =
            ProblemView { title: view.title, status: status.as_u16(), detail: self.0.words() };
        let mut response = (status, serde_json::to_vec(&view).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == axum::http::StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
