//! Asks a server, and never one of a private network that was not named.

use std::time::Duration;

use ureq::config::Config;
use ureq::http::{Request, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};
use url::Url;

use super::values::is_private;

/// How long an answer may take, and how many times it may say that it is elsewhere.
const PATIENCE: Duration = Duration::from_secs(60);
const MOST_HOPS: usize = 5;

/// Asks servers for the lint.
#[derive(Debug)]
pub(super) struct Client(Agent);

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// False when the body was longer than asked for.
    pub(super) whole: bool,
    /// How many times it was elsewhere, and with which answers.
    pub(super) hops: Vec<u16>,
    /// Where it was in the end.
    pub(super) url: Url,
}

impl Answer {
    /// A header; empty when there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// The media type without its parameters, in small letters.
    pub(super) fn media_type(&self) -> String {
        let value = self.header("content-type").split(';').next().unwrap_or_default();
        value.trim().to_ascii_lowercase()
    }
}

impl Client {
    /// A client that may ask the host of an address even when it is private.
    pub(super) fn of(url: &Url) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            // The body is wanted as it is sent.
            .accept_encoding("identity")
            .user_agent(concat!("lorecast/", env!("CARGO_PKG_VERSION"), " (lint)"))
            .build();
        let named = url.host_str().map(str::to_owned);
        let resolver = Public { named, inner: DefaultResolver::default() };
        Self(Agent::with_parts(config, DefaultConnector::default(), resolver))
    }

    /// The first `limit` bytes of what an address names, and whether these are all.
    pub(super) fn bytes(&self, url: &Url, limit: u64) -> Result<(Vec<u8>, bool), String> {
        let answer = self.ask("GET", url, &[], limit)?;
        match answer.status {
            200 => Ok((answer.body, answer.whole)),
            status => Err(format!("answers {status}")),
        }
    }

    /// The head of what an address names.
    pub(super) fn head(&self, url: &Url) -> Result<Answer, String> {
        self.ask("HEAD", url, &[], 0)
    }

    /// Asks, and follows where it leads.
    pub(super) fn ask(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        limit: u64,
    ) -> Result<Answer, String> {
        let (mut url, mut hops) = (url.clone(), Vec::new());
        loop {
            let mut answer = self.once(method, &url, headers, limit)?;
            let elsewhere = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
            let next = url.join(answer.header("location")).ok();
            match next.filter(|next| elsewhere && matches!(next.scheme(), "http" | "https")) {
                Some(next) if hops.len() < MOST_HOPS => {
                    hops.push(answer.status);
                    url = next;
                }
                Some(_) => return Err("leads elsewhere again and again".to_owned()),
                None => {
                    answer.hops = hops;
                    return Ok(answer);
                }
            }
        }
    }

    fn once(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        limit: u64,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(url.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).map_err(|error| error.to_string())?;
        let answer = self.0.run(request).map_err(words)?;
        let (parts, mut body) = answer.into_parts();
        let headers = parts.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let mut bytes = Vec::new();
        let mut reader = std::io::Read::take(body.as_reader(), limit + 1);
        std::io::Read::read_to_end(&mut reader, &mut bytes).map_err(|error| error.to_string())?;
        let whole = bytes.len() as u64 <= limit;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let status = parts.status.as_u16();
        Ok(Answer { status, headers, body: bytes, whole, hops: Vec::new(), url: url.clone() })
    }
}

fn words(error: Error) -> String {
    match error {
        Error::HostNotFound => "has no public address".to_owned(),
        other => format!("does not answer: {other}"),
    }
}

/// Finds addresses as usual, and leaves out those that only the own network has: a feed may name
/// anything.
#[derive(Debug)]
struct Public {
    named: Option<String>,
    inner: DefaultResolver,
}

impl Resolver for Public {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if uri.host() == self.named.as_deref() {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| !is_private(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() { Err(Error::HostNotFound) } else { Ok(public) }
    }
}
