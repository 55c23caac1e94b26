//! Whole answers, which a browser that has them already need not fetch again.

use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use rapidhash::v3::rapidhash_v3;

/// A whole answer. It carries an ETag made of its content, so that equal content is known again after
/// the server was started anew.
pub(crate) struct Answer {
    kind: &'static str,
    body: Vec<u8>,
    name: Option<String>,
}

impl Answer {
    /// A page.
    pub(crate) fn html(body: String) -> Self {
        Self::new("text/html; charset=utf-8", body.into_bytes())
    }

    /// Any other text or file.
    pub(crate) fn new(kind: &'static str, body: Vec<u8>) -> Self {
        Self { kind, body, name: None }
    }

    /// With a name to save it under, which has to be a harmless one.
    pub(crate) fn named(self, name: String) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Weak, because what travels may be compressed (RFC 9110 section 8.8.3).
    fn tag(&self) -> String {
        format!("W/\"{:016x}\"", rapidhash_v3(&self.body))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let tag = self.tag();
        let mut response = Body::from(self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        let mut add = |name, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        };
        add(header::ETAG, tag);
        if let Some(name) = self.name {
            add(header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\""));
        }
        response
    }
}
