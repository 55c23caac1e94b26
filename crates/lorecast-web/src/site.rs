//! Where the published site is: beside the pages, or at a host of its own.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use camino::{Utf8Path, Utf8PathBuf};
use tower::ServiceExt;

use crate::address::is_ours;
use crate::app::App;
use crate::fault::Fault;
use crate::guard;
use crate::preview;
use crate::who::You;

/// The published site of a show alone, for a host of its own: files to read at the paths that its feed names. No page is there, no form
/// is taken, and no cookie is read or set. `folder` may not be there yet, and `url` is where readers find it.
pub fn site(folder: Utf8PathBuf, url: &str) -> Router {
    let alone = Alone { folder, is_secure: url.starts_with("https://") };
    Router::new().fallback(at_own_host).with_state(Arc::new(alone))
}

/// A published folder that has a host to itself.
struct Alone {
    folder: Utf8PathBuf,
    is_secure: bool,
}

async fn at_own_host(State(alone): State<Arc<Alone>>, request: Request) -> Response {
    let mut response = match published_folder(&alone.folder) {
        Some(root) => files(root, request).await,
        None => preview::nothing(),
    };
    if alone.is_secure {
        let headers = response.headers_mut();
        headers.insert(header::STRICT_TRANSPORT_SECURITY, guard::ALWAYS_TLS);
    }
    response
}

/// The published site below `/site/`, as it is at the moment: `publish` puts another folder in its place.
pub(crate) async fn below_site(State(app): State<Arc<App>>, request: Request) -> Response {
    match (published_folder(app.site()), app.site_at()) {
        (Some(_), Some(host)) => there(host, &request),
        (Some(root), None) => files(root, request).await,
        (None, _) => {
            let missing = "Nothing was published yet: run `lorecast publish`.";
            guard::refuse(&app.pages, &Fault::Nothing(missing.to_owned()), &You::nobody())
        }
    }
}

/// A podcast app finds what is published at the addresses that feeds name, which begin at the root. It goes before mail,
/// but not before the pages that name no mail.
pub(crate) async fn at_root(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let own = is_ours(request.uri().path());
    match app.site().canonicalize_utf8() {
        Ok(root) if !own && preview::is_inside(&root, request.uri()).await => match app.site_at() {
            Some(host) => there(host, &request),
            None => files(root, request).await,
        },
        _ => next.run(request).await,
    }
}

/// The real path of a published folder. One that a publication left behind which was refused is no site.
fn published_folder(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    folder.canonicalize_utf8().ok().filter(|root| root.join("index.html").is_file())
}

async fn files(root: Utf8PathBuf, request: Request) -> Response {
    let Ok(response) = preview::router(root).oneshot(request).await;
    response
}

/// Leads to the same path at the site's own host, for good: apps keep asking for addresses that a feed named once.
fn there(host: &str, request: &Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    preview::guarded(Redirect::permanent(&format!("{host}{path}")).into_response())
}
