//! The pages of a site: valid, readable by everyone, light, and without other hosts.

mod assets;
mod episode;
mod head;
mod links;
mod markup;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use url::Url;

use super::rule::rules;
use super::{Lint, Place};
use crate::html::{self, Element, Piece};

rules! {
    VALID "WB-01" Must House Page
        "Every page is valid HTML: a doctype, a title, tags that fit, ids that are unique."
        => "correct the template below `templates/site/` and publish again";
    ACCESSIBLE "WB-02" Must Wcag Page
        "Pictures, links, buttons and fields have names, zooming is allowed, and there is one main part."
        => "correct the template below `templates/site/` and publish again";
    TRANSCRIPT "WB-03" Must Wcag Page
        "The whole transcript stands on the episode's page as text (1.2.1)."
        => "let the template show the transcript";
    KEYBOARD "WB-04" Must Wcag Page
        "Everything works by keyboard with a visible focus, and names carry the visible text (2.5.3)."
        => "use links and buttons, keep the outline, and begin `aria-label` with the visible words";
    PLAIN "WB-05" Must House Page
        "The episode plays, and its notes and transcript are read, without JavaScript."
        => "write `<audio controls src=…>` into the page, and hide nothing";
    SEEK "WB-06" Must House Page
        "The page links every chapter at its start, within half a second."
        => "link chapters as `#t=61` from `master.json`";
    DEEP "WB-07" Should House Page
        "Links into a page find their place."
        => "correct the link, or give the element that id";
    SELF_CONTAINED "WB-08" Must House Page
        "A page asks no other host for anything, sets no cookies, and has no scripts and styles inside."
        => "serve it from the site: scripts and styles as files";
    FOUND "WB-09" Should House Page
        "Search engines can read the page: a description, and nothing that shuts them out."
        => "add `<meta name=\"description\">`";
    BUDGET "WB-10" Should House Page
        "HTML, CSS and JavaScript of an episode's page have at most 50 kB compressed, JavaScript 15 kB."
        => "shorten the page, its styles or its scripts";
    SHARED "WB-11" Should House Page
        "A page names its feed and its own address, and an episode's what is shown where it is shared."
        => "add the links and `og:` tags to the template";
    DATA "WB-12" Should House Page
        "An episode's page describes it in JSON-LD: PodcastEpisode with series, date, duration and sound."
        => "add the data to the template";
    CARD "WB-13" Should House Page
        "An episode has a picture of 1200 x 630 for where it is shared."
        => "draw the picture, and name it in `og:image`";
    COMFORT "WB-14" Should House Page
        "Styles follow light and dark, reduced motion, and widths from 320 px."
        => "use `prefers-color-scheme` and `prefers-reduced-motion`, and no fixed widths";
    SEARCH "WB-15" Should House Page
        "The site can be searched, with an index of at most 20 kB an episode."
        => "add the search page";
    DOWNLOAD "WB-16" Should House Page
        "The player loads nothing before it is asked, and size and length stand beside the download."
        => "write `preload=\"none\"` or `metadata`, and the size beside the link";
    ORDER "WB-17" Should House Page
        "A page tells its language, has one `<h1>`, and headings in order."
        => "correct the template below `templates/site/` and publish again";
}

/// What the feed tells of an episode that has a page.
pub(super) struct Told {
    /// Its page in the folder.
    pub(super) page: Utf8PathBuf,
    /// Starts in seconds, and titles.
    pub(super) chapters: Vec<(f64, String)>,
    /// The words of its transcript.
    pub(super) words: Vec<String>,
}

/// A page with what is known of it.
struct Page<'a> {
    path: &'a Utf8Path,
    source: &'a str,
    pieces: &'a [Piece],
    /// What the feed tells, when it is an episode's.
    told: Option<&'a Told>,
}

impl Page<'_> {
    fn place(&self, element: &Element) -> Place {
        Place::at(self.path.as_str(), u32::try_from(element.line).unwrap_or(u32::MAX), 1)
    }

    fn elements(&self) -> impl Iterator<Item = &Element> {
        html::elements(self.pieces)
    }

    /// The elements with a name.
    fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b Element> {
        self.elements().filter(move |e| e.name == name)
    }

    /// `<meta name>` or `<meta property>`; empty when there is none.
    fn meta(&self, name: &str) -> &str {
        let mut all = self.all("meta");
        let found = all.find(|e| e.get("name").or(e.get("property")) == Some(name));
        found.and_then(|e| e.get("content")).unwrap_or_default()
    }

    /// The page that servers show for what is not there.
    fn is_error(&self) -> bool {
        self.path == "404.html"
    }
}

pub(super) fn check(lint: &mut Lint) {
    if lint.reach.folder().is_none() {
        return;
    }
    // Without a feed nobody knows the site's address; its own links can be checked anyway.
    let guessed = lint.reach.site.is_none();
    lint.reach.site = lint.reach.site.take().or_else(|| Url::parse("http://localhost/").ok());
    let sources = sources(lint);
    let pieces: BTreeMap<_, _> =
        sources.par_iter().map(|(path, text)| (path.as_path(), html::pieces(text))).collect();
    let ids: links::Ids = pieces
        .iter()
        .map(|(path, page)| (*path, html::elements(page).filter_map(|e| e.get("id")).collect()))
        .collect();
    let told = std::mem::take(&mut lint.told);
    let of_page: BTreeMap<&Utf8Path, &Told> =
        told.iter().map(|told| (told.page.as_path(), told)).collect();
    let beside = |(path, source): (&Utf8PathBuf, &String)| {
        let (pieces, told) = (&pieces[path.as_path()], of_page.get(path.as_path()).copied());
        let page = Page { path, source, pieces, told };
        let mut part = lint.part();
        markup::check(&mut part, &page);
        head::check(&mut part, &page);
        episode::check(&mut part, &page);
        links::check(&mut part, &page, &ids, guessed);
        assets::check(&mut part, &page);
        part
    };
    let parts: Vec<Lint> = sources.par_iter().map(beside).collect();
    parts.into_iter().for_each(|part| lint.join(part));
    for told in told.iter().filter(|told| !sources.contains_key(&told.page)) {
        if !lint.reach.has(&told.page) {
            lint.find(&super::http::LINKS, &told.page, "the episode has no page");
        }
    }
    if lint.context.settled.is_none_or(BTreeSet::is_empty) {
        assets::search(lint, &sources, told.len());
    }
}

/// The text of every page. Transcripts have rules of their own.
fn sources(lint: &mut Lint) -> BTreeMap<Utf8PathBuf, String> {
    let transcripts: BTreeSet<Utf8PathBuf> = std::mem::take(&mut lint.transcripts);
    let mut sources = BTreeMap::new();
    for (path, _) in lint.reach.files() {
        let settled = lint.context.settled.is_some_and(|settled| settled.contains(&path));
        if path.extension() != Some("html") || transcripts.contains(&path) || settled {
            continue;
        }
        match lint.reach.text(&path) {
            // Without a frame it is part of a page, such as a transcript.
            Ok(text) if is_fragment(&text) => {}
            Ok(text) => {
                sources.insert(path, text);
            }
            Err(why) => lint.find(&VALID, path, format!("the page {why}")),
        }
    }
    sources
}

fn is_fragment(text: &str) -> bool {
    let start: String = text.chars().take(1000).collect::<String>().to_ascii_lowercase();
    !start.contains("<!doctype") && !start.contains("<html")
}
