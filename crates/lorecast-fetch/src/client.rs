//! Asks, and follows where it leads.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ureq::http::Request;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, AsSendBody, Error};
use url::{Url, form_urlencoded};

use crate::answer::{Answer, read};
use crate::public::Public;

/// How many times an answer may say that it is elsewhere.
const MOST_HOPS: usize = 5;

/// Takes what is wanted of a body.
pub(crate) type ReadBody<'a> = dyn FnMut(&mut Answer, &mut dyn Read) -> io::Result<()> + 'a;

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct Manners {
    /// Who asks: `lorecast/0.1 (+https://pod.example/)`.
    pub agent: String,
    /// How long an answer may take, redirects apart.
    pub patience: Duration,
    /// Hosts that may be asked even when only the own network has them, as they stand in URLs.
    pub allowed: Vec<String>,
    /// Whether bodies may come packed with gzip; they are unpacked then.
    pub packed: bool,
    /// Whether each host is asked for one thing at a time.
    pub in_turn: bool,
    /// Where answers may lead.
    pub redirects: Redirects,
}

/// Where an answer may lead that says that something is elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// To any host that is public or named. For what a person has read of others, whose addresses move: feeds, blogs, sound.
    Anywhere,
    /// To the host that was asked, at the port that was asked, or from `http` to `https` there. For what a server asks: nobody but those that
    /// were named.
    SameHost,
}

/// Asks servers. Proxies of the environment are not used: they would ask in our place, unguarded.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    packed: bool,
    turns: Option<Turns>,
    redirects: Redirects,
}

impl Client {
    /// A client with these manners.
    pub fn new(manners: Manners) -> Self {
        Self::trusting(manners, RootCerts::WebPki)
    }

    /// One that believes certificates that these authorities made.
    fn trusting(manners: Manners, authorities: RootCerts) -> Self {
        let Manners { agent, patience, allowed, packed, in_turn, redirects } = manners;
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(authorities).build())
            .accept_encoding(if packed { "gzip" } else { "identity" })
            .user_agent(agent)
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), Public::except(allowed));
        Self { agent, packed, turns: in_turn.then(Turns::default), redirects }
    }

    /// The first `limit` bytes of what an address names, and whether these are all.
    ///
    /// # Errors
    /// In words that fit behind the address: `answers 404`.
    pub fn bytes(&self, url: &Url, limit: u64) -> Result<(Vec<u8>, bool), String> {
        let answer = self.ask("GET", url, &[], limit)?;
        match answer.status {
            200 => Ok((answer.body, answer.whole)),
            status => Err(format!("answers {status}")),
        }
    }

    /// The head of what an address names.
    ///
    /// # Errors
    /// As [`Client::bytes`].
    pub fn head(&self, url: &Url) -> Result<Answer, String> {
        self.ask("HEAD", url, &[], 0)
    }

    /// Asks, and follows up to five redirects, each checked anew. Whatever the status, it is an answer.
    ///
    /// # Errors
    /// As [`Client::bytes`]; also when a host that was not named is on a private network, or an answer leads where none may.
    pub fn ask(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        limit: u64,
    ) -> Result<Answer, String> {
        self.follow(method, url, headers, &mut |answer, body| {
            let packed = self.packed && is_gzip(answer.header("content-encoding"));
            (answer.body, answer.whole) = read(body, packed, limit)?;
            Ok(())
        })
    }

    /// Sends the fields of a form, and follows nowhere. Whatever the status, it is an answer; its body is not
    /// read.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn post(&self, url: &Url, fields: &[(&str, &str)]) -> Result<Answer, String> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", url, &headers, form, &mut |_, _| Ok(()))
    }

    /// Sends bytes, and follows nowhere. Whatever the status, it is an answer, with the first `limit` bytes of its body.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn once(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        bytes: &[u8],
        limit: u64,
    ) -> Result<Answer, String> {
        let mut take = |answer: &mut Answer, body: &mut dyn Read| {
            let packed = self.packed && is_gzip(answer.header("content-encoding"));
            (answer.body, answer.whole) = read(body, packed, limit)?;
            Ok(())
        };
        // A method that sends nothing has no body at all, not an empty one.
        if bytes.is_empty() {
            self.send(method, url, headers, (), &mut take)
        } else {
            self.send(method, url, headers, bytes, &mut take)
        }
    }

    /// Asks, and follows where it leads; `read` takes what it wants of each body.
    pub(crate) fn follow(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        read: &mut ReadBody<'_>,
    ) -> Result<Answer, String> {
        let (mut url, mut hops, mut moved) = (url.clone(), Vec::new(), None);
        loop {
            if !matches!(url.scheme(), "http" | "https") {
                return Err("is not an http or https address".to_owned());
            }
            let mut answer = self.send(method, &url, headers, (), read)?;
            let elsewhere = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
            let next = url.join(answer.header("location")).ok();
            match next.filter(|next| elsewhere && matches!(next.scheme(), "http" | "https")) {
                Some(next) if hops.len() < MOST_HOPS => {
                    self.redirects.allow(&url, &next)?;
                    hops.push(answer.status);
                    if hops.iter().all(|status| matches!(status, 301 | 308)) {
                        moved = Some(next.clone());
                    }
                    url = next;
                }
                Some(_) => return Err("leads elsewhere again and again".to_owned()),
                None => {
                    answer.hops = hops;
                    answer.moved = moved;
                    return Ok(answer);
                }
            }
        }
    }

    /// Asks once.
    fn send(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        body: impl AsSendBody,
        read: &mut ReadBody<'_>,
    ) -> Result<Answer, String> {
        let turn = self.turns.as_ref().map(|turns| turns.of(url));
        let _turn = turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        let mut request = Request::builder().method(method).uri(url.as_str());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).map_err(|error| error.to_string())?;
        let answer = self.agent.run(request).map_err(words)?;
        let (parts, mut body) = answer.into_parts();
        let headers = parts.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let mut answer = Answer {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: Vec::new(),
            whole: true,
            hops: Vec::new(),
            url: url.clone(),
            moved: None,
        };
        read(&mut answer, &mut body.as_reader()).map_err(|error| format!("breaks off: {error}"))?;
        Ok(answer)
    }
}

impl Redirects {
    fn allow(self, from: &Url, to: &Url) -> Result<(), String> {
        let port = Url::port_or_known_default;
        let same = from.host() == to.host()
            && match (from.scheme(), to.scheme()) {
                ("http", "https") => {
                    (port(from), port(to)) == (Some(80), Some(443)) || port(from) == port(to)
                }
                (from_scheme, to_scheme) => from_scheme == to_scheme && port(from) == port(to),
            };
        match same || self == Self::Anywhere {
            true => Ok(()),
            // Without a path, in which there may be a key.
            false => Err(format!("leads elsewhere, to `{}`", to.origin().ascii_serialization())),
        }
    }
}

fn is_gzip(encoding: &str) -> bool {
    let encoding = encoding.trim();
    encoding.eq_ignore_ascii_case("gzip") || encoding.eq_ignore_ascii_case("x-gzip")
}

fn words(error: Error) -> String {
    match error {
        Error::HostNotFound => "has no public address".to_owned(),
        other => format!("does not answer: {other}"),
    }
}

/// Whose turn it is, host by host.
#[derive(Debug, Default)]
struct Turns(Mutex<HashMap<String, Arc<Mutex<()>>>>);

impl Turns {
    fn of(&self, url: &Url) -> Arc<Mutex<()>> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(host).or_default().clone()
    }
}

#[cfg(test)]
mod tests;
