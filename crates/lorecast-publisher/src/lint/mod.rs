//! Reads a published folder as a podcast app would, and says what is wrong.
//!
//! The rules are those of RSS 2.0, PSP-1, Apple's requirements, the podcast namespace and JSON
//! chapters 1.2 that the folder alone can prove; see `rules.rs` for their names.

mod apple;
mod channel;
mod chapters;
mod feed;
mod item;
mod media;
mod page;
mod rules;
mod transcripts;

use std::fs::File;
use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Finding;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::PublishError;
use crate::text::{is_printable, shortened};
use rules::Rule;

/// Findings beyond this many are not told: something more basic is wrong.
const MOST_FINDINGS: usize = 1000;

/// Everything that is wrong with a published folder, in order of place. Only the folder is read:
/// not the show that it was made from, and not the network.
///
/// # Errors
/// When the folder cannot be read. A broken feed gives findings.
pub fn lint(out: &Utf8Path) -> Result<Vec<Finding>, PublishError> {
    std::fs::read_dir(out).map_err(PublishError::file("read", out))?;
    let mut folder =
        Folder { root: out.to_owned(), site: None, guessed: false, findings: Vec::new() };
    feed::check(&mut folder);
    page::check(&mut folder);
    let mut findings = folder.findings;
    findings.sort_by(|a, b| (in_order(&a.place), &a.rule).cmp(&(in_order(&b.place), &b.rule)));
    findings.dedup();
    Ok(findings)
}

/// File, then line as a number.
fn in_order(place: &str) -> (&str, u64) {
    let split = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    split.unwrap_or((place, 0))
}

/// The folder under examination, and what was found.
struct Folder {
    root: Utf8PathBuf,
    /// The address of the site, as its feed gives it.
    site: Option<Url>,
    /// True when no feed tells the address, so that only links within the folder mean something.
    guessed: bool,
    findings: Vec<Finding>,
}

impl Folder {
    fn find(&mut self, rule: &Rule, place: impl Into<String>, message: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding {
                place: place.into(),
                at: None,
                severity: rule.severity,
                rule: rule.name.to_owned(),
                message: message.into(),
                hint: rule.hint.to_owned(),
                fix: None,
            });
        }
    }

    /// The file that a URL below the site leads to, as a path below the folder; `None` when the
    /// URL leads elsewhere.
    fn file_of(&self, url: &Url) -> Option<Utf8PathBuf> {
        let site = self.site.as_ref()?;
        let same_host = site.origin() == url.origin();
        let rest = url.path().strip_prefix(site.path()).filter(|_| same_host)?;
        let path = percent_decode_str(rest).decode_utf8().ok()?;
        if path.contains(['\\', '\0']) || path.split('/').any(|name| name == "..") {
            return None;
        }
        let index = if path.is_empty() || path.ends_with('/') { "index.html" } else { "" };
        Some(format!("{path}{index}").into())
    }

    /// At most `limit` bytes of a file, and whether these are all.
    fn read(&self, path: &Utf8Path, limit: u64) -> std::io::Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::new();
        File::open(self.root.join(path))?.take(limit + 1).read_to_end(&mut bytes)?;
        let whole = bytes.len() as u64 <= limit;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok((bytes, whole))
    }

    fn has(&self, path: &Utf8Path) -> bool {
        self.root.join(path).is_file()
    }

    /// What is true of every address that an app follows. Returns it when it can be followed.
    fn check_url(&mut self, rule: &Rule, place: &str, what: &str, text: &str) -> Option<Url> {
        let shown = shortened(text, 100);
        if !text.is_ascii() {
            self.find(&rules::URL_ASCII, place, format!("the address `{shown}` is not ASCII"));
        }
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = url else {
            let message = format!("{what} `{shown}` is no absolute http or https address");
            self.find(rule, place, message);
            return None;
        };
        if url.scheme() == "http" && !is_loopback(&url) {
            let message = format!("`{shown}` is not encrypted");
            self.find(&rules::URL_INSECURE, place, message);
        }
        let public = self.site.as_ref().is_some_and(|site| !is_loopback(site));
        if public && is_loopback(&url) {
            let message = format!("`{shown}` cannot be reached from other machines");
            self.find(&rules::URL_LOOPBACK, place, message);
        }
        Some(url)
    }
}

/// Whether a URL leads to this very machine: a preview.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Where lines begin, to tell the line of an offset.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    /// Counted from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

/// The first character that no XML or HTML file may hold: its line and what it is.
fn control_character(text: &str) -> Option<(usize, char)> {
    let (at, c) = text.char_indices().find(|(_, c)| !is_printable(*c) && *c != '\r')?;
    Some((Lines::of(&text[..at]).at(at), c))
}
