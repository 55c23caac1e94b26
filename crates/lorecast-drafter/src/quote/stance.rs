//! Where somebody stands who answers.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::pattern::constant;

/// What a sentence of an answer does, so that the notes can say "objected" or "agreed". When in
/// doubt it merely says something: a verb never claims more than the words behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// A question.
    Asks,
    /// "I wonder whether …".
    Wonders,
    /// It was taken, or will be.
    Applies,
    /// It will not do.
    Objects,
    /// It will do.
    Agrees,
    /// Somebody saw the same.
    Confirms,
    /// Another way.
    Proposes,
    /// What was seen or measured.
    Reports,
    /// Anything else.
    Says,
}

static APPLIES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:applied|queued|merged|pulled)\b|^(?:\w+, )?i(?:'ve| have|'ll| will|'m)? (?:just |now |also )*(?:applied|queued|merged|picked|take|taken|queue|queuing|applying) (?:this|it|these|the|both|all|them|up|patch)\b",
    )
});
static OBJECTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bnac?k\b|\bi(?: \w+ly)? (?:disagree|object)\b|\bi'm (?:really |strongly |firmly )?(?:against|opposed)\b|\bi am (?:really |strongly |firmly )?(?:against|opposed)\b|\b(?:i'm|i am|i remain) not (?:really |at all |yet )?(?:convinced|a (?:big |huge )?fan)\b|\b(?:i|we) (?:really |strongly |certainly )?(?:don't|do not|won't|will not|can't|cannot) (?:really |particularly |actually )?(?:like|agree|accept|take (?:this|it|that))\b|\bi (?:really |still )?(?:don't|do not) (?:really |actually )?(?:think|believe|see)(?: that)? (?:we|you|this|that|it|users?|the kernel)(?: \w+){0,3}? (?:should|ought|wants?|needs?|have to|makes? (?:any )?sense|(?:is|are) (?:right|correct|a good|the right|a valid|necessary|needed|acceptable|worth|warranted|appropriate|ok(?:ay)?))\b|\bi (?:really |still )?(?:don't|do not) (?:really |actually )?think(?: that)? [^,;]{3,60}? (?:belongs?|is (?:really )?(?:an?|the) (?:\w+ )?(?:interface|idea|approach|way|solution|place|api|abi|feature))\b|\bi (?:don't|do not) want (?:to see|this|that|us|people|users)\b|\b(?:we|you) (?:really |definitely )?(?:should not|shouldn't|must not|mustn't|can't|cannot) (?:do|take|add|merge|change|break|allow|expose)\b|\b(?:makes|make) no sense\b|\b(?:doesn't|does not|don't|do not) (?:really |actually )?make (?:any |much |a lot of )?sense\b|\bthe wrong (?:approach|way|place|direction|thing|layer|solution)\b|\b(?:is|are|looks|seems|feels) (?:an |a bit of an |way )?overkill\b|\bis (?:just |simply |plainly |fundamentally )?(?:unacceptable|not acceptable|a non-starter)\b",
    )
});
/// An objection that nothing behind it takes back.
static FIRM: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^(?:\w+, )?(?:nac?k\b|i (?:\w+ly )?(?:disagree|object)\b)"));
/// "I agree that we should not …" agrees.
static FULL: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)^(?:\w+, )?i (?:\w+ly )?agree\b"));
/// What takes an objection or an agreement back, or is somebody else's.
static HEDGED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bi (?:suppose|guess)\b|\b(?:no|don't have|do not have|any|without) (?:\w+ )?objections?\b|\b(?:wouldn't|would not|doesn't|won't) (?:hurt|harm|matter|mind)\b|\b(?:unless|whether|as if|you said|you say|if you (?:don't|disagree|think|agree))\b",
    )
});
static AGREES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:yes|yeah|right|sure|ok),? )?(?:agreed|exactly|fully agreed)\b|\b(?:so |and |^)?i (?:fully |completely |totally |also |still |certainly |definitely |do |very much |strongly |tend to |kind of |sort of )*agree(?: with| that| on| to| here|,|\.|$| we| it| there| this)|\bmakes (?:perfect |total |a lot of |good |more )?sense to me\b|^(?:that|this|it)(?:'s| is| sounds like| seems like)? (?:certainly |definitely )?(?:a )?(?:very )?(?:good|great|nice|excellent|fair|valid) (?:idea|point|catch|suggestion)\b|^(?:good|great|fair|excellent) (?:idea|point|catch|suggestion)\b|\bi (?:really |also |do )*(?:like|love) (?:this|the|that|your|how)\b|\b(?:i have|i've got|have|there are) no objections?\b|\b(?:i don't|i do not) have any (?:\w+ )?objections?\b|\b(?:i'm|i am) (?:totally |perfectly )?(?:fine|happy|ok(?:ay)?|good) with\b|\b(?:fine|okay|ok) (?:by|with|for) me\b|\blooks? (?:good|great|reasonable|right|correct|fine) to me\b",
    )
});
static NOT_AGREED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:don't|do not|didn't|can't|cannot|could|would|might|not) (?:\w+ ){0,2}?(?:agree|like|love)\b|\bbut\b|\bhowever\b|\bexcept\b|\balthough\b",
    )
});
static CONFIRMS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:\w+, )?i (?:can |could |do |have |can also |also )*(?:confirm(?:ed)?|reproduced?)\b|^confirmed\b",
    )
});
static PROPOSES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bi(?:'d| would) (?:still |rather |also |really |strongly |much |personally )*(?:suggest|propose|prefer|recommend|rather)\b|\bi (?:strongly |would |also |really )*(?:suggest|propose|prefer|recommend)\b|^(?:\w+, )?(?:how|what) about\b|^(?:\w+, )?(?:let's|let us)\b|^(?:[^,]{0,40}, )?(?:(?:i|we) (?:really |still |also )?(?:think|believe|feel|guess|suspect) (?:that )?|maybe |perhaps |so |then |in that case,? |instead,? )?(?:we|you|it|this|that) (?:really |probably |also |instead |definitely |perhaps )?(?:should|could|ought to|might want to)\b|, (?:then |so )?(?:we|you) (?:really |probably |also |instead )?(?:should|could)\b|^(?:it|that|this) would (?:probably |also )?(?:be (?:much |far |a lot )?(?:better|nicer|simpler|cleaner|easier|safer)|make more sense)\b",
    )
});
/// No way is shown to somebody who is only told of what is not, or was.
static NOT_PROPOSED: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)\b(?:should|could)(?:n't| not| have| already| only| never| be fine| work)\b")
});
static REPORTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:[^,]{0,40}, )?(?:and )?(?:i|we)(?:'ve| have)? (?:just |also |now )*(?:tested|measured|tried|ran|reproduced|bisected|benchmarked|hit)\b",
    )
});
static WONDERS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:and|but|so|also|hmm+|well),? )?(?:i|we)(?:'m| am| was| were| do| also| just| still)* wonder(?:ed|ing)?\b",
    )
});
/// A question is asked in the order of questions; "He is late?" is said.
static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)(?:^|[,;:(–—]\s|\s[-–—]+ |\b(?:and|but|so|or|then|because|since|curious|question is|wondering|wonder) )(?:and |but |so |or |then |if so,? )*(?:(?:in|at|on|for|to|of|by|from|with|under|since) )?(?:who|whom|whose|what(?:'s)?|which|when|where|why|how|is|isn't|are|aren't|was|wasn't|were|do|don't|does|doesn't|did|didn't|can|can't|could|couldn't|should|shouldn't|would|wouldn't|will|won't|has|hasn't|have|haven't|had|may|might|must|shall|any)\b",
    )
});

impl Stance {
    /// The stance of one sentence. Objections go before agreement: "I don't think that makes sense".
    pub(crate) fn of(sentence: &str) -> Self {
        let straight = sentence.replace('’', "'");
        let sentence = straight.as_str();
        let asked = sentence.trim_end_matches(['"', ')', ' ']).ends_with('?');
        if WONDERS.is_match(sentence) {
            return Self::Wonders;
        }
        if asked {
            return if QUESTION.is_match(sentence) { Self::Asks } else { Self::Says };
        }
        let hedged = HEDGED.is_match(sentence);
        if APPLIES.is_match(sentence) {
            Self::Applies
        } else if FULL.is_match(sentence) && !NOT_AGREED.is_match(sentence) {
            Self::Agrees
        } else if FIRM.is_match(sentence) || OBJECTS.is_match(sentence) && !hedged {
            Self::Objects
        } else if AGREES.is_match(sentence) && !NOT_AGREED.is_match(sentence) {
            Self::Agrees
        } else if CONFIRMS.is_match(sentence) {
            Self::Confirms
        } else if REPORTS.is_match(sentence) {
            Self::Reports
        } else if PROPOSES.is_match(sentence) && !NOT_PROPOSED.is_match(sentence) {
            Self::Proposes
        } else {
            Self::Says
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str) -> Stance {
        Stance::of(sentence)
    }

    #[test]
    fn sentences_take_a_stand() {
        for (sentence, stance) in [
            ("Why would a driver need this at all?", Stance::Asks),
            ("If the well is dry, is there a need for a pump?", Stance::Asks),
            ("The pump runs all night, doesn't it?", Stance::Asks),
            ("I wonder if that makes sense for a file system", Stance::Wonders),
            ("Applied to the for-next branch of my tree", Stance::Applies),
            ("I'll queue this for the next merge window", Stance::Applies),
            ("I don't think that makes sense for small machines", Stance::Objects),
            ("NAK, user space depends on this file", Stance::Objects),
            ("I'm not convinced that a pump needs a budget", Stance::Objects),
            ("We should not break the pumps of last year", Stance::Objects),
            ("I disagree, nobody knows whether the valve is open", Stance::Objects),
            ("I like the idea of a budget", Stance::Agrees),
            ("I agree we should not break the pumps", Stance::Agrees),
            ("That makes sense to me for large folios", Stance::Agrees),
            ("I don't have any major objections to the valve", Stance::Agrees),
            ("I can confirm that the pump stops at high tide", Stance::Confirms),
            ("I'd prefer a flag over a new system call", Stance::Proposes),
            ("We should keep the old file for a release", Stance::Proposes),
            ("I think it could be a flag of the valve", Stance::Proposes),
            ("I measured it on a board with two cores", Stance::Reports),
            ("The ring is filled by the device", Stance::Says),
        ] {
            assert_eq!(check(sentence), stance, "{sentence}");
        }
    }

    #[test]
    fn what_only_sounds_like_a_stand_is_said() {
        for sentence in [
            "This is a serious matter, meaning the valve of one house floods another one?",
            "I worry every time I see a pump without a valve",
            "I don't think many people would use it, but it wouldn't hurt",
            "I don't think that pump was sold before the wells ran dry",
            "I agree that the valve is old, but the pump is older",
            "The pump could not be stopped by the valve at high tide",
            "With the valve the pump takes 12% less water",
            "I'm not against a valve in the cellar",
            "The old pump was deemed better to mend than to sell",
            "We don't want to get in the middle of the old story of wells and pumps",
        ] {
            assert_eq!(check(sentence), Stance::Says, "{sentence}");
        }
    }
}
