//! Shows shows to browsers.

mod hosts;
mod outside;
mod signals;

use std::future::pending;
use std::io::{IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;
use lorecast_desk::{Community, Desk, Key, Silent, Worker};
use lorecast_web::{Ending, Front, HeaderName, Measures, Preview, Router, Serving, Tls};
use tokio::net::TcpListener;

use crate::{Exit, out};

/// Shows the show in a browser: the coming episode, on which people vote and write, and its mail.
///
/// It listens on the loopback address; end it with Ctrl-C. On a terminal it prints a link that signs you in as the
/// owner of the show; elsewhere `--sign-in` does, beside a server that runs. The published site is below `/site/`, or at a host of
/// its own (`--site`). With a folder, it previews that one alone, as a podcast app would see it: with byte ranges, and at the root,
/// where a feed's addresses begin.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lorecast serve --port 8700
  lorecast serve --sign-in --url https://mail.example
  lorecast serve public
  lorecast serve --url https://mail.example --site https://pod.example
  lorecast serve --url https://kernel.example --also https://rust.example ../rust-show")]
pub(crate) struct Serve {
    /// A published folder to preview in the place of the show.
    dir: Option<Utf8PathBuf>,
    /// The address to listen on. Anything but the loopback address needs a certificate, here or in something in front
    /// (`--behind-proxy`).
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    address: IpAddr,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Something with a certificate stands in front, and nobody else reaches the address: it is listened on without TLS.
    #[arg(long)]
    behind_proxy: bool,
    /// A header in which what stands in front tells who asks, such as `X-Real-IP` or `X-Forwarded-For`: its last address counts. Without
    /// it, strangers who come through a proxy share one limit.
    #[arg(long, value_name = "NAME")]
    client_header: Option<HeaderName>,
    /// Where readers find it when it stands behind a proxy, as feeds tell it: `https://mail.example`. `http://` is for this
    /// machine alone.
    #[arg(long, value_name = "URL", value_parser = hosts::web_address, conflicts_with = "dir")]
    url: Option<String>,
    /// Serve another show as well, at a host of its own: its address, and its folder. May be given several times.
    #[arg(long, num_args = 2, value_names = ["URL", "DIR"], conflicts_with_all = ["dir", "sign_in"])]
    also: Vec<String>,
    /// Where readers find the published site: at this host, which is another one than that of the pages, are its files alone, and the
    /// pages lead there. Given several times, the second is for the first `--also`, and so on.
    #[arg(long, value_name = "URL", value_parser = hosts::web_address, conflicts_with_all = ["dir", "sign_in"])]
    site: Vec<String>,
    /// Print a link that signs you in as the owner of the show, once within a week, and serve nothing.
    #[arg(long, conflicts_with = "dir")]
    sign_in: bool,
    /// A chain of certificates in PEM, the server's own first: serve over TLS. SIGHUP reads it again.
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "dir")]
    tls_certificate: Option<Utf8PathBuf>,
    /// The key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<Utf8PathBuf>,
    /// Where Prometheus reads numbers about the server, at `/metrics`: an address that the public does not reach, such as
    /// `127.0.0.1:9187`.
    #[arg(long, value_name = "IP:PORT", conflicts_with = "dir")]
    metrics: Option<SocketAddr>,
}

impl Serve {
    pub(crate) fn run(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        if self.sign_in {
            return self.print_link(show);
        }
        self.needs_tls()?;
        let others = hosts::others(show, self.url.as_deref(), &self.also)?;
        let here = || format!("http://{}", SocketAddr::new(self.address, self.port));
        hosts::are_apart(&self.url.clone().unwrap_or_else(here), &others, &self.site)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            // From here on nothing ends it unawares: whoever is told that it serves may tell it to end at once.
            let interrupted = signals::interrupted();
            let listener = listen(SocketAddr::new(self.address, self.port), "--port").await?;
            let tls = self.tls()?;
            let scheme = if tls.is_some() { "https" } else { "http" };
            let own = format!("{scheme}://{}", listener.local_addr()?);
            match &self.dir {
                Some(dir) => {
                    let preview = Preview::of(dir)?;
                    say(&line(dir, &own))?;
                    preview.serve(listener, interrupted).await?;
                }
                None => {
                    let url = self.url.clone().unwrap_or_else(|| own.clone());
                    let shows = std::iter::once((url, show.to_owned())).chain(others);
                    self.serve(shows.collect(), own, listener, tls, interrupted).await?;
                }
            }
            Ok(Exit::Done)
        })
    }

    /// What could be reached from outside goes over TLS, here or in front.
    fn needs_tls(&self) -> anyhow::Result<()> {
        if self.client_header.is_some() && !self.behind_proxy {
            outside::needs_proxy(self.address)?;
        }
        match (&self.tls_certificate, self.behind_proxy, &self.dir) {
            (Some(_), ..) | (_, true, _) => Ok(()),
            (None, false, None) => outside::needs_tls(
                self.address,
                "`--tls-certificate` and `--tls-key`, or `--behind-proxy`",
            ),
            (None, false, Some(_)) => outside::needs_tls(self.address, "`--behind-proxy`"),
        }
    }

    /// What stands between browsers and this server. A header is believed where nobody but what stands in front can send it.
    fn front(&self) -> Front {
        match (&self.client_header, self.behind_proxy) {
            (Some(name), _) => Front::Tells(name.clone()),
            (None, true) => Front::Silent,
            (None, false) => Front::Nothing,
        }
    }

    fn print_link(&self, show: &Utf8Path) -> anyhow::Result<Exit> {
        let own = self.url.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", self.port));
        let community = Desk::open(show, &Silent)?.community()?;
        let key = community.owners_link(Timestamp::now())?;
        say(&format!("{own}/enter/{}\n", key.text()))?;
        Ok(Exit::Done)
    }

    /// The pages of shows, of which the first is at every host that no other has, until the process is told to end.
    async fn serve(
        &self,
        shows: Vec<(String, Utf8PathBuf)>,
        own: String,
        listener: TcpListener,
        tls: Option<Arc<Tls>>,
        interrupted: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        // First of all, so that what the journals hold is counted.
        let measured = self.measure().await?;
        let (end, ending) = Ending::new();
        let (mut told, mut links, mut pages, mut workers) =
            (String::new(), String::new(), vec![], vec![]);
        let mut sites = self.site.iter();
        let mut published = vec![];
        for (url, show) in &shows {
            let at = if pages.is_empty() { &own } else { url };
            told += &line(show, at);
            let site = sites.next();
            let (router, telling, link) = open(show, url, site, &ending).await?;
            if let Some(site) = site {
                told += &format!("Its published site at {site}/\n");
                published.push((hosts::host(site), lorecast_web::site(show.join("public"), site)));
            }
            tokio::spawn(telling);
            links += &link;
            pages.push((hosts::host(url), router));
            workers.push(Worker::start(show)?);
        }
        if let Some((listener, measures)) = measured {
            told += &format!("Numbers at http://{}/metrics\n", listener.local_addr()?);
            tokio::spawn(measures.clone().keep_small());
            tokio::spawn(lorecast_web::serve(
                measures.router(),
                listener,
                Front::Silent,
                pending(),
            ));
        }
        let (_, first) = pages.remove(0);
        pages.extend(published);
        let pages = lorecast_web::watched(lorecast_web::shows(first, pages));
        let shutdown = async move {
            interrupted.await;
            // Nobody may be listening to events.
            let _ = end.send(true);
        };
        // At once, so that whoever has read of the address need not read on.
        say(&(told + &links))?;
        let front = self.front();
        match tls {
            None => lorecast_web::serve(pages, listener, front, shutdown).await?,
            Some(tls) => {
                tokio::spawn(signals::renew(Arc::clone(&tls)));
                lorecast_web::serve_tls(pages, listener, tls, front, shutdown).await?;
            }
        }
        // What they were doing goes back to others, or waits for the next server.
        drop(workers);
        Ok(())
    }

    fn tls(&self) -> anyhow::Result<Option<Arc<Tls>>> {
        let files = self.tls_certificate.clone().zip(self.tls_key.clone());
        let tls = files.map(|(certificate, key)| Tls::read(certificate, key)).transpose()?;
        Ok(tls.map(Arc::new))
    }

    /// Measures from now on, if somebody is to read it.
    async fn measure(&self) -> anyhow::Result<Option<(TcpListener, Measures)>> {
        let Some(address) = self.metrics else { return Ok(None) };
        Ok(Some((listen(address, "--metrics").await?, Measures::begin()?)))
    }
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener
        .with_context(|| format!("cannot listen on {address}; choose another one with `{option}`"))
}

/// Opens a show, and finishes what an earlier server left half done there. Returns its pages, what tells
/// people by mail as long as they are served, and on a terminal the line that signs its owner in.
async fn open(
    show: &Utf8Path,
    url: &str,
    site: Option<&String>,
    ending: &Ending,
) -> anyhow::Result<(Router, impl Future<Output = ()> + Send + 'static, String)> {
    let community = Desk::open(show, &Silent)?.community()?;
    let key = tokio::task::spawn_blocking({
        let community = community.clone();
        move || begin(&community)
    });
    let link = key.await??.map(|key| format!("Sign in as the owner: {url}/enter/{}\n", key.text()));
    let telling = lorecast_web::keep_telling(community.clone(), url.to_owned(), ending.clone());
    let serving = Serving {
        root: show.to_owned(),
        url: url.to_owned(),
        site: show.join("public"),
        site_at: site.cloned(),
        community,
        ending: ending.clone(),
    };
    Ok((lorecast_web::router(serving)?, telling, link.unwrap_or_default()))
}

/// Puts into the episode what was accepted and is not there yet; on a terminal, makes a link for the owner.
fn begin(community: &Community) -> anyhow::Result<Option<Key>> {
    if let Err(error) = community.weave(Timestamp::now()) {
        tracing::warn!("accepted text waits: {error}");
    }
    if let Err(error) = community.place_fillers(Timestamp::now()) {
        tracing::warn!("an accepted filler waits: {error}");
    }
    let watched = std::io::stdout().is_terminal();
    Ok(if watched { Some(community.owners_link(Timestamp::now())?) } else { None })
}

fn line(what: &Utf8Path, address: &str) -> String {
    format!("{what} at {address}/ (Ctrl-C ends it)\n")
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = out::stdout();
    write!(out, "{text}")?;
    Ok(out.flush()?)
}
