//! Which address leads to which page.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{Redirect, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use camino::Utf8PathBuf;
use lorecast_desk::{Desk, Silent};
use tower::ServiceExt;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::address::{OfMail, of_mail, of_thread};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::guard::{self, guard};
use crate::pages;
use crate::preview::{self, WebError};
use crate::readers::Readers;
use crate::render::Pages;

/// A show to serve.
#[derive(Clone, Debug)]
pub struct Serving {
    /// The show's folder.
    pub root: Utf8PathBuf,
    /// Where readers find the server, as it stands in feeds: `https://mail.example`. No path.
    pub url: String,
    /// The folder of the published site; it may not be there yet.
    pub site: Utf8PathBuf,
}

/// What every page needs.
pub(crate) struct App {
    pub(crate) pages: Arc<Pages>,
    pub(crate) readers: Arc<Readers>,
    url: String,
    site: Utf8PathBuf,
}

impl App {
    /// The whole address of a path.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Whether there is a site to show.
    pub(crate) fn is_published(&self) -> bool {
        self.site.join("index.html").is_file()
    }
}

/// Serves pages on `listener` until `shutdown` resolves; answers that are under way are finished first.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    pages: Router,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WebError> {
    // A page goes out at once: on a connection that stays open, the last bytes would wait for an answer.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let served = axum::serve(listener, pages).with_graceful_shutdown(shutdown);
    served.await.map_err(WebError::Serve)
}

/// All pages of a show: its mail, and what is published, below `/site/` and at the addresses that its feed names.
///
/// # Errors
/// When the show or a template cannot be read.
pub fn router(serving: Serving) -> Result<Router, WebError> {
    let desk = Desk::open(&serving.root, &Silent)?;
    let pages = Pages::new(&desk.templates()?, &desk.show()?)?;
    let app = Arc::new(App {
        pages: Arc::new(pages),
        readers: Arc::new(Readers::new(serving.root)),
        url: serving.url.trim_end_matches('/').to_owned(),
        site: serving.site,
    });
    let mail = Router::new()
        .route("/", get(pages::home))
        .route("/search", get(pages::search))
        .route("/mail.css", get(style))
        .route("/robots.txt", get(robots))
        .route("/series/{id}/", get(pages::series))
        .route("/series/{id}/interdiff", get(pages::interdiff))
        .route("/series/{id}/atom.xml", get(pages::series_feed))
        .route("/{id}", get(to_mail))
        .route("/{id}/", get(pages::mail))
        .route("/{id}/t", get(to_thread))
        .route("/{id}/t/", get(pages::thread))
        .route("/{id}/T/", get(to_thread))
        .route("/{id}/raw", get(pages::raw))
        .route("/{id}/t.mbox.gz", get(pages::mbox))
        .route("/{id}/t.atom", get(pages::thread_feed))
        .fallback(no_page)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard))
        .layer(compression())
        .layer(middleware::from_fn_with_state(Arc::clone(&app), published));
    let site = Router::new().fallback(site).with_state(Arc::clone(&app));
    Ok(mail.nest_service("/site", site).with_state(app))
}

/// Pages are compressed while they are sent: at the fastest level, which takes half of the bytes off
/// already and least of the time.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth = SizeAbove::new(1024).and(NotForContentType::const_new("application/gzip"));
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth)
}

async fn style(State(app): State<Arc<App>>) -> Answer {
    app.pages.style()
}

/// Robots read threads and leave alone what is made of them anew for each address.
async fn robots() -> Answer {
    let text = "User-agent: *\nDisallow: /search\nDisallow: /*/raw\nDisallow: /*/t.mbox.gz\n\
                Disallow: /*/interdiff\n";
    Answer::new("text/plain; charset=utf-8", text.into())
}

async fn to_mail(OfMail(id): OfMail) -> Redirect {
    Redirect::permanent(&of_mail(&id))
}

/// Addresses of lore that show a thread.
async fn to_thread(OfMail(id): OfMail) -> Redirect {
    Redirect::permanent(&of_thread(&id))
}

async fn no_page() -> Fault {
    Fault::NoPage
}

/// A podcast app finds what is published at the addresses that feeds name, which begin at the root. It goes before mail,
/// but not before the pages that name no mail.
async fn published(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let own = ["/", "/search", "/robots.txt"].contains(&request.uri().path());
    match app.site.canonicalize_utf8() {
        Ok(root) if !own && preview::is_inside(&root, request.uri()).await => {
            let Ok(response) = preview::router(root).oneshot(request).await;
            response
        }
        _ => next.run(request).await,
    }
}

/// The published site, as it is at the moment: `publish` puts another folder in its place.
async fn site(State(app): State<Arc<App>>, request: Request) -> Response {
    let Ok(root) = app.site.canonicalize_utf8() else {
        let missing = "Nothing was published yet: run `lorecast publish`.";
        return guard::refuse(&app.pages, &Fault::Nothing(missing.to_owned()));
    };
    let Ok(response) = preview::router(root).oneshot(request).await;
    response
}
