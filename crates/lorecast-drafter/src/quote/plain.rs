//! What any quotation must be: English prose that stands by itself.

use std::sync::LazyLock;

use regex::Regex;

use super::language::is_english;
use super::lean::leans;
use super::shape::MOST_WORDS;
use crate::pattern::constant;

/// Below this many words a sentence says too little.
const FEWEST_WORDS: usize = 6;
/// The same of an entry of a list.
const FEWEST_OF_ITEM: usize = 4;
/// A sentence of more words is no sentence.
const MOST_OF_SENTENCE: usize = 120;

/// What no listener needs: greetings, thanks, asides about the posting.
static IDLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:hi|hello|hey|dear|greetings|good (?:morning|day|evening)|thanks|thank you|cheers|(?:kind |best |warm )?regards|best|ciao|sincerely|yours|sorry|ping|gentle ping|fyi|note(?: that)? (?:this|the)? ?(?:patch|series) (?:depends|applies)|resend|please|any (?:comments|feedback)|comments|feedback|review|looking forward|let me know|tested|compile[- ]tested|build[- ]tested|based on|rebased|applies|changes? (?:since|from|in|log)|changelog|change history|history|v\d+|version \d|previous version|link to|available (?:at|in)|the (?:code|patches|series|branch|git tree|full) (?:is|are|can be|also)|(?:a )?(?:git )?(?:branch|tree)|see (?:also|the|\[)|this (?:is|patch|series|patch ?set|set)(?: \w+){0,3} (?:is )?(?:based on|rebased|depends on|applies|v\d|version|was tested|has been tested|the (?:\w+ )?(?:version|revision|iteration))|the (?:series|patches|patchset|first|second|third|last|next|following|remaining|rest)\b.{0,20}(?:patch(?:es)?|based|depends)|patch(?:es)? #?\d|in (?:v\d|version|patch)|here (?:is|are|comes)|cc(?:ing|'ing|ed)?\b|to:|from:|subject:|date:|on \w{3},|reported|suggested|the diff|no functional|only compile|as usual|this has been (?:in|tested)|all (?:patches|of these|commits))",
    )
});

/// The last word of a line that leads to a link or a list.
static HANGING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:at|in|to|from|of|the|and|or|with|by|for|on|a|an|is|are|as|via|see|here|but|that|which|following|below|new|same|e\.g|i\.e)$",
    )
});

/// Links, addresses, markup, code, numbers of commits.
static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)https?://|git://|git@|</?(?:p|div|br|html|body|span|a|td|tr|table)\b|\S+@\S+\.\S+|\bv\d+\.\d+\.\d+-|\(\d{4}-\d\d-\d\d |(?-i:[a-z]{3} (?:Looking|However|This|These|We|It|When|While|Since|Because|Currently|Also|Then|Therefore|Instead|There) [a-z])|::|->|==|\{|\}|;\s|[a-z0-9]{24,}|\b0x[0-9a-f]{6,}|`{3}|=(?:20|3D|C2|E2|0D|0A|09)\b|=$|\S [|#^~] \S",
    )
});
/// A mark that leads to a link at the end of the mail.
static FOOTNOTE: LazyLock<Regex> = LazyLock::new(|| constant(r"\[[\d, -]{1,8}\]"));

/// What any quotation must be: English prose of a fitting length. Higher is plainer.
pub(super) fn plain(sentence: &str) -> Option<f64> {
    plain_item(sentence, false)
}

/// The same of an entry of a list, which may be short.
pub(super) fn plain_item(sentence: &str, item: bool) -> Option<f64> {
    (!IDLE.is_match(sentence)).then(|| readable(sentence, item)).flatten()
}

/// The same of words that may begin in any way.
pub(super) fn readable(sentence: &str, item: bool) -> Option<f64> {
    let words = sentence.split_whitespace().count();
    let (fewest, small) = if item { (FEWEST_OF_ITEM, 0) } else { (FEWEST_WORDS, 1) };
    let fits = (fewest..=MOST_OF_SENTENCE).contains(&words) && !NOISE.is_match(sentence);
    if !fits || !is_english(sentence, small) || !whole(sentence) {
        return None;
    }
    let stopped = sentence.ends_with(['.', '?', '!', ')', '"']);
    let mut score = 1.0 - 0.25 * code_words(sentence).min(6) as f64;
    score -= if words > MOST_WORDS { 0.8 } else { 0.0 };
    score -= if stopped || item { 0.0 } else { 0.5 };
    score -= if sentence.starts_with(|c: char| c.is_lowercase()) && !item { 0.6 } else { 0.0 };
    score -= if words < 9 && !item { 0.4 } else { 0.0 };
    score -= if leans(sentence) { 1.3 } else { 0.0 };
    score -= 0.4 * FOOTNOTE.find_iter(sentence).count().min(3) as f64;
    Some(score)
}

/// Whether it begins and ends somewhere.
pub(super) fn whole(sentence: &str) -> bool {
    let stopped = sentence.ends_with(['.', '?', '!', ')', '"']);
    !sentence.starts_with(['[', '(', ')', '-', ',', '|', '>'])
        && !sentence.ends_with([':', ',', ';', '-', '='])
        && balanced(sentence)
        && (stopped || !HANGING.is_match(sentence))
}

/// How many words are names in code.
pub(super) fn code_words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| is_code(word)).count()
}

fn is_code(word: &str) -> bool {
    word.contains('_')
        || word.contains("()")
        || word.contains('=')
        || word.contains("->")
        || word.matches('/').count() > 1
}

fn balanced(sentence: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    for c in sentence.chars() {
        match c {
            '(' | '[' | '“' => open.push(c),
            ')' if open.pop() != Some('(') => return false,
            ']' if open.pop() != Some('[') => return false,
            '”' if open.pop() != Some('“') => return false,
            _ => {}
        }
    }
    open.is_empty() && sentence.matches('"').count().is_multiple_of(2)
}

/// The first letters of a word by which its forms are one: `adds`, `added`.
const STEM: usize = 5;
/// A shorter word is no matter of a title.
const SHORT: usize = 4;

fn stems(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= SHORT);
    words.map(|word| word.to_lowercase().chars().take(STEM).collect()).collect()
}

/// Whether two stems are of one word: `sort` and `sorting`.
fn of_one_word(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// How many words of the title the sentence has.
pub(crate) fn shared_words(sentence: &str, title: &str) -> u32 {
    let own = stems(sentence);
    let mut wanted = stems(title);
    wanted.sort();
    wanted.dedup();
    let has = |stem: &&String| own.iter().any(|word| of_one_word(word, stem));
    u32::try_from(wanted.iter().filter(has).count()).unwrap_or(u32::MAX)
}

/// Whether the sentence says hardly more than the title does.
pub(super) fn echoes(sentence: &str, title: &str) -> bool {
    const OWN: [&str; 12] = [
        "this", "serie", "patch", "adds", "suppo", "imple", "intro", "with", "these", "patche",
        "commi", "chang",
    ];
    let known = stems(title);
    let said = |stem: &str| known.iter().any(|word| of_one_word(word, stem));
    stems(sentence).iter().all(|stem| OWN.contains(&stem.as_str()) || said(stem))
}

/// Whether two sentences say much the same.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (stems(one), stems(other));
    let shared = one.iter().filter(|stem| other.contains(stem)).count();
    let shorter = one.len().min(other.len());
    shorter > 0 && shared * 5 >= shorter * 3
}
