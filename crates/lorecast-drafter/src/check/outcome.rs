//! What became of patches: a plain "it was applied" has to show in a mail, in a tree or in the
//! evidence.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use lorecast_mail::prose;
use lorecast_model::{Fact, MessageId, Revision, State};
use regex::Regex;

use super::case::{Case, MOST_CLAIMS, Reading};
use super::rules::OUTCOME;
use crate::pattern::constant;

/// `has since been applied`, `was rejected`.
static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(?:has|have|had|was|were|is|are|been|got)(?: since| already| now| finally)?(?: been)?(?: now| finally)? (applied|merged|queued|accepted|picked up|rejected|turned down|reverted|dropped)\b",
    )
});
/// What makes of a claim a wish, a condition or a part.
static LOOSE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:not|n['’]t|never|no|nobody|will|would|should|could|may|might|can|if|once|until|before|after|when|whether|unless|of|some|parts?|patches)\b",
    )
});
/// A line by which `b4 ty` names a patch that was taken.
static TAKEN: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?m)^\[(\d{1,4})/(\d{1,4})\] [^\n]{1,300}$"));

/// Which facts and words bear a claim out.
struct Proof {
    facts: &'static [Fact],
    words: &'static [&'static str],
}

const TAKE: Proof = Proof {
    facts: &[
        Fact::Applied,
        Fact::Next,
        Fact::Landed,
        Fact::Final,
        Fact::Stable,
        Fact::Dropped,
        Fact::Reverted,
    ],
    words: &[
        "applied",
        "applying",
        "merged",
        "queued",
        "picked",
        "pulled",
        "accepted",
        "pushed",
        "committed",
        "landed",
    ],
};
const REJECT: Proof = Proof {
    facts: &[Fact::Rejected],
    words: &["reject", "nack", "nak", "not going to take", "won't take"],
};
const UNDO: Proof =
    Proof { facts: &[Fact::Reverted, Fact::Dropped], words: &["revert", "drop", "removed"] };

/// Checks every plain claim about what became of the patches that a passage links to.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for found in CLAIM.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        let (Some(all), Some(verb)) = (found.get(0), found.get(1)) else { continue };
        let sentence = reading.sentence(all.start());
        let front = reading.masked.get(sentence.start..all.start()).unwrap_or_default();
        let clause = front.rsplit([',', ';', ':']).next().unwrap_or_default();
        if LOOSE.is_match(clause) {
            continue;
        }
        if let Some(revision) = target(case, reading, &all.range(), &sentence) {
            judge(case, reading, verb.as_str(), all.range(), &revision);
        }
    }
}

/// The patches that a claim is about: the link before it, else the only mail of the passage.
fn target(
    case: &Case<'_>,
    reading: &Reading<'_>,
    claim: &Range<usize>,
    sentence: &Range<usize>,
) -> Option<Revision> {
    let before = reading.links(&(sentence.start..claim.start)).last().map(|(_, id)| id);
    let only = || reading.about.first().filter(|_| reading.about.len() == 1);
    case.revision(before.or_else(only)?)
}

fn judge(case: &Case<'_>, reading: &Reading<'_>, verb: &str, at: Range<usize>, told: &Revision) {
    let proof = match verb {
        "rejected" | "turned down" => &REJECT,
        "reverted" | "dropped" => &UNDO,
        _ => &TAKE,
    };
    let place = reading.passage.source(&at);
    if !is_proved(case, reading, proof, told) {
        let message = format!("nothing shows that “{}” was {verb}", told.title);
        return case.report(&OUTCOME, place, message, None);
    }
    if let Some((some, all)) = part(case, reading, told).filter(|_| std::ptr::eq(proof, &TAKE)) {
        let message = format!("the mail that says so names {some} of {all} patches");
        case.report(&OUTCOME, place, message, None);
    }
}

fn is_proved(case: &Case<'_>, reading: &Reading<'_>, proof: &Proof, told: &Revision) -> bool {
    let mut evidence = reading.entries.iter().flat_map(|entry| entry.evidence());
    if evidence.any(|evidence| proof.facts.contains(&evidence.fact)) {
        return true;
    }
    let taken = |state: &State| {
        matches!(
            state,
            State::Applied { .. }
                | State::Next { .. }
                | State::Landed { .. }
                | State::Dropped { .. }
        )
    };
    let stands = |revision: &Revision| match &revision.state {
        State::Rejected { .. } => proof.facts.contains(&Fact::Rejected),
        State::Dropped { .. } if proof.facts.contains(&Fact::Reverted) => true,
        state => taken(state) && proof.facts.contains(&Fact::Applied),
    };
    if case.series(&told.root).iter().any(stands) {
        return true;
    }
    let mut mails = reading.talks.iter().flat_map(|talk| &talk.messages).take(MOST_MAILS);
    mails.any(|message| {
        let own = prose::own_words(&message.text).to_lowercase();
        proof.words.iter().any(|word| own.contains(word))
    })
}

/// How many mails are searched for words.
const MOST_MAILS: usize = 500;

/// How many patches the mail names that the evidence cites for the whole, when those are not all.
fn part(case: &Case<'_>, reading: &Reading<'_>, told: &Revision) -> Option<(usize, usize)> {
    let applied = reading.entries.iter().flat_map(|entry| entry.evidence());
    let ids: BTreeSet<&MessageId> = applied
        .filter(|e| e.fact == Fact::Applied && e.commit.is_none())
        .map(|e| &e.message)
        .collect();
    let all = usize::try_from(told.announced).ok()?;
    let named: BTreeSet<usize> = ids
        .into_iter()
        .filter_map(|id| case.cited(id))
        .flat_map(|cited| {
            let text = &cited.message().text;
            let of = |c: regex::Captures<'_>| {
                Some((c[1].parse::<usize>().ok()?, c[2].parse::<usize>().ok()?))
            };
            TAKEN.captures_iter(text).filter_map(of).collect::<Vec<_>>()
        })
        .filter(|(_, of)| *of == all)
        .map(|(number, _)| number)
        .collect();
    (!named.is_empty() && named.len() < all).then_some((named.len(), all))
}
