//! Styles and scripts: how heavy they are, and what they do.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use camino::Utf8PathBuf;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::Lint;
use super::{BUDGET, COMFORT, KEYBOARD, Page, SEARCH, SELF_CONTAINED};
use crate::html;

/// In bytes, compressed.
const PAGE: usize = 50_000;
const SCRIPTS: usize = 15_000;
const INDEX: u64 = 20_000;

pub(super) fn check(lint: &mut Lint, page: &Page) {
    let styles = files(lint, page, "link", "href");
    let scripts = files(lint, page, "script", "src");
    for (path, css) in &styles {
        style(lint, path, css);
    }
    let comfort = styles
        .iter()
        .any(|(_, css)| css.contains("prefers-color-scheme") || css.contains("color-scheme"));
    if !styles.is_empty() && !comfort {
        lint.find(&COMFORT, styles[0].0.as_str(), "it does not follow light and dark");
    }
    for (path, script) in &scripts {
        let cookies = script.contains("document.cookie");
        lint.must(!cookies, &SELF_CONTAINED, path, "it sets cookies");
    }
    if page.told.is_none() {
        return;
    }
    let weigh =
        |files: &[(Utf8PathBuf, String)]| files.iter().map(|(_, text)| packed(text)).sum::<usize>();
    let (script, rest) = (weigh(&scripts), weigh(&styles) + packed(page.source));
    if script > SCRIPTS || script + rest > PAGE {
        let message =
            format!("it has {} kB, {} kB of them scripts", (script + rest) / 1000, script / 1000);
        lint.find(&BUDGET, page.path.as_str(), message);
    }
}

fn packed(text: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let packed = gzip.write_all(text.as_bytes()).and_then(|()| gzip.finish());
    packed.map_or(text.len(), |bytes| bytes.len())
}

/// The files of the site that elements of a page load, with their text.
fn files(lint: &Lint, page: &Page, name: &str, attribute: &str) -> Vec<(Utf8PathBuf, String)> {
    let base = lint.reach.site.as_ref().and_then(|site| site.join(page.path.as_str()).ok());
    let Some(base) = base else { return Vec::new() };
    let loaded = page.all(name).filter(|e| {
        name != "link"
            || e.get("rel").is_some_and(|rel| rel.split_whitespace().any(|r| r == "stylesheet"))
    });
    let paths: BTreeSet<Utf8PathBuf> =
        loaded.filter_map(|e| lint.reach.path_of(&base.join(e.get(attribute)?).ok()?)).collect();
    paths
        .into_iter()
        .filter_map(|path| Some((path.clone(), lint.reach.text(&path).ok()?)))
        .collect()
}

fn style(lint: &mut Lint, path: &Utf8PathBuf, css: &str) {
    let css = without_comments(css);
    let plain: String = css.chars().filter(|c| !c.is_whitespace()).collect();
    let moves = ["transition:", "animation:", "@keyframes", "scroll-behavior:smooth"];
    if moves.iter().any(|m| plain.contains(m)) && !plain.contains("prefers-reduced-motion") {
        lint.find(&COMFORT, path, "what moves does not mind `prefers-reduced-motion`");
    }
    if let Some(width) = fixed_width(&plain) {
        lint.find(&COMFORT, path, format!("a width of {width} px does not fit a phone"));
    }
    let outline = plain.contains("outline:none")
        || plain.contains("outline:0;")
        || plain.contains("outline:0}");
    if outline && !plain.contains(":focus-visible") {
        lint.find(&KEYBOARD, path, "it takes the outline of the focus away");
    }
}

fn without_comments(css: &str) -> String {
    let mut clean = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        clean.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    clean + rest
}

/// A width of more than 320 px that a phone cannot show; `max-width` and conditions are none.
fn fixed_width(css: &str) -> Option<u32> {
    css.match_indices("width:").find_map(|(at, name)| {
        let before = &css[..at];
        let kept =
            before.ends_with(['{', ';']) || before.ends_with("{min-") || before.ends_with(";min-");
        let value = &css[at + name.len()..];
        let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        let width: u32 = value[..digits].parse().ok()?;
        (kept && value[digits..].starts_with("px") && width > 320).then_some(width)
    })
}

/// A field to search in somewhere, and an index that is not too heavy.
pub(super) fn search(lint: &mut Lint, sources: &BTreeMap<Utf8PathBuf, String>, episodes: usize) {
    if episodes == 0 {
        return;
    }
    let field = sources.values().any(|source| {
        let page = html::pieces(source);
        html::elements(&page).any(|e| e.name == "input" && matches!(e.get("type"), Some("search")))
    });
    lint.must(field, &SEARCH, "index.html", "no page has a field to search in");
    let index: Vec<_> = lint
        .reach
        .files()
        .into_iter()
        .filter(|(path, _)| {
            path.as_str().contains("search")
                && matches!(path.extension(), Some("json" | "bin" | "txt"))
        })
        .collect();
    let total: u64 = index.iter().map(|(_, size)| size).sum();
    if total > INDEX * episodes as u64 {
        let message = format!("the index has {} kB for {episodes} episodes", total / 1000);
        lint.find(&SEARCH, &index[0].0, message);
    }
}
