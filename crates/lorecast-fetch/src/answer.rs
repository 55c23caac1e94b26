//! What a server answers.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use url::Url;

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// As in RFC 9110 section 15.
    pub status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// As much of the body as was asked for.
    pub body: Vec<u8>,
    /// False when the body was longer than asked for.
    pub whole: bool,
    /// How many times it was elsewhere, and with which answers.
    pub hops: Vec<u16>,
    /// Where it was in the end.
    pub url: Url,
    /// Where it is for good, when the first answers said so (301, 308).
    pub moved: Option<Url>,
}

impl Answer {
    /// A header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// The media type without its parameters, in small letters.
    pub fn media_type(&self) -> String {
        let value = self.header("content-type").split(';').next().unwrap_or_default();
        value.trim().to_ascii_lowercase()
    }
}

/// The first `limit` bytes of a body, and whether these are all. A packed body may be no longer than
/// that either, so that neither a bomb nor an endless row of empty members keeps anybody busy.
pub(crate) fn read(body: impl Read, packed: bool, limit: u64) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    if packed {
        let mut body = body.take(limit.saturating_add(1));
        let unpacked = MultiGzDecoder::new(&mut body);
        let read = unpacked.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        if body.limit() > 0 {
            read?;
        } else {
            return Ok((cut(bytes, limit), false));
        }
    } else {
        body.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    }
    let whole = bytes.len() as u64 <= limit;
    Ok((cut(bytes, limit), whole))
}

fn cut(mut bytes: Vec<u8>, limit: u64) -> Vec<u8> {
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    bytes
}
