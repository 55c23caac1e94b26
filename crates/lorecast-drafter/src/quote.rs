//! Finds the sentence of a mail that says what it is about.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::pattern::constant;
use crate::sentence::{Paragraph, paragraphs, sentences};

/// Words of a mail, and how a sentence leads into them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Quotation {
    /// Verbatim, the line wrapping undone, without the full stop at its end.
    pub text: String,
    /// `which`: it begins with a verb, "adds …". `saying`: a sentence of its own.
    pub lead: &'static str,
    /// It was cut at a comma: `…` follows.
    pub cut: bool,
    /// It ends with its own question or exclamation mark.
    pub marked: bool,
}

/// The most words of one quotation.
const MOST_WORDS: usize = 45;
/// Below this many words a sentence says too little.
const FEWEST_WORDS: usize = 6;

/// The sentence that says what a cover letter or patch does; `None` when no sentence does.
pub(crate) fn purpose(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    best(&paragraphs(&own), |at, p, sentence| purposeful(at, p, sentence, title))
        .map(|s| quotation(&s, true))
}

/// The sentence of a report that says what went wrong.
pub(crate) fn symptom(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let measure = |at: usize, p: &Paragraph, sentence: &str| {
        let wrong = 1.0 * SYMPTOM.find_iter(sentence).count().min(3) as f64;
        let shared = 0.4 * f64::from(shared_words(sentence, title).min(4));
        let late = (0.3 * at as f64).min(2.0) + if p.item { 1.5 } else { 0.0 };
        plain(sentence).map(|score| score + wrong + shared - late).filter(|score| *score > 0.9)
    };
    best(&paragraphs(&own), measure).map(|s| quotation(&s, false))
}

/// The sentence that says what a pull request brings: of its introduction, else of its tag.
pub(crate) fn pulled(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let (before, after) =
        own.split_once("The following changes since commit").unwrap_or((&own, ""));
    let tag = after
        .split_once("\n-----")
        .map_or("", |(_, tag)| tag.split_once('\n').map_or("", |(_, t)| t));
    let sayings = |part: &str| best(&paragraphs(part), |at, p, s| pulling(at, p, s, title));
    sayings(before).or_else(|| sayings(tag)).map(|s| quotation(&s, false))
}

/// The opening words of up to `most` paragraphs of an announcement: the announcer's own voice.
pub(crate) fn announced(text: &str, most: usize) -> Vec<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let all = paragraphs(&own);
    let telling = all.iter().filter(|p| !p.item).filter_map(|p| opening(&p.text));
    telling.take(most).map(|words| quotation(&words, false)).collect()
}

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
    found.map(|(score, words)| (score, quotation(&words, false)))
}

/// The best sentence by a measure; the earlier one among equals.
fn best(
    all: &[Paragraph],
    measure: impl Fn(usize, &Paragraph, &str) -> Option<f64>,
) -> Option<String> {
    let mut found: Option<(f64, &str)> = None;
    for (at, paragraph) in all.iter().enumerate().take(60) {
        for (place, sentence) in sentences(&paragraph.text).into_iter().enumerate().take(20) {
            let Some(score) = measure(at, paragraph, sentence) else { continue };
            let score = score - 0.12 * place as f64;
            if found.is_none_or(|(best, _)| score > best) {
                found = Some((score, sentence));
            }
        }
    }
    found.map(|(_, sentence)| sentence.to_owned())
}

static SELF: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:so,? |hence,? |therefore,? |thus,? |now,? |currently,? )?(?:in )?(?:this|these|the|the following|my|our) (?:\w+[- ]){0,2}?(?:patch(?:es| ?set|-set| ?series)?|series|set|rfc|commit|change(?:s|set)?|work|driver|feature|proposal|implementation|aim|goal|purpose|idea|intent(?:ion)?|motivation|objective)\b",
    )
});
static DOES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:add|introduc|implement|enabl|allow|provid|support|remov|replac|convert|rework|rewrit|fix|mak|improv|extend|avoid|reduc|simplif|prevent|expos|switch|mov|clean|mitigat|optimi[sz]|propos|creat|let)(?:e?s|es|e|ed|ing|ies|y)?\b",
    )
});
static MEANS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:so |hence |therefore |thus |instead,? |here )?(?:we|i|let's|let us|i'd|i've|i'm|we've)\b(?:'d)? ?(?:propos|would like|want|introduc|add|implement|aim|plan|suggest)",
    )
});
/// An imperative, as the first sentence of a single patch is.
static IMPERATIVE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:Accept|Account|Add|Adjust|Align|Allow|Annotate|Apply|Avoid|Batch|Break|Bring|Cache|Change|Check|Clean|Clear|Combine|Consolidate|Convert|Create|Defer|Detect|Disable|Document|Don't|Do not|Drop|Enable|Ensure|Export|Expose|Extend|Factor|Fix|Free|Give|Group|Handle|Implement|Improve|Increase|Introduce|Keep|Let|Limit|Mark|Make|Merge|Move|Optimi[sz]e|Pass|Prepare|Prevent|Protect|Provide|Reduce|Refactor|Register|Remove|Rename|Replace|Report|Reset|Restore|Restrict|Return|Reuse|Revert|Rework|Rewrite|Separate|Set|Simplify|Skip|Speed|Split|Start|Stop|Store|Support|Switch|Take|Teach|Track|Turn|Unify|Update|Use|Wire)\b",
    )
});
/// What no listener needs: greetings, thanks, asides about the posting.
static IDLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:hi|hello|hey|dear|greetings|good (?:morning|day|evening)|thanks|thank you|cheers|regards|best|sorry|ping|gentle ping|fyi|note(?: that)? (?:this|the)? ?(?:patch|series) (?:depends|applies)|resend|please|any (?:comments|feedback)|comments|feedback|review|looking forward|let me know|tested|compile[- ]tested|build[- ]tested|based on|rebased|applies|changes? (?:since|from|in|log)|changelog|change history|history|v\d+|version \d|previous version|link to|available (?:at|in)|the (?:code|patches|series|branch|git tree|full) (?:is|are|can be|also)|(?:a )?(?:git )?(?:branch|tree)|see (?:also|the|\[)|this (?:is|patch|series|patch ?set|set)(?: \w+){0,3} (?:is )?(?:based on|rebased|depends on|applies|v\d|version|was tested|has been tested|the (?:\w+ )?(?:version|revision|iteration))|the (?:series|patches|patchset|first|second|third|last|next|following|remaining|rest)\b.{0,20}(?:patch(?:es)?|based|depends)|patch(?:es)? #?\d|in (?:v\d|version|patch)|here (?:is|are|comes)|cc(?:ing|'ing|ed)?\b|to:|from:|subject:|date:|on \w{3},|reported|suggested|the diff|no functional|only compile|as usual|i did a test|this has been (?:in|tested)|all (?:patches|of these|commits)|everything has been|nothing (?:special|scary|major|too))",
    )
});
/// What reports are about.
static SYMPTOM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:since|revert\w*|first bad commit|with v?\d+\.\d+|regress\w*|fail\w*|crash\w*|hang\w*|freez\w*|panic\w*|broke\w*|breaks?|slow\w*|halved|drop\w*|stop\w*|no longer|doesn't|does not|don't|cannot|can't|bisect\w*|caused|after (?:up|the)\w*|error\w*|warning\w*|corrupt\w*|lost|loses?|stuck|boot\w*|resume|suspend)\b",
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

fn purposeful(at: usize, paragraph: &Paragraph, sentence: &str, title: &str) -> Option<f64> {
    let mut score = plain(sentence)?;
    score += if SELF.is_match(sentence) { 3.0 } else { 0.0 };
    score += if DOES.is_match(sentence) { 1.2 } else { 0.0 };
    score += if MEANS.is_match(sentence) || IMPERATIVE.is_match(sentence) { 1.6 } else { 0.0 };
    score += 0.4 * f64::from(shared_words(sentence, title).min(4));
    score -= if paragraph.item { 2.5 } else { 0.0 };
    score -= if paragraph.log { 2.5 } else { 0.0 };
    score -= (0.35 * at as f64).min(2.5);
    Some(score).filter(|score| *score > 0.2)
}

fn pulling(at: usize, paragraph: &Paragraph, sentence: &str, title: &str) -> Option<f64> {
    let mut score = plain_item(sentence, paragraph.item)?;
    score += if DOES.is_match(sentence) { 1.0 } else { 0.0 };
    score += 0.3 * f64::from(shared_words(sentence, title).min(3));
    score -= if paragraph.item { 0.6 } else { 0.0 };
    score -= (0.3 * at as f64).min(2.0);
    Some(score).filter(|score| *score > -0.5)
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

fn answering(at: usize, sentence: &str, title: &str) -> Option<f64> {
    let base = plain(sentence)?;
    let count = |words: &Regex, most: usize| words.find_iter(sentence).count().min(most) as f64;
    let score = base + 1.2 * count(&STAND, 2) + 0.5 * count(&REASON, 3) - 1.0 * count(&CHATTER, 2)
        + 0.3 * f64::from(shared_words(sentence, title).min(3))
        - (0.1 * at as f64).min(1.0);
    Some(score).filter(|score| *score > 1.0)
}

/// What any quotation must be: English prose of a fitting length. Higher is plainer.
fn plain(sentence: &str) -> Option<f64> {
    plain_item(sentence, false)
}

fn plain_item(sentence: &str, item: bool) -> Option<f64> {
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
    let code = sentence.split_whitespace().filter(|word| is_code(word)).count();
    let mut score = 1.0 - 0.25 * code.min(6) as f64;
    score -= if words > MOST_WORDS { 0.8 } else { 0.0 };
    score -= if stopped || item { 0.0 } else { 0.5 };
    score -= if sentence.starts_with(|c: char| c.is_lowercase()) && !item { 0.6 } else { 0.0 };
    score -= if words < 9 && !item { 0.4 } else { 0.0 };
    score -= if LEANING.is_match(sentence) { 1.3 } else { 0.0 };
    Some(score)
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

fn shared_words(sentence: &str, title: &str) -> u32 {
    let lower = sentence.to_ascii_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    let shared = words.filter(|word| lower.contains(&word.to_ascii_lowercase())).count();
    u32::try_from(shared).unwrap_or(u32::MAX)
}

/// The first sentences of a paragraph, up to the word limit.
fn opening(paragraph: &str) -> Option<String> {
    let mut taken: Option<(usize, usize)> = None;
    let mut from = 0;
    for sentence in sentences(paragraph) {
        let at = from + paragraph[from..].find(sentence)?;
        from = at + sentence.len();
        let usable = plain(sentence).is_some();
        let start = taken.map_or(at, |(start, _)| start);
        let fits = paragraph[start..from].split_whitespace().count() <= MOST_WORDS;
        match taken {
            None if usable => taken = Some((at, from)),
            Some(_) if usable && fits => taken = Some((start, from)),
            Some(_) => break,
            None => {}
        }
    }
    taken.map(|(start, end)| paragraph[start..end].to_owned())
}

static WHICH: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:This|The|My|Our) (?:(?:RFC|patch|small|short|following|new) ){0,2}(?:patch ?series|patch ?set|patch-set|series|set|patch|RFC|change|commit|changeset) ([a-z]+(?:s|es))\b",
    )
});

/// Shapes words into a quotation: cut at the limit, without the final stop, and from its verb on
/// when it begins "This series adds …".
fn quotation(sentence: &str, verbs: bool) -> Quotation {
    let verb = WHICH.captures(sentence).and_then(|found| found.get(1)).filter(|_| verbs);
    let verb = verb.filter(|verb| {
        !matches!(verb.as_str(), "was" | "has" | "is" | "does" | "consists" | "contains" | "this")
    });
    let enough = |verb: &regex::Match<'_>| sentence[verb.start()..].split_whitespace().count() >= 5;
    let (lead, words) = match verb.filter(enough) {
        Some(verb) => ("which", &sentence[verb.start()..]),
        None => ("saying", sentence),
    };
    let (words, cut) = within_limit(words);
    let marked = !cut && words.ends_with(['?', '!']);
    let text = words.trim_end_matches(['.', ' ']).to_owned();
    Quotation { text, lead, cut, marked }
}

/// At most so many words, ending before the last comma or the like that fits.
fn within_limit(words: &str) -> (&str, bool) {
    let Some((limit, _)) = starts(words).nth(MOST_WORDS) else { return (words, false) };
    let fitting = &words[..limit];
    let clause =
        fitting.match_indices([',', ';', ':']).map(|(at, _)| at).rfind(|at| *at * 2 > limit);
    let end = clause.unwrap_or_else(|| fitting.trim_end().len());
    (&words[..end], true)
}

fn starts(words: &str) -> impl Iterator<Item = (usize, char)> {
    let mut inside = false;
    words.char_indices().filter(move |(_, c)| {
        let starts = !inside && !c.is_whitespace();
        inside = !c.is_whitespace();
        starts
    })
}
