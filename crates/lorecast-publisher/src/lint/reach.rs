//! What can be opened: the files of a folder, those beside a feed, or what a server answers.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_fetch::{Client, Manners, Redirects};
use percent_encoding::percent_decode_str;
use url::Url;

use super::Subject;
use crate::PublishError;
use crate::html;

/// No feed or page comes near; a directory would have given up long before.
pub(super) const TEXT: u64 = 64_000_000;
/// The largest sound and picture that is read.
pub(super) const MEDIA: u64 = 1_000_000_000;
/// What a feed is called where nothing says it.
const FEEDS: &[&str] = &[
    "feed.xml",
    "rss.xml",
    "index.xml",
    "podcast.xml",
    "feed.rss",
    "podcast.rss",
    "feed",
    "rss",
    "feed/index.xml",
];
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much is kept in memory of what was read, in bytes.
const MOST_KEPT: usize = 64_000_000;
/// Folders deeper than this are not entered, and more files are not looked at.
const DEEPEST: usize = 12;
const MOST_FILES: usize = 200_000;

/// A file that was asked for.
pub(super) enum Opened {
    /// It is no part of what is linted.
    Elsewhere,
    /// It should be there and is not: why.
    Missing(String),
    /// Its name and its bytes.
    File(String, Arc<Vec<u8>>),
}

/// What can be opened, and under which address. Copies share what was read.
#[derive(Clone)]
pub(super) struct Reach {
    kind: Arc<Kind>,
    /// The address of the folder's root, or of the feed's own folder.
    pub(super) site: Option<Url>,
    /// Addresses of another server, though they begin like the site's.
    elsewhere: Vec<Url>,
    /// Answers and files that were read already.
    kept: Arc<Mutex<Kept>>,
}

/// Files and answers that were read already, and how many bytes they have.
#[derive(Default)]
struct Kept(BTreeMap<String, Arc<Vec<u8>>>, usize);

impl Kept {
    /// Keeps what may be asked for again, such as artwork. Sound is looked at once, and keeping everything
    /// would fill the memory.
    fn keep(&mut self, name: &str, bytes: &Arc<Vec<u8>>) {
        if bytes.len() < 4_000_000 && self.1 + bytes.len() <= MOST_KEPT {
            self.1 += bytes.len();
            self.0.insert(name.to_owned(), bytes.clone());
        }
    }
}

enum Kind {
    Folder { root: Utf8PathBuf, feed: Option<Utf8PathBuf> },
    File { folder: Utf8PathBuf, name: String },
    Web { client: Client, feed: Url },
}

impl Reach {
    pub(super) fn of(subject: &Subject) -> Result<Self, PublishError> {
        let kind = match subject {
            Subject::Folder(root) => {
                std::fs::read_dir(root).map_err(PublishError::file("read", root))?;
                Kind::Folder { root: (*root).to_owned(), feed: feed_in(root) }
            }
            Subject::File(path) => {
                File::open(path).map_err(PublishError::file("read", path))?;
                let folder = path.parent().filter(|p| !p.as_str().is_empty());
                Kind::File {
                    folder: folder.unwrap_or(Utf8Path::new(".")).to_owned(),
                    name: path.file_name().unwrap_or_default().to_owned(),
                }
            }
            Subject::Address(url) => Kind::Web { client: client(url), feed: url.clone() },
        };
        Ok(Self { kind: Arc::new(kind), site: None, elsewhere: Vec::new(), kept: Arc::default() })
    }

    /// The same, with addresses that lead to another server.
    pub(super) fn without(self, elsewhere: &[String]) -> Self {
        let elsewhere = elsewhere.iter().filter_map(|url| Url::parse(url).ok()).collect();
        Self { elsewhere, ..self }
    }

    /// The feed's name as findings tell it, its bytes and whether these are all.
    pub(super) fn feed(&mut self) -> (String, Result<(Vec<u8>, bool), String>) {
        match &*self.kind {
            Kind::Folder { feed: None, .. } => {
                ("feed.xml".into(), Err("there is no feed in the folder".into()))
            }
            Kind::Folder { root, feed: Some(path) } => {
                (path.to_string(), read(&root.join(path), TEXT).map_err(|e| e.to_string()))
            }
            Kind::File { folder, name } => {
                (name.clone(), read(&folder.join(name), TEXT).map_err(|e| e.to_string()))
            }
            Kind::Web { client, feed } => (feed.to_string(), client.bytes(feed, TEXT)),
        }
    }

    /// The folder, when one is linted.
    pub(super) fn folder(&self) -> Option<&Utf8Path> {
        if let Kind::Folder { root, .. } = &*self.kind { Some(root) } else { None }
    }

    /// Where a file lies that was opened; `None` when it came from a server.
    pub(super) fn path(&self, name: &str) -> Option<Utf8PathBuf> {
        match &*self.kind {
            Kind::Folder { root, .. } => Some(root.join(name)),
            Kind::File { folder, .. } => Some(folder.join(name)),
            Kind::Web { .. } => None,
        }
    }

    /// The server, and the address of the feed on it.
    pub(super) fn server(&self) -> Option<(&Client, &Url)> {
        if let Kind::Web { client, feed } = &*self.kind { Some((client, feed)) } else { None }
    }

    /// The path of the feed in the folder, or its file's name.
    pub(super) fn feed_path(&self) -> Option<&str> {
        match &*self.kind {
            Kind::Folder { feed, .. } => feed.as_deref().map(Utf8Path::as_str),
            Kind::File { name, .. } => Some(name),
            Kind::Web { .. } => None,
        }
    }

    /// The file that an address below the site leads to; `None` when it leads elsewhere.
    pub(super) fn path_of(&self, url: &Url) -> Option<Utf8PathBuf> {
        let site = self.site.as_ref().filter(|_| !self.elsewhere.contains(url))?;
        let same_host = site.origin() == url.origin();
        let rest = url.path().strip_prefix(site.path()).filter(|_| same_host)?;
        let path = percent_decode_str(rest).decode_utf8().ok()?;
        if path.contains(['\\', '\0']) || path.split('/').any(|name| name == "..") {
            return None;
        }
        let index = if path.is_empty() || path.ends_with('/') { "index.html" } else { "" };
        Some(format!("{path}{index}").into())
    }

    /// Opens what an address names.
    pub(super) fn open(&self, url: &Url, limit: u64) -> Opened {
        let name = match &*self.kind {
            Kind::Web { .. } => url.to_string(),
            _ => match self.path_of(url) {
                Some(path) => path.into_string(),
                None => return Opened::Elsewhere,
            },
        };
        if let Some(bytes) = self.kept().0.get(&name).cloned() {
            return Opened::File(name, bytes);
        }
        let (read, expected) = match &*self.kind {
            Kind::Folder { root, .. } => (read(&root.join(&name), limit).map_err(words), true),
            Kind::File { folder, .. } => (read(&folder.join(&name), limit).map_err(words), false),
            Kind::Web { client, .. } => (client.bytes(url, limit), true),
        };
        match read {
            Ok((bytes, true)) => {
                let bytes = Arc::new(bytes);
                self.kept().keep(&name, &bytes);
                Opened::File(name, bytes)
            }
            Ok(_) => Opened::Missing(format!("has more than {} MB", limit / 1_000_000)),
            Err(why) if expected => Opened::Missing(why),
            Err(_) => Opened::Elsewhere,
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a file is in the folder; true when no folder is linted.
    pub(super) fn has(&self, path: &Utf8Path) -> bool {
        match &*self.kind {
            Kind::Folder { root, .. } => {
                let path = root.join(path);
                path.is_file() || path.join("index.html").is_file()
            }
            _ => true,
        }
    }

    /// Every file of the folder with its size, in order of path. Links are not followed.
    pub(super) fn files(&self) -> Vec<(Utf8PathBuf, u64)> {
        self.folder().map(files).unwrap_or_default()
    }

    /// A file of the folder as text.
    pub(super) fn text(&self, path: &Utf8Path) -> Result<String, String> {
        let root = self.folder().ok_or("no folder is linted")?;
        match read(&root.join(path), TEXT).map_err(words)? {
            (bytes, true) => String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned()),
            _ => Err("has more than 64 MB".to_owned()),
        }
    }
}

/// Every file below a folder with its size, in order of path. Links are not followed.
pub(super) fn files(root: &Utf8Path) -> Vec<(Utf8PathBuf, u64)> {
    let mut files = Vec::new();
    walk(root, Utf8Path::new(""), 0, &mut files);
    files.sort();
    files
}

/// The feed of a folder: by its usual names, else as the first page says.
pub(super) fn feed_in(root: &Utf8Path) -> Option<Utf8PathBuf> {
    let usual = FEEDS.iter().find(|name| root.join(name).is_file());
    usual.map(Utf8PathBuf::from).or_else(|| {
        let (bytes, _) = read(&root.join("index.html"), TEXT).ok()?;
        let page = html::pieces(&String::from_utf8_lossy(&bytes));
        let link = html::elements(&page)
            .find(|e| e.name == "link" && e.get("type") == Some("application/rss+xml"))?;
        let base = Url::parse("http://localhost/").ok()?;
        let path = base.join(link.get("href")?).ok()?.path().trim_start_matches('/').to_owned();
        root.join(&path).is_file().then(|| path.into())
    })
}

/// At most `limit` bytes of a file, and whether these are all.
pub(super) fn read(path: &Utf8Path, limit: u64) -> std::io::Result<(Vec<u8>, bool)> {
    let file = File::open(path)?;
    let length = file.metadata()?.len().min(limit);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes)?;
    let whole = bytes.len() as u64 <= limit;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((bytes, whole))
}

/// A client that may ask the host of the feed even when it is private.
fn client(feed: &Url) -> Client {
    Client::new(Manners {
        agent: concat!("lorecast/", env!("CARGO_PKG_VERSION"), " (lint)").to_owned(),
        patience: PATIENCE,
        allowed: feed.host_str().map(str::to_owned).into_iter().collect(),
        // The body is wanted as it is sent.
        packed: false,
        in_turn: false,
        redirects: Redirects::Anywhere,
    })
}

fn words(error: std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "is not there".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

fn walk(root: &Utf8Path, below: &Utf8Path, depth: usize, files: &mut Vec<(Utf8PathBuf, u64)>) {
    let Ok(entries) = root.join(below).read_dir_utf8() else { return };
    for entry in entries.flatten() {
        let path = below.join(entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < DEEPEST && entry.file_name() != ".git" {
            walk(root, &path, depth + 1, files);
        } else if kind.is_file() && files.len() < MOST_FILES {
            let size = entry.metadata().map_or(0, |m| m.len());
            files.push((path, size));
        }
    }
}
