//! Trailers that somebody gives in an answer: `Reviewed-by: …` below a quoted patch.

use lorecast_model::{Mailbox, Trailer};

use crate::lines::lines;
use crate::person::{fixes, trailer_person};
use crate::prose::ends_own_words;

/// How many trailers of one answer are read; people give a handful.
const MOST: usize = 100;

/// How far a line may be indented: four columns are how `git log` shows the trailers of others.
const INDENT: usize = 3;

/// The longest key and the longest value that are read, in bytes.
const LONGEST_KEY: usize = 40;
const LONGEST_VALUE: usize = 400;

/// A trailer that an answer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The trailer; of a person's the value is name and address, whatever the mailer made of it.
    pub trailer: Trailer,
    /// Whom it names; `None` for `Fixes`, `Closes`, `Link` and the like.
    pub person: Option<Mailbox>,
    /// What it is about, as far as the lines around it say.
    pub about: About,
}

/// What a trailer in an answer is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// Nothing is said: what the mail answers.
    #[default]
    Answered,
    /// "For the whole series".
    Series,
    /// "For patches 2-4": their numbers.
    Patches(Vec<u32>),
}

/// Reads the trailers that an answer gives in its own words: not those in quotations, below the
/// signature (`-- `), in a mail that is forwarded, or behind scissors (`-- >8 --`) up to the next ones.
///
/// Personal are keys that end in `-by`; their value must hold an address, or be a name alone. Of the
/// others `Fixes` (checked by [`fixes`]), `Closes`, `Link`, `BugLink`, `Obsoleted-by` and a `Cc` to
/// a stable list are read; other `Cc` lines of answers are headers that were pasted.
pub fn given_trailers(text: &str) -> Vec<Given> {
    if !may_give(text) {
        return Vec::new();
    }
    let all: Vec<&str> = lines(text).map(|line| line.trim_end_matches(['\r', '\n'])).collect();
    let mut found: Vec<Given> = Vec::new();
    let mut cut_out = false;
    for at in 0..all.len() {
        if ends_own_words(&all, at) || pastes_headers(&all, at) {
            break;
        }
        if is_scissors(all[at]) {
            cut_out = !cut_out;
        }
        // A quotation shows that what was pasted between scissors is over.
        cut_out &= !all[at].starts_with('>');
        if cut_out {
            continue;
        }
        let Some((key, value)) = field(all[at]) else { continue };
        let next = all.get(at + 1).copied().unwrap_or_default();
        let Some(mut given) = read(key, &unwrapped(value, next)) else { continue };
        given.about = about(&all, at);
        found.push(given);
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// Whether it is worth to look at each line.
fn may_give(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).any(|at| {
        let before = &bytes[at.saturating_sub(8)..at];
        let word = before.trim_ascii_end();
        let ends = |end: &[u8]| {
            word.len() >= end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end)
        };
        ends(b"-by")
            || ends(b" by")
            || ends(b"fixes")
            || ends(b"closes")
            || ends(b"link")
            || ends(b"cc")
    })
}

/// `Key: value` near the start of a line. `Reviewed by: …` passes too.
fn field(line: &str) -> Option<(String, &str)> {
    let rest = line.trim_start_matches([' ', '\t', '\u{a0}']);
    if line.len() - rest.len() > INDENT || !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let colon = memchr::memchr(b':', rest.as_bytes()).filter(|&at| at <= LONGEST_KEY)?;
    let (key, value) = (rest[..colon].trim_end(), &rest[colon + 1..]);
    let spaced = key.len() > 3 && key.contains(' ');
    let key = if spaced { spelt_apart(key)? } else { key.to_ascii_lowercase() };
    let token = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    token.then_some((key, value))
}

/// `Reviewed by`, `Acked by`: a word or two and `by`.
fn spelt_apart(key: &str) -> Option<String> {
    const VERBS: [&str; 6] =
        ["reviewed", "acked", "tested", "reported", "suggested", "co-developed"];
    let key = key.to_ascii_lowercase();
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    let known = words.len() <= 4 && words.last() == Some(&"by") && VERBS.contains(&words[0]);
    known.then(|| words.join("-"))
}

/// A value whose address was wrapped to the next line, or broken in two.
fn unwrapped(value: &str, next: &str) -> String {
    let next = next.trim();
    let wrapped = !value.contains('@') && next.starts_with('<') && next.contains('@');
    let broken = value.contains('<')
        && !value.contains('>')
        && next.find('>').is_some_and(|end| !next[..end].contains(' '));
    match (wrapped, broken) {
        (true, _) => format!("{value} {next}"),
        (_, true) => format!("{value}{next}"),
        _ => value.to_owned(),
    }
}

fn read(key: String, value: &str) -> Option<Given> {
    if value.is_empty() || value.len() > LONGEST_VALUE {
        return None;
    }
    if !key.ends_with("-by") || key == "obsoleted-by" {
        return impersonal(&key, value).then(|| Given {
            trailer: Trailer { key, value: value.to_owned() },
            person: None,
            about: About::Answered,
        });
    }
    let person = trailer_person(value);
    let addressed =
        person.email.find('@').is_some_and(|at| at > 0 && person.email[at..].contains('.'));
    // `Reviewed-by: https://…` and prose are neither.
    let named =
        person.email.is_empty() && value.split_whitespace().count() <= 5 && !value.contains("//");
    if !addressed && !named {
        return None;
    }
    let value = person.to_string();
    Some(Given { trailer: Trailer { key, value }, person: Some(person), about: About::Answered })
}

fn impersonal(key: &str, value: &str) -> bool {
    let url = value.starts_with("http://") || value.starts_with("https://");
    match key {
        "fixes" => fixes(value).is_some(),
        "closes" | "link" | "buglink" | "obsoleted-by" => url,
        "cc" => value.contains("stable@") && !value.contains(','),
        _ => false,
    }
}

/// `-- >8 --` and its relatives (git-mailinfo(1)): a patch follows.
fn is_scissors(line: &str) -> bool {
    let line = line.trim();
    !line.starts_with('>')
        && line.len() >= 4
        && line.len() <= 100
        && (line.contains(">8") || line.contains("8<"))
        && line.contains("--")
        && line.chars().all(|c| "->8<% ".contains(c) || c.is_ascii_alphabetic())
}

/// The headers of a mail that is answered on top without quotation marks. The same headers above a
/// quotation only introduce it.
fn pastes_headers(all: &[&str], at: usize) -> bool {
    let starts = |line: &&str, key: &str| line.trim_start_matches(['*', ' ']).starts_with(key);
    let behind = &all[at + 1..];
    let end = behind.iter().take(12).position(|line| line.trim().is_empty());
    let next = behind.iter().skip(end.unwrap_or(0)).find(|line| !line.trim().is_empty());
    starts(&all[at], "From:")
        && behind.iter().take(4).any(|line| starts(line, "Sent:") || starts(line, "Date:"))
        && behind.iter().take(8).any(|line| starts(line, "Subject:"))
        && !next.is_some_and(|line| line.trim_start().starts_with('>'))
}

/// What the rest of the line, the line above (an empty one between them or not) or the one below
/// says that the trailer is about.
fn about(all: &[&str], at: usize) -> About {
    let behind = all[at].rsplit_once('>').map_or("", |(_, rest)| rest);
    let from_behind = scope(behind);
    if from_behind != About::Answered {
        return from_behind;
    }
    let is_text = |line: &&&str| !line.trim().is_empty();
    // Other trailers may stand in between.
    let above = all[..at].iter().rev().take(6).filter(is_text).find(|line| field(line).is_none());
    let below = all[at + 1..].iter().take(2).find(is_text);
    let below = below.filter(|line| {
        let line = line.trim_start_matches([' ', '(', '[']);
        line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("for "))
    });
    let above = above.filter(|line| !line.trim_start().starts_with('>'));
    match above.map(|line| scope(line)) {
        Some(About::Answered) | None => below.map(|line| scope(line)).unwrap_or_default(),
        Some(said) => said,
    }
}

/// The longest line that tells what a trailer is about, in bytes.
const LONGEST_SCOPE: usize = 90;

fn scope(line: &str) -> About {
    if line.len() > LONGEST_SCOPE || !line.bytes().any(|b| b == b' ') {
        return About::Answered;
    }
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '/' || c == ','))
        .filter(|word| !word.is_empty())
        .collect();
    let has = |word: &str| words.contains(&word);
    if has("not") || has("except") || has("rest") || has("other") || has("if") || has("but") {
        return About::Answered;
    }
    if let Some(at) = words.iter().position(|word| matches!(*word, "patch" | "patches" | "patch,"))
    {
        let listed = patch_numbers(&words[at + 1..]);
        if !listed.is_empty() && (words.first() == Some(&"for") || has("for")) {
            return About::Patches(listed);
        }
    }
    let whole = ["whole", "entire", "full", "complete"].iter().any(|word| has(word));
    let series = has("series") || has("patchset") || has("set");
    let all_of_it = has("all") && (has("patches") || has("three") || has("four") || has("these"));
    let for_it = words.windows(2).any(|pair| {
        pair == ["for", "series"]
            || pair == ["the", "series"] && has("for")
            || pair == ["this", "series"] && has("for")
    });
    if series && whole || for_it || all_of_it && has("for") {
        About::Series
    } else {
        About::Answered
    }
}

/// The largest number of a patch that is believed, and how many may be listed.
const LARGEST: u32 = 999;

/// The numbers at the start of a list of words: `1-3`, `1, 2 and 4`, `2 to 5`, `3/7`.
pub fn patch_numbers(words: &[&str]) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    let mut range = false;
    for word in words.iter().flat_map(|word| word.split(',')).filter(|word| !word.is_empty()) {
        let small = |text: &str| text.parse::<u32>().ok().filter(|n| (1..=LARGEST).contains(n));
        let word = word.split_once('/').map_or(word, |(first, _)| first).trim_start_matches('#');
        let ends = match word.split_once('-') {
            Some((first, last)) => small(first).zip(small(last)),
            None => small(word).map(|one| (one, one)),
        };
        match (ends, word) {
            (Some((first, last)), _) => {
                let first = if range { found.last().map_or(first, |n| n + 1) } else { first };
                found.extend(first..=last);
                range = false;
            }
            (None, "and" | "&" | "patch" | "patches") => {}
            (None, "to" | "through" | "until" | "-") if !found.is_empty() => range = true,
            _ => break,
        }
        if found.len() > LARGEST as usize {
            break;
        }
    }
    found.truncate(LARGEST as usize);
    found
}
