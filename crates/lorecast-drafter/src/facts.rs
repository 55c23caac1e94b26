//! What a thread is, in the few numbers and words that the ranking needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use lorecast_mail::{diff_paths, is_robot, prose, trailers};
use lorecast_model::{
    Kind, ListId, Mailbox, Message, MessageId, Profile, Revision, SeriesId, Thread, Window,
};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::kind::{Nature, nature, of_thread, spoken_title, tags};
use crate::pattern::constant;
use crate::profile::{Rules, rules};
use crate::routine::{Routine, routine};

/// Everything the ranking knows about a thread in one window. Small, and free of text beyond the
/// title: it can be kept, exported and fed from headers alone (signals they lack are then absent).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The thread.
    pub thread: MessageId,
    /// The message that a story about it names: the newest revision of the window, else the root.
    pub about: MessageId,
    /// The series that `about` belongs to.
    pub series: Option<SeriesId>,
    /// What sort of news it is.
    pub kind: Kind,
    /// The title of `about`, without tags.
    pub title: String,
    /// Who wrote `about`.
    pub author: Mailbox,
    /// When `about` was sent, UTC.
    pub date: Timestamp,
    /// Every list that the thread came through, sorted.
    pub lists: Vec<ListId>,
    /// Files that its patches touch, sorted; at most [`Facts::MOST_PATHS`].
    pub paths: Vec<String>,
    /// Why it is routine, when it is.
    pub routine: Option<Routine>,
    /// Whether `about` was sent inside the window.
    pub fresh: bool,
    /// Messages sent inside the window, by people and programs.
    pub messages: u32,
    /// Messages of the window that are no patches: the conversation.
    pub replies: u32,
    /// People who wrote inside the window; programs do not count.
    pub people: u32,
    /// Different organisations among their addresses; free mail services do not count.
    pub domains: u32,
    /// Addresses of those who replied to others inside the window, sorted; at most 40.
    pub repliers: Vec<String>,
    /// The longest chain of replies inside the window.
    pub depth: u32,
    /// Replies on the busiest day of the window.
    pub busiest_day: u32,
    /// It has a cover letter.
    pub cover: bool,
    /// It is marked RFC (Request For Comments).
    pub rfc: bool,
    /// The version of `about`; 1 when it gives none.
    pub version: u32,
    /// How many patches `about` announces; 0 when it is none.
    pub patches: u32,
    /// The file or word that shows a change of what user space sees.
    pub abi: Option<String>,
    /// It documents itself under `Documentation/`.
    pub documents: bool,
    /// Its title promises something new.
    pub feature: bool,
    /// Its introduction gives figures of performance.
    pub performance: bool,
    /// It reports a regression, or fixes one.
    pub regression: bool,
    /// It repairs something (`Fixes:`, `Cc: stable`).
    pub fixes: bool,
    /// Different people who gave Reviewed-by, Acked-by or Tested-by.
    pub reviewed: u32,
    /// Somebody refused it (NAK).
    pub refused: bool,
    /// Somebody said that it was applied.
    pub applied: bool,
}

impl Facts {
    /// The most paths kept of one thread.
    pub const MOST_PATHS: usize = 400;
    const MOST_REPLIERS: usize = 40;
}

/// Reads a thread's facts off its messages.
///
/// `messages` is the whole thread, `revisions` those that were posted in it. Nothing but `window`
/// says what counts as this week's; `profile` says what is routine and what users see. A thread of which no message is held gives facts that rank
/// nowhere.
pub fn facts(
    thread: &Thread,
    messages: &[Message],
    revisions: &[Revision],
    window: Window,
    profile: Profile,
) -> Facts {
    let (_, end) = window.bounds();
    let seen: Vec<&Message> = messages.iter().filter(|m| m.header.date < end).collect();
    let revision = newest(revisions, window);
    let Some(about) = about(&seen, revision) else { return unseen(thread) };
    let mut nature = nature(about, profile);
    nature.kind = of_thread(&nature, &seen, profile);
    let mut facts = unseen(thread);
    facts.describe(about, &nature, revision, window);
    let announces = is_announcement(nature.kind);
    facts.routine = routine(about, &nature.tags, profile).filter(|_| !announces);
    facts.count(&seen, window);
    facts.read(&seen, about, &nature, rules(profile));
    facts
}

/// The newest revision that the window knows; of one version the first, because what follows it in
/// the same thread under the same subject is an answer that lost its `Re:`.
pub(crate) fn newest(revisions: &[Revision], window: Window) -> Option<&Revision> {
    let (_, end) = window.bounds();
    revisions
        .iter()
        .filter(|revision| revision.date < end)
        .max_by(|a, b| (a.version, b.date, &b.root).cmp(&(b.version, a.date, &a.root)))
}

/// The message a story is about: the revision's root, else the root of the thread, else the first
/// message held that is no reply.
pub(crate) fn about<'a>(seen: &[&'a Message], revision: Option<&Revision>) -> Option<&'a Message> {
    let root = revision.map(|revision| &revision.root);
    let named = seen.iter().find(|m| Some(&m.header.id) == root);
    let posted = || seen.iter().find(|m| !tags(m).reply);
    named.or_else(posted).or_else(|| seen.first()).copied()
}

fn unseen(thread: &Thread) -> Facts {
    Facts {
        thread: thread.id.clone(),
        about: thread.id.clone(),
        series: None,
        kind: Kind::Discussion,
        title: thread.subject.clone(),
        author: Mailbox::default(),
        date: thread.first,
        lists: Vec::new(),
        paths: Vec::new(),
        routine: None,
        fresh: false,
        messages: 0,
        replies: 0,
        people: 0,
        domains: 0,
        repliers: Vec::new(),
        depth: 0,
        busiest_day: 0,
        cover: false,
        rfc: false,
        version: 1,
        patches: 0,
        abi: None,
        documents: false,
        feature: false,
        performance: false,
        regression: false,
        fixes: false,
        reviewed: 0,
        refused: false,
        applied: false,
    }
}

impl Facts {
    fn describe(
        &mut self,
        about: &Message,
        nature: &Nature,
        revision: Option<&Revision>,
        window: Window,
    ) {
        let tags = &nature.tags;
        self.about = about.header.id.clone();
        self.kind = nature.kind;
        self.title = spoken_title(tags).to_owned();
        self.author = about.header.from.clone();
        self.date = about.header.date;
        self.fresh = window.contains(about.header.date);
        self.rfc = tags.rfc;
        self.version = tags.version.major;
        self.cover = tags.patch && tags.number == Some(0);
        self.patches = if tags.patch { tags.total.unwrap_or(1) } else { 0 };
        if let Some(revision) = revision {
            self.series = Some(revision.series.clone());
            self.cover |= revision.cover.is_some();
            self.applied = revision.state.is_taken();
        }
    }

    fn count(&mut self, seen: &[&Message], window: Window) {
        let mut people = BTreeSet::new();
        let mut repliers = BTreeSet::new();
        let mut days: BTreeMap<i64, u32> = BTreeMap::new();
        for message in seen.iter().filter(|m| window.contains(m.header.date)) {
            let from = &message.header.from;
            self.messages += 1;
            if is_robot(from) {
                continue;
            }
            people.insert(from.email.to_ascii_lowercase());
            if is_conversation(message) {
                self.replies += 1;
                *days.entry(message.header.date.as_second() / 86_400).or_default() += 1;
                if from.email != self.author.email {
                    repliers.insert(from.email.to_ascii_lowercase());
                }
            }
        }
        self.people = count_of(people.len());
        let domains: BTreeSet<&str> =
            people.iter().filter_map(|email| organisation(email)).collect();
        self.domains = count_of(domains.len());
        self.busiest_day = days.values().copied().max().unwrap_or(0);
        self.depth = depth(seen, window);
        self.repliers = repliers.into_iter().take(Self::MOST_REPLIERS).collect();
        let lists: BTreeSet<_> = seen.iter().flat_map(|m| &m.header.lists).collect();
        self.lists = lists.into_iter().cloned().collect();
    }

    fn read(&mut self, seen: &[&Message], about: &Message, nature: &Nature, rules: &dyn Rules) {
        self.paths = paths(seen);
        self.abi = rules.visible(&self.paths, &self.title);
        self.documents = self.paths.iter().any(|p| rules.documents(p));
        self.feature = FEATURE.is_match(&self.title);
        let own = prose::own_words(&about.text);
        self.performance = !matches!(nature.kind, Kind::Pull) && has_figures(&own);
        let reports = [Kind::Regression, Kind::Build, Kind::Bug, Kind::Security];
        self.regression = reports.contains(&nature.kind) || REGRESSES.is_match(&self.title);
        self.fixes = rules.repairs(&about.text) || FIX.is_match(&self.title);
        let replies = || seen.iter().filter(|m| m.header.from.email != about.header.from.email);
        self.reviewed = count_of(
            replies()
                .filter(|m| gives_review(m))
                .map(|m| &m.header.from.email)
                .collect::<BTreeSet<_>>()
                .len(),
        );
        self.refused = replies().any(|m| NAK.is_match(&prose::own_words(&m.text)));
    }
}

pub(crate) fn is_announcement(kind: Kind) -> bool {
    matches!(kind, Kind::Mainline | Kind::Stable | Kind::Release)
}

fn count_of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A mail that answers instead of carrying a patch.
fn is_conversation(message: &Message) -> bool {
    let subject = message.header.subject.trim_start();
    let reply = subject.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("re:"));
    reply
        || (!message.header.references.is_empty()
            && message.diff.is_empty()
            && !subject.starts_with('['))
}

fn gives_review(message: &Message) -> bool {
    const REVIEWS: [&str; 3] = ["reviewed-by", "acked-by", "tested-by"];
    let own = || prose::own_words(&message.text);
    is_conversation(message)
        && trailers(&own()).iter().any(|t| {
            REVIEWS.contains(&t.key.as_str())
                && t.value
                    .to_ascii_lowercase()
                    .contains(&message.header.from.email.to_ascii_lowercase())
        })
}

/// The organisation behind an address: the last two labels of its domain, three below a country's
/// commercial or academic domain. Free mail services say nothing.
fn organisation(email: &str) -> Option<&str> {
    const FREE: [&str; 16] = [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "163.com",
        "126.com",
        "qq.com",
        "protonmail.com",
        "proton.me",
        "mail.ru",
        "gmx.de",
        "gmx.net",
        "web.de",
        "icloud.com",
        "foxmail.com",
    ];
    let domain = email.rsplit_once('@')?.1;
    let labels = if domain.contains(".co.") || domain.contains(".com.") || domain.contains(".ac.") {
        3
    } else {
        2
    };
    let from = domain.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    let name = domain.get(from..)?;
    (!name.is_empty() && !FREE.contains(&name)).then_some(name)
}

/// The longest chain of messages of the window, each answering the one before; at most 200.
fn depth(seen: &[&Message], window: Window) -> u32 {
    let mut depths: BTreeMap<&MessageId, u32> = BTreeMap::new();
    for message in seen.iter().filter(|m| window.contains(m.header.date)) {
        let parent = message.header.references.last();
        let above = parent.and_then(|id| depths.get(id)).copied().unwrap_or(0);
        depths.insert(&message.header.id, (above + 1).min(200));
    }
    depths.values().copied().max().unwrap_or(0)
}

fn paths(seen: &[&Message]) -> Vec<String> {
    let patches = seen.iter().filter(|m| !m.diff.is_empty() && !is_conversation(m)).take(300);
    let all: BTreeSet<String> = patches.flat_map(|m| diff_paths(&m.diff)).collect();
    all.into_iter().take(Facts::MOST_PATHS).collect()
}

static FEATURE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:introduce|introducing|initial|new|implement|enable|rework|rewrite|support for|support of|proposal)\b|\badd(?:ing)?\b.*\b(?:support|driver|interface|infrastructure|framework|mode|feature|api)\b|\bsupport\b|\bdriver for\b",
    )
});
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\d(?:\.\d+)?\s?%|\b\d+(?:\.\d+)?x\b|\b\d+(?:\.\d+)?\s?(?:[mg]b|[mg]ib|k?iops|ns|us|usec|msec|ms)(?:/s)?\b",
    )
});
static FASTER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bperformance|throughput|latency|faster|speed-?up|improve|benchmark|\biops\b|regress|slower|overhead",
    )
});
static REGRESSES: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\bregress(?:ion|ions|ed)\b"));
static FIX: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\bfix(?:es|ed|ing)?\b"));
static NAK: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?m)\bNAC?K(?:ed)?\b|^(?:Nacked|NAKed|Nakked)-by:"));

fn has_figures(own: &str) -> bool {
    FIGURES.is_match(own) && FASTER.is_match(own)
}
