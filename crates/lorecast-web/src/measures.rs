//! Numbers about the server, in the text that Prometheus reads, at an address of their own.

use std::future::ready;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use lorecast_desk::measured;
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::time::sleep;

use crate::preview::WebError;

/// Requests by method, route and status.
pub(crate) const REQUESTS: &str = "lorecast_requests_total";
/// How long they took, in seconds, by route: up to the first byte of the answer.
pub(crate) const SECONDS: &str = "lorecast_request_seconds";
/// Browsers and programs that listen to `/events`.
pub(crate) const LISTENERS: &str = "lorecast_listeners";

/// The limits of the classes that times are counted in, in seconds: pages of mail take a millisecond, a commit on a slow
/// disk tens.
const CLASSES: [f64; 11] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// The text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How often times that were measured are put into their classes, whether somebody reads them or not.
const UPKEEP: Duration = Duration::from_secs(5);

/// All that is measured in this process.
#[derive(Clone)]
pub struct Measures(PrometheusHandle);

impl Measures {
    /// Measures from now on. Without it, nothing is counted and nothing is kept.
    ///
    /// # Errors
    /// When this process measures already.
    pub fn begin() -> Result<Self, WebError> {
        let builder = PrometheusBuilder::new().set_buckets(&CLASSES);
        let handle = builder.and_then(PrometheusBuilder::install_recorder);
        let handle = handle.map_err(|error| WebError::Measures(error.to_string()))?;
        describe_counter!(REQUESTS, "Requests by method, route and status");
        describe_histogram!(SECONDS, "Seconds until an answer began, by route");
        describe_gauge!(LISTENERS, "Who listens to /events");
        describe_gauge!(measured::ENTRIES, "Entries of the journal");
        describe_histogram!(measured::COMMIT, "Seconds until entries were on the disk");
        describe_counter!(measured::FAILURES, "Times that the journal could not be written");
        describe_counter!(measured::MAILS, "Mails with links, by whether they could be sent");
        metrics::gauge!(LISTENERS).set(0);
        Ok(Self(handle))
    }

    /// The one page, `/metrics`. Whoever reaches it reads everything: it belongs on an address that the public does not reach.
    pub fn router(&self) -> Router {
        let handle = self.0.clone();
        let page = move || ready(([(header::CONTENT_TYPE, TEXT)], handle.render()));
        Router::new().route("/metrics", get(page))
    }

    /// Keeps what is measured small, for ever.
    pub async fn keep_small(self) {
        loop {
            sleep(UPKEEP).await;
            self.0.run_upkeep();
        }
    }
}

/// Somebody listens to events, until this is dropped.
pub(crate) struct Listening(());

impl Listening {
    pub(crate) fn begin() -> Self {
        metrics::gauge!(LISTENERS).increment(1);
        Self(())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        metrics::gauge!(LISTENERS).decrement(1);
    }
}
