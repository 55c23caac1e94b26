//! What every answer carries, and what no request may ask.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::fault::Fault;
use crate::render::Pages;

/// No script at all, styles and images of our own, forms that search.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A longer address is refused: ids end at 998 bytes, which escaping makes three times as long.
const LONGEST_ADDRESS: usize = 8192;

/// Lets only GET and HEAD through, writes the pages of faults, answers "not modified", and adds the
/// headers of every answer.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = match *request.method() {
        _ if request.uri().to_string().len() > LONGEST_ADDRESS => {
            Fault::Wrong("This address is too long.".to_owned()).into_response()
        }
        Method::GET | Method::HEAD => next.run(request).await,
        _ => Fault::Method.into_response(),
    };
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        return refuse(&app.pages, &fault);
    }
    if response.status() == StatusCode::OK && is_known(known.as_ref(), response.headers()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    add_headers(response.headers_mut());
    response
}

/// The page of a fault.
pub(crate) fn refuse(pages: &Pages, fault: &Fault) -> Response {
    let mut response = pages.fault(fault).into_response();
    *response.status_mut() = fault.status();
    let headers = response.headers_mut();
    headers.remove(header::ETAG);
    if matches!(fault, Fault::Method) {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    add_headers(headers);
    response
}

/// Whether the browser has this answer (RFC 9110 section 13.1.2: tags are compared weakly).
fn is_known(known: Option<&HeaderValue>, headers: &HeaderMap) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let ours = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(strong);
    let Some((theirs, ours)) = known.and_then(|known| known.to_str().ok()).zip(ours) else {
        return false;
    };
    theirs.trim() == "*" || theirs.split(',').any(|tag| strong(tag) == ours)
}

fn add_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // What one reads is nobody's business: a link to elsewhere does not tell where it stood.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
