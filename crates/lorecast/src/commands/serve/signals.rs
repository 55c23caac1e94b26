//! What the process is told while it serves.

use std::future::Future;
use std::sync::Arc;

use lorecast_web::Tls;

/// Ctrl-C, or what a service manager sends to end a service. It is listened for from the call on, not only once it is awaited.
pub(super) fn interrupted() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let mut signals = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| signal(kind).ok())
    };
    async move {
        #[cfg(unix)]
        if let [Some(terminated), Some(interrupted)] = &mut signals {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
            return;
        }
        drop(tokio::signal::ctrl_c().await);
    }
}

/// Reads the certificate again whenever the process is told so (SIGHUP): what renews it need not end the server.
pub(super) async fn renew(tls: Arc<Tls>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut told) = signal(SignalKind::hangup()) else { return };
        while told.recv().await.is_some() {
            match tls.read_again() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!("the old certificate stays: {error}"),
            }
        }
    }
    #[cfg(not(unix))]
    drop(tls);
}
