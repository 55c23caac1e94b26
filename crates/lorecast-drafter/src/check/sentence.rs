//! Sentences of the notes, and who does what in them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::page::Passage;
use super::quotes::Quote;
use crate::pattern::constant;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Posts, announces or reports: the link leads to it.
    Post,
    /// Says or answers: words follow, or a link to the mail.
    Speak,
    /// Applies, reviews, tests: the link leads to what it is about.
    Handle,
}

/// A verb with its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Act {
    pub deed: Deed,
    /// The name in front of the verb, or behind it in `“…”, said Ann`; none for pronouns.
    pub subject: Option<Range<usize>>,
    pub verb: Range<usize>,
    /// Others are named beside the subject: `Ann and Bob posted`.
    pub joint: bool,
    /// The words stand in front: `“…”, said Ann`.
    pub inverted: bool,
    /// Where the next act, or the sentence, ends what it is about.
    pub reach: Range<usize>,
}

const POST: &str = "posted|posts|sent|sends|announced|announces|reported|reports|proposed|proposes|submitted|submits|resent|reposted|released|releases|shared|introduced|introduces|published|started|opened|issued|followed up|continued work on|continues work on";
const SPEAK: &str = "said|says|noted|notes|added|adds|asked|asks|answered|answers|replied|replies|responded|responds|wrote|writes|explained|explains|argued|argues|wondered|wonders|suggested|suggests|pointed out|points out|observed|observes|countered|counters|agreed|agrees|objected|objects|thought|thinks|commented|comments|concluded|concludes|warned|warns|described|describes|stated|states|mentioned|mentions|remarked|remarks|quipped|summarised|summarized|confirmed|confirms|inquired|felt|feels|believed|believes|disagreed|complained|admitted|recalled|acknowledged|promised|went on|goes on";
const HANDLE: &str = "applied|applies|merged|merges|queued|reviewed|reviews|acked|tested|picked up|took|rejected|reverted";

static VERBS: LazyLock<Regex> =
    LazyLock::new(|| constant(&format!(r"\b(?:({POST})|({SPEAK})|({HANDLE}))\b")));

/// The text with everything between quotation marks blanked out, each letter at its place.
pub(super) fn masked(passage: &Passage, quotes: &[Quote]) -> String {
    let hidden = quotes.iter().map(|quote| &quote.inside).chain(&passage.code);
    let mut bytes = passage.text.clone().into_bytes();
    for span in hidden {
        if let Some(inside) = bytes.get_mut(span.clone()) {
            inside.fill(b' ');
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The sentences of a masked text.
pub(super) fn sentences(masked: &str, text: &str) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> = masked.char_indices().collect();
    let mut found = Vec::new();
    let mut start = 0;
    for (index, (at, c)) in letters.iter().enumerate() {
        let ends = match c {
            '.' => !is_abbreviation(&masked[start..*at]),
            '?' | '!' => true,
            // `… is it?” Bob added`: the mark inside ends the sentence outside.
            '”' | '"' => text[..*at].ends_with(['?', '!', '.']),
            _ => false,
        };
        let next = letters[index + 1..].iter().map(|(_, c)| *c);
        if ends && begins(next) {
            let end = at + c.len_utf8();
            found.push(start..end);
            start = end;
        }
    }
    found.push(start..masked.len());
    found.retain(|span| !masked[span.clone()].trim().is_empty());
    found
}

/// How far behind a mark the next sentence begins, in letters.
const FARTHEST: usize = 64;

/// Whether white space and a capital, or a mark that opens, comes next.
fn begins(next: impl Iterator<Item = char>) -> bool {
    let (mut spaced, mut read) = (false, 0);
    for c in next.take(FARTHEST) {
        match c {
            ')' | '”' | '"' | '’' if !spaced => {}
            c if c.is_whitespace() => spaced = true,
            c => return spaced && (c.is_uppercase() || matches!(c, '“' | '"' | '[' | '(')),
        }
        read += 1;
    }
    read < FARTHEST
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit([' ', '(', '.']).next().unwrap_or("");
    const KNOWN: [&str; 14] =
        ["Dr", "Mr", "Mrs", "Ms", "Prof", "St", "vs", "e", "g", "cf", "etc", "Jr", "No", "approx"];
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    initial || KNOWN.contains(&word)
}

/// A word of a text.
struct Token<'a> {
    at: usize,
    text: &'a str,
}

/// Who does what in a sentence.
pub(super) fn acts(masked: &str, sentence: &Range<usize>) -> Vec<Act> {
    let text = &masked[sentence.clone()];
    let tokens: Vec<Token<'_>> = tokens(text);
    let mut acts: Vec<Act> = Vec::new();
    for found in VERBS.captures_iter(text) {
        let Some(verb) = found.get(0) else { continue };
        let deed = match (found.get(1), found.get(2)) {
            (Some(_), _) => Deed::Post,
            (_, Some(_)) => Deed::Speak,
            _ => Deed::Handle,
        };
        let before = tokens.partition_point(|token| token.at + token.text.len() <= verb.start());
        let before = before.checked_sub(1);
        let subject = before.and_then(|last| subject(&tokens, last));
        let front = text[..verb.start()].trim_end();
        let inverted = subject.is_none() && front.trim_end_matches(',').ends_with(['”', '"']);
        let (subject, joint) = match subject {
            Some((span, joint)) => (Some(span), joint),
            None if inverted => (behind(&tokens, verb.end()), false),
            None => (None, false),
        };
        let shift = |span: Range<usize>| sentence.start + span.start..sentence.start + span.end;
        let (subject, verb) = (subject.map(shift), shift(verb.range()));
        let reach = verb.start..sentence.end;
        if let Some(last) = acts.last_mut() {
            let start = subject.as_ref().map_or(verb.start, |s| s.start.min(verb.start));
            last.reach.end = start.max(last.verb.end);
        }
        acts.push(Act { deed, subject, verb, joint, inverted, reach });
    }
    acts
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut at = 0;
    let words = text.split(|c: char| c.is_whitespace()).map(|word| {
        let token = Token { at, text: word };
        at += word.len() + 1;
        token
    });
    words.filter(|token| !token.text.is_empty()).collect()
}

/// Words that may stand between a name and its verb.
const BETWEEN: [&str; 15] = [
    "has", "had", "have", "since", "also", "then", "later", "now", "again", "just", "still",
    "soon", "once", "first", "himself",
];
/// Words that begin a sentence and are nobody's name.
const NOBODY: [&str; 46] = [
    "he",
    "she",
    "they",
    "it",
    "we",
    "i",
    "you",
    "who",
    "which",
    "that",
    "this",
    "these",
    "those",
    "the",
    "a",
    "an",
    "and",
    "but",
    "or",
    "one",
    "others",
    "some",
    "many",
    "several",
    "both",
    "nobody",
    "somebody",
    "someone",
    "everybody",
    "there",
    "as",
    "when",
    "where",
    "what",
    "to",
    "was",
    "is",
    "were",
    "are",
    "been",
    "be",
    "by",
    "not",
    "patches",
    "series",
    "people",
];
/// Small words inside of names.
const PARTICLES: [&str; 19] = [
    "van", "de", "von", "der", "den", "del", "della", "da", "di", "dos", "du", "la", "le", "bin",
    "al", "el", "ter", "i", "zu",
];

/// How many words an employer in brackets has.
const LONGEST_EMPLOYER: usize = 12;
/// How many words a name has, and how many stand between it and its verb.
const LONGEST_NAME: usize = 12;

/// The name that ends with a token, skipping what may stand between it and the verb.
fn subject(tokens: &[Token<'_>], last: usize) -> Option<(Range<usize>, bool)> {
    let mut at = last;
    loop {
        let word = tokens[at].text;
        if last - at > LONGEST_NAME + LONGEST_EMPLOYER {
            return None;
        }
        let adverb = word.ends_with("ly") && word.starts_with(char::is_lowercase);
        let skipped = BETWEEN.contains(&word) || adverb;
        if word.ends_with(')') || word.ends_with("),") {
            let near = at.saturating_sub(LONGEST_EMPLOYER);
            let open = (near..=at).rev().find(|i| tokens[*i].text.starts_with('('))?;
            at = open.checked_sub(1)?;
        } else if skipped {
            at = at.checked_sub(1)?;
        } else {
            break;
        }
    }
    let mut first = None;
    let mut here = at;
    loop {
        let word = tokens[here].text;
        let stops = here < at && ends_clause(word) || at - here >= LONGEST_NAME;
        let goes_on = is_name(word) || here < at && PARTICLES.contains(&word);
        if stops || !goes_on {
            break;
        }
        if !PARTICLES.contains(&word) {
            first = Some(here);
        }
        let Some(before) = here.checked_sub(1) else { break };
        here = before;
    }
    let word = trimmed(tokens[at].text);
    let begins = at.checked_sub(1).is_none_or(|before| ends_sentence(tokens[before].text));
    let lone = begins && !NOBODY.contains(&word.1.to_lowercase().as_str());
    let first = first.or((lone && !word.1.is_empty()).then_some(at))?;
    if ends_clause(tokens[at].text) || NOBODY.contains(&name_of(tokens, first, at)?.as_str()) {
        return None;
    }
    let (from, to) = (trimmed(tokens[first].text), trimmed(tokens[at].text));
    let joint =
        first.checked_sub(1).is_some_and(|b| matches!(tokens[b].text, "and" | "&" | "with"));
    Some((tokens[first].at + from.0..tokens[at].at + to.0 + to.1.len(), joint))
}

fn name_of(tokens: &[Token<'_>], first: usize, last: usize) -> Option<String> {
    (first == last).then(|| trimmed(tokens[last].text).1.to_lowercase()).or(Some(String::new()))
}

/// The name that begins behind a place.
fn behind(tokens: &[Token<'_>], from: usize) -> Option<Range<usize>> {
    let first = tokens.partition_point(|token| token.at < from);
    let mut last = None;
    for (at, token) in tokens.iter().enumerate().skip(first).take(LONGEST_NAME) {
        let goes_on = is_name(token.text) || last.is_some() && PARTICLES.contains(&token.text);
        if !goes_on {
            break;
        }
        last = Some(at);
        if ends_clause(token.text) {
            break;
        }
    }
    let last = last?;
    let (from, to) = (trimmed(tokens[first].text), trimmed(tokens[last].text));
    Some(tokens[first].at + from.0..tokens[last].at + to.0 + to.1.len())
}

/// A comma or the like ends a word. The dot of an initial does not.
fn ends_clause(word: &str) -> bool {
    let dot = word.strip_suffix('.').is_some_and(|front| !is_abbreviation(front));
    word.ends_with([',', ';', ':', '!', '?', '”', '"']) || dot
}

/// Whether a sentence may end with a word, so that one who writes in small letters can begin the next.
fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['”', '"', ')', '’']);
    let dot = bare.strip_suffix('.').is_some_and(|front| !is_abbreviation(front));
    dot || bare.ends_with(['!', '?']) || word.ends_with(['”', '"'])
}

fn is_name(word: &str) -> bool {
    let (_, inner) = trimmed(word);
    let opens = word.starts_with(['(', '“', '"']);
    !opens && inner.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase())
}

/// Letters, digits, and the accents that stand behind the letter they belong to.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}')
}

/// A word without marks around it, and where it begins.
fn trimmed(word: &str) -> (usize, &str) {
    let front = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = front.trim_end_matches(|c: char| !is_letter(c) && c != '.');
    let end = end.strip_suffix("’s").or_else(|| end.strip_suffix("'s")).unwrap_or(end);
    // The dot of an initial is part of a name.
    let end = end.strip_suffix('.').filter(|front| !is_abbreviation(front)).unwrap_or(end);
    (word.len() - front.len(), end)
}
