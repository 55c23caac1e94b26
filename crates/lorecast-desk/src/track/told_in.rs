//! Which episodes told of which mails, for readers that are asked again and again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::SystemTime;

use lorecast_model::{EpisodeId, MessageId};
use lorecast_show::{EpisodeDir, ShowDir};

use super::follow::told;
use super::series::Told;
use crate::Result;

/// Remembers the stories of each episode for as long as its file stays as it is.
#[derive(Default)]
pub(crate) struct ToldIn(RefCell<BTreeMap<EpisodeId, Known>>);

struct Known {
    stamp: Option<Stamp>,
    messages: Vec<MessageId>,
}

/// When a file was written, and how long it is.
type Stamp = (SystemTime, u64);

impl ToldIn {
    /// The episodes that told of each message. One that cannot be read at the moment, because
    /// somebody edits it, is left out with a warning.
    pub(crate) fn of(&self, show: &ShowDir) -> Result<Told> {
        let mut all = self.0.borrow_mut();
        let mut found = Told::new();
        for dir in show.episodes()? {
            let stamp = stamp(&dir);
            let known = all.get(&dir.id()).is_some_and(|known| known.stamp == stamp);
            if !known || stamp.is_none() {
                all.insert(dir.id(), Known { stamp, messages: messages(&dir) });
            }
            for id in all.get(&dir.id()).into_iter().flat_map(|known| &known.messages) {
                found.entry(id.clone()).or_default().push(dir.id());
            }
        }
        Ok(found)
    }
}

fn stamp(dir: &EpisodeDir) -> Option<Stamp> {
    let about = std::fs::metadata(dir.file("episode.yaml")).ok()?;
    Some((about.modified().ok()?, about.len()))
}

fn messages(dir: &EpisodeDir) -> Vec<MessageId> {
    match dir.episode() {
        Ok(episode) => told(&episode).cloned().collect(),
        Err(error) => {
            tracing::warn!("an episode is left out: {error}");
            Vec::new()
        }
    }
}
