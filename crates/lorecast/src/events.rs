//! What happened to a revision, in words.

use lorecast_model::What;

/// An event as a person would say it, without who and when.
pub(crate) fn what(what: &What) -> String {
    let named = |tree: &str| if tree.is_empty() { String::new() } else { format!(" to {tree}") };
    match what {
        What::Answered => "answered".to_owned(),
        What::Vouched { key } => format!("{key} given"),
        What::ChangesRequested => "changes requested".to_owned(),
        What::Applied { tree, commit } => {
            let commit = commit.as_ref().map(|id| format!(" as {}", &id[..id.len().min(12)]));
            format!("applied{}{}", named(tree), commit.unwrap_or_default())
        }
        What::Next => "in linux-next".to_owned(),
        What::Landed { tag, .. } => match tag {
            Some(tag) => format!("landed in {tag}"),
            None => "landed in mainline".to_owned(),
        },
        What::Stable { release } => format!("in stable {release}"),
        What::Superseded => "superseded".to_owned(),
        What::Dropped { tree } if tree.is_empty() => "dropped".to_owned(),
        What::Dropped { tree } => format!("dropped from {tree}"),
        What::Reverted => "reverted".to_owned(),
        What::Rejected => "rejected".to_owned(),
    }
}
