//! Announcements: the announcer's own voice, and what is new in a release.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::{alike, code_words, plain_item, readable, whole};
use super::shape::{MOST_WORDS, quotation};
use super::source::{own_paragraphs, own_words, placed};
use crate::pattern::constant;
use crate::sentence::{Paragraph, paragraphs, sentences};

/// What characterises a release: its size, what is unusual, whether it is calm, what comes next,
/// and that people should test it.
static TELLING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:big(?:ger|gest)?|small(?:er|est)?|larg(?:e|er|est)|size|quiet|calm|normal|usual\w*|unusual\w*|expect\w*|surpris\w*|average|commits?|merge window|diffstat|lines?|half|third|majority|most(?:ly)?|drivers?|architectures?|file ?systems?|network\w*|selftests?|documentation|core|fix(?:es)?|revert\w*|regression\w*|release[ds]?|final|rc\d+|delay\w*|another (?:week|rc)|extra|next week|test(?:ing)?|stable|open|close[ds]?|late|early|holiday\w*|travel\w*)\b",
    )
});
static HELLO: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:hi|hello|hey|dear|greetings|thanks|thank you|cheers|regards|shortlog|appended|the shortlog|full (?:details|shortlog)|details (?:in|below)|as always|see )|\b(?:shortlog|diffstat) (?:is )?(?:appended|below|follows|attached)\b",
    )
});

/// Up to `most` passages of an announcement, in order: each the opening of a paragraph, as far as a
/// quotation goes, of those that tell most.
pub(crate) fn announced(text: &str, most: usize) -> Vec<Quotation> {
    let all = own_paragraphs(text);
    let mut found: Vec<(f64, usize, Quotation)> = all
        .iter()
        .filter(|p| !p.item)
        .enumerate()
        .filter_map(|(at, p)| {
            let words = opening(&p.text)?;
            let tells = TELLING.find_iter(&words).count().min(4) as f64;
            // Announcers say first what matters most.
            let early = if at == 0 { 2.0 } else { 0.0 } - (0.1 * at as f64).min(1.0);
            Some((tells * 0.6 + early, at, quotation(&words, false)?))
        })
        .filter(|(score, ..)| *score > 0.0)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
    found.sort_by_key(|(_, at, _)| *at);
    found.into_iter().map(|(_, _, words)| words).collect()
}

/// The first sentences of a paragraph, up to the word limit.
fn opening(paragraph: &str) -> Option<String> {
    let mut taken: Option<(usize, usize)> = None;
    let mut from = 0;
    for sentence in sentences(paragraph) {
        let at = from + paragraph[from..].find(sentence)?;
        from = at + sentence.len();
        let usable = readable(sentence, false).is_some() && !HELLO.is_match(sentence);
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

/// The heading of what is new: `Release highlights`, `New features:`, `Changes in 2.0`.
static NEWS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\W*(?:(?:release |main |major |key )?highlights?|(?:main |major |new |notable )*(?:features?|changes)|what'?s new|new in|noteworthy|notable|in this release|backward)\b.{0,60}$",
    )
});
/// Entries of no interest to a listener.
static TIDYING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:typos?|clean ?-?ups?|translations?|whitespace|coverity|compil\w+ warnings?|spelling|bump|ci|travis|github|gitignore|makefile|indent\w*|contributors?|authors?|md5|sha\d+|tarball|download)\b",
    )
});

/// Up to `most` entries of an announcement's list of what is new, in order; when it has no such list,
/// its own words.
pub(crate) fn released(text: &str, most: usize) -> Vec<Quotation> {
    let own = own_words(text);
    let listed: Vec<Quotation> = news(&own, most);
    if !listed.is_empty() {
        return listed;
    }
    announced(text, most)
}

/// The entries below the first heading of news.
fn news(own: &str, most: usize) -> Vec<Quotation> {
    let lines: Vec<&str> = own.lines().take(600).collect();
    let Some(head) = lines.iter().position(|line| NEWS.is_match(line)) else { return Vec::new() };
    let rest = unruled(&lines[head + 1..]);
    let all: Vec<Paragraph> = paragraphs(&rest).into_iter().take(40).collect();
    let mut found: Vec<Quotation> = Vec::new();
    for s in placed(&all).iter().filter(|s| s.place == 0) {
        let count = s.text.split_whitespace().count();
        let worth = plain_item(s.text, s.paragraph.item).is_some_and(|score| score > 0.3);
        let fits = (5..=MOST_WORDS).contains(&count) && code_words(s.text) <= 1 && whole(s.text);
        if !worth || !fits || TIDYING.is_match(s.text) {
            continue;
        }
        let Some(words) = quotation(s.text, false) else { continue };
        if found.iter().all(|known| !alike(&known.text, &words.text)) {
            found.push(words);
        }
        if found.len() == most {
            break;
        }
    }
    found
}

/// Headings are often underlined; a rule below one ends no prose.
fn unruled(lines: &[&str]) -> String {
    let rule = |line: &str| {
        let line = line.trim();
        line.len() >= 3 && line.chars().all(|c| "-=~_*^".contains(c))
    };
    let kept = lines.iter().map(|line| if rule(line) { "" } else { line.trim_end() });
    kept.collect::<Vec<_>>().join("\n")
}

/// When and where, by when: what a call is answered by.
static WHEN: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:deadlines?|until|no later than|due|closes?|submi(?:t|ssions?)\w*|(?:takes?|taking|held) place|will be (?:held|in)|(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? ?\d{1,2}|\d{1,2}(?:st|nd|rd|th)?(?:[-–]\d{1,2}(?:st|nd|rd|th)?)? (?:of )?(?:january|february|march|april|may|june|july|august|september|october|november|december))\b",
    )
});

/// What a call is for.
static CALLS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:(?:we|i) (?:look(?:ing)? for|invite|seek|welcome|want|are (?:looking for|pleased|happy|soliciting|inviting|seeking))|call(?:s|ing)? for|talks|topics|proposals|papers|microconference|attend\w*|particip\w+|conference|summit|workshop)\b",
    )
});

/// Up to `most` sentences of a call for papers or participation, in order: until when, where it takes
/// place, and what it is for.
pub(crate) fn called(text: &str, most: usize) -> Vec<Quotation> {
    let all = own_paragraphs(text);
    let mut found: Vec<(f64, usize, Quotation)> = placed(&all)
        .iter()
        .enumerate()
        .filter_map(|(at, s)| {
            let base = readable(s.text, s.paragraph.item).filter(|_| !HELLO.is_match(s.text))?;
            let when = WHEN.find_iter(s.text).count().min(3) as f64;
            let what = CALLS.find_iter(s.text).count().min(2) as f64;
            let dated = when > 0.0 && s.text.contains(|c: char| c.is_ascii_digit());
            let score = base + 0.8 * when + 0.5 * what + if dated { 1.0 } else { 0.0 };
            let fits = when + what > 0.0;
            let score = score - 0.05 * at.min(20) as f64;
            Some((score, at, quotation(s.text, false)?)).filter(|_| fits)
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
    found.sort_by_key(|(_, at, _)| *at);
    found.into_iter().map(|(_, _, words)| words).collect()
}
