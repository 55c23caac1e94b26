//! Mail that machines and routines send: part of the work, rarely news.

use std::sync::LazyLock;

use lorecast_model::{Message, Profile, SubjectTags};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::pattern::constant;
use crate::profile::rules;

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

static TRIVIAL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\btypos?\b|spelling|white ?space|\bindent(?:ation|ing)?\b|coding style|unused (?:variable|include|function|header|label|parameter|define|code)|\bunneeded\b|\bunnecessary\b|\bredundant\b|\bduplicated? include|-W[a-z-]{4,}|\bclean ?-?up\b.*\bwarnings?\b|missing prototype|\bsemicolon\b|\bmake .* static\b|fix (?:a )?comments?\b|\bremove dead code\b|\bto use \w+\(\)|convert to \w+\(\)|void-returning",
    )
});

/// Why a thread that begins with this message is routine, by a profile's rules; `None` when it is not.
pub(crate) fn routine(message: &Message, tags: &SubjectTags, profile: Profile) -> Option<Routine> {
    rules(profile).routine(message, tags)
}

/// A small patch whose title says that it tidies up.
pub(crate) fn tidies_up(tags: &SubjectTags) -> bool {
    tags.patch && tags.total.unwrap_or(1) <= 2 && TRIVIAL.is_match(&tags.title)
}

/// A subject without the `Re:`s in front.
pub(crate) fn without_replies(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    while let Some(shorter) =
        rest.get(..3).filter(|s| s.eq_ignore_ascii_case("re:")).and(rest.get(3..))
    {
        rest = shorter.trim_start();
    }
    rest
}
