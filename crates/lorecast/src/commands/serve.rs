use std::io::{IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Community, Desk, Key, Silent};
use lorecast_web::{Ending, Router, Serving};
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
    after_help = "Examples:\n  lorecast serve --port 8700\n  lorecast serve --sign-in --url https://mail.example\n  lorecast serve public
  lorecast serve --url https://kernel.example --also https://rust.example ../rust-show"
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
    /// Serve another show as well, at a host of its own: its address, and its folder. May be given several times.
    #[arg(long, num_args = 2, value_names = ["URL", "DIR"], conflicts_with_all = ["dir", "sign_in"])]
    also: Vec<String>,
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
        let others = self.others(show)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            // From here on nothing ends it unawares: whoever is told that it serves may tell it to end at once.
            let interrupted = interrupted();
            let address = SocketAddr::new(self.address, self.port);
            let listener = TcpListener::bind(address).await.with_context(|| {
                format!("cannot listen on {address}; choose another port with `--port`")
            })?;
            let own = format!("http://{}", listener.local_addr()?);
            if let Some(dir) = &self.dir {
                say(&line(dir, &own))?;
                lorecast_web::preview(dir.clone(), listener, interrupted).await?;
                return Ok(Exit::Done);
            }
            let url = self.url.clone().unwrap_or_else(|| own.clone());
            let (end, ending) = Ending::new();
            let (first, link) = open(show, &url, &ending).await?;
            let mut told = vec![line(show, &own), link];
            let mut shows = Vec::new();
            for (url, show) in others {
                let (pages, link) = open(&show, &url, &ending).await?;
                told.extend([line(&show, &url), link]);
                shows.push((host(&url), pages));
            }
            say(&told.concat())?;
            let pages = lorecast_web::shows(first, shows);
            let shutdown = async move {
                interrupted.await;
                // Nobody may be listening to events.
                let _ = end.send(true);
            };
            lorecast_web::serve(pages, listener, shutdown).await?;
            Ok(Exit::Done)
        })
    }

    /// The other shows of this server, each at a host that no other has.
    fn others(&self, show: &Utf8Path) -> anyhow::Result<Vec<(String, Utf8PathBuf)>> {
        let mut others: Vec<(String, Utf8PathBuf)> = Vec::new();
        for pair in self.also.chunks_exact(2) {
            let url = web_address(&pair[0]).map_err(anyhow::Error::msg);
            let url = url.with_context(|| format!("`{}` is no address of a show", pair[0]))?;
            let taken = others.iter().map(|(url, _)| url).chain(&self.url);
            if let Some(taken) = taken.into_iter().find(|taken| host(taken) == host(&url)) {
                bail!("`{url}` and `{taken}` are at one host; give each show a host of its own");
            }
            // A relative folder begins where the show's own would.
            others.push((url, pair[1].clone().into()));
        }
        let first = show.canonicalize().ok();
        if first.is_some() && others.iter().any(|(_, other)| other.canonicalize().ok() == first) {
            bail!("`{show}` is served already; name another show with `--also`");
        }
        Ok(others)
    }
}

/// Opens a show, and finishes what an earlier server left half done there. Returns its pages, and on a terminal the line that
/// signs its owner in.
async fn open(show: &Utf8Path, url: &str, ending: &Ending) -> anyhow::Result<(Router, String)> {
    let community = Desk::open(show, &Silent)?.community()?;
    let key = tokio::task::spawn_blocking({
        let community = community.clone();
        move || begin(&community)
    });
    let link = key.await??.map(|key| format!("Sign in as the owner: {url}/enter/{}\n", key.text()));
    let serving = Serving {
        root: show.to_owned(),
        url: url.to_owned(),
        site: show.join("public"),
        community,
        ending: ending.clone(),
    };
    Ok((lorecast_web::router(serving)?, link.unwrap_or_default()))
}

/// Puts accepted text into the notes that is not there yet; on a terminal, makes a link for the owner.
fn begin(community: &Community) -> anyhow::Result<Option<Key>> {
    if let Err(error) = community.weave(Timestamp::now()) {
        tracing::warn!("accepted text waits: {error}");
    }
    let watched = std::io::stdout().is_terminal();
    Ok(if watched { Some(community.owners_link(Timestamp::now())?) } else { None })
}

/// The host of an address.
fn host(url: &str) -> String {
    lorecast_web::host_of(url.split_once("://").map_or(url, |(_, authority)| authority))
}

fn line(what: &Utf8Path, address: &str) -> String {
    format!("{what} at {address}/ (Ctrl-C ends it)\n")
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = out::stdout();
    write!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Ctrl-C, or what a service manager sends to end a service. It is listened for from the call on, not only once it is awaited.
fn interrupted() -> impl Future<Output = ()> + Send + 'static {
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
