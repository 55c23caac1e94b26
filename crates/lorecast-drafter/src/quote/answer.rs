//! The sentence of a reply that takes a stand.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::lean::{leans, unnamed};
use super::plain::{code_words, plain, shared_words};
use super::shape::quotation;
use super::source::{own_paragraphs, placed};
use super::stance::Stance;
use crate::pattern::constant;

/// So many paragraphs of an answer are read.
const MOST_PARAGRAPHS: usize = 40;

/// The sentence that says most of a reply, with how much it says.
pub(crate) fn answer(text: &str, title: &str) -> Option<(f64, Quotation)> {
    let all = own_paragraphs(text);
    let mut found: Option<(f64, Quotation)> = None;
    for s in placed(&all).iter().filter(|s| !s.paragraph.item && s.at < MOST_PARAGRAPHS) {
        let words = from_the_point(s.text);
        let Some(score) = answering(s.at, words, title) else { continue };
        if found.as_ref().is_some_and(|(best, _)| *best >= score) {
            continue;
        }
        // Half an answer is worth less than a whole one.
        let shaped =
            quotation(words, false).map(|words| (score - f64::from(u8::from(words.cut)), words));
        let best = found.as_ref().map_or(LEAST, |(best, _)| *best);
        found = shaped.filter(|(score, _)| *score > best).or(found);
    }
    found
}

/// A stand: what a listener wants to hear of a reply.
static STAND: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:i (?:really |strongly |also |still |personally )?(?:think|believe|prefer|agree|disagree|suspect|doubt|wonder|suggest|propose|object|like|don't|do not|can't|cannot|would)|i'd|i'm (?:not|against|worried|afraid|strongly|in favou?r)|we (?:should|need|must|can't|cannot|could|don't|want)|should(?:n't)?|nac?k|wrong|broken?|problem|concern\w*|instead|rather than|must|risk\w*|regress\w*|worr\w+|why (?:not|do|is|are|can't|would|should))\b",
    )
});

/// Words that argue.
static REASON: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:because|since|unless|better|worse|useful|however|but|simpl\w+|complex\w*|performance|security|behaviou?r|stable|therefore|benefit\w*|cost|worth)\b",
    )
});

/// The whole work, and those it is for: what design, decisions and numbers are about.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:this (?:series|patch ?set|work|approach|feature|proposal|idea|interface|driver|change|functionality|design|whole)|approach|design|architecture|interface|api|abi|uapi|user ?space|users?|maintain\w*|upstream\w*|distro\w*|subsystem|regressions?|backward\w*|compatib\w+|merge window|for-next|mainline|applied|queued|policy|standard|specification|vendors?|hypervisors?|guests?|file ?systems?|schedul\w+|the kernel|hardware|firmware|real[- ]world|use[- ]cases?|workloads?|benchmarks?|throughput|latency|\d+(?:\.\d+)? ?%|faster|slower|measur\w+|long[- ]term)\b",
    )
});

/// Talk about the mail, not the matter.
static CHATTER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:typo|nit|nitpick\w*|nits|comment\w*|commit (?:message|log|description)|changelog|subject|rebase\w*|resend|respin|next (?:version|revision)|v\d+|rename\w*|indent\w*|patch \d+|patch #\d+|#\d+|this line|this function|these lines|(?:will|i'll|let me) (?:fix|do|change|update|add|send|check|look|try)|looks? good|lgtm|thanks?|thank you|fixed|line \d+|reviewed|acked|mail|e-?mails?|cc|squash\w*|my previous|sorry|apolog\w+|question|answer\w*|reply|replied|wrote|as i said|there (?:is|are) (?:one|two|a few|some) (?:more )?(?:things?|questions?)|one thing|understand(?:ing)?|clarif\w+|confus\w+|missing something|not (?:clear|familiar|sure|aware)|i should (?:probably )?(?:try|look|check)|may ask|i have to say|tests? pass\w*|other patch)\b",
    )
});

/// Details of code that only its author needs.
static NIT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:functions?|variables?|macros?|fields?|helpers?|nam(?:e|es|ing|ed)|prefix|suffix|headers?|includes?|defines?|const|static|inline|goto|kfree|null|sentence|kdoc|kernel-doc|kconfig|compatible|node|own patch|separate patch|return value|error path|spelling|wording|parentheses|brackets|cast|style|check ?patch|struct\w*|pointers?|callers?|loops?|conditions?|if statement|enum|arguments?|parameters?|call ?sites?|hunk|diff|property|properties|dts|bindings?|warning|lines?|bits?|flags?|register|offset|printk|string|indentation|locks?|mutex|variant)\b",
    )
});

/// Words that speak to one person and lean on what that person wrote.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:you|your|could you|can you|please|if you|did you|have you|do you|are you|so you|would you|i see|i know|i don't (?:know|remember|have)|i'm not sure|not sure|i guess|i assume|what do you mean)\b",
    )
});

/// First words that go on from what was answered.
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\W*(?:in (?:which|case|fact|either|both|any|all|the (?:end|meantime)|your)\b|which|with (?:that|this|these|those)|by the way|btw|similar|guess|seems|sounds|looks|not|instead|if (?:that|it|this|so|they|you|those|these)|from (?:your|this|that|what|the above)|the (?:first|second|other|only|main) (?:thing|one|part|two)|we had|just|now|of course|even|agreed|actually|basically|exactly|unless|given (?:that|this)|like|or|plus|same|maybe|perhaps|do(?:es)? (?:it|this|that)|is (?:it|this|that|there)|are (?:they|these|those|there)|so)\b|(?-i:^[^A-Z])",
    )
});

/// Names of code at most in one sentence, and words that stand for something else.
const MOST_CODE: usize = 1;
const MOST_UNNAMED: usize = 1;

fn answering(at: usize, sentence: &str, title: &str) -> Option<f64> {
    let base = plain(sentence).filter(|_| !is_scrap(sentence))?;
    let (code, unnamed) = (code_words(sentence), unnamed(sentence));
    if code > MOST_CODE || unnamed > MOST_UNNAMED || leans(sentence) || GOES_ON.is_match(sentence) {
        return None;
    }
    let words = sentence.split_whitespace().count();
    let count = |words: &Regex, most: usize| words.find_iter(sentence).count().min(most) as f64;
    let mut score =
        base + 0.9 * count(&STAND, 2) + 0.4 * count(&REASON, 2) + 0.6 * count(&WHOLE, 2);
    // Who takes no stand must at least speak of the whole, and who asks must ask about the matter.
    let stance = Stance::of(sentence);
    let matter = WHOLE.is_match(sentence) || shared_words(sentence, title) > 0;
    let asks = matches!(stance, Stance::Asks | Stance::Wonders);
    score -= if asks && !matter { 0.8 } else { 0.0 };
    let firm = stance != Stance::Says;
    score += if firm { 0.5 } else { -0.2 };
    let weighs = firm || WHOLE.is_match(sentence) || STAND.is_match(sentence);
    score -= if weighs { 0.0 } else { 0.9 };
    score += if words >= ROUND { 0.4 } else { 0.0 };
    score += 0.35 * f64::from(shared_words(sentence, title).min(3));
    score -= 0.9 * count(&CHATTER, 3) + 0.6 * count(&NIT, 3) + 0.6 * count(&ADDRESS, 1);
    score -= 0.9 * unnamed as f64 + 0.7 * code as f64;
    score -= (0.08 * at as f64).min(1.0);
    Some(score).filter(|score| *score > LEAST)
}

/// Below that an answer says too little to anybody.
const LEAST: f64 = 1.2;

static HUMMING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:(?:Yeah|Yep|Yes|Well|So|Hmm+|Ok|OK|Okay|FWIW|Right|Sure|Ah|Oh|Honestly|IMHO|IMO|And|But|Also|Agreed|No|Nope)[,.:]? (?:but |and |so )?)+(?:I(?:'[a-z]+)?|we|We) ",
    )
});

/// Without the humming before "I": what is left begins a sentence by itself.
fn from_the_point(sentence: &str) -> &str {
    let Some(found) = HUMMING.find(sentence) else { return sentence };
    let subject = found.as_str().trim_end().rsplit(' ').next().unwrap_or_default();
    &sentence[found.end() - 1 - subject.len()..]
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
