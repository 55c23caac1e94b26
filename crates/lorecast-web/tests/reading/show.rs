//! A show with a few mails, and what its pages say.

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use camino::Utf8Path;
use http_body_util::BodyExt;
use lorecast_desk::{Desk, Named, Scaffold, Silent};
use lorecast_testkit::mailbox::{MailText, mboxrd};
use lorecast_web::{Ending, Serving};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A show that is served; it is gone when dropped.
pub(crate) struct Show {
    dir: TempDir,
    router: Router,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Show {
    /// A show that has read these mails.
    pub(crate) fn of(mails: &[MailText]) -> Self {
        let show = Self::empty();
        show.ingest(mails);
        show
    }

    /// A show that has read nothing.
    pub(crate) fn empty() -> Self {
        Self::made(None)
    }

    /// A show that has read nothing, whose published site is at an address of its own.
    pub(crate) fn with_site(at: &str) -> Self {
        Self::made(Some(at.to_owned()))
    }

    fn made(site_at: Option<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap().join("show");
        let scaffold = Scaffold { title: "Kernel & Co", author: "A", url: "https://a.example/" };
        Desk::init(&root, &scaffold).unwrap();
        let url = "https://mail.example".to_owned();
        let community = Desk::open(&root, &Silent).unwrap().community().unwrap();
        let site = root.join("public");
        let own = site_at.iter().map(|url| {
            let (_, host) = url.split_once("://").unwrap();
            (host.to_owned(), lorecast_web::site(site.clone(), url))
        });
        let own: Vec<_> = own.collect();
        let ending = Ending::new().1;
        let serving = Serving { site, site_at, root, url, community, ending };
        let router = lorecast_web::shows(lorecast_web::router(serving).unwrap(), own);
        Self { dir, router }
    }

    pub(crate) fn ingest(&self, mails: &[MailText]) {
        let root = self.root();
        let file = root.join(format!("{}.mbox", mails.len()));
        let mails: Vec<Vec<u8>> = mails.iter().map(MailText::bytes).collect();
        std::fs::write(&file, mboxrd(&mails)).unwrap();
        let desk = Desk::open(&root, &Silent).unwrap();
        let report = desk.ingest(vec![Named::new(file.as_str(), None, None)]).unwrap();
        assert!(report.failures.is_empty(), "{:?}", report.failures);
    }

    pub(crate) fn root(&self) -> camino::Utf8PathBuf {
        Utf8Path::from_path(self.dir.path()).unwrap().join("show")
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[])
    }

    pub(crate) fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        runtime().block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = body.collect().await.unwrap().to_bytes().to_vec();
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }

    /// The status, and the words on the page.
    pub(crate) fn says(&self, path: &str) -> String {
        let answer = self.get(path);
        format!("{}\n{}", answer.status.as_u16(), answer.words())
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The words in the middle of a page, without tags and empty lines; links with their addresses.
    pub(crate) fn words(&self) -> String {
        let text = self.text();
        let main = text.split_once("<main").map_or(text.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let main = main.split_once('>').map_or(main, |(_, main)| main);
        let mut words = String::new();
        for part in main.split('<') {
            let (tag, behind) = part.split_once('>').unwrap_or(("", part));
            let address = tag.starts_with("a ").then(|| tag.split_once("href=\"")).flatten();
            if let Some((_, address)) = address {
                words.push_str(&format!("[{}]", address.split('"').next().unwrap()));
            }
            words.push_str(behind);
        }
        let unescaped = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        let unescaped = unescaped.replace("&#39;", "'").replace("&amp;", "&");
        let lines: Vec<&str> = unescaped.lines().map(str::trim_end).collect();
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}
