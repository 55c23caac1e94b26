//! Pages about series: their revisions, what happened to each, and which episodes told of it.

use jiff::Timestamp;
use lorecast_model::{EpisodeId, MessageId, Version};
use serde::Serialize;

use crate::Digest;
use crate::feed::follow::{self, Followed, News};
use crate::names::veiled;
use crate::pages::day;
use crate::site::{Place, Prepared};
use crate::text::shortened;

/// So many happenings of a revision are shown, the latest ones.
const MOST_HAPPENINGS: usize = 60;
/// So many trailers and entries of a change log of a revision are shown.
const MOST_LINES: usize = 40;
/// The longest line, in characters.
const LINE: usize = 400;

/// A series that an episode told, ready for its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeriesStory {
    /// The mails by which stories know it: everything that any of its revisions posted. The first is
    /// the one that an episode told first, and names the page for ever.
    pub messages: Vec<MessageId>,
    /// The title of its latest revision.
    pub title: String,
    /// Who posted the latest revision, without an address.
    pub author: String,
    /// Its revisions, the oldest first.
    pub revisions: Vec<RevisionStory>,
}

/// A revision of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionStory {
    /// v1, v2, …
    pub version: Version,
    /// Marked RFC (Request For Comments).
    pub rfc: bool,
    /// Marked RESEND.
    pub resend: bool,
    /// When it was posted.
    pub date: Timestamp,
    /// Its first mail.
    pub root: MessageId,
    /// How many patches it has.
    pub patches: u32,
    /// Where it stands, in words.
    pub state: String,
    /// What happened to it, the oldest first.
    pub happenings: Vec<Happening>,
    /// What the author says changed since the one before.
    pub changes: Vec<String>,
    /// The trailers that others gave, without addresses: `Reviewed-by: Ann Example`.
    pub trailers: Vec<String>,
    /// The episodes that told of it.
    pub covered: Vec<EpisodeId>,
}

/// Something that happened to a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub date: Timestamp,
    /// What, in words.
    pub text: String,
    /// The mail that proves it.
    pub message: Option<MessageId>,
}

impl SeriesStory {
    /// The folder of its page below the site's root. A Message-ID may hold an address, so it is not
    /// written out.
    pub(crate) fn folder(&self) -> String {
        let named = self.messages.first().map(ToString::to_string).unwrap_or_default();
        format!("series/{}/", digest(&named))
    }
}

/// A short name for a text that may hold an address.
fn digest(text: &str) -> String {
    Digest::of(text.as_bytes()).to_string()[..12].to_owned()
}

/// A page about a series, as templates see it.
#[derive(Serialize)]
pub(crate) struct SeriesView {
    title: String,
    author: String,
    /// The folder of the page below the site's root.
    pub(crate) path: String,
    /// Where the latest revision stands.
    state: String,
    revisions: Vec<RevisionView>,
}

#[derive(Serialize)]
struct RevisionView {
    /// `v3`, `RFC v2`.
    version: String,
    date: String,
    datetime: String,
    url: Option<String>,
    patches: u32,
    state: String,
    happenings: Vec<HappeningView>,
    changes: Vec<String>,
    trailers: Vec<String>,
    episodes: Vec<EpisodeLink>,
}

#[derive(Serialize)]
struct HappeningView {
    date: String,
    datetime: String,
    text: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct EpisodeLink {
    title: String,
    path: String,
}

impl SeriesView {
    /// What its feed tells: each revision as it was posted, and what happened to it.
    pub(crate) fn followed(&self, place: &Place) -> Followed<'_> {
        let page = place.address.at(&self.path);
        let news = self.revisions.iter().flat_map(|revision| {
            let posted = News {
                key: format!("{}-{}", revision.version.replace(' ', "-"), revision.datetime),
                title: format!("{}: {}", revision.version, self.title),
                url: revision.url.clone().unwrap_or_else(|| page.clone()),
                date: revision.datetime.clone(),
                html: follow::list(revision.changes.iter().map(|change| (change.as_str(), None))),
            };
            let happened = revision.happenings.iter().map(|one| News {
                key: digest(&format!("{} {}", one.datetime, one.text)),
                title: format!("{}: {}", revision.version, one.text),
                url: one.url.clone().unwrap_or_else(|| page.clone()),
                date: one.datetime.clone(),
                html: String::new(),
            });
            std::iter::once(posted).chain(happened.collect::<Vec<_>>())
        });
        Followed { folder: &self.path, title: &self.title, news: news.collect() }
    }
}

/// The pages of the series that a published episode told, in the order of their titles.
pub(crate) fn views(all: &[SeriesStory], episodes: &[Prepared], place: &Place) -> Vec<SeriesView> {
    let mut views: Vec<SeriesView> = all
        .iter()
        .map(|series| view(series, episodes, place))
        .filter(|view| view.revisions.iter().any(|revision| !revision.episodes.is_empty()))
        .collect();
    views.sort_by_cached_key(|view| (view.title.to_lowercase(), view.path.clone()));
    views.dedup_by(|a, b| a.path == b.path);
    views
}

fn view(series: &SeriesStory, episodes: &[Prepared], place: &Place) -> SeriesView {
    let state = series.revisions.last().map(|last| line(&last.state, place));
    SeriesView {
        title: line(&series.title, place),
        author: line(&series.author, place),
        path: series.folder(),
        state: state.unwrap_or_default(),
        revisions: series.revisions.iter().map(|one| revision(one, episodes, place)).collect(),
    }
}

fn revision(revision: &RevisionStory, episodes: &[Prepared], place: &Place) -> RevisionView {
    let lines = |all: &[String]| -> Vec<String> {
        let lines = all.iter().take(MOST_LINES).map(|text| line(text, place));
        lines.filter(|text| !text.is_empty()).collect()
    };
    let marks = [(revision.rfc, "RFC "), (revision.resend, "RESEND ")];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    let first = revision.happenings.len().saturating_sub(MOST_HAPPENINGS);
    let covered = |episode: &&Prepared| revision.covered.contains(&episode.release.id);
    RevisionView {
        version: format!("{marks}v{}", revision.version),
        date: day(revision.date),
        datetime: revision.date.to_string(),
        url: place.mail(&revision.root),
        patches: revision.patches,
        state: line(&revision.state, place),
        happenings: revision.happenings[first..]
            .iter()
            .map(|happening| HappeningView {
                date: day(happening.date),
                datetime: happening.date.to_string(),
                text: line(&happening.text, place),
                url: happening.message.as_ref().and_then(|id| place.mail(id)),
            })
            .collect(),
        changes: lines(&revision.changes),
        trailers: lines(&revision.trailers),
        episodes: episodes
            .iter()
            .filter(covered)
            .map(|episode| EpisodeLink {
                title: place.title(&episode.release.episode.title),
                path: episode.folder(),
            })
            .collect(),
    }
}

/// One line without addresses and without the names that are not told.
fn line(text: &str, place: &Place) -> String {
    let text: String = text.chars().take(8 * LINE).collect();
    shortened(&place.title(&veiled(&text, place.names)), LINE)
}
