//! Mail that machines and routines send: part of the work, rarely news.

use std::sync::LazyLock;

use lorecast_mail::is_robot;
use lorecast_model::{Message, SubjectTags};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::pattern::constant;

/// Why a thread is routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routine {
    /// A program wrote it.
    Bot,
    /// The stable team's machine-picked patches.
    Autosel,
    /// "Added to the stable tree", "failed to apply", or a stable review.
    StableQueue,
    /// A notice that a patch went into a tree.
    Committed,
    /// linux-next's daily tree and merge notices.
    Merge,
    /// Spelling, white space, warnings: a tidy-up.
    Trivial,
}

impl Routine {
    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Bot => "sent by a program",
            Self::Autosel => "picked for stable by a program",
            Self::StableQueue => "stable queue",
            Self::Committed => "commit notice",
            Self::Merge => "daily merge notice",
            Self::Trivial => "a tidy-up",
        }
    }
}

static STABLE_QUEUE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r#"(?i)^FAILED: patch|has been added to the .*-stable tree|-rc\d+ review$|-stable review patch|^queue/\d|^stable-rc/|^stable/linux"#,
    )
});
static COMMITTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^\[tip: |^\[(?:merged|folded|withdrawn|to-be-updated|nacked)|^(?:\+|-) \S+\.patch |^\[[\w-]+\] branch |^\[git:",
    )
});
static MERGE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^linux-next: |^next/|^next-\d{8}|for-next updated|for-next branch (?:up)?dated|^\S+ for-next (?:rebased|updated)",
    )
});
static TRIVIAL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\btypos?\b|spelling|white ?space|\bindent(?:ation|ing)?\b|checkpatch|kernel-?doc\b|coding style|unused (?:variable|include|function|header|label|parameter|define|code)|\bunneeded\b|\bunnecessary\b|\bredundant\b|\bduplicated? include|-W[a-z-]{4,}|\bclean ?-?up\b.*\bwarnings?\b|missing prototype|\bsemicolon\b|\bMAINTAINERS\b|\bmake .* static\b|fix (?:a )?comments?\b|\bremove dead code\b|\bdrop owner\b|\bto use \w+\(\)|convert to \w+\(\)|void-returning|convert to platform remove",
    )
});

/// Why a thread that begins with this message is routine; `None` when it is not.
pub fn routine(message: &Message, tags: &SubjectTags) -> Option<Routine> {
    let subject = message.header.subject.as_str();
    let bare = without_replies(subject);
    if tags.trees.iter().any(|tree| tree.to_ascii_uppercase().contains("AUTOSEL"))
        || subject.contains("AUTOSEL")
    {
        Some(Routine::Autosel)
    } else if STABLE_QUEUE.is_match(bare) || STABLE_QUEUE.is_match(&tags.title) {
        Some(Routine::StableQueue)
    } else if COMMITTED.is_match(bare) {
        Some(Routine::Committed)
    } else if MERGE.is_match(bare) || MERGE.is_match(&tags.title) {
        Some(Routine::Merge)
    } else if is_robot(&message.header.from) {
        Some(Routine::Bot)
    } else if tags.patch && tags.total.unwrap_or(1) <= 2 && TRIVIAL.is_match(&tags.title) {
        Some(Routine::Trivial)
    } else {
        None
    }
}

fn without_replies(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    while let Some(shorter) =
        rest.get(..3).filter(|s| s.eq_ignore_ascii_case("re:")).and(rest.get(3..))
    {
        rest = shorter.trim_start();
    }
    rest
}
