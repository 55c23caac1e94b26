//! What must be true of every page of the site.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use url::Url;

use super::{Folder, control_character, is_loopback, rules};
use crate::html::{self, Element, Piece};
use crate::text::shortened;

/// The longest page that is read, in bytes.
const LIMIT: u64 = 10_000_000;
/// Folders deeper than this are not entered.
const DEEPEST: usize = 8;

/// The pages of a folder with their content.
type Pages = BTreeMap<Utf8PathBuf, Vec<Piece>>;

pub(super) fn check(folder: &mut Folder) {
    // Without a feed nobody knows the site's address; its own links can be checked anyway.
    folder.guessed = folder.site.is_none();
    folder.site = folder.site.take().or_else(|| Url::parse("http://localhost/").ok());
    let mut paths = Vec::new();
    walk(folder, Utf8Path::new(""), 0, &mut paths);
    for needed in ["index.html", "404.html"] {
        if !folder.has(Utf8Path::new(needed)) {
            folder.find(&rules::PAGE_MISSING, needed, format!("there is no `{needed}`"));
        }
    }
    let pages: Pages = paths.into_iter().filter_map(|path| read(folder, path)).collect();
    let ids: BTreeMap<_, _> =
        pages.iter().map(|(path, page)| (path.as_path(), ids(page))).collect();
    for (path, page) in &pages {
        document(folder, path, page);
        for element in html::elements(page) {
            check_element(folder, path, element);
        }
        links(folder, path, page, &ids);
    }
}

/// Every `.html` file, in order of path. Links are not followed.
fn walk(folder: &Folder, below: &Utf8Path, depth: usize, pages: &mut Vec<Utf8PathBuf>) {
    let Ok(entries) = folder.root.join(below).read_dir_utf8() else { return };
    for entry in entries.flatten() {
        let path = below.join(entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < DEEPEST && !entry.file_name().starts_with('.') {
            walk(folder, &path, depth + 1, pages);
        } else if kind.is_file() && path.extension() == Some("html") {
            pages.push(path);
        }
    }
}

fn read(folder: &mut Folder, path: Utf8PathBuf) -> Option<(Utf8PathBuf, Vec<Piece>)> {
    let text = match folder.read(&path, LIMIT) {
        Ok((bytes, true)) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
        Ok(_) => Err("it has more than 10 MB".to_owned()),
        Err(error) => Err(format!("it cannot be read: {error}")),
    };
    match text {
        Ok(text) => {
            if let Some((line, c)) = control_character(&text) {
                let message = format!("it holds the character U+{:04X}", c as u32);
                folder.find(&rules::CONTROL_CHARACTER, format!("{path}:{line}"), message);
            }
            let pieces = html::pieces(&text);
            Some((path, pieces))
        }
        Err(message) => {
            folder.find(&rules::PAGE_READ, path, message);
            None
        }
    }
}

/// What a page must have once.
fn document(folder: &mut Folder, path: &Utf8Path, page: &[Piece]) {
    if !page.iter().any(|p| matches!(p, Piece::Doctype { html: true })) {
        folder.find(&rules::PAGE_DOCTYPE, path.as_str(), "`<!DOCTYPE html>` is missing");
    }
    if html::text_of(page, "title").is_empty() {
        folder.find(&rules::PAGE_TITLE, path.as_str(), "`<title>` is missing or empty");
    }
    let count = |name: &str| html::elements(page).filter(|e| e.name == name).count();
    let headings = count("h1");
    if headings != 1 {
        folder.find(&rules::PAGE_HEADING, path.as_str(), format!("it has {headings} `<h1>`"));
    }
    let mut elements = html::elements(page);
    let lang = elements.find(|e| e.name == "html").and_then(|e| e.get("lang"));
    if lang.is_none_or(|lang| lang.trim().is_empty()) {
        folder.find(&rules::PAGE_LANG, path.as_str(), "`<html lang>` is missing or empty");
    }
    let has = |wanted: fn(&Element) -> bool| html::elements(page).any(wanted);
    if !has(|e| e.name == "meta" && e.get("name") == Some("viewport")) {
        folder.find(&rules::PAGE_VIEWPORT, path.as_str(), "`<meta name=\"viewport\">` is missing");
    }
    if !has(is_feed_discovery) {
        let message =
            "no `<link rel=\"alternate\" type=\"application/rss+xml\">` leads to the feed";
        folder.find(&rules::PAGE_FEED, path.as_str(), message);
    }
    let is_episode =
        path.as_str().starts_with("episodes/") && path.file_name() == Some("index.html");
    if is_episode && !has(|e| e.name == "audio" && e.get("controls").is_some()) {
        folder.find(&rules::PAGE_CONTENT, path.as_str(), "it has no `<audio controls>`");
    }
}

fn is_feed_discovery(element: &Element) -> bool {
    let alternate =
        element.get("rel").is_some_and(|rel| rel.split_whitespace().any(|r| r == "alternate"));
    element.name == "link" && alternate && element.get("type") == Some("application/rss+xml")
}

fn check_element(folder: &mut Folder, path: &Utf8Path, element: &Element) {
    let place = format!("{path}:{}", element.line);
    if element.name == "img" && element.get("alt").is_none() {
        folder.find(&rules::PAGE_ALT, place.clone(), "an `<img>` has no `alt`");
    }
    let inline = element.name == "script" && element.get("src").is_none();
    let data = element.get("type").is_some_and(|kind| kind.ends_with("json"));
    if (inline && !data) || element.is_active() {
        let message = format!("an active `<{}>` stands in the page", shortened(&element.name, 40));
        folder.find(&rules::PAGE_SCRIPT, place, message);
    }
}

fn ids(page: &[Piece]) -> BTreeSet<&str> {
    html::elements(page).filter_map(|e| e.get("id")).collect()
}

fn links(
    folder: &mut Folder,
    path: &Utf8Path,
    page: &[Piece],
    ids: &BTreeMap<&Utf8Path, BTreeSet<&str>>,
) {
    let mut seen = BTreeSet::new();
    for element in html::elements(page) {
        let place = format!("{path}:{}", element.line);
        if let Some(id) = element.get("id").filter(|id| !seen.insert(*id)) {
            let message = format!("the id `{}` is there twice", shortened(id, 60));
            folder.find(&rules::PAGE_ID, place.clone(), message);
        }
        for name in ["href", "src", "poster"] {
            let Some(link) = element.get(name) else { continue };
            if folder.guessed && link.starts_with('/') {
                continue;
            }
            let Some(url) = resolve(folder, path, link) else {
                let message = format!("`{}` is no address", shortened(link, 100));
                folder.find(&rules::PAGE_LINK, place.clone(), message);
                continue;
            };
            let loads = name != "href" || is_loaded(element);
            target(folder, &Link { place: &place, link, url: &url, loads }, ids);
        }
    }
}

/// A `<link>` whose file a browser fetches with the page.
fn is_loaded(element: &Element) -> bool {
    let rel = element.get("rel").unwrap_or_default();
    element.name == "link"
        && rel.split_whitespace().any(|r| matches!(r, "stylesheet" | "icon" | "preload"))
}

/// A link as written, where it leads, and whether it is fetched with the page.
struct Link<'a> {
    place: &'a str,
    link: &'a str,
    url: &'a Url,
    loads: bool,
}

fn target(folder: &mut Folder, link: &Link, ids: &BTreeMap<&Utf8Path, BTreeSet<&str>>) {
    let shown = shortened(link.link, 100);
    let Some(file) = folder.file_of(link.url) else {
        if link.loads && matches!(link.url.scheme(), "http" | "https") {
            let message = format!("`{shown}` is on another host");
            folder.find(&rules::PAGE_RESOURCE, link.place, message);
            if link.url.scheme() == "http" && !is_loopback(link.url) {
                folder.find(
                    &rules::URL_INSECURE,
                    link.place,
                    format!("`{shown}` is not encrypted"),
                );
            }
        }
        return;
    };
    if !folder.has(&file) && !folder.has(&file.join("index.html")) {
        return folder.find(&rules::PAGE_LINK, link.place, format!("`{shown}` leads to no file"));
    }
    let fragment = link.url.fragment().filter(|fragment| !fragment.is_empty());
    let missing = |name: &&str| ids.get(file.as_path()).is_some_and(|ids| !ids.contains(name));
    if fragment.filter(missing).is_some() {
        folder.find(
            &rules::PAGE_LINK,
            link.place,
            format!("`{shown}` leads to no place of the page"),
        );
    }
}

/// Where a link leads, as seen from the page's own address.
fn resolve(folder: &Folder, path: &Utf8Path, link: &str) -> Option<Url> {
    folder.site.as_ref()?.join(path.as_str()).ok()?.join(link).ok()
}
