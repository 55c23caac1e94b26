//! Which refs are followed.

/// Whether a pattern of `show.yaml` means a branch: by its full name, by the name that git shows
/// (`master`, `origin/master`), or by the name at its remote (`master` for `origin/master`). A `*`
/// stands for any text.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let remote = name.strip_prefix("refs/remotes/");
    let shown = name.strip_prefix("refs/heads/").or(remote);
    let there = remote.and_then(|name| name.split_once('/')).map(|(_, name)| name);
    [Some(name), shown, there].into_iter().flatten().any(|name| fits(pattern, name))
}

/// Whether a pattern fits a whole text. Text between two `*` is taken at its first place, so the
/// time is bounded by the product of both lengths.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |pattern: &str, name: &str, expected: bool| {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        };
        check("master", "refs/heads/master", true);
        check("master", "refs/heads/old/master", false);
        check("master", "refs/remotes/origin/master", true);
        check("origin/master", "refs/remotes/origin/master", true);
        check("refs/heads/master", "refs/heads/master", true);
        check("refs/heads/master", "refs/remotes/origin/master", false);
        check("linux-*.y", "refs/heads/linux-6.3.y", true);
        check("linux-*.y", "refs/heads/linux-.y2", false);
        check("for-*/*-fixes", "refs/heads/for-6.4/net/late-fixes", true);
        check("*", "refs/heads/anything", true);
        check("a*a", "refs/heads/a", false);
        check("**", "refs/heads/a", true);
        check("ma?ter", "refs/heads/master", false);
    }
}
