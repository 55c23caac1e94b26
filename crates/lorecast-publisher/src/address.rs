//! Where the site is, and the URLs below it.

use camino::Utf8PathBuf;
use lorecast_model::{EpisodeId, Show};
use url::Url;

use crate::PublishError;

/// The address of the site: an absolute http(s) URL that ends in `/`.
#[derive(Clone, Debug)]
pub(crate) struct Address(Url);

impl Address {
    /// Reads `url` of `show.yaml`; the `/` at its end may be missing.
    pub(crate) fn of(show: &Show) -> Result<Self, PublishError> {
        Self::parse(&show.url)
    }

    /// Reads an address as `show.yaml` has it.
    pub(crate) fn parse(text: &str) -> Result<Self, PublishError> {
        let fails = |why: &str| PublishError::ShowUrl { url: text.to_owned(), why: why.into() };
        let url = Url::parse(&ended(text)).map_err(|e| fails(&format!("is no URL ({e})")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(fails("is not an http or https address"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(fails("must not have a `?` or `#`"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(fails("must not hold a user name or password"));
        }
        Ok(Self(url))
    }

    /// The URL of a file of the site, given its path below the site's root.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The URL of the site.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// The path below the site's root that a URL leads to, when it lies there and is made of plain
    /// names only (letters, digits, `.`, `-`, `_`).
    pub(crate) fn below(&self, url: &str) -> Option<Utf8PathBuf> {
        let path = Url::parse(url).ok()?;
        let rest = path.as_str().strip_prefix(self.0.as_str())?;
        is_plain_path(rest).then(|| rest.into())
    }
}

/// Whether a path below the site is made of plain names: nothing to escape, nothing that climbs.
pub(crate) fn is_plain_path(path: &str) -> bool {
    path.len() <= 255 && path.split('/').all(is_plain_name)
}

/// Whether a file name needs no escaping in a URL and cannot climb or hide.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
}

/// A link with each `@` of its path written as `%40` (RFC 3986 section 2.1): Message-IDs often end in
/// their senders' addresses, and what collects addresses from pages is not to find them there.
pub fn quiet(url: &str) -> String {
    let path = url.find("://").and_then(|at| Some(at + 3 + url[at + 3..].find('/')?));
    match path {
        Some(path) => url[..path].to_owned() + &url[path..].replace('@', "%40"),
        None => url.to_owned(),
    }
}

/// The URL of the feed. The permanent names of the show and of its episodes derive from it.
pub(crate) fn feed_url(show: &Show) -> String {
    at(show, "feed.xml")
}

/// The URL of an episode's sound.
pub(crate) fn audio_url(show: &Show, id: EpisodeId) -> String {
    at(show, &format!("media/{id}.mp3"))
}

fn at(show: &Show, path: &str) -> String {
    match Address::of(show) {
        Ok(address) => address.at(path),
        Err(_) => written(show) + path,
    }
}

fn written(show: &Show) -> String {
    ended(&show.url)
}

fn ended(url: &str) -> String {
    format!("{}/", url.trim().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &str) {
        let show = crate::site::tests::show(url);
        let got = Address::of(&show).map(|a| a.at("x")).unwrap_or_else(|e| e.to_string());
        assert_eq!(got, expected);
    }

    #[test]
    fn the_address_of_a_show() {
        check("https://pod.example/show", "https://pod.example/show/x");
        check(" HTTPS://Pod.example ", "https://pod.example/x");
        check("https://bücher.example/é/", "https://xn--bcher-kva.example/%C3%A9/x");
        check("http://127.0.0.1:8080/", "http://127.0.0.1:8080/x");
        let hint = "write it like `https://example.org/show/`";
        check(
            "ftp://pod.example/",
            &format!(
                "`url: ftp://pod.example/` in `show.yaml` is not an http or https address; {hint}"
            ),
        );
        check(
            "https://a:b@pod.example/",
            &format!(
                "`url: https://a:b@pod.example/` in `show.yaml` must not hold a user name or password; {hint}"
            ),
        );
        check(
            "pod.example",
            &format!(
                "`url: pod.example` in `show.yaml` is no URL (relative URL without a base); {hint}"
            ),
        );
    }

    #[test]
    fn addresses_in_links_are_written_otherwise() {
        let check = |url: &str, expected: &str| assert_eq!(quiet(url), expected);
        check(
            "https://lore.example/r/1-ann@a.example/",
            "https://lore.example/r/1-ann%40a.example/",
        );
        check("https://ann@lore.example", "https://ann@lore.example");
        check("mailto:show@pod.example", "mailto:show@pod.example");
    }

    #[test]
    fn only_plain_paths_lie_below() {
        let address = Address::of(&crate::site::tests::show("https://pod.example/a/")).unwrap();
        let below = |url: &str| address.below(url).map(|p| p.to_string());
        assert_eq!(below("https://pod.example/a/media/1.mp3").as_deref(), Some("media/1.mp3"));
        for outside in [
            "https://pod.example/b/1.mp3",
            "https://pod.example/a/../b/1.mp3",
            "https://pod.example/a/%2e%2e/1.mp3",
            "https://pod.example/a/..%2f1.mp3",
            "https://pod.example/a/m/.hidden",
            "https://pod.example/a/",
            "https://pod.example/a/1.mp3?x",
            "nonsense",
        ] {
            assert_eq!(below(outside), None, "{outside}");
        }
    }
}
