//! Where somebody stands who answers.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::pattern::constant;

/// What a sentence of an answer does, so that the notes can say "objected" or "agreed". When in
/// doubt it merely says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// A question.
    Asks,
    /// It was taken, or will be.
    Applies,
    /// It will not do.
    Objects,
    /// It will do.
    Agrees,
    /// Another way.
    Proposes,
    /// What was seen or measured.
    Reports,
    /// Anything else.
    Says,
}

static APPLIES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:applied|queued|merged|pulled)\b|\bi(?:'ve| have|'ll| will|'m)? (?:just |now |also )*(?:applied|queued|merged|pick(?:ed)?|take|taken|queue|queuing|apply|applying)\b",
    )
});
static OBJECTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:nac?k|disagree|object to|not (?:convinced|a (?:big )?fan|acceptable|ok(?:ay)?|the right)|(?:don't|do not|didn't|can't|cannot) (?:really |particularly |actually )?(?:think|like|want|agree|see (?:why|how|the point)|believe|accept|take this)|i'm (?:really |strongly )?against|makes no sense|doesn't make (?:any )?sense|wrong (?:approach|way|place|direction)|overkill|too (?:complex|complicated|fragile|risky)|(?:big|serious|main) (?:problem|concern|worry)|won't work|would break)\b",
    )
});
static AGREES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:i agree|agreed|i (?:really |also )?(?:like|love)|makes sense|good (?:idea|point|catch)|no objections?|(?:i'm|i am) (?:fine|happy|ok(?:ay)?) with|fine by me|looks (?:good|great|reasonable|right|correct)|right (?:approach|direction|thing))\b",
    )
});
static PROPOSES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:i(?:'d| would) (?:suggest|propose|prefer|rather|recommend)|i (?:suggest|propose|prefer|recommend)|(?:we|you|it|this|they) (?:really |probably |also )?(?:should|could)|how about|would be (?:much |far )?(?:better|nicer|simpler|cleaner)|better to|let's|let us)\b",
    )
});
static REPORTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bi (?:have |just |also )*(?:tested|measured|tried|ran|saw|see|reproduced|bisected|hit|benchmarked|get|got)\b|\b\d+(?:\.\d+)? ?%",
    )
});

static WONDERS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:and|but|so|also),? )?(?:i|we)(?:'m| am| was| do| also| just| still)* wonder(?:ed|ing)? (?:if|whether|why|how|what)\b",
    )
});

impl Stance {
    /// The stance of one sentence. Objections go before agreement: "I don't think that makes sense".
    pub(crate) fn of(sentence: &str) -> Self {
        let found = [
            (&APPLIES, Self::Applies),
            (&OBJECTS, Self::Objects),
            (&AGREES, Self::Agrees),
            (&REPORTS, Self::Reports),
            (&PROPOSES, Self::Proposes),
        ];
        let asked = sentence.trim_end_matches(['"', ')', ' ']).ends_with('?');
        if asked || WONDERS.is_match(sentence) {
            return Self::Asks;
        }
        let fits = |(words, _): &&(&LazyLock<Regex>, Self)| words.is_match(sentence);
        found.iter().find(fits).map_or(Self::Says, |(_, stance)| *stance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_take_a_stand() {
        for (sentence, stance) in [
            ("Why would a driver need this at all?", Stance::Asks),
            ("I wonder if that makes sense for a file system", Stance::Asks),
            ("Applied to the for-next branch of my tree", Stance::Applies),
            ("I'll queue this for the next merge window", Stance::Applies),
            ("I don't think that makes sense for small machines", Stance::Objects),
            ("NAK, user space depends on this file", Stance::Objects),
            ("I like the idea of a budget", Stance::Agrees),
            ("That makes sense to me for large folios", Stance::Agrees),
            ("I'd prefer a flag over a new system call", Stance::Proposes),
            ("We should keep the old file for a release", Stance::Proposes),
            ("I measured it on a board with two cores", Stance::Reports),
            ("With this the build takes 12% less time", Stance::Reports),
            ("The ring is filled by the device", Stance::Says),
        ] {
            assert_eq!(Stance::of(sentence), stance, "{sentence}");
        }
    }
}
