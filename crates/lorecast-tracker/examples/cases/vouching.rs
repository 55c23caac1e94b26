//! Cases about the trailers that answers give.

use std::collections::BTreeSet;

use lorecast_mail::patch_id;
use lorecast_model::{Message, Revision};
use lorecast_tracker::{Vouch, Vouched, vouched};
use serde_json::{Value, json};

use crate::{compare, series};

/// What counts for each patch, what for all of them, and what is refused, beside what is expected;
/// each as a set, in lower case: a trailer that was given twice counts once.
pub fn trailers(messages: &[Message], expect: &Value) -> Vec<String> {
    let revisions = series::in_order(messages);
    let all = vouched(messages, &revisions);
    let last = revisions.iter().zip(&all).max_by_key(|(revision, _)| revision.version);
    let Some((revision, found)) = last else { return vec!["no revision".to_owned()] };
    let versions: Vec<u32> = revisions.iter().map(|revision| revision.version.major).collect();
    let spread = found.vouches.iter().filter(|vouch| vouch.patch.is_none()).map(shown);
    let refused =
        found.mismatches.iter().map(|vouch| format!("{} by {}", shown(vouch), sender(vouch)));
    let wanted_refused = expect["refused_mismatch"].as_array().into_iter().flatten().map(|one| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_lowercase();
        format!("{} by {}", text("trailer"), text("sender"))
    });
    let mut differences: Vec<String> = [
        compare("revisions", versions, &expect["revisions"]),
        compare("latest", revision.version.major, &expect["latest"]),
        compare("expected", revision.announced, &expect["expected"]),
        compare("patches", revision.patches.len(), &expect["patches"]),
        compare("has_cover", revision.cover.is_some(), &expect["has_cover"]),
        sets(
            "spread",
            spread.collect(),
            lower(&expect["collected_on_cover_and_spread_to_every_patch"]),
        ),
        sets("refused", refused.collect(), wanted_refused.collect()),
    ]
    .into_iter()
    .flatten()
    .collect();
    for wanted in expect["collected_per_patch"].as_array().into_iter().flatten() {
        differences.extend(patch(revision, found, wanted));
    }
    differences
}

fn patch(revision: &Revision, found: &Vouched, wanted: &Value) -> Vec<String> {
    let number = wanted["n"].as_u64().unwrap_or_default();
    let here = |vouch: &&Vouch| vouch.patch.is_some_and(|patch| u64::from(patch) == number);
    let title = revision.patches.iter().find(|patch| u64::from(patch.number) == number);
    let collected = found.vouches.iter().filter(here).map(shown).collect();
    let title = compare("subject", title.map(|patch| patch.title.as_str()), &wanted["subject"]);
    title.into_iter().chain(sets("collected", collected, lower(&wanted["collected"]))).collect()
}

/// The trailers that commits of the same patches get: told by patch id, or with `--fuzzy` in the
/// case's note by title. A note about a replaced word means that the commits hold another.
pub fn to_commits(messages: &[Message], note: &Value, expect: &Value) -> Vec<String> {
    let note = note.as_str().unwrap_or_default();
    let altered = note.contains("replaced") || note.contains("same, with --fuzzy");
    let revisions = series::in_order(messages);
    let found = vouched(messages, &revisions);
    let Some((revision, found)) = revisions.iter().zip(&found).next() else {
        return vec!["no revision".to_owned()];
    };
    let mut taken = serde_json::Map::new();
    for patch in &revision.patches {
        let diff = messages.iter().find(|message| message.header.id == patch.id);
        let diff = diff.map(|message| message.diff.as_str()).unwrap_or_default();
        let commit = if altered { diff.replace("vivendum", "addendum") } else { diff.to_owned() };
        let same = patch_id(&commit) == patch_id(diff) || note.contains("--fuzzy");
        let given: Vec<String> = found.for_patch(patch.number).map(shown).collect();
        if same && !given.is_empty() {
            taken.insert(patch.title.clone(), json!(given));
        }
    }
    let wanted = expect["new_trailers_by_subject"].as_object().into_iter().flatten();
    let wanted: serde_json::Map<String, Value> =
        wanted.map(|(title, given)| (title.clone(), json!(lower(given)))).collect();
    [
        compare("series", revisions.len(), &expect["series"]),
        compare("patches", revision.patches.len(), &expect["patches"]),
        compare("has_cover", revision.cover.is_some(), &expect["has_cover"]),
        compare("trailers", taken, &json!(wanted)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn shown(vouch: &Vouch) -> String {
    format!("{}: {}", vouch.trailer.key, vouch.trailer.value).to_lowercase()
}

fn sender(vouch: &Vouch) -> String {
    format!("{} <{}>", vouch.by.name, vouch.by.email).to_lowercase()
}

fn lower(list: &Value) -> BTreeSet<String> {
    let words = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_lowercase).collect()
}

fn sets(field: &str, ours: BTreeSet<String>, theirs: BTreeSet<String>) -> Option<String> {
    compare(field, json!(ours), &json!(theirs))
}
