//! What of `subsystems.yaml` claims a path or a title, and how loudly a path speaks.

use crate::pattern::matches;

/// Whether a path lies below a prefix, in which `*` stands for one name or part of one.
pub(super) fn below(prefix: &str, path: &str) -> bool {
    if !prefix.contains('*') {
        return path.starts_with(prefix);
    }
    let depth = prefix.matches('/').count();
    let end = path.match_indices('/').nth(depth.saturating_sub(1)).map(|(at, _)| at + 1);
    match end {
        Some(end) if prefix.ends_with('/') => matches(prefix.as_bytes(), &path.as_bytes()[..end]),
        Some(end) => {
            let name = path[end..].split('/').next().unwrap_or("");
            matches(format!("{prefix}*").as_bytes(), &path.as_bytes()[..end + name.len()])
        }
        None => false,
    }
}

/// Whether a title opens with a prefix as a whole: `mm` opens `mm: x` and `mm/slub: x`, not `mmc: x`.
pub(super) fn opens(prefix: &str, title: &str) -> bool {
    let Some(rest) = title.strip_prefix(&prefix.to_ascii_lowercase()) else { return false };
    let boundary = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
    boundary && rest.contains(':') || rest.is_empty()
}

/// How much a file says about where a patch belongs: documentation and device trees come along.
pub(super) fn voice(path: &str) -> f64 {
    let along = [
        "Documentation/",
        "MAINTAINERS",
        "include/",
        "tools/testing/",
        "arch/arm/boot/",
        "arch/arm64/boot/",
    ];
    if along.iter().any(|prefix| path.starts_with(prefix)) { 0.4 } else { 1.0 }
}
