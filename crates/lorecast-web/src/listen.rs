//! Connections: how many, how slow they may be, and how they end.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tower::util::BoxCloneService;

use crate::client::Front;
use crate::preview::WebError;
use crate::tls::Tls;

/// So many connections are open at a time, those that listen to events among them; more are closed at once.
const MOST: usize = 12_000;

/// How long a browser may take for the lines of a request, and one that stays open may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long answers that are under way may take when the server ends.
const LAST: Duration = Duration::from_secs(20);

/// How long to wait when the system gives no connection: it has no files left.
const AGAIN: Duration = Duration::from_millis(200);

/// What answers the requests of one connection.
type Pages = BoxCloneService<Request<Incoming>, Response, Infallible>;

/// How long a browser may take to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Serves pages on `listener` until `shutdown` resolves; answers that are under way are finished first.
///
/// # Errors
/// None today: what goes wrong with a connection ends that one.
pub async fn serve(
    pages: Router,
    listener: TcpListener,
    front: Front,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WebError> {
    accept(pages, listener, None, front, shutdown).await
}

/// The same over TLS.
///
/// # Errors
/// None today: what goes wrong with a connection ends that one.
pub async fn serve_tls(
    pages: Router,
    listener: TcpListener,
    tls: Arc<Tls>,
    front: Front,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WebError> {
    accept(pages, listener, Some(tls), front, shutdown).await
}

async fn accept(
    pages: Router,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    front: Front,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WebError> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let (ending, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(MOST)));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (connection, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!("no connection: {error}");
                sleep(AGAIN).await;
                continue;
            }
        };
        let Ok(permit) = Arc::clone(&room).try_acquire_owned() else { continue };
        // A page goes out at once: on a connection that stays open, the last bytes would wait for an answer.
        drop(connection.set_nodelay(true));
        let pages = knowing(pages.clone(), front.clone(), peer);
        let (http, ending) = (http.clone(), ending.watcher());
        let secured = tls.as_ref().map(|tls| tls.acceptor());
        tokio::spawn(async move {
            match secured {
                None => answer(&http, connection, pages, ending).await,
                Some(acceptor) => {
                    // Whoever cannot agree on keys is not answered.
                    let agreed = timeout(HANDSHAKE, acceptor.accept(connection)).await;
                    if let Ok(Ok(connection)) = agreed {
                        answer(&http, connection, pages, ending).await;
                    }
                }
            }
            drop(permit);
        });
    }
    drop(listener);
    if timeout(LAST, ending.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished");
    }
    Ok(())
}

/// Pages that know who asks.
fn knowing(pages: Router, front: Front, peer: SocketAddr) -> Pages {
    BoxCloneService::new(ServiceExt::<Request<Incoming>>::map_request(
        pages,
        move |mut request: Request<Incoming>| {
            let client = front.client(peer, request.headers());
            request.extensions_mut().insert(client);
            request
        },
    ))
}

async fn answer<C: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    http: &http1::Builder,
    connection: C,
    pages: Pages,
    ending: Watcher,
) {
    let service = TowerToHyperService::new(pages);
    // Whoever hangs up ends the connection; nobody has to know.
    drop(ending.watch(http.serve_connection(TokioIo::new(connection), service)).await);
}
