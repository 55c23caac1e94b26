//! One folder of the site by itself.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    Delivery, Planned, compare, distinct, occupied, put, put_manifest, read_manifest, remove,
};
use crate::PublishError;

/// Puts the planned files into their places, each whole, and removes what an earlier delivery wrote below
/// the folder `within` and this one did not plan. Nothing else is touched. With `dry_run`, only says so.
pub(crate) fn part(
    plan: Vec<Planned>,
    within: &str,
    out: &Utf8Path,
    dry_run: bool,
) -> Result<Delivery, PublishError> {
    let planned = distinct(&plan)?;
    let of_part = |path: &Utf8PathBuf| path.as_str().starts_with(within);
    let delivery = |folder: &Utf8Path| {
        let Delivery { files, mut removed } = compare(&plan, folder)?;
        removed.retain(of_part);
        Ok::<_, PublishError>(Delivery { files, removed })
    };
    if dry_run {
        return delivery(out);
    }
    let (folder, _busy) = occupied(out)?;
    let delivery = delivery(&folder)?;
    let earlier = read_manifest(&folder)?;
    if delivery.is_nothing() && planned.is_subset(&earlier) {
        return Ok(delivery);
    }
    // Both lists until we are done: an interrupted delivery leaves nothing that the next does not know.
    put_manifest(&folder, earlier.union(&planned))?;
    let changed = plan.iter().zip(&delivery.files).filter(|(_, written)| written.changed);
    put(&changed.map(|(file, _)| file).collect::<Vec<_>>(), &folder)?;
    delivery.removed.iter().try_for_each(|stale| remove(stale, &folder))?;
    let gone: BTreeSet<&Utf8PathBuf> = delivery.removed.iter().collect();
    put_manifest(&folder, earlier.union(&planned).filter(|path| !gone.contains(path)))?;
    Ok(delivery)
}
