use std::io::{IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Community, Desk, Key, Silent};
use lorecast_web::{Ending, Serving};
use tokio::net::TcpListener;

use crate::{Exit, out};

/// Shows the show in a browser: the coming episode, on which people vote and write, and its mail.
///
/// It listens on the loopback address; end it with Ctrl-C. On a terminal it prints a link that signs you in as the
/// owner of the show; elsewhere `--sign-in` does, beside a server that runs. The published site is below `/site/`. With a
/// folder, it previews that one alone, as a podcast app would see it: with byte ranges, and at the root,
/// where a feed's addresses begin.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lorecast serve --port 8700\n  lorecast serve --sign-in --url https://mail.example\n  lorecast serve public"
)]
pub(crate) struct Serve {
    /// A published folder to preview in the place of the show.
    dir: Option<Utf8PathBuf>,
    /// The address to listen on. Anything but the loopback address needs something in front that has a certificate.
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    address: IpAddr,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Where readers find it when it stands behind a proxy, as feeds tell it: `https://mail.example`.
    #[arg(long, value_name = "URL", value_parser = web_address, conflicts_with = "dir")]
    url: Option<String>,
    /// Print a link that signs you in as the owner of the show, once within a week, and serve nothing.
    #[arg(long, conflicts_with = "dir")]
    sign_in: bool,
}

impl Serve {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        if self.sign_in {
            let own = self.url.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", self.port));
            let community = Desk::open(show, &Silent)?.community()?;
            let key = community.owners_link(Timestamp::now())?;
            let mut out = out::stdout();
            writeln!(out, "{own}/enter/{}", key.text())?;
            return Ok(out.flush().map(|()| Exit::Done)?);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let address = SocketAddr::new(self.address, self.port);
            let listener = TcpListener::bind(address).await.with_context(|| {
                format!("cannot listen on {address}; choose another port with `--port`")
            })?;
            let own = format!("http://{}", listener.local_addr()?);
            match &self.dir {
                Some(dir) => {
                    say(dir, &own)?;
                    lorecast_web::preview(dir.clone(), listener, interrupted()).await?;
                }
                None => {
                    let url = self.url.clone().unwrap_or_else(|| own.clone());
                    let community = Desk::open(show, &Silent)?.community()?;
                    let link = tokio::task::spawn_blocking({
                        let community = community.clone();
                        move || opened(&community)
                    });
                    let link = link.await??;
                    let site = show.join("public");
                    let (end, ending) = Ending::new();
                    let telling =
                        lorecast_web::keep_telling(community.clone(), url.clone(), ending.clone());
                    let serving = Serving {
                        root: show.to_owned(),
                        url: url.clone(),
                        site,
                        community,
                        ending,
                    };
                    let router = lorecast_web::router(serving)?;
                    say(show, &own)?;
                    if let Some(key) = link {
                        let mut out = out::stdout();
                        writeln!(out, "Sign in as the owner: {url}/enter/{}", key.text())?;
                        out.flush()?;
                    }
                    let shutdown = async move {
                        interrupted().await;
                        // Nobody may be listening to events.
                        let _ = end.send(true);
                    };
                    let telling = tokio::spawn(telling);
                    lorecast_web::serve(router, listener, shutdown).await?;
                    telling.abort();
                }
            }
            Ok(Exit::Done)
        })
    }
}

/// Finishes what an earlier server left half done; on a terminal, with a link for the owner.
fn opened(community: &Community) -> anyhow::Result<Option<Key>> {
    if let Err(error) = community.weave(Timestamp::now()) {
        tracing::warn!("accepted text waits: {error}");
    }
    let watched = std::io::stdout().is_terminal();
    Ok(if watched { Some(community.owners_link(Timestamp::now())?) } else { None })
}

fn say(what: &Utf8Path, address: &str) -> anyhow::Result<()> {
    let mut out = out::stdout();
    writeln!(out, "{what} at {address}/ (Ctrl-C ends it)")?;
    Ok(out.flush()?)
}

/// Ctrl-C, or what a service manager sends to end a service.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}

/// Reads `https://mail.example`, with or without a slash behind it.
fn web_address(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = host.map(|host| host.trim_end_matches('/')).filter(|host| !host.is_empty());
    let plain =
        |host: &str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    match host {
        Some(host) if plain(host) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("write a scheme and a host, such as `https://mail.example`".to_owned()),
    }
}
