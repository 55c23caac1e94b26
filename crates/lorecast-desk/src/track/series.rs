//! A series as a whole: its revisions, what the author says changed, who vouches, where it stands.

use std::collections::BTreeMap;

use lorecast_mail::{Change, change_log};
use lorecast_model::{EpisodeId, Mailbox, Message, MessageId, Patch, Revision, Standing, Version};
use lorecast_store::Store;
use lorecast_tracker::series::{self, PatchChange};
use lorecast_tracker::{Vouch, vouched};
use serde::Serialize;

use super::standing::{Moment, standing};
use crate::{DeskError, Reader, Result};

/// A revision with all that can be said of it.
#[derive(Clone, Debug, Serialize)]
pub struct RevisionView {
    /// The revision, its state and what happened to it.
    #[serde(flatten)]
    pub standing: Standing,
    /// What the author says changed since the version before, one text for each entry.
    pub changes: Vec<String>,
    /// Trailers that others gave.
    pub trailers: Vec<Given>,
    /// Trailers that name somebody else than the sender: they do not count.
    pub mismatches: Vec<Given>,
    /// The episodes that told of it.
    pub covered: Vec<EpisodeId>,
}

/// A trailer that an answer gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    /// The key in lower case: `reviewed-by`.
    pub key: String,
    /// The person, or whatever stands behind the colon.
    pub value: String,
    /// The number of the patch; all patches when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<u32>,
    /// The mail.
    pub message: MessageId,
    /// Who sent it.
    pub by: Mailbox,
}

impl Reader {
    /// All revisions of the series that a message belongs to, in order of version, then of date.
    ///
    /// # Errors
    /// When the message is not held, or belongs to no series.
    pub fn series(&self, id: &MessageId) -> Result<Vec<RevisionView>> {
        let revision = revision_of(&*self.store, id)?;
        views(&*self.store, self.all_of(&revision)?, self.moment()?, &self.told_in.of(&self.dir)?)
    }

    /// The revision that a message belongs to, or answers, and all others of its series, in order of
    /// version, then of date; nothing when it is about no series. Reads no mail but this one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn standings(&self, id: &MessageId) -> Result<Option<(MessageId, Vec<Standing>)>> {
        let revision = match revision_of(&*self.store, id) {
            Err(DeskError::NoMessage { .. } | DeskError::NoSeries { .. }) => return Ok(None),
            found => found?,
        };
        let moment = self.moment()?;
        let mut all = self.all_of(&revision)?;
        in_order(&mut all);
        let all = all.into_iter().map(|revision| standing(&*self.store, revision, moment));
        Ok(Some((revision.root, all.collect::<Result<_>>()?)))
    }

    /// How the patches of a revision differ from those of an earlier one: of version `from`, or the
    /// one before.
    ///
    /// # Errors
    /// When the message belongs to no series, or there is no such revision before it.
    pub fn interdiff(
        &self,
        id: &MessageId,
        from: Option<Version>,
    ) -> Result<(Revision, Revision, Vec<PatchChange>)> {
        let after = revision_of(&*self.store, id)?;
        let mut all = self.all_of(&after)?.into_iter();
        let before = match from {
            Some(version) => all.find(|r| r.version == version && r.root != after.root),
            None => all.find(|r| after.previous.as_ref() == Some(&r.root)),
        };
        let before = before.ok_or_else(|| DeskError::NoRevision { id: id.clone(), from })?;
        let (old, new) = (diffs(&*self.store, &before)?, diffs(&*self.store, &after)?);
        let changes = series::interdiff(&borrowed(&old), &borrowed(&new));
        Ok((before, after, changes))
    }

    fn all_of(&self, revision: &Revision) -> Result<Vec<Revision>> {
        let all = self.store.of_series(std::slice::from_ref(&revision.series))?;
        Ok(all.into_iter().map(|posted| posted.revision).collect())
    }
}

impl RevisionView {
    /// Where it stands, in words.
    pub fn state(&self) -> String {
        self.standing.in_words()
    }
}

/// The episodes that told of each message.
pub(crate) type Told = BTreeMap<MessageId, Vec<EpisodeId>>;

/// What can be said of revisions of one series, in order of version, then of date.
pub(super) fn views(
    store: &dyn Store,
    mut all: Vec<Revision>,
    moment: Moment,
    told: &Told,
) -> Result<Vec<RevisionView>> {
    in_order(&mut all);
    all.into_iter()
        .map(|revision| {
            let messages = thread_of(store, &revision.root)?;
            let covered = revision.messages().filter_map(|id| told.get(id)).flatten();
            let mut covered: Vec<EpisodeId> = covered.copied().collect();
            covered.sort();
            covered.dedup();
            let changes = changes(&revision, &messages);
            let [trailers, mismatches] = given(&revision, &messages);
            let standing = standing(store, revision, moment)?;
            Ok(RevisionView { standing, changes, trailers, mismatches, covered })
        })
        .collect()
}

fn in_order(all: &mut [Revision]) {
    all.sort_by(|a, b| (a.version, a.date, &a.root).cmp(&(b.version, b.date, &b.root)));
}

/// The revision that a message posts, or answers.
fn revision_of(store: &dyn Store, id: &MessageId) -> Result<Revision> {
    if let Some(revision) = store.revision_of(id)? {
        return Ok(revision);
    }
    let Some(message) = store.message(id)? else {
        return Err(DeskError::NoMessage { id: id.clone() });
    };
    for above in message.header.references.iter().rev() {
        if let Some(revision) = store.revision_of(above)? {
            return Ok(revision);
        }
    }
    Err(DeskError::NoSeries { id: id.clone() })
}

fn thread_of(store: &dyn Store, id: &MessageId) -> Result<Vec<Message>> {
    let keys = store.thread_keys(std::slice::from_ref(id))?;
    keys.get(id).map_or_else(|| Ok(vec![]), |key| Ok(store.thread_messages(*key)?))
}

/// What the cover letter, else the first patch, says of this version; entries that name none count
/// when there is no other.
fn changes(revision: &Revision, messages: &[Message]) -> Vec<String> {
    let of = |id: &MessageId| -> Vec<Change> {
        let message = messages.iter().find(|message| message.header.id == *id);
        message.map(|message| change_log(&message.text)).unwrap_or_default()
    };
    let mut logs = revision.messages().map(of).filter(|log| !log.is_empty());
    let Some(log) = logs.next() else { return vec![] };
    let said = |change: &&Change| change.version.is_some_and(|v| v.major == revision.version.major);
    let ours: Vec<&Change> = log.iter().filter(said).collect();
    let ours =
        if ours.is_empty() { log.iter().filter(|c| c.version.is_none()).collect() } else { ours };
    ours.into_iter().map(|change| change.text.clone()).collect()
}

/// The trailers that count, and those that do not.
fn given(revision: &Revision, messages: &[Message]) -> [Vec<Given>; 2] {
    let found = vouched(messages, std::slice::from_ref(revision)).into_iter().next();
    let found = found.unwrap_or_default();
    [found.vouches, found.mismatches].map(|vouches| vouches.into_iter().map(Given::from).collect())
}

impl From<Vouch> for Given {
    fn from(vouch: Vouch) -> Self {
        let Vouch { trailer, patch, message, by } = vouch;
        Self { key: trailer.key, value: trailer.value, patch, message, by }
    }
}

fn diffs(store: &dyn Store, revision: &Revision) -> Result<Vec<(Patch, String)>> {
    let mut found = Vec::with_capacity(revision.patches.len());
    for patch in &revision.patches {
        let diff = store.message(&patch.id)?.map(|message| message.diff).unwrap_or_default();
        found.push((patch.clone(), diff));
    }
    Ok(found)
}

fn borrowed(patches: &[(Patch, String)]) -> Vec<(&Patch, &str)> {
    patches.iter().map(|(patch, diff)| (patch, diff.as_str())).collect()
}
