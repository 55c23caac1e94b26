//! What every answer carries, and what no request may ask.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::app::App;
use crate::fault::Fault;
use crate::render::Pages;
use crate::who::You;

/// Scripts, styles and images of our own and from nowhere else, none of them inside pages.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A longer address is refused: ids end at 998 bytes, which escaping makes three times as long.
const LONGEST_ADDRESS: usize = 8192;

/// Whoever came over TLS comes back over TLS for a year (RFC 6797).
pub(crate) const ALWAYS_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What may be done with an address that is only read.
const READ: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// Writes the pages of faults, answers "not modified", and adds the headers of every answer. What is refused is logged,
/// with the number of the account and nothing else that says who it was.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let you = You::known_anywhere(&app, request.headers()).await;
    you.stays(&app);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = match method {
        _ if request.uri().to_string().len() > LONGEST_ADDRESS => {
            Fault::Wrong("This address is too long.".to_owned()).into_response()
        }
        Method::GET | Method::HEAD | Method::POST => next.run(request).await,
        _ => Fault::Method.into_response(),
    };
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        response = told(&app, fault, &you, &path);
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = response.headers().get(header::ALLOW).cloned();
        response = told(&app, Fault::Method, &you, &path);
        allowed.map(|allowed| response.headers_mut().insert(header::ALLOW, allowed));
    } else if response.status() == StatusCode::OK && is_known(known.as_ref(), response.headers()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    let status = response.status();
    if is_refusal(status, &path) {
        // A page and what is done there; ids and keys stay out.
        let mut parts = path.trim_matches('/').split('/');
        let (page, task) = (
            parts.next().unwrap_or_default(),
            parts.next_back().filter(|_| method == Method::POST),
        );
        let task = task
            .filter(|task| task.len() < 20 && task.bytes().all(|byte| byte.is_ascii_lowercase()));
        let account = you.account().map(|id| id.0.0);
        tracing::warn!(status = status.as_u16(), account, page, task, "refused");
    }
    add_headers(response.headers_mut());
    own_headers(&app, &you, &path, response.headers_mut());
    response
}

/// Somebody tried what they may not, or a way in that leads nowhere.
fn is_refusal(status: StatusCode, path: &str) -> bool {
    let refusals = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    refusals.contains(&status) || status == StatusCode::NOT_FOUND && path.starts_with("/enter/")
}

/// A fault as who asks can read it.
fn told(app: &App, fault: Fault, you: &You, path: &str) -> Response {
    if !path.starts_with("/api/") {
        return refuse(&app.pages, &fault, you);
    }
    let is_method = matches!(fault, Fault::Method);
    let mut response = Problem::from(fault).into_response();
    if is_method {
        response.headers_mut().insert(header::ALLOW, READ);
    }
    response
}

/// The page of a fault.
pub(crate) fn refuse(pages: &Pages, fault: &Fault, you: &You) -> Response {
    let mut response = pages.fault(fault, you).into_response();
    *response.status_mut() = fault.status();
    let headers = response.headers_mut();
    headers.remove(header::ETAG);
    if matches!(fault, Fault::Method) {
        headers.insert(header::ALLOW, READ);
    }
    add_headers(headers);
    response
}

/// Where somebody may record: the page asks for the microphone of who uses it, and no page in it may.
fn records(path: &str) -> bool {
    path.starts_with("/stories/") || path.starts_with("/produce/") && path.ends_with("/sound")
}

/// Nobody else's cache keeps what only who is signed in may see, and no cache at all what is secret.
fn own_headers(app: &App, you: &You, path: &str, headers: &mut HeaderMap) {
    let secret = [
        "/me/",
        "/accounts/",
        "/enter/",
        "/following/",
        "/sign-in",
        "/unsubscribe/",
        "/api/v1/me",
        "/api/v1/following",
    ]
    .iter()
    .any(|page| path.starts_with(page));
    let cache = match you.session {
        _ if secret => Some("no-store"),
        Some(_) => Some("private, no-cache"),
        None => None,
    };
    cache.map(|cache| headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache)));
    if records(path) {
        let own = HeaderValue::from_static("camera=(), geolocation=(), microphone=(self)");
        headers.insert(HeaderName::from_static("permissions-policy"), own);
    }
    if app.at("").starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ALWAYS_TLS);
    }
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
