//! What any quotation must be: English prose that stands by itself.

use std::sync::LazyLock;

use regex::Regex;

use super::shape::MOST_WORDS;
use crate::pattern::constant;

/// Below this many words a sentence says too little.
const FEWEST_WORDS: usize = 6;

/// What no listener needs: greetings, thanks, asides about the posting.
static IDLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:hi|hello|hey|dear|greetings|good (?:morning|day|evening)|thanks|thank you|cheers|regards|best|sorry|ping|gentle ping|fyi|note(?: that)? (?:this|the)? ?(?:patch|series) (?:depends|applies)|resend|please|any (?:comments|feedback)|comments|feedback|review|looking forward|let me know|tested|compile[- ]tested|build[- ]tested|based on|rebased|applies|changes? (?:since|from|in|log)|changelog|change history|history|v\d+|version \d|previous version|link to|available (?:at|in)|the (?:code|patches|series|branch|git tree|full) (?:is|are|can be|also)|(?:a )?(?:git )?(?:branch|tree)|see (?:also|the|\[)|this (?:is|patch|series|patch ?set|set)(?: \w+){0,3} (?:is )?(?:based on|rebased|depends on|applies|v\d|version|was tested|has been tested|the (?:\w+ )?(?:version|revision|iteration))|the (?:series|patches|patchset|first|second|third|last|next|following|remaining|rest)\b.{0,20}(?:patch(?:es)?|based|depends)|patch(?:es)? #?\d|in (?:v\d|version|patch)|here (?:is|are|comes)|cc(?:ing|'ing|ed)?\b|to:|from:|subject:|date:|on \w{3},|reported|suggested|the diff|no functional|only compile|as usual|i did a test|this has been (?:in|tested)|all (?:patches|of these|commits)|everything has been|nothing (?:special|scary|major|too))",
    )
});

/// The last word of a line that leads to a link or a list.
static HANGING: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)\b(?:at|in|to|from|of|the|and|or|with|by|for|on|a|an|is|are|as|via|see|here)$")
});

/// What leans on a sentence that is not quoted.
static LEANING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:however|also|but|and|then|otherwise|besides|moreover|furthermore|additionally|similarly|because|such|those|that|it|its|they|he|she|there|here|these (?:are|have|will|would|can|could|pages|fields|functions|cases|issues|problems|two|three)|yes|no|ok|okay|well|hmm+|oh|right|sure|again|still|or|either|hopefully|as (?:i|you|we)|both|this (?:is|was|has|will|would|can|also|way|means|makes|allows))\b|\b(?:this|that|it|so|these|those|them|above|below|there|here|ones?)[.?!]*$|\b(?:first stab|ready for (?:review|merg\w+)|as follows|the following|that explanation|see below|above)\b",
    )
});

static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)https?://|git://|git@|</?(?:p|div|br|html|body|span|a|td|tr|table)\b|\S+@\S+\.\S+|\bv\d+\.\d+\.\d+-|\[\d+\]|::|->|==|\{|\}|;\s|[a-z0-9]{24,}|\b0x[0-9a-f]{6,}|`{3}",
    )
});

/// What any quotation must be: English prose of a fitting length. Higher is plainer.
pub(super) fn plain(sentence: &str) -> Option<f64> {
    plain_item(sentence, false)
}

pub(super) fn plain_item(sentence: &str, item: bool) -> Option<f64> {
    let words = sentence.split_whitespace().count();
    let fewest = if item { 4 } else { FEWEST_WORDS };
    if words < fewest || words > 120 || IDLE.is_match(sentence) || NOISE.is_match(sentence) {
        return None;
    }
    if !english(sentence, item)
        || sentence.starts_with('[')
        || sentence.ends_with([':', ',', ';', '-'])
        || !balanced(sentence)
    {
        return None;
    }
    let stopped = sentence.ends_with(['.', '?', '!', ')', '"']);
    if !stopped && HANGING.is_match(sentence) {
        return None;
    }
    let mut score = 1.0 - 0.25 * code_words(sentence).min(6) as f64;
    score -= if words > MOST_WORDS { 0.8 } else { 0.0 };
    score -= if stopped || item { 0.0 } else { 0.5 };
    score -= if sentence.starts_with(|c: char| c.is_lowercase()) && !item { 0.6 } else { 0.0 };
    score -= if words < 9 && !item { 0.4 } else { 0.0 };
    score -= if LEANING.is_match(sentence) { 1.3 } else { 0.0 };
    Some(score)
}

/// How many words are names in code.
pub(super) fn code_words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| is_code(word)).count()
}

fn is_code(word: &str) -> bool {
    word.contains('_') || word.contains("()") || word.contains('=') || word.matches('/').count() > 1
}

/// Letters of the Latin alphabet, with the small words that any English sentence has.
fn english(sentence: &str, item: bool) -> bool {
    const SMALL: [&str; 30] = [
        "the", "a", "an", "to", "of", "and", "is", "in", "this", "for", "it", "that", "on", "with",
        "be", "are", "we", "i", "as", "by", "from", "not", "can", "or", "if", "when", "at", "but",
        "so", "which",
    ];
    let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    let latin = sentence.chars().filter(char::is_ascii_alphabetic).count();
    let visible = sentence.chars().filter(|c| !c.is_whitespace()).count();
    let small = sentence
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| SMALL.contains(&word.to_ascii_lowercase().as_str()))
        .count();
    latin * 10 >= letters * 9 && letters * 4 >= visible * 3 && (item || small >= 2)
}

fn balanced(sentence: &str) -> bool {
    let count = |c: char| sentence.matches(c).count();
    count('(') == count(')')
        && count('[') == count(']')
        && count('"') % 2 == 0
        && count('“') == count('”')
}

pub(super) fn shared_words(sentence: &str, title: &str) -> u32 {
    let lower = sentence.to_ascii_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    let shared = words.filter(|word| lower.contains(&word.to_ascii_lowercase())).count();
    u32::try_from(shared).unwrap_or(u32::MAX)
}
