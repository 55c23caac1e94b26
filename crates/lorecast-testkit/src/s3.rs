//! Storage that speaks S3, on loopback: objects, lists, parts, signatures, and the faults that tests ask
//! for.
//!
//! Written after the Amazon S3 API reference and the description of Signature Version 4. A request whose
//! signature is not right is refused, as by the real thing.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The access key that is let in.
pub const KEY: &str = "lorecast-test-key";
/// Its secret.
pub const SECRET: &str = "lorecast/test+secret";
/// The only bucket.
pub const BUCKET: &str = "casts";

/// How many objects a page of a list has: few, so that tests see several pages.
const PAGE: usize = 20;
/// The smallest part of an object, but for its last, in bytes.
const SMALLEST_PART: usize = 5 << 20;

/// Running storage. Its threads end with the test's process.
pub struct S3 {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    state: Arc<Mutex<State>>,
}

/// What is stored under a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub bytes: Vec<u8>,
    /// `content-type`, `cache-control` and `x-amz-meta-…`, as they were sent.
    pub headers: BTreeMap<String, String>,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is answered as it should be.
    Serve,
    /// It is refused with this status and code.
    Refuse(u16, &'static str),
    /// The connection ends in the middle of it.
    CutOff,
    /// The answer tells of a byte more than there is.
    Lie,
    /// The answer gives other bytes than there are.
    Spoil,
}

type Plan = Box<dyn FnMut(&str) -> Act + Send>;

struct State {
    objects: BTreeMap<String, Object>,
    uploads: BTreeMap<String, Upload>,
    log: Vec<String>,
    plan: Plan,
    /// Whether lists tell ETags.
    etags: bool,
}

struct Upload {
    key: String,
    headers: BTreeMap<String, String>,
    parts: BTreeMap<usize, Vec<u8>>,
}

struct Request {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// A status, headers and a body.
type Answer = (u16, Vec<(String, String)>, Vec<u8>);

impl S3 {
    /// Starts with an empty bucket.
    ///
    /// # Panics
    /// When loopback is missing.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = State {
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
            log: Vec::new(),
            plan: Box::new(|_| Act::Serve),
            etags: true,
        };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || drop(talk(connection, address, &state)));
            }
        });
        Self { url: format!("http://{address}"), state }
    }

    /// All objects by their keys.
    pub fn objects(&self) -> BTreeMap<String, Object> {
        self.state().objects.clone()
    }

    /// Puts an object there as somebody else.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        let object = Object { bytes: bytes.to_vec(), headers: BTreeMap::new() };
        self.state().objects.insert(key.to_owned(), object);
    }

    /// The requests since the last time that this was asked, as `PUT show/feed.xml`; parts are
    /// `PUT show/media/1.mp3 part 2`.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state().log)
    }

    /// From now on, what happens to each request is decided by its line as `requests` shows it.
    pub fn plan(&self, plan: impl FnMut(&str) -> Act + Send + 'static) {
        self.state().plan = Box::new(plan);
    }

    /// From now on, lists tell no ETags, as those of some servers do not.
    pub fn lists_no_etags(&self) {
        self.state().etags = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers the requests of one connection until it ends.
fn talk(connection: TcpStream, address: SocketAddr, state: &Mutex<State>) -> io::Result<()> {
    let mut out = connection.try_clone()?;
    let mut from = BufReader::new(connection);
    while let Some(mut request) = head(&mut from)? {
        let line = request.line();
        let act = (lock(state).plan)(&line);
        lock(state).log.push(line);
        let length =
            request.headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
        let taken = if act == Act::CutOff { length / 2 } else { length };
        from.by_ref().take(taken).read_to_end(&mut request.body)?;
        let answer = match act {
            Act::CutOff if taken > 0 || request.method != "GET" => return Ok(()),
            Act::Refuse(status, code) => refusal(status, code),
            _ => request.verified(address).unwrap_or_else(|| request.answer(&mut lock(state))),
        };
        if !write(&mut out, &request.method, answer, act)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes an answer; false when the connection ends with it.
fn write(out: &mut TcpStream, method: &str, answer: Answer, act: Act) -> io::Result<bool> {
    let (status, headers, mut body) = answer;
    let told = headers.iter().find(|(name, _)| name == "content-length");
    let told = told.map_or(body.len() as u64, |(_, n)| n.parse().unwrap_or(0));
    let length = if act == Act::Lie { told + 1 } else { told };
    if act == Act::Spoil && status < 300 && !body.is_empty() {
        body[0] ^= 1;
    }
    write!(out, "HTTP/1.1 {status} As it is\r\ncontent-length: {length}\r\n")?;
    for (name, value) in headers.iter().filter(|(name, _)| name != "content-length") {
        write!(out, "{name}: {value}\r\n")?;
    }
    write!(out, "\r\n")?;
    if method != "HEAD" {
        let sent = if act == Act::CutOff { body.len() / 2 } else { body.len() };
        out.write_all(&body[..sent])?;
    }
    out.flush()?;
    Ok(matches!(act, Act::Serve | Act::Spoil | Act::Refuse(..)))
}

/// Reads the head of a request; nothing when the connection ends.
fn head(from: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let first = lines.first().cloned().unwrap_or_default();
    let mut words = first.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let (path, query) = words
        .next()
        .unwrap_or_default()
        .split_once('?')
        .unwrap_or_else(|| (first.split(' ').nth(1).unwrap_or_default(), ""));
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key.to_owned(), value.to_owned())
    };
    let mut query: Vec<_> = query.split('&').filter(|p| !p.is_empty()).map(pair).collect();
    query.sort();
    let header = |line: &String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers = lines[1..].iter().filter_map(header).collect();
    Ok(Some(Request { method, path: path.to_owned(), query, headers, body: Vec::new() }))
}

impl Request {
    fn key(&self) -> &str {
        let path = self.path.strip_prefix(&format!("/{BUCKET}")).unwrap_or_default();
        path.trim_start_matches('/')
    }

    fn asks(&self, name: &str) -> Option<String> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.replace("%2F", "/"))
    }

    fn line(&self) -> String {
        let (method, key) = (&self.method, self.key());
        match (self.asks("partNumber"), self.asks("uploads"), self.asks("uploadId")) {
            (Some(part), ..) => format!("{method} {key} part {part}"),
            (_, Some(_), _) => format!("{method} {key} begin"),
            (.., Some(_)) => format!("{method} {key} complete"),
            _ if key.is_empty() => "LIST".to_owned(),
            _ => format!("{method} {key}"),
        }
    }

    /// Nothing when the signature is right, else the refusal.
    fn verified(&self, address: SocketAddr) -> Option<Answer> {
        let header = |name: &str| self.headers.get(name).map_or("", String::as_str);
        if header("host") != address.to_string() {
            return Some(refusal(400, "InvalidHost"));
        }
        let payload = header("x-amz-content-sha256");
        if payload != hex(&Sha256::digest(&self.body)) {
            return Some(refusal(400, "XAmzContentSHA256Mismatch"));
        }
        let field = |name: &str| {
            let (_, rest) = header("authorization").split_once(&format!("{name}="))?;
            rest.split([',', ' ']).next().map(str::to_owned)
        };
        let (credential, signed) = (field("Credential")?, field("SignedHeaders")?);
        let (key, scope) = credential.split_once('/')?;
        if key != KEY {
            return Some(refusal(403, "InvalidAccessKeyId"));
        }
        let query: Vec<_> = self.query.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let headers: String =
            signed.split(';').map(|name| format!("{name}:{}\n", header(name))).collect();
        let canonical = format!(
            "{}\n{}\n{}\n{headers}\n{signed}\n{payload}",
            self.method,
            self.path,
            query.join("&")
        );
        let hash = hex(&Sha256::digest(canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hash}", header("x-amz-date"));
        let secret = format!("AWS4{SECRET}").into_bytes();
        let key = scope.split('/').fold(secret, |key, part| mac(&key, part.as_bytes()));
        let right = hex(&mac(&key, to_sign.as_bytes()));
        (field("Signature")? != right).then(|| refusal(403, "SignatureDoesNotMatch"))
    }

    fn answer(&self, state: &mut State) -> Answer {
        if !format!("{}/", self.path).starts_with(&format!("/{BUCKET}/")) {
            return refusal(404, "NoSuchBucket");
        }
        let key = self.key().to_owned();
        match (self.method.as_str(), self.asks("uploadId")) {
            ("GET", _) if key.is_empty() => self.list(state),
            ("GET" | "HEAD", _) => self.read(state.objects.get(&key)),
            ("PUT", Some(upload)) => self.part(state.uploads.get_mut(&upload)),
            ("POST", Some(upload)) => self.complete(state, &upload),
            ("POST", None) => {
                let id = format!("upload-{}", state.uploads.len());
                let upload = Upload { key, headers: self.kept(), parts: BTreeMap::new() };
                state.uploads.insert(id.clone(), upload);
                xml(format!(
                    "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                ))
            }
            ("PUT", None) if !self.may_write(state.objects.get(&key)) => {
                refusal(412, "PreconditionFailed")
            }
            ("PUT", None) => {
                let object = Object { bytes: self.body.clone(), headers: self.kept() };
                let etag = etag(&object.bytes);
                state.objects.insert(key, object);
                (200, vec![("etag".into(), etag)], Vec::new())
            }
            ("DELETE", Some(upload)) => {
                state.uploads.remove(&upload);
                (204, Vec::new(), Vec::new())
            }
            ("DELETE", None) => {
                state.objects.remove(&key);
                (204, Vec::new(), Vec::new())
            }
            _ => refusal(405, "MethodNotAllowed"),
        }
    }

    /// Whether what is there is what the request says that it writes over.
    fn may_write(&self, object: Option<&Object>) -> bool {
        let there = object.map(|object| etag(&object.bytes));
        match (self.headers.get("if-match"), self.headers.get("if-none-match")) {
            (Some(wanted), _) => there.as_ref() == Some(wanted),
            (None, Some(_)) => there.is_none(),
            (None, None) => true,
        }
    }

    fn kept(&self) -> BTreeMap<String, String> {
        let kept = |name: &str| {
            matches!(name, "content-type" | "cache-control") || name.starts_with("x-amz-meta-")
        };
        self.headers
            .iter()
            .filter(|(name, _)| kept(name))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect()
    }

    fn read(&self, object: Option<&Object>) -> Answer {
        let Some(object) = object else { return refusal(404, "NoSuchKey") };
        let mut headers: Vec<_> =
            object.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        headers.push(("etag".into(), etag(&object.bytes)));
        headers.push(("last-modified".into(), "Mon, 01 Jan 2024 00:00:00 GMT".into()));
        let whole = object.bytes.len();
        let range = self.headers.get("range").and_then(|range| {
            let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
            Some((
                from.parse::<usize>().ok()?,
                to.parse::<usize>().ok()?.min(whole.saturating_sub(1)),
            ))
        });
        if let Some((from, to)) = range.filter(|(from, to)| from <= to && self.method == "GET") {
            headers.push(("content-range".into(), format!("bytes {from}-{to}/{whole}")));
            return (206, headers, object.bytes[from..=to].to_vec());
        }
        if self.method == "HEAD" {
            headers.push(("content-length".into(), whole.to_string()));
            return (200, headers, Vec::new());
        }
        (200, headers, object.bytes.clone())
    }

    fn list(&self, state: &State) -> Answer {
        let prefix = self.asks("prefix").unwrap_or_default();
        let after = self.asks("continuation-token").unwrap_or_default();
        let found = state.objects.iter();
        let mut found =
            found.filter(|(key, _)| key.starts_with(&prefix) && **key > after).peekable();
        let (mut text, mut last) = (String::new(), String::new());
        for (key, object) in found.by_ref().take(PAGE) {
            let bytes = object.bytes.len();
            let etag = match state.etags {
                true => format!("<ETag>{}</ETag>", etag(&object.bytes)),
                false => String::new(),
            };
            text += &format!(
                "<Contents><Key>{key}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified>\
                 {etag}<Size>{bytes}</Size></Contents>"
            );
            last.clone_from(key);
        }
        let more =
            found.peek().map(|_| format!("<NextContinuationToken>{last}</NextContinuationToken>"));
        xml(format!("<ListBucketResult>{text}{}</ListBucketResult>", more.unwrap_or_default()))
    }

    fn part(&self, upload: Option<&mut Upload>) -> Answer {
        let Some(upload) = upload else { return refusal(404, "NoSuchUpload") };
        let number = self.asks("partNumber").and_then(|n| n.parse().ok()).unwrap_or(0);
        upload.parts.insert(number, self.body.clone());
        (200, vec![("etag".into(), etag(&self.body))], Vec::new())
    }

    fn complete(&self, state: &mut State, id: &str) -> Answer {
        let Some(upload) = state.uploads.get(id) else { return refusal(404, "NoSuchUpload") };
        let named = String::from_utf8_lossy(&self.body).replace("&quot;", "\"");
        if !upload.parts.values().all(|part| named.contains(&etag(part))) {
            return refusal(400, "InvalidPart");
        }
        let sizes: Vec<usize> = upload.parts.values().map(Vec::len).collect();
        if sizes.iter().rev().skip(1).any(|size| *size < SMALLEST_PART) {
            return refusal(400, "EntityTooSmall");
        }
        let bytes: Vec<u8> = upload.parts.values().flatten().copied().collect();
        let text = format!(
            "<CompleteMultipartUploadResult><ETag>{}</ETag></CompleteMultipartUploadResult>",
            etag(&bytes)
        );
        let object = Object { bytes, headers: upload.headers.clone() };
        state.objects.insert(upload.key.clone(), object);
        state.uploads.remove(id);
        xml(text)
    }
}

fn xml(text: String) -> Answer {
    (200, vec![("content-type".into(), "application/xml".into())], text.into_bytes())
}

fn refusal(status: u16, code: &str) -> Answer {
    let text = format!("<Error><Code>{code}</Code><Message>Because of a test</Message></Error>");
    (status, vec![("content-type".into(), "application/xml".into())], text.into_bytes())
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", &hex(&Sha256::digest(bytes))[..32])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}
