//! The example for nginx in `scripts/`, asked as a podcast app asks.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

const EXAMPLE: &str = include_str!("../../../scripts/nginx.conf");

/// nginx on a free port, with a few files; it ends when it is dropped.
struct Nginx {
    child: Child,
    port: u16,
    /// It dies when nobody listens to what it says.
    _said: BufReader<ChildStderr>,
}

impl Nginx {
    fn start(folder: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let root = folder.display().to_string();
        let site = EXAMPLE
            .replace("/srv/show", &format!("{root}/show"))
            .replace("listen 8080", &format!("listen 127.0.0.1:{port}"));
        fs::write(folder.join("site.conf"), site).unwrap();
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let places = places.map(|name| format!("{name}_temp_path {root}/{name};\n")).concat();
        let all = format!(
            "daemon off; pid {root}/pid; error_log stderr notice; events {{}}\nhttp {{ types {{ \
             text/html html; audio/mpeg mp3; image/png png; }}\naccess_log off; {places} \
             include {root}/site.conf; }}\n"
        );
        fs::write(folder.join("nginx.conf"), all).unwrap();
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
        nginx.args(["-g", "master_process off;"]).stdout(Stdio::null());
        let mut child = nginx.stderr(Stdio::piped()).spawn().ok()?;
        // It says how it waits once it listens.
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let starts =
            said.by_ref().lines().map_while(Result::ok).any(|line| line.contains("event method"));
        assert!(starts, "nginx does not start");
        Some(Self { child, port, _said: said })
    }

    /// The status and the headers that matter, then the body.
    fn ask(&self, path: &str, header: &str) -> String {
        let mut server = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // A byte too many would reset the connection.
        let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
        write!(server, "GET {path} HTTP/1.0\r\n{header}\r\n").unwrap();
        let mut answer = String::new();
        server.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let wanted = ["HTTP", "Content-Type", "Cache", "Access", "Content-Range"];
        let lines = head.lines().filter(|line| wanted.iter().any(|want| line.starts_with(want)));
        lines.chain([body]).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn the_example_for_nginx_serves_ranges_and_answers_what_apps_ask() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join("show").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("media/a.mp3", "ID3 0123456789");
    put("feed.xml", "<rss/>");
    put("episodes/1/chapters.json", "{}");
    put("icon-0a1b2c3d.png", "png");
    put(".lorecast-files", "feed.xml");
    let Some(nginx) = Nginx::start(folder.path()) else {
        eprintln!("SKIPPED: nginx is not installed; `scripts/test install` does that");
        return;
    };
    insta::assert_snapshot!(nginx.ask("/media/a.mp3", "Range: bytes=4-7"), @r"
    HTTP/1.1 206 Partial Content
    Content-Type: audio/mpeg
    Cache-Control: public, max-age=31536000, immutable
    Access-Control-Allow-Origin: *
    Content-Range: bytes 4-7/14
    0123
    ");
    insta::assert_snapshot!(nginx.ask("/episodes/1/chapters.json", "Accept: */*"), @r"
    HTTP/1.1 200 OK
    Content-Type: application/json+chapters
    Cache-Control: public, max-age=300
    Access-Control-Allow-Origin: *
    {}
    ");
    insta::assert_snapshot!(nginx.ask("/icon-0a1b2c3d.png", "Accept: */*"), @r"
    HTTP/1.1 200 OK
    Content-Type: image/png
    Cache-Control: public, max-age=31536000, immutable
    png
    ");
    let feed = nginx.ask("/feed.xml", "Accept: */*");
    assert!(
        feed.contains("application/rss+xml; charset=utf-8\nCache-Control: public, max-age=60\n"),
        "{feed}"
    );
    let later = "If-Modified-Since: Fri, 31 Dec 2100 00:00:00 GMT";
    assert!(nginx.ask("/feed.xml", later).starts_with("HTTP/1.1 200"));
    let now = fs::metadata(folder.path().join("show/feed.xml")).unwrap().modified().unwrap();
    let now = jiff::Timestamp::try_from(now).unwrap().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let same = nginx.ask("/feed.xml", &format!("If-Modified-Since: {now}"));
    assert!(same.starts_with("HTTP/1.1 304"), "{same}");
    assert!(nginx.ask("/.lorecast-files", "Accept: */*").starts_with("HTTP/1.1 404"));
}
