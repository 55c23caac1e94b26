//! HTTP for the storage's client, with the one HTTP library that everything else here uses.

use std::io::Read;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use ureq::Agent;
use ureq::http::{Method, Request, Response};

/// The longest answer that is taken, in bytes: a page of a list, or a part of a file.
const LONGEST: u64 = 64 << 20;

/// How long to wait for a connection, and for the first byte of an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a part of a file may take, up or down: 8 MiB at 140 kbit/s.
const LONG_PATIENCE: Duration = Duration::from_secs(480);

/// Connects the storage's client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let config = Agent::config_builder()
            .timeout_connect(Some(PATIENCE))
            .timeout_send_body(Some(LONG_PATIENCE))
            .timeout_recv_response(Some(PATIENCE))
            .timeout_recv_body(Some(LONG_PATIENCE))
            .http_status_as_error(false)
            // What is signed for one place is not for another.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding("identity")
            .user_agent(concat!("lorecast/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(HttpClient::new(Service(Agent::new_with_config(config))))
    }
}

#[derive(Debug)]
struct Service(Agent);

#[async_trait]
impl HttpService for Service {
    /// Blocks its thread: each has a runtime of its own.
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let answer = match parts.method {
            Method::GET | Method::HEAD | Method::DELETE => {
                self.0.run(Request::from_parts(parts, ()))
            }
            _ => self.0.run(Request::from_parts(parts, &body[..])),
        };
        let (parts, body) = answer.map_err(failed)?.into_parts();
        let mut bytes = Vec::new();
        body.into_reader().take(LONGEST).read_to_end(&mut bytes).map_err(cut_off)?;
        Ok(Response::from_parts(parts, bytes.into()))
    }
}

/// Which failures may be tried again.
fn failed(error: ureq::Error) -> HttpError {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    let kind = match &error {
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => HttpErrorKind::Connect,
        ureq::Error::Io(io) => match io.kind() {
            TimedOut => HttpErrorKind::Timeout,
            ConnectionAborted | ConnectionReset | UnexpectedEof => HttpErrorKind::Interrupted,
            _ => HttpErrorKind::Request,
        },
        ureq::Error::Protocol(_) => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}

fn cut_off(error: std::io::Error) -> HttpError {
    HttpError::new(HttpErrorKind::Interrupted, error)
}
