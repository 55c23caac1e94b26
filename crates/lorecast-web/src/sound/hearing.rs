//! A recording on its way out: byte ranges, and a type that is only sound.

use std::path::Path;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeFile;

/// A file, for a browser that plays it (RFC 9110 section 14). Opened as a page, it is saved.
pub(super) async fn hearing(path: &Path, name: &str, request: Request<Body>) -> Response {
    let Ok(served) = ServeFile::new(path).oneshot(request).await;
    let mut response = served.into_response();
    let headers = response.headers_mut();
    if headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, kind(name));
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = name.chars().take(100).map(plain).collect();
    let disposition = format!("attachment; filename=\"{}\"", name.trim_start_matches('.'));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// By its name, of which the studio knows the endings; nothing is guessed from what it holds.
fn kind(name: &str) -> HeaderValue {
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase());
    HeaderValue::from_static(match ending.as_str() {
        "wav" | "wave" => "audio/wav",
        "flac" => "audio/flac",
        "mp3" => "audio/mpeg",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "m4a" | "mp4" => "audio/mp4",
        "aac" => "audio/aac",
        "aiff" | "aif" => "audio/aiff",
        "webm" | "mka" => "audio/webm",
        _ => "application/octet-stream",
    })
}
