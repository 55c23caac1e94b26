//! Where the links of a page lead, and what it loads.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use url::Url;

use super::super::{Lint, Place, http};
use super::{DEEP, Page, SELF_CONTAINED};
use crate::html::{Element, Piece};
use crate::text::shortened;

/// The ids of every page.
pub(super) type Ids<'a> = BTreeMap<&'a Utf8Path, BTreeSet<&'a str>>;

pub(super) fn check(lint: &mut Lint, page: &Page, ids: &Ids, guessed: bool) {
    inline(lint, page);
    let Some(base) = lint.reach.site.as_ref().and_then(|site| site.join(page.path.as_str()).ok())
    else {
        return;
    };
    for element in page.elements() {
        for name in ["href", "src", "poster"] {
            let Some(link) = element.get(name) else { continue };
            if guessed && link.starts_with('/') {
                continue;
            }
            let loads = name != "href" || is_loaded(element);
            match base.join(link) {
                Ok(url) => target(lint, &page.place(element), link, &url, loads, ids),
                Err(_) => {
                    let message = format!("`{}` is no address", shortened(link, 100));
                    lint.find(&http::LINKS, page.place(element), message);
                }
            }
        }
    }
}

/// What a page must not hold itself under `Content-Security-Policy: default-src 'self'`.
fn inline(lint: &mut Lint, page: &Page) {
    for piece in page.pieces {
        let Piece::Open(element) = piece else { continue };
        let data = element.get("type").is_some_and(|kind| kind.ends_with("json"));
        let script = element.name == "script" && element.get("src").is_none() && !data;
        let style = element.name == "style" || element.get("style").is_some();
        if script || style || element.is_active() {
            let message =
                format!("an active `<{}>` stands in the page", shortened(&element.name, 40));
            lint.find(&SELF_CONTAINED, page.place(element), message);
        }
    }
}

/// A `<link>` whose file a browser fetches with the page.
fn is_loaded(element: &Element) -> bool {
    let rel = element.get("rel").unwrap_or_default();
    element.name == "link"
        && rel
            .split_whitespace()
            .any(|r| matches!(r, "stylesheet" | "icon" | "preload" | "modulepreload"))
}

fn target(lint: &mut Lint, place: &Place, link: &str, url: &Url, loads: bool, ids: &Ids) {
    let shown = shortened(link, 100);
    let Some(file) = lint.reach.path_of(url) else {
        // Sound that stays where it was is loaded when somebody listens.
        let stays = lint.context.elsewhere.iter().any(|sound| sound == link);
        if loads && !stays && matches!(url.scheme(), "http" | "https") {
            lint.find(&SELF_CONTAINED, place, format!("`{shown}` is on another host"));
        }
        return;
    };
    if !lint.reach.has(&file) {
        return lint.find(&http::LINKS, place, format!("`{shown}` leads to no file"));
    }
    // A time is no place: `#t=61`.
    let fragment = url.fragment().filter(|f| !f.is_empty() && !f.starts_with("t="));
    let page = if ids.contains_key(file.as_path()) { file } else { file.join("index.html") };
    let missing = |name: &&str| ids.get(page.as_path()).is_some_and(|ids| !ids.contains(name));
    if fragment.filter(missing).is_some() {
        lint.find(&DEEP, place, format!("`{shown}` leads to no place of the page"));
    }
}
