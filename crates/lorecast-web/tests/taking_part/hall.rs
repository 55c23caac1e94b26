//! A show whose pages people use, each with a browser of their own.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use camino::{Utf8Path, Utf8PathBuf};
use http_body_util::BodyExt;
use jiff::Timestamp;
use lorecast_community::{By, Role};
use lorecast_desk::{Community, Desk, Named, Scaffold, Silent};
use lorecast_testkit::mailbox::{MailText, mboxrd};
use lorecast_web::{Ending, Serving};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower::ServiceExt;

pub(crate) const STORY: &str = "/stories/1@x/";

const NOTES: &str = "# T\n\n## Memory\n\nAnn posted [one](https://lore.kernel.org/r/1@x/).\n\nNobody answered.\n\nBob posted [two](https://lore.kernel.org/r/2@x/).\n\nBye.\n";

const EPISODE: &str = "title: The <first> week\nwindow: {from: 2026-02-23, to: 2026-03-01}\nstories:\n- id: 1@x\n  section: mm\n  title: one\n  score: 12\n  reasons: [a series]\n- id: 2@x\n  section: mm\n  title: two\n  state: pinned\n  score: 30\ncredits:\n- A\n";

/// A show that is served; it is gone when dropped.
pub(crate) struct Hall {
    dir: Arc<TempDir>,
    pub(crate) root: Utf8PathBuf,
    pub(crate) community: Community,
    pub(crate) router: Router,
    end: watch::Sender<bool>,
}

/// Somebody's browser: it keeps the cookie that it was given, and knows the token of the page that it shows.
pub(crate) struct Browser<'a> {
    hall: &'a Hall,
    pub(crate) cookie: String,
    pub(crate) token: String,
    /// Cookies other than that of the session.
    pub(crate) others: BTreeMap<String, String>,
    pub(crate) sent_from: &'static str,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Hall {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// With providers, by their names and addresses. Their secret is in the environment already: cargo puts the name of the crate
    /// there, and a test cannot put another one.
    pub(crate) fn with(providers: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap().join("show");
        let scaffold = Scaffold { title: "Kernel & Co", author: "A", url: "https://a.example/" };
        Desk::init(&root, &scaffold).unwrap();
        let episode = root.join("episodes/2026-03-01");
        std::fs::create_dir_all(&episode).unwrap();
        std::fs::write(episode.join("episode.yaml"), EPISODE).unwrap();
        std::fs::write(episode.join("notes.md"), NOTES).unwrap();
        let yaml = std::fs::read_to_string(root.join("show.yaml")).unwrap();
        let mut mail =
            "community:\n  mail: [sh, -c, cat > sent]\n  from: show@host.example\n".to_owned();
        for (at, (name, issuer)) in providers.iter().enumerate() {
            let list = if at == 0 { "  providers:\n" } else { "" };
            mail.push_str(&format!(
                "{list}  - {{name: {name}, issuer: '{issuer}', client: the-show, secret_from: CARGO_PKG_NAME}}\n"
            ));
        }
        std::fs::write(root.join("show.yaml"), format!("{yaml}\n{mail}")).unwrap();
        Self::at(Arc::new(dir), root)
    }

    /// Another server of the same show.
    pub(crate) fn another(&self) -> Self {
        Self::at(Arc::clone(&self.dir), self.root.clone())
    }

    fn at(dir: Arc<TempDir>, root: Utf8PathBuf) -> Self {
        let community = Desk::open(&root, &Silent).unwrap().community().unwrap();
        let url = "https://mail.example".to_owned();
        let site = root.join("public");
        let (end, ending) = Ending::new();
        let serving = Serving {
            site,
            site_at: None,
            root: root.clone(),
            url,
            community: community.clone(),
            ending,
        };
        let router = lorecast_web::router(serving).unwrap();
        Self { dir, root, community, router, end }
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.root.join(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.root.join(name), text).unwrap();
    }

    /// Reads mails into the show.
    pub(crate) fn ingest(&self, mails: &[MailText]) {
        let files = std::fs::read_dir(&self.root).unwrap().count();
        let file = self.root.join(format!("{files}.mbox"));
        let mails: Vec<Vec<u8>> = mails.iter().map(MailText::bytes).collect();
        std::fs::write(&file, mboxrd(&mails)).unwrap();
        let desk = Desk::open(&self.root, &Silent).unwrap();
        let report = desk.ingest(vec![Named::new(file.as_str(), None, None)]).unwrap();
        assert!(report.failures.is_empty(), "{:?}", report.failures);
    }

    /// The server ends.
    pub(crate) fn ends(&self) {
        self.end.send(true).unwrap();
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        let router = self.router.clone();
        runtime().block_on(async {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            let body = body.collect().await.unwrap().to_bytes().to_vec();
            Answer {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8(body).unwrap(),
            }
        })
    }

    /// What comes back that is no text.
    pub(crate) fn bytes(&self, request: Request<Body>) -> (HeaderMap, Vec<u8>) {
        let router = self.router.clone();
        runtime().block_on(async {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            (parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
        })
    }

    /// Somebody who is not signed in.
    pub(crate) fn visitor(&self) -> Browser<'_> {
        let (cookie, token, others) = (String::new(), String::new(), BTreeMap::new());
        Browser { hall: self, cookie, token, others, sent_from: "same-origin" }
    }

    /// Somebody who was invited with a role.
    pub(crate) fn joins(&self, name: &str, role: Role) -> Browser<'_> {
        let key = self.community.invitation(By::Show, role, Timestamp::now()).unwrap();
        let mut browser = self.visitor();
        let entered = browser.post(&format!("/enter/{}", key.text()), &[("name", name)]);
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.words());
        browser.get("/me/");
        browser
    }
}

impl Browser<'_> {
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let answer = self.ask(Method::GET, path, String::new());
        let token = answer.text.split_once("name=\"token\" value=\"").map(|(_, rest)| rest);
        if let Some(token) = token.and_then(|rest| rest.split('"').next()) {
            token.clone_into(&mut self.token);
        }
        answer
    }

    /// Sends a form of the page that is shown.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", &self.token);
        form.extend_pairs(fields);
        self.ask(Method::POST, path, form.finish())
    }

    /// Sends a form with files of the page that is shown: fields with a name, and files with the name of a field and their own.
    pub(crate) fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        const BETWEEN: &str = "a-line-that-no-recording-has";
        let mut body = Vec::new();
        let token = self.token.clone();
        let part = |body: &mut Vec<u8>, about: String, bytes: &[u8]| {
            let head = format!("--{BETWEEN}\r\nContent-Disposition: form-data; {about}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in [("token", token.as_str())].iter().chain(fields) {
            part(&mut body, format!("name=\"{name}\""), value.as_bytes());
        }
        for (name, bytes) in files {
            part(&mut body, format!("name=\"recording\"; filename=\"{name}\""), bytes);
        }
        body.extend_from_slice(format!("--{BETWEEN}--\r\n").as_bytes());
        let request = Request::builder().method(Method::POST).uri(path);
        let request = request
            .header("sec-fetch-site", self.sent_from)
            .header("cookie", &self.cookie)
            .header("content-type", format!("multipart/form-data; boundary={BETWEEN}"));
        self.hall.send(request.body(Body::from(body)).unwrap())
    }

    /// What a player gets of a recording: status, headers and bytes.
    pub(crate) fn hears(&self, path: &str, range: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::builder().uri(path).header("cookie", &self.cookie);
        let request = if range.is_empty() { request } else { request.header("range", range) };
        let request = request.header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        let router = self.hall.router.clone();
        runtime().block_on(async {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            let body = body.collect().await.unwrap().to_bytes().to_vec();
            (parts.status, parts.headers, body)
        })
    }

    /// Sends a form and follows where it leads; the status and the words of what is there.
    pub(crate) fn sends(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields);
        match answer.headers.get("location") {
            Some(place) => {
                let place = place.to_str().unwrap().to_owned();
                format!("{} {place}\n{}", answer.status.as_u16(), self.get(&place).words())
            }
            None => format!("{}\n{}", answer.status.as_u16(), answer.words()),
        }
    }

    pub(crate) fn says(&mut self, path: &str) -> String {
        let answer = self.get(path);
        format!("{}\n{}", answer.status.as_u16(), answer.words())
    }

    fn ask(&mut self, method: Method, path: &str, body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("sec-fetch-site", self.sent_from);
        request = request.header("content-type", "application/x-www-form-urlencoded");
        let others = self.others.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies: Vec<String> = [self.cookie.clone()].into_iter().chain(others).collect();
        request = request.header("cookie", cookies.join("; "));
        let request = request.body(Body::from(body)).unwrap();
        let answer = self.hall.send(request);
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            match pair.split_once('=').unwrap() {
                ("__Host-lorecast", _) => pair.clone_into(&mut self.cookie),
                (name, "") => drop(self.others.remove(name)),
                (name, value) => drop(self.others.insert(name.to_owned(), value.to_owned())),
            }
        }
        answer
    }
}

impl Answer {
    /// The words in the middle of a page, without tags and empty lines; what stands in text areas included.
    pub(crate) fn words(&self) -> String {
        let main = self.text.split_once("<main").map_or(self.text.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let main = main.split_once('>').map_or(main, |(_, main)| main);
        let mut words = String::new();
        for part in main.split('<') {
            words.push_str(part.split_once('>').unwrap_or(("", part)).1);
        }
        let words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        let words = words.replace("&#39;", "'").replace("&amp;", "&");
        let lines = words.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// The link in the mail that was sent last.
pub(crate) fn mailed_link(hall: &Hall) -> String {
    let mail = hall.read("sent");
    mail.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap().to_owned()
}

/// The number that a page shows for other browsers.
pub(crate) fn shown_number(page: &str) -> String {
    let number = page.split_once("for this number: ").map(|(_, rest)| &rest[..4]);
    number.unwrap_or_else(|| panic!("no number: {page}")).to_owned()
}

/// Without that number.
pub(crate) fn unnumbered(page: &str) -> String {
    page.replace(&shown_number(page), "NNNN")
}

/// Without the time at which the test runs; mails are older.
pub(crate) fn undated(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("20") {
        let day = rest.get(at..at + 10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
        let (stamp, end) = match day.filter(|day| day.year() > 2023) {
            Some(_) => ("NOW", at + 16),
            None => ("20", at + 2),
        };
        out.push_str(&rest[..at]);
        out.push_str(stamp);
        rest = rest.get(end..).unwrap_or_default();
    }
    out + rest
}
