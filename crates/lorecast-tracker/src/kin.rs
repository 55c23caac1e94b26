//! Messages without references that belong together all the same: answers whose mailer wrote none,
//! and series that were sent patch by patch.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lorecast_mail::subject_tags;
use lorecast_model::{Header, Loner, LonerKey, Mailbox, MessageId, SubjectTags};
use sha2::{Digest, Sha256};

use crate::person;
use crate::stamp::Stamp;

/// An answer comes within this time, or its subject says nothing.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The patches of one series are sent within this time.
const SENDING: SignedDuration = SignedDuration::from_hours(1);

/// A shorter subject ("hello", "patch") says nothing.
const SHORTEST: usize = 12;

/// How many of the patches sent next are looked at: a bound on time.
const NEXT: usize = 64;

/// What a message may be joined by; nothing when it has references, or says nothing.
pub fn loner_keys(header: &Header) -> Vec<LonerKey> {
    if !header.references.is_empty() {
        return vec![];
    }
    let (subject, _) = base(&header.subject);
    let subject = (subject.len() >= SHORTEST).then(|| hash(&subject));
    subject.into_iter().chain(Numbered::read(header).map(|post| hash(&post.series))).collect()
}

/// Pairs of messages that belong to one conversation.
///
/// - An answer and what it answers, told by the subject alone: one says `Re:` and names no other
///   message, both have the same subject, the answer comes within 14 days, and one of the two was
///   sent to whoever wrote the other.
/// - Two patches of a series that was sent without threading: the same sender, version and `m` of
///   `n/m`, different `n`, within an hour, and their ids do not say that they belong to other
///   sendings.
///
/// Every message that fits counts, not only the best. So a message that comes late adds pairs and
/// takes none back, and the order of arrival does not matter.
pub fn kin(loners: &[Loner]) -> Vec<(MessageId, MessageId)> {
    let mut pairs = answers_of(loners);
    pairs.extend(sent_together(loners));
    pairs
}

fn answers_of(loners: &[Loner]) -> Vec<(MessageId, MessageId)> {
    let mut by_subject: BTreeMap<String, Vec<(&Loner, bool)>> = BTreeMap::new();
    for loner in loners {
        let (subject, answer) = base(&loner.header.subject);
        if subject.len() >= SHORTEST {
            by_subject.entry(subject).or_default().push((loner, answer));
        }
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

fn sent_together(loners: &[Loner]) -> Vec<(MessageId, MessageId)> {
    let mut by_series: BTreeMap<String, Vec<(&Loner, u32)>> = BTreeMap::new();
    for loner in loners {
        if let Some(Numbered { series, number }) = Numbered::read(&loner.header) {
            by_series.entry(series).or_default().push((loner, number));
        }
    }
    let mut pairs = Vec::new();
    for mut alike in by_series.into_values() {
        alike.sort_by_key(|(loner, _)| (loner.header.date, &loner.header.id));
        for (at, (one, number)) in alike.iter().enumerate() {
            let next = alike[at + 1..].iter().take(NEXT);
            let fits = next.filter(|(next, other)| {
                number != other && one_sending(one, next, number.abs_diff(*other) == 1)
            });
            pairs.extend(fits.map(|(next, _)| (id(next), id(one))));
        }
    }
    pairs
}

fn one_sending(one: &Loner, next: &Loner, neighbours: bool) -> bool {
    let stamps = Stamp::of(&one.header.id).zip(Stamp::of(&next.header.id));
    // Sent one by one, each is the first of its sending.
    let apart = |(one, next): (Stamp<'_>, Stamp<'_>)| {
        !(one.agrees(next) || neighbours && one.is_first() && next.is_first())
    };
    next.header.date.duration_since(one.header.date) <= SENDING && !stamps.is_some_and(apart)
}

/// A numbered cover letter or patch.
struct Numbered {
    /// What all mails of its series have in common.
    series: String,
    number: u32,
}

impl Numbered {
    fn read(header: &Header) -> Option<Self> {
        let tags = subject_tags(&header.subject);
        let SubjectTags { number: Some(number), total: Some(total), reply: false, .. } = tags
        else {
            return None;
        };
        let sender = person::name(&header.from);
        let (version, rfc, resend) = (tags.version, tags.rfc, tags.resend);
        Some(Self { series: format!("{sender}\n{version} {total} {rfc} {resend}"), number })
    }
}

fn hash(text: &str) -> LonerKey {
    let hash = Sha256::digest(text.as_bytes());
    let bytes = hash.first_chunk().expect("SHA-256 has more than eight bytes");
    LonerKey(i64::from_le_bytes(*bytes))
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
