//! Which address leads to which page.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::{get, post};
use camino::{Utf8Path, Utf8PathBuf};
use lorecast_community::{AccountId, Acting, By, Role};
use lorecast_desk::{Community, Desk, Passkeys, Providers, Silent, passkeys_from};
use tokio::sync::watch;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::address::{OfMail, of_mail, of_thread};
use crate::answer::Answer;
use crate::api::{self, Events};
use crate::everybody::Everybody;
use crate::fault::Fault;
use crate::guard::guard;
use crate::kept::Kept;
use crate::limits::Limits;
use crate::pages::{self, Printed};
use crate::preview::WebError;
use crate::producing;
use crate::readers::Readers;
use crate::render::Pages;
use crate::site;
use crate::sound::{self, Studio};
use crate::taking_part;

/// A show to serve.
#[derive(Clone)]
pub struct Serving {
    /// The show's folder.
    pub root: Utf8PathBuf,
    /// Where readers find the server, as it stands in feeds: `https://mail.example`. No path.
    pub url: String,
    /// The folder of the published site; it may not be there yet.
    pub site: Utf8PathBuf,
    /// Where readers find the published site, when it is served at a host of its own ([`crate::site()`]): `https://pod.example`. Pages
    /// lead there, and answer nothing of it themselves.
    pub site_at: Option<String>,
    /// What people do for the show.
    pub community: Community,
    /// When to end what would go on for ever.
    pub ending: Ending,
}

/// The other end of a switch: once it is thrown, streams of events end, and with them the last connections.
#[derive(Clone)]
pub struct Ending(pub(crate) watch::Receiver<bool>);

impl Ending {
    /// A switch to throw (send `true`), and its other end.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }
}

/// What every page needs.
pub(crate) struct App {
    pub(crate) pages: Arc<Pages>,
    pub(crate) readers: Arc<Readers>,
    pub(crate) community: Community,
    pub(crate) limits: Limits,
    pub(crate) events: Events,
    pub(crate) studio: Studio,
    /// What checks passkeys, where browsers know them.
    pub(crate) passkeys: Option<Passkeys>,
    /// The first role whose rights need a session that began with a passkey.
    passkeys_from: Option<Role>,
    pub(crate) providers: Arc<Providers>,
    pub(crate) everybody: Everybody,
    /// Pages of threads.
    pub(crate) threads: Kept<Printed>,
    root: Utf8PathBuf,
    url: String,
    site: Utf8PathBuf,
    site_at: Option<String>,
}

impl App {
    /// The whole address of a path.
    pub(crate) fn at(&self, path: &str) -> String {
        self.elsewhere(path).unwrap_or_else(|| format!("{}{path}", self.url))
    }

    /// A path as pages lead to it: what is below `/site/` may be at a host of its own.
    pub(crate) fn link(&self, path: &str) -> String {
        self.elsewhere(path).unwrap_or_else(|| path.to_owned())
    }

    fn elsewhere(&self, path: &str) -> Option<String> {
        let (host, path) = self.site_at().zip(path.strip_prefix("/site/"))?;
        Some(format!("{host}/{path}"))
    }

    /// An account at work, itself or by a program: in a session that began with a passkey or not, or with a key that was made in one.
    pub(crate) fn acting(&self, account: AccountId, passkey: bool) -> Acting {
        let out_of_reach = self.passkeys_from.filter(|_| !passkey);
        Acting { by: By::Account(account), out_of_reach }
    }

    /// Lets `work` use the show's files, on a thread that may wait for the disk.
    ///
    /// # Errors
    /// When the show cannot be opened, or `work` fails.
    pub(crate) async fn desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let root = self.root.clone();
        let done = tokio::task::spawn_blocking(move || work(&Desk::open(&root, &Silent)?));
        done.await.unwrap_or_else(|panic| Err(Fault::ours(panic)))
    }

    /// The folder of the published site.
    pub(crate) fn site(&self) -> &Utf8Path {
        &self.site
    }

    /// The host of its own that the published site has, if it has one.
    pub(crate) fn site_at(&self) -> Option<&str> {
        self.site_at.as_deref()
    }

    /// Whether there is a site to show.
    pub(crate) fn is_published(&self) -> bool {
        self.site.join("index.html").is_file()
    }
}

/// All pages of a show: its mail, what people do with it, and what is published, below `/site/` and at the addresses that its feed names.
///
/// # Errors
/// When the show or a template cannot be read.
pub fn router(serving: Serving) -> Result<Router, WebError> {
    let desk = Desk::open(&serving.root, &Silent)?;
    let show = desk.show()?;
    let site_at = serving.site_at.map(|url| url.trim_end_matches('/').to_owned());
    let pages = Pages::new(&desk.templates()?, &show, site_at.as_deref())?;
    let providers = Providers::of(&show, |variable| std::env::var(variable).ok())?;
    let (known, passkeys_from) = (Passkeys::at(&serving.url), passkeys_from(&show));
    if passkeys_from.is_some() && known.is_none() {
        return Err(WebError::NoPasskeys(serving.url));
    }
    let community = serving.community;
    let readers = Arc::new(Readers::new(serving.root.clone()));
    readers.open_first();
    let app = Arc::new(App {
        pages: Arc::new(pages),
        readers,
        community,
        limits: Limits::new(),
        events: Events::new(serving.ending.0),
        studio: Studio::new(),
        passkeys: known,
        passkeys_from,
        providers: Arc::new(providers),
        everybody: Everybody::default(),
        threads: Kept::new(),
        root: serving.root,
        url: serving.url.trim_end_matches('/').to_owned(),
        site: serving.site,
        site_at,
    });
    let mail = Router::new()
        .route("/", get(taking_part::home))
        .route("/latest", get(pages::latest))
        .route("/search", get(pages::search))
        .route("/mail.css", get(style))
        .route("/live.js", get(script))
        .route("/robots.txt", get(robots))
        .route("/health", get(health))
        .route("/series/{id}/", get(pages::series))
        .route("/series/{id}/interdiff", get(pages::interdiff))
        .route("/series/{id}/atom.xml", get(pages::series_feed))
        .route("/people", get(to_people))
        .route("/people/", get(pages::people))
        .route("/people/{id}/", get(pages::person))
        .route("/people/{id}/mails.atom", get(pages::person_feed))
        .route("/people/{id}/spoken", get(pages::spoken))
        .route("/{id}", get(to_mail))
        .route("/{id}/", get(pages::mail))
        .route("/{id}/t", get(to_thread))
        .route("/{id}/t/", get(pages::thread))
        .route("/{id}/T/", get(to_thread))
        .route("/{id}/annotate", post(pages::annotate))
        .route("/entries/{number}/retract", post(pages::retract))
        .route("/mark.js", get(mark))
        .route("/passkeys.js", get(passkeys))
        .route("/{id}/writer", get(pages::writer))
        .route("/{id}/raw", get(pages::raw))
        .route("/{id}/t.mbox.gz", get(pages::mbox))
        .route("/{id}/t.atom", get(pages::thread_feed))
        .merge(taking_part::routes())
        .merge(producing::routes())
        .merge(sound::routes())
        .merge(api::routes())
        .fallback(no_page)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard))
        .layer(compression())
        .layer(middleware::from_fn_with_state(Arc::clone(&app), site::at_root));
    let site = Router::new().fallback(site::below_site).with_state(Arc::clone(&app));
    Ok(mail.nest_service("/site", site).with_state(app))
}

/// Pages are compressed while they are sent: at the fastest level, which takes half of the bytes off
/// already and least of the time.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth = SizeAbove::new(1024)
        .and(NotForContentType::const_new("application/gzip"))
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::SSE);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth)
}

/// For whoever watches the server: whether it can read the show and what people did.
async fn health(State(app): State<Arc<App>>) -> Result<Answer, Fault> {
    let entries = app.community.look(|commons| commons.last());
    app.desk(|desk| Ok(desk.show()?)).await?;
    let text = format!("ok, {entries} entries\n");
    Ok(Answer::new("text/plain; charset=utf-8", text.into_bytes()))
}

async fn style(State(app): State<Arc<App>>) -> Answer {
    app.pages.style()
}

async fn script(State(app): State<Arc<App>>) -> Answer {
    app.pages.script("web/live.js")
}

async fn mark(State(app): State<Arc<App>>) -> Answer {
    app.pages.script("web/mark.js")
}

async fn passkeys(State(app): State<Arc<App>>) -> Answer {
    app.pages.script("web/passkeys.js")
}

/// Robots read threads and leave alone what is made of them anew for each address.
async fn robots() -> Answer {
    let text = "User-agent: *\nDisallow: /search\nDisallow: /enter/\nDisallow: /sign-in\nDisallow: /following/\nDisallow: /unsubscribe/\nDisallow: /*/writer\nDisallow: /*/raw\nDisallow: /*/t.mbox.gz\n\
                Disallow: /*/interdiff\n";
    Answer::new("text/plain; charset=utf-8", text.into())
}

async fn to_mail(OfMail(id): OfMail) -> Redirect {
    Redirect::permanent(&of_mail(&id))
}

async fn to_people() -> Redirect {
    Redirect::permanent("/people/")
}

/// Addresses of lore that show a thread.
async fn to_thread(OfMail(id): OfMail) -> Redirect {
    Redirect::permanent(&of_thread(&id))
}

async fn no_page() -> Fault {
    Fault::NoPage
}
