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

/// How many words before colons are looked at.
const WORDS: usize = 4;

/// A title from each of its words before a colon on: `dt-bindings: thermal: x` and `thermal: x`,
/// `selftests/mm: x` and `mm: x`.
pub(super) fn openings(title: &str) -> impl Iterator<Item = &str> {
    let head = title.rfind(':').unwrap_or(0);
    let cuts = title[..head].match_indices([':', '/', ' ']).map(|(at, _)| at + 1);
    let begun =
        cuts.map(|at| title[at..].trim_start()).filter(|rest| !rest.starts_with([':', '/']));
    std::iter::once(title).chain(begun).take(WORDS)
}

/// Names of subsystems that are words of plain English as well: they say something only as first
/// words.
const ENGLISH: [&str; 37] = [
    "arc",
    "audit",
    "base",
    "buffer",
    "can",
    "common",
    "cpu",
    "crash",
    "cred",
    "entry",
    "exit",
    "fat",
    "fork",
    "generic",
    "ice",
    "integrity",
    "ip",
    "keys",
    "kernel",
    "list",
    "loop",
    "mana",
    "module",
    "modules",
    "mount",
    "of",
    "panic",
    "pipe",
    "policy",
    "power",
    "random",
    "signal",
    "smc",
    "swap",
    "target",
    "time",
    "video",
];

/// The words of a title that may name a subsystem anywhere: `Folios in the memcg code`.
pub(super) fn words(title: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
    let words = title.split(move |c: char| !inside(c)).map(|word| word.trim_matches(['.', '-']));
    words.filter(|word| word.len() > 2 && !ENGLISH.contains(word))
}

/// How much a file says about where a patch belongs: documentation, tests and device trees come
/// along with what they are about, and lists of all maintainers or system calls with anything.
pub(super) fn voice(path: &str) -> f64 {
    let starts = |prefix: &&str| path.starts_with(*prefix);
    if ANYWHERE.iter().any(starts) || ANYWHERE_NAMES.iter().any(|name| path.contains(name)) {
        0.1
    } else if ALONG.iter().any(starts) {
        0.4
    } else {
        1.0
    }
}

const ANYWHERE: [&str; 4] = ["MAINTAINERS", ".mailmap", ".gitignore", "CREDITS"];
const ANYWHERE_NAMES: [&str; 2] = ["/syscalls/", "/unistd"];
const ALONG: [&str; 7] = [
    "Documentation/",
    "Makefile",
    "include/",
    "scripts/",
    "tools/testing/",
    "arch/arm/boot/",
    "arch/arm64/boot/",
];

/// What the title weighs beside the files, which together weigh 1: it decides where files are
/// spread over several sections, or say little.
pub(super) const TITLE: f64 = 0.6;

/// What a word inside the title weighs beside the files, when no first word says more.
pub(super) const WORD: f64 = 0.3;

/// What the lists weigh beside the files.
pub(super) const LISTS: f64 = 0.2;
