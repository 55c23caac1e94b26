//! A web server of ours that does everything right, unless it is told to do one thing wrong.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::world::Files;

pub struct Request {
    pub method: String,
    pub path: String,
    headers: BTreeMap<String, String>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<&'static str, String>,
    pub body: Vec<u8>,
}

/// What a server does wrong.
pub type Quirk = Box<dyn Fn(&Request, &mut Answer) + Send + Sync>;

/// Serves a site at an address of this machine for as long as the tests run, and returns the address.
/// The site must not know its address before: `https://pod.example/show/` stands for it.
pub fn serve(files: Files, quirk: Quirk) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let files = files.into_iter().map(|(path, bytes)| (path, at(&bytes, &address))).collect();
    let shared: Arc<(Files, Quirk)> = Arc::new((files, quirk));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = shared.clone();
            thread::spawn(move || talk(&stream, &shared));
        }
    });
    address
}

/// Files of text with other addresses.
fn at(bytes: &[u8], address: &str) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text
            .replace("https://pod.example/show/", address)
            .replace("https://lore.kernel.org/", &format!("{address}lore/"))
            .replace("https://hub.example/", &format!("{address}hub"))
            .into_bytes(),
        Err(_) => bytes.to_vec(),
    }
}

fn talk(stream: &TcpStream, shared: &(Files, Quirk)) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(request) = read(&mut lines) {
        let mut answer = good(&shared.0, &request);
        (shared.1)(&request, &mut answer);
        let Answer { status, headers, body } = answer;
        let mut text = format!("HTTP/1.1 {status} X\r\n");
        headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
        let mut out = text.into_bytes();
        out.extend(b"\r\n");
        if request.method != "HEAD" && status != 304 {
            out.extend(body);
        }
        if (&mut &*stream).write_all(&out).is_err() {
            return;
        }
    }
}

fn read(lines: &mut impl Iterator<Item = String>) -> Option<Request> {
    let first = lines.next()?;
    let mut words = first.split(' ');
    let (method, path) =
        (words.next()?.to_owned(), words.next()?.trim_start_matches('/').to_owned());
    let mut headers = BTreeMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or_default();
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Some(Request { method, path, headers })
}

const MODIFIED: &str = "Mon, 17 Apr 2023 18:00:00 GMT";

fn good(files: &Files, request: &Request) -> Answer {
    let path = request.path.replace("hop/", "");
    let path = path.split('?').next().unwrap_or_default();
    let index = if path.is_empty() || path.ends_with('/') { "index.html" } else { "" };
    let path = format!("{path}{index}");
    if path.starts_with("hub") || path.starts_with("lore/") {
        return answer(200, "text/plain", b"fine".to_vec());
    }
    let Some(body) = files.get(&path) else { return answer(404, "text/plain", b"no".to_vec()) };
    let mut answer = answer(200, media_type(&path), body.clone());
    let etag = format!("\"{}\"", body.len());
    let known =
        request.header("if-none-match") == etag || request.header("if-modified-since") == MODIFIED;
    answer.headers.insert("ETag", etag);
    answer.headers.insert("Last-Modified", MODIFIED.into());
    if known {
        answer.status = 304;
        answer.set_body(Vec::new());
    } else if let Some(range) = request.header("range").strip_prefix("bytes=") {
        part(&mut answer, range);
    } else if request.header("accept-encoding").contains("gzip") && path.ends_with(".xml") {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&answer.body).unwrap();
        answer.headers.insert("Content-Encoding", "gzip".into());
        answer.set_body(gzip.finish().unwrap());
    }
    answer
}

fn answer(status: u16, media_type: &str, body: Vec<u8>) -> Answer {
    let mut answer = Answer { status, headers: BTreeMap::new(), body: Vec::new() };
    answer.headers.insert("Content-Type", media_type.into());
    answer.headers.insert("Access-Control-Allow-Origin", "*".into());
    answer.headers.insert("Vary", "Accept-Encoding".into());
    answer.set_body(body);
    answer
}

impl Answer {
    pub fn set_body(&mut self, body: Vec<u8>) {
        self.headers.insert("Content-Length", body.len().to_string());
        self.body = body;
    }
}

/// Byte ranges (RFC 9110 section 14).
fn part(answer: &mut Answer, range: &str) {
    let length = answer.body.len();
    let (first, last) = range.split_once('-').unwrap();
    let (start, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(start), Ok(end)) => (start, (end + 1).min(length)),
        (Ok(start), Err(_)) => (start, length),
        (Err(_), Ok(tail)) => (length - tail.min(length), length),
        _ => return,
    };
    if start >= length {
        answer.status = 416;
        return answer.set_body(Vec::new());
    }
    answer.status = 206;
    answer.headers.insert("Content-Range", format!("bytes {start}-{}/{length}", end - 1));
    answer.set_body(answer.body[start..end].to_vec());
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "xml" => "application/rss+xml; charset=utf-8",
        "mp3" => "audio/mpeg",
        "opus" => "audio/ogg",
        "png" => "image/png",
        "vtt" => "text/vtt",
        "srt" => "application/x-subrip",
        "json" => "application/json",
        "html" => "text/html",
        _ => "text/plain",
    }
}
