//! What becomes of requests, as numbers and as lines of the log. Neither says who asked for what: no address of a browser, no
//! account, no id and nothing that was typed.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::measures::{REQUESTS, SECONDS};

/// What lines about requests are filtered by: `RUST_LOG=request=info`.
pub const REQUEST: &str = "request";

/// Pages whose requests are counted, timed and logged.
pub fn watched(pages: Router) -> Router {
    pages.layer(middleware::from_fn(watch))
}

async fn watch(request: Request, next: Next) -> Response {
    let (method, route) = (method(request.method()), route(&request));
    let began = Instant::now();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let labels =
        [("method", method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!(REQUESTS, &labels).increment(1);
    metrics::histogram!(SECONDS, "route" => route.clone()).record(took);
    let ms = took.as_micros() as f64 / 1000.0;
    tracing::info!(target: REQUEST, method, route, status, ms, "answered");
    response
}

/// Anybody can make up methods; their number is bounded here.
fn method(method: &Method) -> &'static str {
    let known =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS];
    match known.iter().position(|known| known == method) {
        Some(at) => ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"][at],
        None => "other",
    }
}

/// The pattern that an address matches, such as `/stories/{id}/`: never the address.
fn route(request: &Request) -> String {
    let pattern = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    // What nests services ends in a name of axum's own.
    pattern.split("{*").next().unwrap_or_default().to_owned()
}
