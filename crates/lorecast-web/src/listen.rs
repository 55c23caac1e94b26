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
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;
use tower::util::BoxCloneService;

use crate::client::Front;
use crate::preview::WebError;
use crate::tls::Tls;

/// How much the server bears.
#[derive(Clone, Copy)]
struct Bounds {
    /// So many connections are open at a time, those that listen to events among them; more are closed at once.
    connections: usize,
    /// How long a browser may take for the lines of a request, one that stays open may say nothing, and one that is
    /// answered may take nothing of it.
    patience: Duration,
    /// How long a browser may take to agree on keys.
    handshake: Duration,
}

const BOUNDS: Bounds = Bounds {
    connections: 12_000,
    patience: Duration::from_secs(30),
    handshake: Duration::from_secs(10),
};

/// How long answers that are under way may take when the server ends.
const LAST: Duration = Duration::from_secs(20);

/// How long to wait when the system gives no connection: it has no files left.
const AGAIN: Duration = Duration::from_millis(200);

/// What answers the requests of one connection.
type Pages = BoxCloneService<Request<Incoming>, Response, Infallible>;

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
    accept(pages, listener, None, front, BOUNDS, shutdown).await
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
    accept(pages, listener, Some(tls), front, BOUNDS, shutdown).await
}

async fn accept(
    pages: Router,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    front: Front,
    bounds: Bounds,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WebError> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(bounds.patience);
    let (ending, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(bounds.connections)));
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
        // Whoever takes nothing would hold the answer, and a place, for ever.
        let mut connection = Box::pin(TimeoutStream::new(connection));
        connection.as_mut().set_write_timeout_pinned(Some(bounds.patience));
        let pages = knowing(pages.clone(), front.clone(), peer);
        let (http, ending) = (http.clone(), ending.watcher());
        let secured = tls.as_ref().map(|tls| tls.acceptor());
        tokio::spawn(async move {
            match secured {
                None => answer(&http, connection, pages, ending).await,
                Some(acceptor) => {
                    // Whoever cannot agree on keys is not answered.
                    let agreed = timeout(bounds.handshake, acceptor.accept(connection)).await;
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

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    const WHOLE: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /// More than the system takes for a reader who takes nothing.
    const LONG: usize = 64 << 20;

    /// Where a server is that bears so much.
    async fn serving(connections: usize, patience: Duration) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let long = get(async || vec![b'x'; LONG]);
        let pages = Router::new().route("/", get(async || "here")).route("/long", long);
        let bounds = Bounds { connections, patience, handshake: patience };
        let never = std::future::pending();
        tokio::spawn(accept(pages, listener, None, Front::Nothing, bounds, never));
        address
    }

    async fn begins(address: SocketAddr, request: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        stream
    }

    async fn is_answered(stream: &mut TcpStream) -> bool {
        let mut start = [0; 15];
        stream.read_exact(&mut start).await.is_ok() && start == *b"HTTP/1.1 200 OK"
    }

    /// All that comes until the server hangs up, which it does long before the 30 seconds that hyper waits by itself.
    async fn rest(stream: &mut TcpStream) -> String {
        let mut text = Vec::new();
        // Whoever is hung up on while they speak gets an error instead.
        let ended = timeout(Duration::from_secs(20), stream.read_to_end(&mut text)).await;
        assert!(ended.is_ok(), "it stays open");
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn more_connections_than_it_bears_are_closed_at_once() {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let address = serving(2, Duration::from_secs(600)).await;
            let (mut first, mut second) =
                (begins(address, WHOLE).await, begins(address, WHOLE).await);
            assert!(is_answered(&mut first).await && is_answered(&mut second).await);
            // Both stay open.
            let mut third = TcpStream::connect(address).await.unwrap();
            assert_eq!(rest(&mut third).await, "");
            first
                .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .await
                .unwrap();
            rest(&mut first).await;
            // There is room as soon as the server has noticed.
            while !is_answered(&mut begins(address, WHOLE).await).await {
                tokio::task::yield_now().await;
            }
        });
    }

    #[test]
    fn who_says_nothing_or_not_all_is_hung_up_on() {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let address = serving(9, Duration::from_millis(100)).await;
            for begun in [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
                let mut stream = begins(address, begun).await;
                let said = rest(&mut stream).await;
                assert!(!said.contains("200 OK"), "{said}");
            }
            // Nor does one stay open for ever that was answered.
            let mut stream = begins(address, WHOLE).await;
            assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
        });
    }
    #[test]
    fn who_takes_nothing_is_hung_up_on() {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let address = serving(1, Duration::from_millis(100)).await;
            let begun = b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
            let mut stream = begins(address, begun).await;
            assert!(is_answered(&mut stream).await);
            // There is one place: whoever gets it after that has it because the first was hung up on.
            let answered = async {
                while !is_answered(&mut begins(address, WHOLE).await).await {
                    tokio::task::yield_now().await;
                }
            };
            assert!(timeout(Duration::from_secs(20), answered).await.is_ok(), "it stays open");
        });
    }
}
