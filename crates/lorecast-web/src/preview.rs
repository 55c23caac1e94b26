//! A preview of the published folder: files and nothing else, for one reader on loopback.

use std::future::Future;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use camino::{Utf8Path, Utf8PathBuf};
use percent_encoding::percent_decode_str;
use thiserror::Error;
use tower_http::services::ServeDir;

/// The page for what is not there, when the site has none of its own.
const NOTHING: &str = "<!DOCTYPE html><title>Not found</title><h1>Not found</h1>";

/// Why the preview could not start, or stopped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WebError {
    /// There is nothing to show.
    #[error("cannot read `{path}`: {source}; run `lorecast publish` first")]
    Folder {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder has a name that is not UTF-8.
    #[error("`{0}` leads to a folder whose name is not UTF-8; publish to another one")]
    Name(Utf8PathBuf),
    /// The show.
    #[error(transparent)]
    Show(#[from] lorecast_desk::DeskError),
    /// A template of the pages, which a show may have of its own.
    #[error("a template below `web/` cannot be used: {0}; correct or delete it in `templates/`")]
    Template(Box<tera::Error>),
    /// The show wants passkeys of people whose browsers know none here.
    #[error(
        "`show.yaml` wants passkeys (`community: passkeys:`), and browsers know none at {0}: name an address with a host name and `https://` with `--url`, or leave the key out"
    )]
    NoPasskeys(String),
    /// A certificate, or its key.
    #[error(
        "`{path}` cannot be used for TLS: {why}; name a chain of certificates and its key, both in PEM"
    )]
    Certificate {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing can be measured.
    #[error("cannot measure: {0}")]
    Measures(String),
    /// The connection could not be served.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// A published folder that can be shown.
///
/// It answers GET and HEAD, with byte ranges (RFC 9110 section 14), `index.html` for a folder and
/// `404.html` for what is not there. Nothing outside the folder is served, whatever the path says
/// and wherever a link inside it leads, and no hidden file.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Its real path.
    root: Utf8PathBuf,
}

impl Preview {
    /// Of a folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(dir: &Utf8Path) -> Result<Self, WebError> {
        let root = std::fs::canonicalize(dir)
            .and_then(|root| std::fs::read_dir(&root).map(|_| root))
            .map_err(|source| WebError::Folder { path: dir.to_owned(), source })?;
        let root = Utf8PathBuf::from_path_buf(root).map_err(|_| WebError::Name(dir.to_owned()))?;
        Ok(Self { root })
    }

    /// Shows it on `listener` until `shutdown` resolves; downloads that are under way are finished first.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: tokio::net::TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), WebError> {
        axum::serve(listener, router(self.root))
            .with_graceful_shutdown(shutdown)
            .await
            .map_err(WebError::Serve)
    }
}

/// The files below a folder, whose path has to be the real one.
pub(crate) fn router(root: Utf8PathBuf) -> Router {
    let files = ServeDir::new(&root).ignore_multi_range_requests(true);
    Router::new().fallback_service(files).layer(middleware::from_fn_with_state(root, guard))
}

/// Lets only harmless requests through, and completes what the file service answers.
async fn guard(State(root): State<Utf8PathBuf>, request: Request, next: Next) -> Response {
    let head = request.method() == Method::HEAD;
    if !head && request.method() != Method::GET {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
        return guarded((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
    }
    let path = request.uri().clone();
    if !is_inside(&root, &path).await {
        return guarded(missing(&root, head).await);
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return guarded(missing(&root, head).await);
    }
    if matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type(path.path()));
    }
    guarded(response)
}

/// Whether the path, after links are followed, leads to something inside the folder that is not hidden.
pub(crate) async fn is_inside(root: &Utf8Path, uri: &Uri) -> bool {
    let Ok(path) = percent_decode_str(uri.path()).decode_utf8() else { return false };
    let Some(below) = path.strip_prefix('/') else { return false };
    let plain = |name: &str| !name.starts_with('.') && !name.contains(['\\', '\0']);
    // `//host/..` would be read as another host by a browser that follows a redirect.
    if below.starts_with('/') || below.contains("//") || !below.split('/').all(plain) {
        return false;
    }
    let real = tokio::fs::canonicalize(root.join(below)).await;
    real.is_ok_and(|real| real.starts_with(root) && !has_linked_index(root, &real))
}

/// A folder is answered with its `index.html`, which may be a link that leads outside.
fn has_linked_index(root: &Utf8Path, real: &Path) -> bool {
    let index = real.join("index.html");
    real.is_dir() && index.canonicalize().is_ok_and(|file| !file.starts_with(root))
}

/// The answer as long as there is no folder.
pub(crate) fn nothing() -> Response {
    let kind = [(header::CONTENT_TYPE, content_type("404.html"))];
    guarded((StatusCode::NOT_FOUND, kind, NOTHING).into_response())
}

async fn missing(root: &Utf8Path, head: bool) -> Response {
    let own = root.join("404.html");
    let inside = own.canonicalize_utf8().is_ok_and(|file| file.starts_with(root));
    let page = if inside { tokio::fs::read(own).await.ok() } else { None };
    let page = page.unwrap_or_else(|| NOTHING.into());
    let kind = [(header::CONTENT_TYPE, content_type("404.html"))];
    let body = if head { Body::empty() } else { Body::from(page) };
    (StatusCode::NOT_FOUND, kind, body).into_response()
}

/// The type by name: what podcast apps and browsers need, and nothing guessed from content.
fn content_type(path: &str) -> HeaderValue {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    HeaderValue::from_static(match (name, extension.as_deref()) {
        ("", _) | (_, Some("html")) => "text/html; charset=utf-8",
        ("feed.xml", _) => "application/rss+xml; charset=utf-8",
        ("chapters.json", _) => "application/json+chapters",
        (_, Some("css")) => "text/css; charset=utf-8",
        (_, Some("js")) => "text/javascript; charset=utf-8",
        (_, Some("json")) => "application/json",
        (_, Some("xml")) => "application/xml; charset=utf-8",
        (_, Some("txt")) => "text/plain; charset=utf-8",
        (_, Some("vtt")) => "text/vtt; charset=utf-8",
        (_, Some("srt")) => "application/x-subrip; charset=utf-8",
        (_, Some("mp3")) => "audio/mpeg",
        (_, Some("m4a")) => "audio/x-m4a",
        (_, Some("png")) => "image/png",
        (_, Some("jpg" | "jpeg")) => "image/jpeg",
        (_, Some("svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    })
}

/// A preview runs nothing that is not its own, in no frame, and is never kept by a browser.
pub(crate) fn guarded(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
        media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
