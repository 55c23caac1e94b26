//! Which show is at which host.

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};

use super::outside;

/// The shows beside the first one, by `URL DIR` pairs: each at a host that no other has.
pub(super) fn others(
    first: &Utf8Path,
    own: Option<&str>,
    pairs: &[String],
) -> anyhow::Result<Vec<(String, Utf8PathBuf)>> {
    let mut others: Vec<(String, Utf8PathBuf)> = Vec::new();
    for pair in pairs.chunks_exact(2) {
        let url = web_address(&pair[0]).map_err(anyhow::Error::msg);
        let url = url.with_context(|| format!("`{}` is no address of a show", pair[0]))?;
        let mut taken = others.iter().map(|(url, _)| url.as_str()).chain(own);
        if let Some(taken) = taken.find(|taken| host(taken) == host(&url)) {
            bail!("`{url}` and `{taken}` are at one host; give each show a host of its own");
        }
        let show = Utf8PathBuf::from(&pair[1]);
        if show
            .canonicalize()
            .is_ok_and(|show| first.canonicalize().is_ok_and(|first| first == show))
        {
            bail!("`{first}` is served already; name another show with `--also`");
        }
        others.push((url, show));
    }
    Ok(others)
}

/// Sees to it that each published site has a host that nothing else has: browsers then let it touch nothing of the pages, and send it
/// none of their cookies, which ports do not keep apart.
pub(super) fn are_apart(
    own: &str,
    others: &[(String, Utf8PathBuf)],
    sites: &[String],
) -> anyhow::Result<()> {
    let shows: Vec<&str> =
        std::iter::once(own).chain(others.iter().map(|(url, _)| url.as_str())).collect();
    if sites.len() > shows.len() {
        let (given, shows) = (sites.len(), shows.len());
        let s = if shows == 1 { "" } else { "s" };
        bail!("`--site` is given {given} times for {shows} show{s}; give it once for each");
    }
    for (nth, site) in sites.iter().enumerate() {
        let mut taken = shows.iter().copied().chain(sites[..nth].iter().map(String::as_str));
        if let Some(taken) = taken.find(|taken| host(taken) == host(site)) {
            bail!(
                "`{site}` and `{taken}` are at one host; give the published site a host of its own"
            );
        }
    }
    Ok(())
}

/// The host of an address.
pub(super) fn host(url: &str) -> String {
    lorecast_web::host_of(url.split_once("://").map_or(url, |(_, authority)| authority))
}

/// Reads `https://mail.example`, with or without a slash behind it.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let authority =
        authority.map(|text| text.trim_end_matches('/')).filter(|text| !text.is_empty());
    let plain =
        |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    match authority {
        Some(authority)
            if plain(authority)
                && text.starts_with("http://")
                && !outside::is_here(&host(text.trim_end_matches('/'))) =>
        {
            Err(format!(
                "write `https://{authority}`: pages that come without TLS can be read and changed on the way"
            ))
        }
        Some(authority) if plain(authority) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("write a scheme and a host, such as `https://mail.example`".to_owned()),
    }
}
