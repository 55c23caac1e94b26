//! What a producer wrote into `episode.yaml` by hand, against what there is.

use std::collections::BTreeSet;

use lorecast_drafter::{Ranked, Subsystems};
use lorecast_model::{Episode, MessageId, StoryState};
use lorecast_show::EpisodeDir;
use lorecast_store::Store;

use crate::Result;
use crate::edit::whereabouts;

/// From which likeness on (0 to 1, Damerau-Levenshtein) an id is offered in place of a wrong one.
const ALIKE: f64 = 0.8;

/// Refuses an episode whose sections or messages do not exist, at the line that names them. What an
/// earlier draft wrote itself is let through: its mail may have left the archives since.
pub(crate) fn check(
    store: &dyn Store,
    dir: &EpisodeDir,
    episode: &Episode,
    subsystems: &Subsystems,
    ranked: &[Ranked],
) -> Result<()> {
    let keys = subsystems.keys();
    for story in &episode.stories {
        let section = story.section.as_str();
        if !section.is_empty() && !keys.contains(&section) {
            let message = format!(
                "there is no section `{section}`: write one of {}, or add it to `subsystems.yaml`",
                keys.join(", ")
            );
            return Err(dir.wrong_story(&story.id, "section", section, message)?.into());
        }
    }
    let generated: BTreeSet<MessageId> = match dir.generated()? {
        None => BTreeSet::new(),
        Some(last) => {
            let follow_ups = last.follow_ups.into_iter().map(|told| told.id);
            last.stories.into_iter().map(|story| story.id).chain(follow_ups).collect()
        }
    };
    let kept = episode.stories.iter().filter(|story| story.state != StoryState::Dropped);
    for story in kept {
        let own = std::iter::once(&story.id).filter(|id| !generated.contains(*id));
        for (key, id) in own.map(|id| ("id", id)).chain(story.with.iter().map(|id| ("with", id))) {
            if !is_held(store, id)? {
                let message = unknown(id, ranked);
                return Err(dir.wrong_story(&story.id, key, id.as_str(), message)?.into());
            }
        }
    }
    for told in episode.follow_ups.iter().filter(|told| told.state == StoryState::Pinned) {
        if !generated.contains(&told.id) && !is_held(store, &told.id)? {
            let message = unknown(&told.id, ranked);
            return Err(dir.wrong_story(&told.id, "id", told.id.as_str(), message)?.into());
        }
    }
    Ok(())
}

fn is_held(store: &dyn Store, id: &MessageId) -> Result<bool> {
    Ok(whereabouts(store, id)?.is_some())
}

/// Says that a message is not held, with the id that was meant if there is one like it.
fn unknown(id: &MessageId, ranked: &[Ranked]) -> String {
    match nearest(id, ranked) {
        Some(meant) => format!("no message `{id}` in the index; did you mean `{meant}`?"),
        None => format!(
            "no message `{id}` in the index: search for it with `lorecast search`, ingest the archive that holds it, or delete the story"
        ),
    }
}

/// The message of the week whose id is most like this one.
fn nearest(id: &MessageId, ranked: &[Ranked]) -> Option<MessageId> {
    let ids: BTreeSet<&MessageId> =
        ranked.iter().flat_map(|one| [&one.facts.thread, &one.facts.about]).collect();
    let linked = lorecast_mail::linked_message(id.as_str());
    let id = linked.as_ref().unwrap_or(id);
    let likeness =
        |other: &MessageId| strsim::normalized_damerau_levenshtein(id.as_str(), other.as_str());
    let best = ids.into_iter().map(|other| (likeness(other), other));
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= ALIKE).then(|| best.1.clone())
}
