//! A line of a web server's log: what was asked, by whom, and what was answered.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// A request that a server has answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) address: String,
    /// In UTC.
    pub(super) day: Date,
    pub(super) method: String,
    /// The path and what follows it.
    pub(super) target: String,
    pub(super) status: u16,
    /// The bytes that were sent.
    pub(super) bytes: u64,
    /// Empty where the log does not tell.
    pub(super) agent: String,
}

impl Request {
    /// Reads the Common or Combined Log Format, or a JSON object.
    pub(super) fn read(line: &str) -> Option<Self> {
        if line.starts_with('{') { json(line) } else { plain(line) }
    }
}

/// `address - user [time] "request" status bytes`, and perhaps `"referrer" "agent"`.
fn plain(line: &str) -> Option<Request> {
    let (address, rest) = line.split_once(' ')?;
    let (time, rest) = rest.split_once('[')?.1.split_once(']')?;
    let (request, rest) = quoted(rest)?;
    let mut words = rest.splitn(3, ' ');
    let status = words.next()?.parse().ok()?;
    let bytes = match words.next()? {
        "-" => 0,
        bytes => bytes.parse().ok()?,
    };
    let agent = words.next().and_then(quoted).and_then(|(_, rest)| quoted(rest));
    let (method, target) = asked(request)?;
    Some(Request {
        address: address.to_owned(),
        day: day(local(time)?),
        method,
        target,
        status,
        bytes,
        agent: agent.map(|(agent, _)| agent.to_owned()).unwrap_or_default(),
    })
}

/// An object with the names that nginx gives its variables.
fn json(line: &str) -> Option<Request> {
    let json: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    // nginx writes numbers as it is told, often between quotation marks.
    let number = |name: &str| json[name].as_u64().or_else(|| json[name].as_str()?.parse().ok());
    let time = text("time_iso8601").and_then(|time| time.parse::<Timestamp>().ok());
    let time = time.or_else(|| local(&text("time_local")?))?;
    let parts = || Some((text("request_method")?, text("request_uri")?));
    let (method, target) = text("request").and_then(|line| asked(&line)).or_else(parts)?;
    Some(Request {
        address: text("remote_addr")?,
        day: day(time),
        method,
        target,
        status: number("status")?.try_into().ok()?,
        bytes: number("body_bytes_sent").or_else(|| number("bytes_sent"))?,
        agent: text("http_user_agent").unwrap_or_default(),
    })
}

/// What stands between the next quotation marks, and what follows them. A mark behind a backslash is text.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start().strip_prefix('"')?;
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some((&text[..end], text[end + 1..].trim_start()))
}

/// `GET /path HTTP/1.1`.
fn asked(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    Some((words.next()?.to_owned(), words.next()?.to_owned()))
}

/// `17/Apr/2023:20:00:00 +0000`.
fn local(time: &str) -> Option<Timestamp> {
    strtime::parse("%d/%b/%Y:%H:%M:%S %z", time).ok()?.to_timestamp().ok()
}

fn day(time: Timestamp) -> Date {
    time.to_zoned_datetime(TimeZone::UTC).date()
}
