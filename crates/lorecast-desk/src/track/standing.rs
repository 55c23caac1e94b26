//! Where revisions stand: what mails tell and what trees hold, together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lorecast_model::{Event, Patch, Proof, Revision, Standing, Taken, TreeRole, What};
use lorecast_store::{Holding, Landed, Store};
use lorecast_tracker::state;

use crate::Result;

/// Everything that is known of a revision. `now` tells whether it went stale, and nothing counts
/// that came later.
pub(crate) fn standing(
    store: &impl Store,
    mut revision: Revision,
    now: Option<Timestamp>,
) -> Result<Standing> {
    let past = |date: Timestamp| now.is_none_or(|now| date < now);
    let mut events: BTreeSet<Event> = store.events(&revision.root)?.into_iter().collect();
    if let Some(next) = &revision.next {
        // A bot's notice names a title, which several revisions have: it is about the last of them.
        let theirs: Vec<Event> = store.events(next)?;
        let same = |ours: &Event, other: &Event| {
            (ours.date, &ours.what, &ours.proof) == (other.date, &other.what, &other.proof)
        };
        events.retain(|ours| !theirs.iter().any(|other| same(ours, other)));
    }
    let mut taken = Taken::default();
    if let Some(next) = &revision.next
        && now.is_some()
        && store.revision_of(next)?.is_some_and(|next| !past(next.date))
    {
        revision.next = None;
    }
    let single = revision.patches.len() == 1 && revision.announced == 1;
    for patch in &revision.patches {
        let mut landed = store.landed(&patch.id)?;
        landed.retain(|landed| past(landed.holding.date));
        count(&landed, &mut taken);
        events.extend(of_patch(patch, single, &landed));
    }
    let mut events: Vec<Event> = events.into_iter().filter(|event| past(event.date)).collect();
    merge_patches(&mut events);
    revision.state = state::decide(&revision, &events, now);
    Ok(Standing { revision, events, taken })
}

fn count(landed: &[Landed], taken: &mut Taken) {
    let present = |role| landed.iter().any(|l| !l.holding.gone && l.holding.role == role);
    let mainline = present(TreeRole::Mainline);
    let next = mainline || present(TreeRole::Next);
    taken.landed += u32::from(mainline);
    taken.next += u32::from(next);
    taken.applied += u32::from(next || present(TreeRole::Maintainer));
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
    let landed_for_good = landed
        .iter()
        .any(|landed| !landed.holding.gone && landed.holding.role == TreeRole::Mainline);
    for Landed { holding, reverted, carried, .. } in landed {
        let there = |other: &Landed| other.holding.tree == holding.tree && !other.holding.gone;
        if !holding.gone {
            add(holding, entered(holding));
        } else if !landed_for_good && !landed.iter().any(there) {
            // It was there, and nothing took its place.
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
