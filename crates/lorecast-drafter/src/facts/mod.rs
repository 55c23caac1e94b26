//! What a thread is, in the few numbers and words that the ranking needs.

mod talk;
mod work;

use jiff::Timestamp;
use lorecast_mail::poster;
use lorecast_model::{
    Kind, ListId, Mailbox, Message, MessageId, Profile, Revision, SeriesId, Thread, Window,
};
use serde::{Deserialize, Serialize};

use crate::kind::{Nature, nature, of_thread, spoken_title, tags};
use crate::profile::rules;
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
    /// People who wrote inside the window, the busiest first; at most [`Facts::MOST_WRITERS`].
    pub writers: Vec<Writer>,
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
    /// It documents itself.
    pub documents: bool,
    /// It comes with tests.
    pub tests: bool,
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
    /// Names of maintainers of the touched files who wrote inside the window; whoever knows
    /// the maintainers says so.
    pub maintainers: Vec<String>,
    /// How many earlier episodes told its series; whoever knows the episodes says so.
    pub told: u32,
}

/// Somebody who wrote in a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Name and address.
    pub who: Mailbox,
    /// Mails inside the window.
    pub mails: u32,
    /// Those of them that answer somebody else than the author.
    pub answers: u32,
}

impl Facts {
    /// The most paths kept of one thread.
    pub const MOST_PATHS: usize = 400;
    /// The most people kept of one thread.
    pub const MOST_WRITERS: usize = 60;
}

/// Reads a thread's facts off its messages.
///
/// `messages` is the whole thread, `revisions` those that were posted in it. Nothing but `window`
/// says what counts as this week's; `profile` says what is routine and what
/// users see. A thread of which no message is held gives facts that rank nowhere.
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
    let Some(about) = about(&seen, revision, window) else { return unseen(thread) };
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
/// message held that is no reply, else the first of the window: what was said before was told before.
pub(crate) fn about<'a>(
    seen: &[&'a Message],
    revision: Option<&Revision>,
    window: Window,
) -> Option<&'a Message> {
    let root = revision.map(|revision| &revision.root);
    let named = seen.iter().find(|m| Some(&m.header.id) == root);
    let posted = || seen.iter().find(|m| !tags(m).reply);
    let said = || seen.iter().find(|m| window.contains(m.header.date));
    named.or_else(posted).or_else(said).or_else(|| seen.first()).copied()
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
        writers: Vec::new(),
        depth: 0,
        busiest_day: 0,
        cover: false,
        rfc: false,
        version: 1,
        patches: 0,
        abi: None,
        documents: false,
        tests: false,
        feature: false,
        performance: false,
        regression: false,
        fixes: false,
        reviewed: 0,
        refused: false,
        applied: false,
        maintainers: Vec::new(),
        told: 0,
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
        self.author = poster(about);
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
}

pub(crate) fn is_announcement(kind: Kind) -> bool {
    matches!(kind, Kind::Mainline | Kind::Stable | Kind::Release)
}
