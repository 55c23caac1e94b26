//! Several shows on one server, each at a host of its own: its people, roles and sessions are its own, too.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header;
use axum::response::Response;
use tower::{ServiceExt, service_fn};

/// One server for several shows: a request goes to the show at whose host it was sent, and to the first one when
/// none is at that host. Hosts are names without a port; of two shows at one host the later one is served.
///
/// A host says which show is meant, and not who may do what: a session holds only at the host that it began at
/// (`__Host-` cookies), whatever a request claims.
pub fn shows(first: Router, others: impl IntoIterator<Item = (String, Router)>) -> Router {
    let others: HashMap<String, Router> =
        others.into_iter().map(|(host, show)| (host_of(&host), show)).collect();
    if others.is_empty() {
        return first;
    }
    let others = Arc::new(others);
    Router::new().fallback_service(service_fn(move |request: Request| {
        let show = host(&request).and_then(|host| others.get(&host)).unwrap_or(&first).clone();
        async move {
            let Ok(response): Result<Response, Infallible> = show.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    }))
}

/// The host of an authority such as `rust.example:8700`: without its port, in small letters.
pub fn host_of(authority: &str) -> String {
    let port = authority.rfind(':').filter(|at| authority.rfind(']').is_none_or(|end| end < *at));
    authority[..port.unwrap_or(authority.len())].to_ascii_lowercase()
}

/// The host that a request was sent to (RFC 9110 section 7.2).
fn host(request: &Request) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    request.uri().authority().map_or(named, |whole| Some(whole.as_str())).map(host_of)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_host_is_known_whatever_the_port() {
        let check = |authority, host: &str| assert_eq!(super::host_of(authority), host);
        check("Rust.Example", "rust.example");
        check("rust.example:8700", "rust.example");
        check("[::1]:8700", "[::1]");
        check("[::1]", "[::1]");
        check("", "");
    }
}
