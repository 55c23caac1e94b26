//! A web server on loopback that serves git repositories, through git's own git-http-backend(1),
//! and the files beside them.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use camino::{Utf8Path, Utf8PathBuf};

use crate::git;

/// A running server; it ends when it is dropped.
pub struct Server {
    /// `http://127.0.0.1:PORT/`, or the same with `git`.
    pub url: String,
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Serves a folder over http.
///
/// # Panics
/// When loopback or git is missing.
pub fn serve(root: &Utf8Path) -> Server {
    start("http", root, answer)
}

/// Serves the repositories in a folder over git's own protocol, through git-daemon(1).
///
/// # Panics
/// When loopback or git is missing.
pub fn serve_git(root: &Utf8Path) -> Server {
    start("git", root, |connection, root| {
        let talk = (connection.try_clone()?, connection);
        Command::new("git")
            .envs(git::HERMETIC)
            .args(["daemon", "--inetd", "--export-all", "--informative-errors"])
            .arg(format!("--base-path={root}"))
            .stdin(OwnedFd::from(talk.0))
            .stdout(OwnedFd::from(talk.1))
            .stderr(Stdio::null())
            .status()
            .map(drop)
    })
}

fn start(
    scheme: &str,
    root: &Utf8Path,
    answer: fn(TcpStream, &Utf8Path) -> io::Result<()>,
) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stop, root) = (Arc::new(AtomicBool::new(false)), root.to_owned());
    let stopped = stop.clone();
    let thread = thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            if stopped.load(Ordering::SeqCst) {
                return;
            }
            let root = root.clone();
            // Whoever hangs up early is not served, which the other side notices.
            thread::spawn(move || answer(connection, &root).ok());
        }
    });
    Server { url: format!("{scheme}://{address}/"), address, stop, thread: Some(thread) }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.thread.take().map(JoinHandle::join);
    }
}

/// One request, as much of it as git needs.
struct Request {
    method: String,
    path: String,
    query: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

fn answer(mut connection: TcpStream, root: &Utf8Path) -> io::Result<()> {
    let request = Request::read(&mut BufReader::new(connection.try_clone()?))?;
    let file = root.join(request.path.trim_start_matches('/'));
    let response = match request.path.contains("..") {
        false if file.is_file() && request.path.ends_with(".js.gz") => {
            [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", fs::read(file)?.as_slice()].concat()
        }
        _ => response(&cgi(&request, root)?),
    };
    connection.write_all(&response)
}

/// What git-http-backend(1) says to a request (RFC 3875).
fn cgi(request: &Request, root: &Utf8Path) -> io::Result<Vec<u8>> {
    let folder = String::from_utf8_lossy(&git::run(root, &["--exec-path"], b"")).trim().to_owned();
    let mut child = Command::new(Utf8PathBuf::from(folder).join("git-http-backend"))
        .envs(git::HERMETIC)
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", &request.method)
        .env("PATH_INFO", &request.path)
        .env("QUERY_STRING", &request.query)
        .env("CONTENT_TYPE", request.field("content-type"))
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", request.field("content-encoding"))
        .env("GIT_PROTOCOL", request.field("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&request.body)?;
    }
    Ok(child.wait_with_output()?.stdout)
}

/// The answer of a CGI program as one of HTTP.
fn response(cgi: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(&cgi[..cgi.len().min(200)]).into_owned();
    let status = text.strip_prefix("Status: ").and_then(|rest| rest.lines().next());
    let status = format!("HTTP/1.1 {}\r\nConnection: close\r\n", status.unwrap_or("200 OK"));
    [status.as_bytes(), cgi].concat()
}

impl Request {
    fn read(input: &mut impl BufRead) -> io::Result<Self> {
        let mut line = String::new();
        input.read_line(&mut line)?;
        let mut words = line.split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let (path, query) = (path.to_owned(), query.to_owned());
        let mut request = Self { method, path, query, fields: Vec::new(), body: Vec::new() };
        loop {
            let mut line = String::new();
            input.read_line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else { break };
            request.fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = request.field("content-length").parse().unwrap_or(0);
        input.take(length).read_to_end(&mut request.body)?;
        Ok(request)
    }

    fn field(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map_or("", |(_, value)| value)
    }
}
