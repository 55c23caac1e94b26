//! What leaves a project.

use std::sync::LazyLock;

use regex::Regex;

use super::clause;
use crate::pattern::constant;

/// The verb, and what it takes away: up to the word that says where from or why.
static REMOVES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:\w+ly |begin to |start to |let's |time to )?(?:remove|removing|removes|removal of|drop|drops|dropping|delete|deleting|retire|retiring|kill|kill off|get rid of|purge|bury)\b (.+)$",
    )
});
static SUPPORT_FOR: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:the )?(?:\w+ )?support (?:for|of) \S"));
/// Where the name of the thing ends.
static BORDER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i),.*$| (?:from|in|for|as|since|because|that|which|to|and|with|when|on)\b.*$| \([^)]*\)$",
    )
});
/// What is worth telling when it goes.
static THING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:support|drivers?|architectures?|arch|subsystem|ports?|platforms?|filesystems?|file systems?|protocols?|boards?|machines?|backend|frontend|engine|extension|API|ABI|syscall|system call)s?$",
    )
});
/// Tidying up removes such things every day.
static TIDY: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:redundant|duplicated?|unnecessary|unneeded|superfluous|useless|extra|needless|unused|dead|stale|bogus|empty|invalid|local|internal|private|helper)\b",
    )
});
static DEPRECATES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:deprecat(?:e|es|ing)|deprecation of|mark\b.*\b(?:as )?(?:deprecated|obsolete|orphaned)|obsolet(?:e|ing))\b",
    )
});
static END: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(?i:end[- ]of[- ](?:life|support|maintenance|the road))\b|\bEOL\b|\b(?i:(?:is|are|now|being) (?:deprecated|discontinued|unmaintained|end[- ]of[- ]life))\b|\b(?i:discontinu(?:e|ed|ing)|sunset(?:ting)?)\b|\b(?i:deprecation of)\b",
    )
});
/// A device tree's property is deprecated with every second binding.
static BINDING: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^dt-bindings\b|\bpropert(?:y|ies)\b"));

/// Whether a patch's title takes something away that people use, or says that it will go.
pub(super) fn removes(title: &str) -> bool {
    let clause = clause(title);
    !BINDING.is_match(title) && (takes_away(clause) || DEPRECATES.is_match(clause))
}

/// Whether the title of a notice says that something ends.
pub(super) fn ends(title: &str) -> bool {
    let clause = clause(title);
    takes_away(clause) || DEPRECATES.is_match(clause) || END.is_match(title)
}

fn takes_away(clause: &str) -> bool {
    let Some(found) = REMOVES.captures(clause) else { return false };
    let what = found.get(1).map_or("", |m| m.as_str());
    if SUPPORT_FOR.is_match(what) {
        return !TIDY.is_match(what);
    }
    let name = BORDER.replace(what, "");
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    THING.is_match(name) && !TIDY.is_match(name)
}
