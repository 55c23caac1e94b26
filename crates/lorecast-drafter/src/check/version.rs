//! Versions of series: what the subject of the linked mail says.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use lorecast_mail::subject_tags;
use lorecast_model::{Fact, Fix, MessageId, Version};
use regex::Regex;

use super::case::{Case, Entry, MOST_CLAIMS, Reading};
use super::rules::{RFC, VERSION};
use crate::pattern::constant;

/// `version 3`, `versions 3, 4 and 5`, `v3`; no `v6.4`, which is a release.
static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:versions?\s+(\d{1,3}(?:\.\d)?(?:(?:,\s+|,?\s+and\s+|,?\s+or\s+)\d{1,3})*)|v(\d{1,3}))\b",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| constant(r"\d+(?:\.\d+)?"));

/// `an RFC patch series`, `version 2 of an RFC (Request For Comments) patch`; no `RFC 2392`.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(?:an?|the|his|her|their) (RFC)(?: [(\[][^)\]]{1,40}[)\]])?(?: patch| patches| series| patchset| entitled| titled|, \[|$)",
    )
});

/// Checks whether what is called an RFC is one.
pub(super) fn check_rfc(case: &Case<'_>, reading: &Reading<'_>) {
    for found in ASKS.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        let (Some(all), Some(word)) = (found.get(0), found.get(1)) else { continue };
        let Some(id) = described(reading, &all.range()) else { continue };
        let Some(cited) = case.cited(id) else { continue };
        let subject = &cited.message().header.subject;
        let (tags, revision) = (subject_tags(subject), case.revision(id));
        let posted = tags.patch || tags.rfc || revision.is_some();
        if posted && !subject.contains("RFC") && !revision.is_some_and(|revision| revision.rfc) {
            let message = format!("“{}” is no RFC", tags.title);
            case.report(&RFC, reading.passage.source(&word.range()), message, None);
        }
    }
}

/// The mail that words describe: the link around them, else the next one of their sentence.
fn described<'r>(reading: &'r Reading<'_>, span: &Range<usize>) -> Option<&'r MessageId> {
    let sentence = reading.sentence(span.start);
    let next = reading.links(&(span.end..sentence.end.max(span.end))).next();
    reading.around(span).or(next).map(|(_, id)| id)
}

/// Checks every version that a passage names.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for found in CLAIM.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        let (Some(all), Some(numbers)) = (found.get(0), found.get(1).or_else(|| found.get(2)))
        else {
            continue;
        };
        let rest = &reading.masked[all.end()..];
        // `v6.4-rc1`, `version 2.40`: a release.
        if rest.starts_with(['-', '_', '/']) || begins_fraction(rest) {
            continue;
        }
        let claim = Claim::of(reading, all.range());
        let all: Vec<_> = NUMBER.find_iter(numbers.as_str()).take(MOST_CLAIMS).collect();
        for number in &all {
            let span = numbers.start() + number.start()..numbers.start() + number.end();
            // Which of the two was another one, nobody can tell.
            if all.iter().filter(|other| other.as_str() == number.as_str()).count() > 1 {
                let message = format!("version {} is named twice", number.as_str());
                case.report(&VERSION, reading.passage.source(&span), message, None);
                continue;
            }
            judge(case, reading, &claim, span);
        }
    }
}

/// `5`, `5.1`.
fn version(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    Some(Version { major: major.parse().ok()?, minor: minor.parse().ok()? })
}

fn begins_fraction(rest: &str) -> bool {
    rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// What a version is said of.
struct Claim {
    /// The mail that it describes.
    target: Option<MessageId>,
    /// It says which version that mail is.
    strict: bool,
    /// `covered as version 2`: the version that was told then.
    covered: bool,
    /// `has since seen version 3`, `versions 3 and 4 came in between`.
    later: bool,
}

/// What leads into the version of the mail that was linked just before: `…, now in version 3`.
const NOW: &str = "now in";

impl Claim {
    fn of(reading: &Reading<'_>, span: Range<usize>) -> Self {
        let sentence = reading.sentence(span.start);
        let front = &reading.masked[sentence.start..span.start];
        let rest = &reading.masked[span.end..];
        let around = reading.around(&span).map(|(_, id)| id.clone());
        let next = reading.links(&(span.end..sentence.end.max(span.end))).next();
        let before = reading.links(&(sentence.start..span.start)).last();
        let of = rest.trim_start().starts_with("of ");
        // `covered this as version 2`, `covered this, then version 2`, `covered version 2 of this`.
        let lead = front.trim_end();
        let covered = front.contains("cover")
            && [" as", ", then", "covered"].iter().any(|words| lead.ends_with(words));
        let between = rest.trim_start().starts_with("came in between");
        let seen = ["since", "seen", "up to", "now at"].iter().any(|w| front.contains(w));
        let later = !covered && (seen || between);
        let now = lead.ends_with(NOW) && before.is_some();
        let first = if of { next.or(before) } else { before.or(next) };
        let beside = first.map(|(_, id)| id.clone());
        let strict = now || (around.is_some() || of && next.is_some()) && !covered && !later;
        let target = around.or(beside).or_else(|| reading.about.first().cloned());
        Self { target, strict, covered, later }
    }
}

fn judge(case: &Case<'_>, reading: &Reading<'_>, claim: &Claim, span: Range<usize>) {
    let Some(said) = version(&reading.masked[span.clone()]) else { return };
    let Some(id) = &claim.target else { return };
    let Some(right) = right(case, reading, claim, id) else { return };
    // Of `v5.1`, nobody says the digit behind the dot.
    let fits =
        |right: &Version| right.major == said.major && [0, right.minor].contains(&said.minor);
    if right.iter().any(fits) {
        return;
    }
    let all = right.iter().map(ToString::to_string).collect::<Vec<_>>();
    let message = format!("not version {said} but {}", crate::spoken::list(&all));
    let source = reading.passage.source(&span);
    let one = if let [one] = &all[..] { Some(one.clone()) } else { None };
    let fix = one.map(|text| Fix { from: source.start, to: source.end, text });
    case.report(&VERSION, source, message, fix);
}

/// The versions that may be named; `None` when the mail is no revision of anything.
fn right(
    case: &Case<'_>,
    reading: &Reading<'_>,
    claim: &Claim,
    id: &MessageId,
) -> Option<BTreeSet<Version>> {
    let series = case.series(id);
    let told = reading.entries.iter().find_map(|entry| match entry {
        Entry::FollowUp(story) => Some(*story),
        Entry::Story(_) => None,
    });
    if let Some(story) = told.filter(|_| claim.covered) {
        return own(case, &story.id).map(|own| BTreeSet::from([own]));
    }
    if claim.covered
        && let Some(before) = covered(reading)
    {
        return own(case, before).map(|own| BTreeSet::from([own]));
    }
    if claim.later && (told.is_some() || covered(reading).is_some()) {
        const LATER: [Fact; 1] = [Fact::Later];
        let later: BTreeSet<Version> =
            reading.entries.iter().flat_map(|e| e.values(&LATER)).filter_map(version).collect();
        if !later.is_empty() {
            return Some(later);
        }
    }
    let own = own(case, id);
    if claim.strict {
        return own.map(|own| BTreeSet::from([own]));
    }
    let mut all: BTreeSet<Version> = series.iter().map(|r| r.version).collect();
    all.extend(own);
    // What the mails of the thread name is no invention either.
    if !all.is_empty() {
        let last = series.iter().map(|r| r.version.major).max().unwrap_or(1);
        all.extend((1..last.min(MOST)).map(|major| Version { major, minor: 0 }));
        all.extend(planned(reading, last));
    }
    (!all.is_empty()).then_some(all)
}

/// The mail by which an earlier episode told the work of a story.
fn covered<'a>(reading: &'a Reading<'_>) -> Option<&'a MessageId> {
    let mut evidence = reading.entries.iter().flat_map(|entry| entry.evidence());
    evidence.find(|e| e.fact == Fact::Covered).map(|e| &e.message)
}

/// Versions before the last are plausible up to so many.
const MOST: u32 = 200;

/// The next version, when a mail of the thread speaks of it.
fn planned(reading: &Reading<'_>, last: u32) -> Option<Version> {
    let next = last.checked_add(1)?;
    let names = [format!("v{next}"), format!("version {next}"), format!("V{next}")];
    let mut texts = reading.talks.iter().flat_map(|talk| &talk.messages).map(|m| &m.text);
    let named = texts.any(|text| names.iter().any(|name| text.contains(name)));
    named.then_some(Version { major: next, minor: 0 })
}

/// The version of a mail: what its subject says, in the brackets or in the title.
fn own(case: &Case<'_>, id: &MessageId) -> Option<Version> {
    if let Some(revision) = case.revision(id) {
        return Some(revision.version);
    }
    let cited = case.cited(id)?;
    let tags = subject_tags(&cited.message().header.subject);
    let posted = tags.patch || tags.pull || tags.rfc;
    (posted && (!tags.reply || tags.version != Version::default())).then_some(tags.version)
}
