//! The sentences of a cover letter or a patch that say what it does.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::lean::{leans, unnamed};
use super::plain::{alike, code_words, echoes, plain, readable, shared_words};
use super::shape::{DOES_THIS, MOST_WORDS, SAYING, begins_with_verb, quotation};
use super::source::{Placed, own_paragraphs, placed};
use crate::pattern::constant;

/// The sentence that says what a cover letter or patch does; `None` when no sentence does.
pub(crate) fn purpose(text: &str, title: &str) -> Option<Quotation> {
    purposes(text, title, 1).pop()
}

/// What one of `patches` says of the whole series named `title`. One of many often only prepares: its
/// words must be those of the title.
pub(crate) fn purpose_of_patch(text: &str, title: &str, patches: usize) -> Option<Quotation> {
    let wanted = shared_words(title, title).clamp(1, 3);
    purpose(text, title).filter(|words| patches == 1 || shared_words(&words.text, title) >= wanted)
}

/// Up to `most` sentences about the work: first the one that says best what it does, or else why,
/// then in their order others that stand by themselves.
pub(crate) fn purposes(text: &str, title: &str, most: usize) -> Vec<Quotation> {
    let all = own_paragraphs(text);
    let sentences = placed(&all);
    let does = best(&sentences, |s| news(s, title));
    let Some((at, first)) = does.or_else(|| best(&sentences, |s| reason(s, title))) else {
        return Vec::new();
    };
    let mut further: Vec<(f64, usize, Quotation)> = sentences
        .iter()
        .enumerate()
        // "It goes on": what stands before the first does not go on from it.
        .filter(|(other, _)| *other > at)
        .filter_map(|(at, s)| Some((also(s, title)?, at, quotation(s.text, false)?)))
        .filter(|(_, _, words)| !words.cut && !alike(&words.text, &first.text))
        .collect();
    further.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<(usize, Quotation)> = Vec::new();
    for (_, at, words) in further {
        if kept.len() + 1 >= most {
            break;
        }
        if kept.iter().all(|(_, known)| !alike(&known.text, &words.text)) {
            kept.push((at, words));
        }
    }
    kept.sort_by_key(|(at, _)| *at);
    let found = std::iter::once(first).chain(kept.into_iter().map(|(_, words)| words));
    found.take(most).collect()
}

/// The sentence with the best score that makes a quotation, with its place.
fn best<'a>(
    sentences: &[Placed<'a>],
    measure: impl Fn(&Placed<'a>) -> Option<(f64, &'a str)>,
) -> Option<(usize, Quotation)> {
    let mut found: Option<(f64, usize, Quotation)> = None;
    for (at, sentence) in sentences.iter().enumerate() {
        let Some((score, words)) = measure(sentence) else { continue };
        if found.as_ref().is_some_and(|(best, ..)| *best >= score) {
            continue;
        }
        let shaped = quotation(words, true).map(led);
        found = shaped.map(|words| (score, at, words)).or(found);
    }
    found.map(|(_, at, words)| (at, words))
}

/// A command, "Add a valve", is no saying of somebody's: it is what the work does.
fn led(words: Quotation) -> Quotation {
    let commands = words.lead == SAYING && IMPERATIVE.is_match(&words.text);
    if commands { Quotation { lead: DOES_THIS, ..words } } else { words }
}

/// The posting speaks of itself: "This series …", "With these patches …".
static SELF: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:so,? |hence,? |therefore,? |thus,? |now,? |instead,? |overall,? )?(?:(?:in|with|by|through) )?(?:(?:this|these|the|the following|our|my|present|attached) (?:[\w-]+ ){0,3}?(?:patch(?:es)?(?: ?sets?|-sets?| ?series)?|patchsets?|series|sets?|rfc|commits?|changeset|changes)|(?:this|our|my|the new|these)(?: [\w-]+){0,2} (?:change|work|drivers?|feature|implementation|proposal))\b",
    )
});
/// The posting is named by what it is: "Patchset to …", "A series that …", "This adds …".
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:(?:a |an |the )?(?:\w+ )?(?:patch ?set|patch series|series|rfc|set of patches) (?:to|for|that|which|adding|implementing)\b|this (?:adds|introduces|implements|enables|provides|removes|replaces|converts|reworks|fixes|extends|brings|adapts|switches|moves) \w+ \w+|(?:here(?:'s| is| are| comes)|please find|please consider|this is|these are|attached (?:is|are)|find below|i'm (?:sending|posting)|sending|posting)\b[^,.;:]{0,60}?\b(?:series|patch(?:es|set|-set| set| series)?|set|rfc|driver|implementation|proposal|attempt) (?:which|that|to|for|adding) [a-z])",
    )
});
static AIM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:the|my|our|its|one) (?:\w+ ){0,2}?(?:aim|goal|purpose|intent(?:ion)?|objective|idea)s? (?:here |of [^,.;:]{1,60}? |behind [^,.;:]{1,60}? )?(?:is|was|are) (?:to|that)\b",
    )
});
/// What work does, in any form of the verb.
pub(super) static DOES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:add|introduc|implement|enabl|allow|provid|support|remov|replac|convert|rework|rewrit|fix|mak|improv|extend|avoid|reduc|simplif|prevent|expos|switch|mov|clean|mitigat|optimi[sz]|propos|creat|let|address|chang|handl|accomm?odat|consolidat|unif|split|refactor|teach|bring|port|migrat|us|drop|get|teach|solv|resolv|restor|align|document|describ|updat|ensur|help|bound|limit|clarif|deprecat|delet|switch|decoupl|correct|speed|set)(?:e?s|es|e|ed|ing|ies|y|ting|ts)?\b",
    )
});
/// A subject that is only said to be something, or to have been treated somehow.
static PASSIVE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:patch(?:es)?|patchset|series|set|rfc|commits?|changes?|changeset|work|drivers?|feature|implementation|proposal) (?:now |also |only |just |still |has |have |had )*(?:is|are|was|were|been|will be|can be|should be|has|have|had|depends?|appl(?:y|ies)|goes|go|comes?|passes|builds?|needs?|requires?|looks?|works?|start(?:s|ed)?|survived?|consists?|contains? \w+ (?:patch|commit)|(?:now )?includes?|follows?|covers?|continues?|became|got|proves|assumes)\b",
    )
});
/// Where "is" leads to what it does all the same.
static INTENDED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:is|are|was) (?:intended|meant|designed|aimed|an attempt|supposed|trying|about|adding|the (?:first|next|last) step|to (?:add|allow|make|enable|support|introduce|fix|improve|remove|implement|provide|let|bring))\b|\b(?:is|are|has been|have been|was|were) (?:added|introduced|implemented) (?:to|so|which|that|for|in order)\b|\bwas written to\b",
    )
});

static MEANS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:so,? |hence,? |therefore,? |thus,? |instead,? |here,? |in this (?:patch ?set|patch|series|rfc),? )*(?:we|i|let's|let us|i'd|i've|i'm|we've)\b(?:'d)? ?(?:hereby |therefore |now |also |just )*(?:propos|would like to (?:propos|add|introduc|implement|mak|chang|remov|get rid)|want to (?:add|introduc|mak|chang|remov|be able|get rid)|introduc|add\b|added|implement|aim|plan to|suggest|creat|convert)",
    )
});

/// "… has no such type, and this series adds one".
static AND_THIS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i), (?:and |so |but |hence |therefore |thus |which )?(?:this|the) (?:series|patch(?: ?set| series)?|commit|change) (?:therefore |now |thus )?(?:adds|introduces|implements|enables|provides|removes|replaces|converts|reworks|fixes|extends|makes|lets|changes|moves|switches|avoids|allows|exposes|stops)\b",
    )
});

/// An imperative, as the first sentence of a single patch is; behind a `to`, in lower case.
const COMMANDS: &str = "accept|account|adapt|add|address|adjust|align|allow|annotate|apply|avoid|batch|bound|break|bring|build|bump|cache|call|change|check|clarify|clean|clear|combine|consolidate|convert|correct|count|create|decouple|defer|delete|deprecate|describe|detect|disable|document|don't|do not|drop|enable|enforce|ensure|explain|export|expose|extend|factor|fill|fix|free|get|give|group|guard|handle|hide|hook|implement|import|improve|increase|initiali[sz]e|inline|insert|introduce|invalidate|keep|let|limit|lower|make|mark|merge|migrate|move|open|optimi[sz]e|pass|perform|permit|populate|port|prepare|preserve|prevent|print|process|prohibit|promote|protect|provide|put|read|rearrange|record|reduce|refactor|register|reject|relax|remove|rename|reorder|replace|report|reset|resolve|restore|restrict|restructure|return|reuse|revert|rework|rewrite|save|say|send|separate|serialize|set|share|simplify|skip|sort|speed|split|start|stop|store|streamline|support|switch|synchronize|take|teach|tell|track|treat|trim|turn|unify|unexport|update|upgrade|use|validate|verify|wait|warn|widen|wire|wrap|write";
pub(super) static IMPERATIVE: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(
        r"^(?:(?:So|Hence|Therefore|Thus|Instead|Now),? (?:let's |just )?)?(?i:{COMMANDS})\b"
    ))
});
static TO_COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(
        r"^(?:To|In order to) [^,;:]{{5,120}}?,? (?:so )?(?:we |this \w+ |let's |just |simply |also |i )*(?:{COMMANDS}|adds|introduces|implements|provides|extends)\b"
    ))
});
static THEN: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(
        r",? so (?:let's |just )?(?:{COMMANDS}) (?:the|its?|them|a|an|all|each|only|our)\b"
    ))
});

/// A cure of something that another sentence names: nobody learns of what …
static CURE_IT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:[\w'-]+[ ,]+){0,7}?(?:fix|address|solv|resolv|handl|avoid|correct|prevent|do|remed|chang|mitigat|improv|enabl|mak|support|implement|allow)(?:e|es|s|ed|ing|y|ies)? (?:this|that|it|these|those|them|both|the same)\b(?: (?:by|with|using|through|for|so|in|and|when|as|a|an|more|we|we'll|i|let's)\b|[.,;:]|$)",
    )
});
/// … or it has at least a name.
static CURE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:this|that|these|those) (?:issues?|problems?|bugs?|race|cases?|information|situations?|behaviou?rs?|limitations?|overhead|regressions?|errors?|warnings?|leaks?|deadlock|gap|restriction|requirement)\b",
    )
});

/// What no one wants to hear of a posting: how it is cut and sent, what its author feels, what may
/// come later, what was measured.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:note\b|use case\b|next (?:revision|version)\b|i (?:don't|do not|am|have|think|hope|guess|believe|wonder|could|can|tried|did|split|tested|ran|measured|would not|will|was|had|noticed|discovered|found)\b|i'm (?:not|still|using|trying|working|sure|wondering|currently)|we have (?:covered|addressed|tested)|many of|people\b|while i\b|last week|a few (?:weeks|days|months))|\b(?:(?:in|see) the (?:figure|diagram|table)|is (?:closed|split|divided|organi[sz]ed|structured|sent|posted|rebased|unchanged)|starts with|ends with|consists of|contains \w+ patch(?:es)?|patch(?:es)?[ -]#?\d|the (?:first|second|third|last|next|final|remaining|other) (?:\w+ )?patch(?:es)?|merged (?:separately|through)|review(?:ers|ed)?|rebase\w*|conflict\w*|maintainers?-\w+|future work|follow-?ups?|later (?:series|patches)|subsequent (?:series|patches)|test(?:ed|ing) (?:on|with|by|against)|was tested|been tested|open questions?|to-?do|comments?|feedback|suggestions?|in the previous|previous (?:version|series|revision)|from v\d|since v\d|in v\d|v\d of|resend|separate(?:ly)? (?:patch|series)|cherry-pick\w*|linux-next|for-next|cover letter|bas(?:e|ed) on|first iteration|attempts? to (?:revive|restart|resume)|(?:what|as) the (?:title|subject)|(?:extend|us|chang|reus)(?:e?s|e|ing) the same|(?:of|with) this approach|(?:fixes|address(?:es)?) these)\b|\([a-z\d]\)|\bthe same[.?!]*$|\?$",
    )
});

/// How well a sentence says what the work does, and the words that do; `None` when it does not.
fn doing<'a>(s: &Placed<'a>, title: &str) -> Option<(f64, &'a str)> {
    let class = class(s)?;
    let mut words = s.text;
    let mut cured = 0.0;
    let cures_it = CURE_IT.is_match(s.text);
    let short = says_little_alone(s.text);
    let bare = s.place > 0 && short && (IMPERATIVE.is_match(s.text) || unnamed(s.text) > 0);
    if cures_it || CURE.is_match(s.text) || bare {
        match s.with_before.filter(|both| joins(both, s.text)) {
            Some(both) => words = both,
            None if cures_it || short && unnamed(s.text) > 0 => return None,
            None => cured = 0.8,
        }
    }
    // "Please find the series which …" is no request.
    let base = readable(words.trim_end_matches(':'), false).filter(|_| !ASIDE.is_match(words))?;
    let mut score = base + class - cured + placement(s) + shared(words, title);
    score -= if s.paragraph.item && !SELF.is_match(s.text) { 0.7 } else { 0.0 };
    Some((score, words)).filter(|(score, _)| *score > 1.4)
}

/// The same for words that say more than the title: what only says the title again is told with the
/// sentence behind it, or not at all.
fn news<'a>(s: &Placed<'a>, title: &str) -> Option<(f64, &'a str)> {
    let (score, words) = doing(s, title)?;
    if !echoes(words, title) {
        return Some((score, words));
    }
    let more = s.with_next.filter(|both| {
        let next = both[s.text.len()..].trim_start();
        let fits = both.split_whitespace().count() <= MOST_WORDS && s.text.ends_with('.');
        fits && readable(next, false).is_some_and(|score| score > -0.5) && !ASIDE.is_match(next)
    });
    more.filter(|_| words == s.text).map(|both| (score - 0.5, both))
}

/// How plainly it says that it says what the work does.
fn class(s: &Placed<'_>) -> Option<f64> {
    let text = s.text;
    let passive = PASSIVE.is_match(text) && !INTENDED.is_match(text);
    let own = SELF.find(text).is_some_and(|own| {
        !passive && (DOES.is_match(&text[own.end()..]) || begins_with_verb(text))
    });
    if own || BARE.is_match(text) && !passive || begins_with_verb(text) {
        Some(3.5)
    } else if AIM.is_match(text) {
        Some(3.3)
    } else if MEANS.is_match(text) || AND_THIS.is_match(text) {
        Some(2.5)
    } else if IMPERATIVE.is_match(text) {
        // Where a paragraph opens, a command is what the patch does.
        Some(if s.place == 0 { 2.5 } else { 2.0 })
    } else if TO_COMMAND.is_match(text) || THEN.is_match(text) {
        Some(2.0)
    } else {
        None
    }
}

/// Whether a sentence and the one before it may be told together.
fn joins(both: &str, last: &str) -> bool {
    let before = both[..both.len() - last.len()].trim_end();
    let words = both.split_whitespace().count();
    words <= MOST_WORDS
        && before.ends_with('.')
        && plain(before).is_some_and(|score| score > 0.2)
        && !ASIDE.is_match(before)
        && !leans(before)
        && unnamed(before) == 0
}

/// So few words that nobody learns what is done.
fn says_little_alone(sentence: &str) -> bool {
    const ENOUGH: usize = 14;
    sentence.split_whitespace().count() < ENOUGH
}

/// A problem that the work is there for.
static PROBLEM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:currently|the current|at present|today|at the moment|right now|can(?:'t|not)|could not|unable|impossible|no way|not (?:possible|supported|available|work\w*|enough|able|always|yet)|do(?:es)?(?:n't| not)|fail\w*|broken|breaks?|miss(?:ing|es)|lacks?|race|deadlock\w*|leak\w*|crash\w*|panic\w*|hang\w*|overflow\w*|corrupt\w*|bugs?|wrong\w*|incorrect\w*|slow\w*|expensive|costly|inefficien\w*|costs?|needless\w*|wast\w+|contention|regress\w*|problem\w*|issues?|too (?:many|much|large|small|long)|unnecessar\w+|duplicat\w+|difficult|hard to|never|no longer)\b",
    )
});

/// What was done to something, without who or why.
static CONVERTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:the|all|each|every|both) (?:[\w-]+ ){1,3}(?:has|have|had|was|were) (?:already |now |also )?been (?:converted|updated|changed|moved|adapted|switched|fixed|rebased|tested|reviewed|renamed|dropped)\b",
    )
});

/// How well a sentence says why there is such work: a problem of the matter of its title, where the
/// text opens.
fn reason<'a>(s: &Placed<'a>, title: &str) -> Option<(f64, &'a str)> {
    const FEWEST: usize = 9;
    const LAST_PARAGRAPH: usize = 2;
    const LAST_PLACE: usize = 2;
    let early = s.at <= LAST_PARAGRAPH && s.place <= LAST_PLACE;
    let opens = s.at == 0 && s.place == 0;
    let common = shared_words(s.text, title);
    // What a text opens with in the words of its title is the matter, whatever it says of it.
    let matter = opens && (common >= 1 || PROBLEM.is_match(s.text))
        || common >= 1 && PROBLEM.is_match(s.text);
    let apart = s.paragraph.item || s.paragraph.log || s.text.split_whitespace().count() < FEWEST;
    let passive = PASSIVE.is_match(s.text) && SELF.is_match(s.text) || CONVERTED.is_match(s.text);
    if !early || !matter || apart || passive || !stands_alone(s.text) {
        return None;
    }
    let score = plain(s.text)? + placement(s) + shared(s.text, title);
    Some((score, s.text)).filter(|(score, _)| *score > 0.7)
}

/// How well a further sentence tells of the work; `None` when it needs those around it.
fn also(s: &Placed<'_>, title: &str) -> Option<f64> {
    const FEWEST: usize = 9;
    let apart = s.paragraph.log || s.text.split_whitespace().count() < FEWEST;
    if apart || !stands_alone(s.text) {
        return None;
    }
    let about = class(s).map_or(0.0, |class| class / 2.0);
    let why = if PROBLEM.is_match(s.text) { 0.4 } else { 0.0 };
    let code = 0.3 * code_words(s.text) as f64;
    let item = if s.paragraph.item { 0.8 } else { 0.0 };
    let score = plain(s.text)? + about + why + shared(s.text, title) + placement(s) - code - item;
    Some(score).filter(|score| *score > 1.1)
}

/// Whether a sentence is understood and worth hearing by itself.
fn stands_alone(sentence: &str) -> bool {
    let stopped = sentence.ends_with(['.', '!', ')', '"']);
    let opens = sentence.starts_with(|c: char| c.is_uppercase());
    let free = !leans(sentence)
        && unnamed(sentence) == 0
        && !CURE.is_match(sentence)
        && !CURE_IT.is_match(sentence);
    stopped && opens && free && !ASIDE.is_match(sentence)
}

/// Early in the text and in its paragraph, and no entry of a list or log.
fn placement(s: &Placed<'_>) -> f64 {
    let listed = if s.paragraph.item { 1.3 } else { 0.0 } + if s.paragraph.log { 3.0 } else { 0.0 };
    -(0.25 * s.at as f64).min(2.5) - 0.1 * s.place as f64 - listed
}

fn shared(sentence: &str, title: &str) -> f64 {
    0.4 * f64::from(shared_words(sentence, title).min(4))
}
