//! Answers whose mailer wrote neither References nor In-Reply-To.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lorecast_model::{Header, Loner, Mailbox, MessageId, SubjectKey};
use sha2::{Digest, Sha256};

/// An answer comes within this time, or its subject says nothing.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A shorter subject ("hello", "patch") says nothing.
const SHORTEST: usize = 12;

/// What a message without references may be joined by; none when it has some, or a subject that
/// says nothing.
pub fn subject_key(header: &Header) -> Option<SubjectKey> {
    let (subject, _) = base(&header.subject);
    if !header.references.is_empty() || subject.len() < SHORTEST {
        return None;
    }
    let hash = Sha256::digest(subject.as_bytes());
    let bytes = hash.first_chunk().expect("SHA-256 has more than eight bytes");
    Some(SubjectKey(i64::from_le_bytes(*bytes)))
}

/// Pairs of an answer and what it answers, told by the subject alone: one says `Re:` and names no
/// other message, both have the same subject, the answer comes within 14 days, and one of the two
/// was sent to whoever wrote the other.
///
/// Every message that fits counts, not only the best. So a message that comes late adds pairs and
/// never takes one back, and the order of arrival does not matter.
pub fn kin(loners: &[Loner]) -> Vec<(MessageId, MessageId)> {
    let mut by_subject: BTreeMap<String, Vec<(&Loner, bool)>> = BTreeMap::new();
    for loner in loners {
        let (subject, answer) = base(&loner.header.subject);
        by_subject.entry(subject).or_default().push((loner, answer));
    }
    let mut pairs = Vec::new();
    for alike in by_subject.into_values() {
        for (answer, _) in alike.iter().filter(|(_, is_answer)| *is_answer) {
            let asked = alike.iter().filter(|(asked, _)| answers(answer, asked));
            pairs.extend(asked.map(|(asked, _)| (id(answer), id(asked))));
        }
    }
    pairs
}

fn id(loner: &Loner) -> MessageId {
    loner.header.id.clone()
}

fn answers(answer: &Loner, asked: &Loner) -> bool {
    let late = answer.header.date.duration_since(asked.header.date);
    let in_time = late > SignedDuration::ZERO && late <= PATIENCE;
    let known = |people: &[Mailbox], one: &Mailbox| {
        !one.email.is_empty() && people.iter().any(|m| m.email.eq_ignore_ascii_case(&one.email))
    };
    in_time
        && (known(&answer.recipients, &asked.header.from)
            || known(&asked.recipients, &answer.header.from))
}

/// The subject without `Re:`, case and white space, and whether there was a `Re:`.
fn base(subject: &str) -> (String, bool) {
    let mut rest = subject.trim();
    let mut answer = false;
    while let Some(behind) = without_prefix(rest) {
        answer = true;
        rest = behind.trim_start();
    }
    let words: Vec<String> = rest.split_whitespace().map(str::to_lowercase).collect();
    (words.join(" "), answer)
}

/// `Re:`, and what mailers in other languages or with counters write for it.
fn without_prefix(subject: &str) -> Option<&str> {
    let (prefix, rest) = subject.split_once(':')?;
    let word = prefix.trim_end().trim_end_matches(|c: char| "[]()0123456789^".contains(c));
    ["re", "aw", "sv", "antw", "回复", "答复"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
        .then_some(rest)
}
