//! The sentence of a cover letter or a patch that says what it does.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::{plain, shared_words};
use super::search::best;
use super::shape::{begins_with_verb, quotation};
use crate::pattern::constant;
use crate::sentence::{Paragraph, paragraphs};

/// The sentence that says what a cover letter or patch does; `None` when no sentence does.
pub(crate) fn purpose(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let all = paragraphs(&own);
    let does = best(&all, |at, p, sentence| doing(at, p, sentence, title));
    let why = || best(&all, |at, p, sentence| reason(at, p, sentence, title));
    does.or_else(why).map(|s| quotation(&s, true))
}

/// A further sentence about the work, for a story that is told at length.
pub(crate) fn also(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let further = |at: usize, p: &Paragraph, sentence: &str| {
        standing(at, p, sentence, title).filter(|score| *score > 0.7)
    };
    best(&paragraphs(&own), further).map(|s| quotation(&s, false))
}

static SELF: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:so,? |hence,? |therefore,? |thus,? |now,? |currently,? |here is |here are )?(?:in |with |by )?(?:this|these|the|the following|a|my|our) (?:\w+[- ]){0,2}?(?:patch(?:es| ?set|-set| ?series)?|series|set|rfc|commit|change(?:s|set)?|work|driver|feature|implementation|proposal|aim|goal|purpose|idea|intent(?:ion)?|objective)\b|^this (?:adds|introduces|implements|enables|allows|provides|removes|replaces|converts|reworks|fixes|makes|extends|lets|brings)\b",
    )
});

pub(super) static DOES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:add|introduc|implement|enabl|allow|provid|support|remov|replac|convert|rework|rewrit|fix|mak|improv|extend|avoid|reduc|simplif|prevent|expos|switch|mov|clean|mitigat|optimi[sz]|propos|creat|let)(?:e?s|es|e|ed|ing|ies|y)?\b",
    )
});

static MEANS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:so |hence |therefore |thus |instead,? |here )?(?:we|i|let's|let us|i'd|i've|i'm|we've)\b(?:'d)? ?(?:propos|would like|want|introduc|add|implement|aim|plan|suggest)|,? so (?:let's |just )?[a-z]+ (?:the|it|its|them|a|an|this|that|all|each|only|our)\b",
    )
});

/// An imperative, as the first sentence of a single patch is.
static IMPERATIVE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:Accept|Account|Add|Adjust|Align|Allow|Annotate|Apply|Avoid|Batch|Break|Bring|Cache|Change|Check|Clean|Clear|Combine|Consolidate|Convert|Create|Defer|Detect|Disable|Document|Don't|Do not|Drop|Enable|Ensure|Export|Expose|Extend|Factor|Fix|Free|Give|Group|Handle|Implement|Improve|Increase|Introduce|Keep|Let|Limit|Mark|Make|Merge|Move|Optimi[sz]e|Pass|Prepare|Prevent|Protect|Provide|Reduce|Refactor|Register|Remove|Rename|Replace|Report|Reset|Restore|Restrict|Return|Reuse|Revert|Rework|Rewrite|Separate|Set|Simplify|Skip|Speed|Split|Start|Stop|Store|Support|Switch|Take|Teach|Track|Turn|Unify|Update|Use|Wire)\b",
    )
});

/// What no one wants to hear of a posting: how it is cut and sent, what its author feels.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:note\b|use case\b|next (?:revision|version)\b|i (?:don't|do not|am|have|think|hope|guess|believe|wonder|could|can|tried|did|would not)\b|i'm\b|we have (?:covered|addressed|tested)|many of|people\b|while i\b)|\b(?:(?:in|see) the (?:figure|diagram|table)|is (?:closed|split|divided|organi[sz]ed|structured|sent|posted|rebased|unchanged)|starts with|ends with|consists of|contains \w+ patch(?:es)?|patch(?:es)? \d|merged (?:separately|through)|review(?:ers|ed)?|rebase\w*|conflict\w*|maintainers?-\w+)\b|\bthe same[.?!]*$|\?$",
    )
});

/// How well a sentence says what the work does; `None` when it does not.
fn doing(at: usize, paragraph: &Paragraph, sentence: &str, title: &str) -> Option<f64> {
    let own = SELF.is_match(sentence);
    let acts = MEANS.is_match(sentence) || IMPERATIVE.is_match(sentence);
    if !acts && !(own && (DOES.is_match(sentence) || begins_with_verb(sentence))) {
        return None;
    }
    let score = standing(at, paragraph, sentence, title)?;
    let score = score + if own { 3.5 } else { 0.0 } + if acts { 2.5 } else { 0.0 };
    Some(score).filter(|score| *score > 1.0)
}

/// How well a sentence says why there is such work: something about the matter of its title.
fn reason(at: usize, paragraph: &Paragraph, sentence: &str, title: &str) -> Option<f64> {
    // What a text opens with is its matter, whatever its words.
    let matter = at == 0 || shared_words(sentence, title) >= 2;
    if !matter || paragraph.item || paragraph.log {
        return None;
    }
    standing(at, paragraph, sentence, title).filter(|score| *score > 0.6)
}

/// What any sentence about the work must be, and where it best stands: early, in prose.
fn standing(at: usize, paragraph: &Paragraph, sentence: &str, title: &str) -> Option<f64> {
    let mut score = plain(sentence).filter(|_| !ASIDE.is_match(sentence))?;
    score += 0.4 * f64::from(shared_words(sentence, title).min(4));
    score -= if paragraph.item { 2.0 } else { 0.0 };
    score -= if paragraph.log { 3.0 } else { 0.0 };
    score -= (0.3 * at as f64).min(2.5);
    Some(score)
}
