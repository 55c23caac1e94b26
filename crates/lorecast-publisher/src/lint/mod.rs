//! Reads a feed, or a built site, as a podcast app and a directory would, and says what is wrong.
//!
//! The rules are those of [`rules`], each with its source. Nothing that the feed says of a file is
//! believed: sound is decoded, pictures, chapters and transcripts are opened.
//!
//! | module | what it looks at |
//! |---|---|
//! | `xml`, `channel`, `podcast`, `item`, `enclosure`, `prose`, `paging` | the feed |
//! | `artwork`, `media`, `id3` | pictures and sound |
//! | `chapters`, `transcripts` | the files beside the sound |
//! | `http` | the answers of a server, when an address is linted |
//! | `state` | what changed since an earlier build |
//! | `page` | the pages of the site |

mod apple;
mod artwork;
mod channel;
mod chapters;
mod document;
mod enclosure;
mod feed;
mod http;
mod id3;
mod item;
mod media;
mod page;
mod paging;
mod podcast;
mod prose;
mod reach;
pub mod rule;
mod state;
mod transcripts;
pub(crate) mod values;
mod xml;

use std::collections::BTreeSet;
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use lorecast_model::{Finding, Spot};
use url::Url;

use crate::PublishError;
pub use media::{Ear, Heard};
use reach::Reach;
pub use rule::{Evidence, Level, Rule, Source, table};

/// Findings beyond this many are not told: something more basic is wrong.
const MOST_FINDINGS: usize = 1000;

/// How far the clocks of those who write feeds and of those who read them may be apart.
const CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// What is linted.
#[derive(Clone, Debug)]
pub enum Subject<'a> {
    /// A built site: a folder with a feed in it. What the feed names below its own address must be
    /// in the folder.
    Folder(&'a Utf8Path),
    /// A feed alone. What lies beside it is opened; what does not is not missed.
    File(&'a Utf8Path),
    /// A feed on a server; what it names is asked for. No other private address is ever asked.
    Address(Url),
}

/// What else is known of a [`Subject`], and how far to go.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// The time, to tell what is in the future; nothing is when not given.
    pub now: Option<Timestamp>,
    /// An earlier build of the same site: a folder, or its feed.
    pub earlier: Option<&'a Utf8Path>,
    /// The folder of the show, with `episodes/ID/script.md`: what was to be said.
    pub show: Option<&'a Utf8Path>,
    /// The first address that the feed ever had, when it moved; its `podcast:guid` comes from it.
    pub first_address: Option<&'a str>,
    /// The `podcast:guid` that the show brought from another host: no address of ours made it.
    pub guid: Option<&'a str>,
    /// Addresses of sound that stays on another server, even when they begin like the site's.
    pub elsewhere: &'a [String],
    /// Decodes sound; without it what only decoding can tell is taken on trust.
    pub ear: Option<&'a dyn Ear>,
    /// Hears how far the lint is.
    pub watch: Option<&'a dyn Watch>,
    /// Files of the folder that are as they were when all of it was checked before: sound, pages and what
    /// belongs to them are not looked at again. Everything is, when not given.
    pub settled: Option<&'a BTreeSet<Utf8PathBuf>>,
}

/// Somebody who likes to know how far a lint is.
pub trait Watch: fmt::Debug + Sync {
    /// So many of all episodes, each with its files, were looked at.
    fn looked_at(&self, done: u64, all: u64);
}

/// Everything that is wrong with a feed or site, in order of place.
///
/// # Errors
/// When the subject itself cannot be read. A broken feed gives findings.
pub fn lint(subject: &Subject, context: &Context) -> Result<Vec<Finding>, PublishError> {
    let reach = Reach::of(subject)?.without(context.elsewhere);
    let (told, transcripts) = (Vec::new(), BTreeSet::new());
    let mut lint = Lint { context, reach, told, transcripts, findings: Vec::new() };
    feed::check(&mut lint);
    page::check(&mut lint);
    let mut findings = lint.findings;
    findings.sort_by(|a, b| (in_order(&a.place), &a.rule).cmp(&(in_order(&b.place), &b.rule)));
    findings.dedup();
    Ok(findings)
}

/// File, then line as a number.
fn in_order(place: &str) -> (&str, u64) {
    let split = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    split.unwrap_or((place, 0))
}

/// An inspection in progress: what can be reached, and what was found.
struct Lint<'a> {
    context: &'a Context<'a>,
    reach: Reach,
    /// What the feed tells of episodes with pages, and which files are transcripts.
    told: Vec<page::Told>,
    transcripts: BTreeSet<Utf8PathBuf>,
    findings: Vec<Finding>,
}

impl<'a> Lint<'a> {
    /// The inspection of a part, which may go on beside that of others.
    fn part(&self) -> Self {
        let (told, transcripts) = (Vec::new(), BTreeSet::new());
        let (context, reach) = (self.context, self.reach.clone());
        Self { context, reach, told, transcripts, findings: Vec::new() }
    }

    /// Takes what the inspection of a part found.
    fn join(&mut self, part: Self) {
        let room = MOST_FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(part.findings.into_iter().take(room));
        self.told.extend(part.told);
        self.transcripts.extend(part.transcripts);
    }

    /// What is later than this is in the future.
    fn now(&self) -> Option<Timestamp> {
        self.context.now.map(|now| now.checked_add(CLOCKS).unwrap_or(now))
    }

    /// Whether what an address names was checked before.
    fn is_settled(&self, url: &Url) -> bool {
        let path = || self.reach.path_of(url);
        self.context
            .settled
            .is_some_and(|settled| path().is_some_and(|path| settled.contains(&path)))
    }

    fn find(&mut self, rule: &Rule, place: impl Into<Place>, message: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            let Place { file, at } = place.into();
            let place = at.map_or_else(|| file.clone(), |spot| format!("{file}:{}", spot.line));
            self.findings.push(Finding {
                place,
                at,
                severity: rule.level.severity(),
                rule: rule.id.to_owned(),
                message: message.into(),
                hint: rule.next.to_owned(),
                fix: None,
            });
        }
    }

    /// Finds something unless it is so.
    fn must(&mut self, so: bool, rule: &Rule, place: impl Into<Place>, message: impl Into<String>) {
        if !so {
            self.find(rule, place, message);
        }
    }
}

/// A file, and where in it.
#[derive(Clone, Debug)]
struct Place {
    file: String,
    at: Option<Spot>,
}

impl Place {
    fn at(file: &str, line: u32, column: u32) -> Self {
        Self { file: file.to_owned(), at: Some(Spot { line, column }) }
    }
}

impl<T: AsRef<str>> From<T> for Place {
    fn from(file: T) -> Self {
        Self { file: file.as_ref().to_owned(), at: None }
    }
}

impl From<&Place> for Place {
    fn from(place: &Place) -> Self {
        place.clone()
    }
}
