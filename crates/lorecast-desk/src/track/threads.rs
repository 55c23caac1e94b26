//! Stale threads into threads, revisions, events, patches and pull requests.

use std::collections::{BTreeSet, HashMap, HashSet};

use lorecast_model::{ClueKey, Header, Message, MessageId, Posted, Revision, SeriesId, ThreadKey};
use lorecast_store::{Matter, Pull, Store, Told, Tracked, TreeStep};
use lorecast_tracker::landings::{PostedPatch, commit_of_notice};
use lorecast_tracker::series::{self, message_key, title_key};
use lorecast_tracker::{TrackedThread, named};

use super::trees;
use crate::{Desk, Result, Unit};

/// So many threads are tracked between two commits.
const AT_ONCE: u32 = 256;

/// The tree that tip-bot2 writes about.
pub(super) const TIP: &str = "tip";

impl Desk<'_> {
    /// Tracks every thread that changed since it was last tracked. Work in proportion to what is
    /// new; interrupted, it goes on where it stopped.
    pub(crate) fn follow_threads(&self, store: &mut dyn Store) -> Result<()> {
        let total = store.stale_count()?;
        if total == 0 {
            return Ok(());
        }
        let task = self.progress.begin("following the threads", total, Unit::Things);
        let mut done = 0;
        loop {
            let keys = store.stale_threads(AT_ONCE)?;
            if keys.is_empty() {
                return Ok(());
            }
            let mut tracked = Vec::with_capacity(keys.len());
            let mut commits = Vec::new();
            for key in keys {
                let messages = store.thread_messages(key)?;
                let notices = notices_about(store, key, &messages)?;
                if let Some(found) = lorecast_tracker::track(&messages, &notices) {
                    commits.extend(messages.iter().filter_map(commit_of_notice));
                    tracked.push(told(key, &messages, found));
                }
            }
            link(store, &mut tracked)?;
            if !commits.is_empty() {
                // Before the threads count as tracked: after a crash in between they are read again.
                let commits = commits.into_iter().map(trees::noticed).collect();
                let tree = TIP.to_owned();
                store.put_tree(&TreeStep { tree, commits, ..TreeStep::default() })?;
            }
            store.put_tracked(&tracked)?;
            done += tracked.len() as u64;
            task.set(done);
        }
    }
}

/// Mails in other threads that name what is posted in this one: bots' notices often answer nothing.
fn notices_about(
    store: &dyn Store,
    thread: ThreadKey,
    messages: &[Message],
) -> Result<Vec<Message>> {
    let posted = messages.iter().filter_map(|message| {
        let tags = lorecast_mail::subject_tags(&message.header.subject);
        let posts = !tags.reply && (!message.diff.is_empty() || tags.number == Some(0));
        posts.then_some((&message.header, title_key(&tags.title)))
    });
    let posted: Vec<(&Header, ClueKey)> = posted.collect();
    let keys = posted.iter().flat_map(|(header, title)| [*title, message_key(&header.id)]);
    let keys: BTreeSet<ClueKey> = keys.collect();
    let ids = store.notices(&keys.into_iter().collect::<Vec<_>>(), thread)?;
    let mut notices = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(notice) = store.message(&id)?
            && is_about(store, &notice, &posted)?
        {
            notices.push(notice);
        }
    }
    Ok(notices)
}

/// Whether a notice that names a title, as others may have it, is about one of these postings: it
/// names the mail, or none of that title was posted between the two.
fn is_about(store: &dyn Store, notice: &Message, posted: &[(&Header, ClueKey)]) -> Result<bool> {
    let Some(named) = named(notice) else { return Ok(false) };
    if posted.iter().any(|(header, _)| named.messages.contains(&header.id)) {
        return Ok(true);
    }
    let titles: BTreeSet<ClueKey> = named.titles.iter().map(|title| title_key(title)).collect();
    let told = notice.header.date;
    for (header, title) in
        posted.iter().filter(|(header, title)| titles.contains(title) && header.date <= told)
    {
        let between = |other: &Posted| {
            let date = other.revision.date;
            date > header.date
                && date <= told
                && other.revision.messages().all(|id| *id != header.id)
        };
        if !store.alike(std::slice::from_ref(title))?.iter().any(between) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the tracker found in a thread, as the store keeps it.
fn told(key: ThreadKey, messages: &[Message], found: TrackedThread) -> Tracked {
    let TrackedThread { thread, revisions, events, pulls } = found;
    let roots = revisions.iter().map(|posted| posted.revision.root.clone());
    let mut events: Vec<_> = roots.zip(events).collect();
    // A cover letter that says where its patches can be pulled from stays a cover letter.
    let posted: HashSet<&MessageId> =
        revisions.iter().flat_map(|posted| posted.revision.messages()).collect();
    let pulls: Vec<lorecast_tracker::Pull> =
        pulls.into_iter().filter(|pull| !posted.contains(&pull.root)).collect();
    events.extend(pulls.iter().map(|pull| (pull.root.clone(), pull.events.clone())));
    let patch = |message: &Message| {
        let patch = PostedPatch::read(message)?;
        let matter = Matter { keys: patch.keys(), bytes: patch.to_bytes() };
        Some((patch.id, matter))
    };
    let notice = |message: &Message| {
        let named = named(message)?;
        let titles = named.titles.iter().map(|title| title_key(title));
        let keys = titles.chain(named.messages.iter().map(message_key)).collect();
        Some((message.header.id.clone(), keys))
    };
    let pull = |pull: lorecast_tracker::Pull| Pull {
        id: pull.root,
        title: pull.title,
        from: pull.author,
        date: pull.date,
        request: pull.request,
    };
    let told = Told {
        events,
        patches: messages.iter().filter_map(patch).collect(),
        notices: messages.iter().filter_map(notice).collect(),
        pulls: pulls.into_iter().map(pull).collect(),
    };
    Tracked { key, thread, revisions, told }
}

/// Links the revisions of these threads with all others of the same works. What changes in other
/// threads is kept before these threads count as tracked: after a crash in between, they are tracked
/// again.
fn link(store: &mut dyn Store, tracked: &mut [Tracked]) -> Result<()> {
    let threads: Vec<ThreadKey> = tracked.iter().map(|tracked| tracked.key).collect();
    let old = store.revisions_in(&threads)?;
    let replaced: HashSet<&MessageId> = old.iter().map(|revision| &revision.root).collect();
    let here: HashSet<MessageId> =
        tracked.iter().flat_map(|t| &t.revisions).map(|p| p.revision.root.clone()).collect();
    let elsewhere = |posted: &Posted| {
        let root = &posted.revision.root;
        !here.contains(root) && !replaced.contains(root)
    };
    // What continued a revision that is told anew looks for its predecessor anew.
    let mut fresh: Vec<Posted> = tracked.iter().flat_map(|t| t.revisions.clone()).collect();
    fresh.extend(store.of_series(&series_of(old.iter()))?.into_iter().filter(elsewhere));
    let keys: BTreeSet<ClueKey> = fresh.iter().flat_map(|p| p.clues.keys.clone()).collect();
    let keys: Vec<ClueKey> = keys.into_iter().collect();
    let alike = store.alike(&keys)?;
    // Whole series, so that what is known about their members is not lost.
    let whole = store.of_series(&series_of(alike.iter().map(|p| &p.revision)))?;
    let others: Vec<Posted> = whole.into_iter().filter(elsewhere).collect();
    let before: HashMap<MessageId, Revision> = fresh
        .iter()
        .filter(|posted| elsewhere(posted))
        .chain(&others)
        .map(|posted| (posted.revision.root.clone(), posted.revision.clone()))
        .collect();
    fresh.extend(others);
    let linked = series::link(fresh).into_iter().map(|posted| posted.revision);
    let (ours, theirs): (Vec<Revision>, Vec<Revision>) =
        linked.partition(|revision| here.contains(&revision.root));
    let changed: Vec<Revision> =
        theirs.into_iter().filter(|r| before.get(&r.root) != Some(r)).collect();
    store.put_revisions(&changed)?;
    let mut ours: HashMap<MessageId, Revision> =
        ours.into_iter().map(|revision| (revision.root.clone(), revision)).collect();
    for posted in tracked.iter_mut().flat_map(|t| &mut t.revisions) {
        if let Some(better) = ours.remove(&posted.revision.root) {
            posted.revision = better;
        }
    }
    Ok(())
}

fn series_of<'a>(revisions: impl Iterator<Item = &'a Revision>) -> Vec<SeriesId> {
    let series: BTreeSet<&SeriesId> = revisions.map(|revision| &revision.series).collect();
    series.into_iter().cloned().collect()
}
