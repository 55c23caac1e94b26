use std::io::Write;

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use crate::{Exit, out};

/// Shows the published site on this machine, as a podcast app would see it.
///
/// A preview on the loopback address with byte ranges; end it with Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lorecast serve --port 8700")]
pub(crate) struct Serve {
    /// The published folder, `public` in the show when not given.
    dir: Option<Utf8PathBuf>,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
}

impl Serve {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let dir = self.dir.clone().unwrap_or_else(|| show.join("public"));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime
            .block_on(async {
                let address = std::net::SocketAddr::from(([127, 0, 0, 1], self.port));
                let listener = tokio::net::TcpListener::bind(address).await.with_context(|| {
                    format!("cannot listen on {address}; choose another port with `--port`")
                })?;
                let mut out = out::stdout();
                writeln!(out, "{dir} at http://{}/ (Ctrl-C ends it)", listener.local_addr()?)?;
                out.flush()?;
                drop(out);
                let interrupted = async { drop(tokio::signal::ctrl_c().await) };
                Ok(lorecast_web::preview(dir, listener, interrupted).await?)
            })
            .map(|()| Exit::Done)
    }
}
