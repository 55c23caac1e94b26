use std::io::Write;

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use lorecast_web::Serving;
use tokio::net::TcpListener;

use crate::{Exit, out};

/// Shows the show's mail in a browser: threads, series, search.
///
/// It listens on the loopback address; end it with Ctrl-C. The published site is below `/site/`. With a
/// folder, it previews that one alone, as a podcast app would see it: with byte ranges, and at the root,
/// where a feed's addresses begin.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lorecast serve --port 8700\n  lorecast serve public")]
pub(crate) struct Serve {
    /// A published folder to preview in the place of the show.
    dir: Option<Utf8PathBuf>,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Where readers find it when it stands behind a proxy, as feeds tell it: `https://mail.example`.
    #[arg(long, value_name = "URL", value_parser = web_address, conflicts_with = "dir")]
    url: Option<String>,
}

impl Serve {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let address = std::net::SocketAddr::from(([127, 0, 0, 1], self.port));
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
                    let serving = Serving {
                        root: show.to_owned(),
                        url: self.url.clone().unwrap_or_else(|| own.clone()),
                        site: show.join("public"),
                    };
                    let router = lorecast_web::router(serving)?;
                    say(show, &own)?;
                    lorecast_web::serve(router, listener, interrupted()).await?;
                }
            }
            Ok(Exit::Done)
        })
    }
}

fn say(what: &Utf8Path, address: &str) -> anyhow::Result<()> {
    let mut out = out::stdout();
    writeln!(out, "{what} at {address}/ (Ctrl-C ends it)")?;
    Ok(out.flush()?)
}

async fn interrupted() {
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
