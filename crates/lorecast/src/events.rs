//! What happened to a revision, in words.

use lorecast_model::What;

/// An event as a person would say it, without who and when.
pub(crate) fn what(what: &What) -> String {
    let named = |tree: &str| if tree.is_empty() { String::new() } else { format!(" to {tree}") };
    match what {
        What::Answered => "answered".to_owned(),
        What::Vouched { key } => format!("{key} given"),
        What::ChangesRequested => "changes requested".to_owned(),
        What::Promised => "another version promised".to_owned(),
        What::Applied { tree, commit } => {
            let commit = commit.as_ref().map(|id| format!(" as {}", &id[..id.len().min(12)]));
            format!("applied{}{}", named(tree), commit.unwrap_or_default())
        }
        What::Next => "in linux-next".to_owned(),
        What::Landed { tag, .. } => match tag {
            Some(tag) => format!("landed in {tag}"),
            None => "landed in mainline".to_owned(),
        },
        // A mail names the branch that it proposes a patch for; a tree its tag, or itself.
        What::Stable { release } if release.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("on its way to stable {release}")
        }
        What::Stable { release } => format!("in stable {release}"),
        What::Dropped { tree } if tree.is_empty() => "dropped".to_owned(),
        What::Dropped { tree } => format!("dropped from {tree}"),
        What::Reverted => "reverted".to_owned(),
        What::Rejected => "rejected".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(event: What, expected: &str) {
        assert_eq!(what(&event), expected);
    }

    #[test]
    fn a_release_is_reached_and_a_branch_is_headed_for() {
        let stable = |release: &str| What::Stable { release: release.to_owned() };
        check(stable("6.1"), "on its way to stable 6.1");
        check(stable("v6.1.25"), "in stable v6.1.25");
    }

    #[test]
    fn what_an_author_says_is_no_request() {
        check(What::Promised, "another version promised");
        check(What::ChangesRequested, "changes requested");
    }
}
