//! Where revisions stand: what mails tell and what trees hold, together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lorecast_model::{Event, Patch, Proof, Revision, Standing, TreeRole, What};
use lorecast_store::{Holding, Landed, Store};
use lorecast_tracker::state;

use crate::Result;

/// From when something is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Nothing counts that came later.
    pub(crate) until: Timestamp,
    /// Silence is counted up to here.
    pub(crate) now: Option<Timestamp>,
}

impl Moment {
    /// With everything that the archives and trees hold. Silence is counted up to where the archives
    /// end: in an old archive nothing went stale because it is old.
    pub(crate) fn latest(store: &dyn Store) -> Result<Self> {
        Ok(Self { until: Timestamp::MAX, now: store.last_sent()? })
    }

    /// As it was then.
    pub(crate) fn at(then: Timestamp) -> Self {
        Self { until: then, now: Some(then) }
    }
}

/// Everything that is known of a revision.
pub(crate) fn standing(
    store: &dyn Store,
    mut revision: Revision,
    moment: Moment,
) -> Result<Standing> {
    let past = |date: Timestamp| date < moment.until;
    let mut events: BTreeSet<Event> = store.events(&revision.root)?.into_iter().collect();
    if let Some(next) = &revision.next {
        // A bot's notice names a title, which several revisions have: it is about the last of them.
        let theirs: Vec<Event> = store.events(next)?;
        let same = |ours: &Event, other: &Event| {
            (ours.date, &ours.what, &ours.proof) == (other.date, &other.what, &other.proof)
        };
        events.retain(|ours| !theirs.iter().any(|other| same(ours, other)));
    }
    let next = revision.next.as_ref().map(|next| store.revision_of(next)).transpose()?.flatten();
    let next = next.filter(|next| past(next.date));
    let single = revision.patches.len() == 1 && revision.announced == 1;
    for patch in &revision.patches {
        let mut landed = store.landed(&patch.id)?;
        landed.retain(|landed| past(landed.holding.date));
        events.extend(of_patch(patch, single, &landed));
    }
    let mut events: Vec<Event> = events.into_iter().filter(|event| past(event.date)).collect();
    merge_patches(&mut events);
    let follows = next.as_ref().map(|next| (&next.root, next.date));
    let (state, taken) = state::decide(&revision, &events, follows, moment.now);
    (revision.state, revision.next) = (state, next.map(|next| next.root));
    Ok(Standing { revision, events, taken })
}

fn of_patch(patch: &Patch, single: bool, landed: &[Landed]) -> Vec<Event> {
    let mut found = Vec::new();
    let mut add = |holding: &Holding, what: What| {
        found.push(Event {
            date: holding.date,
            what,
            who: String::new(),
            proof: Proof::Commit { tree: holding.tree.clone(), id: holding.commit.clone() },
            patches: if single { vec![] } else { vec![patch.number] },
        });
    };
    // What any tree still holds was not dropped: linux-next leaves things out for a day.
    let held = landed.iter().any(|landed| !landed.holding.gone);
    for Landed { holding, reverted, carried, .. } in landed {
        if !holding.gone {
            add(holding, entered(holding));
        } else if !held {
            add(holding, entered(holding));
            add(holding, What::Dropped { tree: holding.tree.clone() });
        }
        let undone = |revert: &&Holding| {
            !revert.gone && (revert.role == TreeRole::Mainline || revert.tree == holding.tree)
        };
        reverted.iter().filter(undone).for_each(|revert| add(revert, What::Reverted));
        let releases = carried.iter().filter(|carried| !carried.gone);
        for carried in releases.filter(|carried| carried.role == TreeRole::Stable) {
            add(carried, stable(carried));
        }
    }
    found
}

fn entered(holding: &Holding) -> What {
    let commit = Some(holding.commit.as_str().to_owned());
    match holding.role {
        TreeRole::Maintainer => What::Applied { tree: holding.tree.clone(), commit },
        TreeRole::Next => What::Next,
        TreeRole::Mainline => {
            let (tag, release) = (holding.released.tag.clone(), holding.released.release.clone());
            What::Landed { tag, release, commit }
        }
        TreeRole::Stable => stable(holding),
    }
}

fn stable(holding: &Holding) -> What {
    What::Stable { release: holding.released.tag.clone().unwrap_or_else(|| holding.tree.clone()) }
}

/// One event for patches of which the same is told by the same proof.
fn merge_patches(events: &mut Vec<Event>) {
    let mut alike: BTreeMap<(Timestamp, What, String, String), usize> = BTreeMap::new();
    let mut merged: Vec<Event> = Vec::with_capacity(events.len());
    for event in events.drain(..) {
        let proof = format!("{:?}", event.proof);
        let key = (event.date, event.what.clone(), event.who.clone(), proof);
        match alike.get(&key) {
            Some(&at) => merged[at].patches.extend(event.patches),
            None => {
                alike.insert(key, merged.len());
                merged.push(event);
            }
        }
    }
    *events = merged;
}
