//! The sentence of a reply that takes a stand.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::{code_words, plain, shared_words};
use super::shape::quotation;
use super::stance::Stance;
use crate::pattern::constant;
use crate::sentence::{paragraphs, sentences};

/// The sentence that says most of a reply, with how much it says.
pub(crate) fn answer(text: &str, title: &str) -> Option<(f64, Quotation)> {
    let own = lorecast_mail::prose::own_words(text);
    let mut found: Option<(f64, String)> = None;
    for (at, paragraph) in paragraphs(&own).iter().enumerate().take(40).filter(|(_, p)| !p.item) {
        for sentence in sentences(&paragraph.text) {
            let Some(score) = answering(at, sentence, title) else { continue };
            if found.as_ref().is_none_or(|(best, _)| score > *best) {
                found = Some((score, sentence.to_owned()));
            }
        }
    }
    found.map(|(score, words)| (score, quotation(from_the_point(&words), false)))
}

/// A stand: what a listener wants to hear of a reply.
static STAND: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:i (?:really |strongly |also |still )?(?:think|believe|prefer|agree|disagree|suspect|doubt|wonder|suggest|propose|object|like|don't|do not|can't|cannot|would)|i'd|i'm (?:not|against|worried|afraid)|we (?:should|need|must|can't|cannot|could|don't)|should(?:n't)?|nac?k|wrong|broken?|problem|concern\w*|instead|rather than|must|risk\w*|regress\w*|worr\w+|why (?:not|do|is|are|can't|would))\b",
    )
});

/// Words that argue.
static REASON: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:because|since|unless|better|worse|useful|however|but|simpl\w+|complex\w*|approach|design|performance|user ?space|security|maintain\w*|interface|users|behaviou?r|abi|api|stable)\b",
    )
});

/// Talk about the mail, not the matter.
static CHATTER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:typo|nit|comment|commit message|changelog|subject|rebase|resend|respin|next version|v\d+|rename|indent\w*|patch \d+|this line|this function|these lines|will (?:fix|do|change|update|add|send)|looks? good|lgtm|thanks?|fixed|i'll|let me|line \d+|reviewed|acked|mail|cc)\b",
    )
});

/// Details of code that only its author needs.
static NIT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:functions?|variables?|macros?|fields?|helpers?|nam(?:e|es|ing|ed)|prefix|suffix|headers?|includes?|defines?|const|static|inline|goto|kfree|null check|sentence|kdoc|kernel-doc|kconfig|compatible|node|own patch|separate patch|squash\w*|return value|error path|spelling|wording|parentheses|brackets|cast|style|check ?patch)\b",
    )
});
/// Words whose meaning stands in the mail before.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:(?:do|doing|did|does|drop|keep|fix|change|avoid|like|about|with|of|for|see) (?:it|that|this|those|these|them)|th(?:is|at|ese|ose) (?:should|would|could|can|will|might|may|is|are|was|seems?|looks?|makes?)|(?:previous|next|other|first|second|last) patch|above|below|earlier|here)\b",
    )
});
/// Words that speak to one person and lean on what that person wrote.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)^(?:you|your|could you|can you|please|if you|did you|have you|do you)\b")
});

fn answering(at: usize, sentence: &str, title: &str) -> Option<f64> {
    let base = plain(sentence).filter(|_| !is_scrap(sentence))?;
    let words = sentence.split_whitespace().count();
    let count = |words: &Regex, most: usize| words.find_iter(sentence).count().min(most) as f64;
    let mut score = base + 1.0 * count(&STAND, 2) + 0.5 * count(&REASON, 3);
    score += if Stance::of(sentence) == Stance::Says { 0.0 } else { 0.6 };
    score += if words >= ROUND { 0.4 } else { 0.0 };
    score += 0.4 * f64::from(shared_words(sentence, title).min(3));
    score -= 1.0 * count(&CHATTER, 2) + 0.7 * count(&NIT, 2) + 0.5 * count(&VAGUE, 2);
    score -= 0.4 * count(&ADDRESS, 1) + 0.3 * code_words(sentence).min(4) as f64;
    score -= (0.1 * at as f64).min(1.0);
    Some(score).filter(|score| *score > 1.0)
}

static HUMMING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:Yeah|Yep|Yes|Well|So|Hmm+|Ok|OK|Okay|FWIW|Right|Sure|Ah|Oh)[,.:]? (?:but |and )?I\b",
    )
});

/// Without the humming before "I": what is left begins a sentence by itself.
fn from_the_point(sentence: &str) -> &str {
    HUMMING.find(sentence).map_or(sentence, |found| &sentence[found.end() - 1..])
}

/// From so many words on a thought is whole more often than not.
const ROUND: usize = 14;
/// The fewest words of an answer that is understood alone.
const FEWEST: usize = 8;

/// Too short, or mostly somebody else's words in quotation marks.
fn is_scrap(sentence: &str) -> bool {
    let words = sentence.split_whitespace().count();
    words < FEWEST || sentence.matches('"').count() >= 2 && words < 2 * FEWEST
}
