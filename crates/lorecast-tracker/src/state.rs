//! Whether somebody said that a patch was taken.

use lorecast_mail::prose::own_words;
use lorecast_model::{Header, Mailbox, Message};

/// Words that say so, when they stand in the right company.
const TAKEN: &[&str] = &["applied", "queued", "merged", "committed", "picked"];

/// Words that, before one of [`TAKEN`] in a sentence, take it back: a denial, a wish, a condition,
/// a plan, or a tale about something else.
const DOUBTS: &[&str] = &[
    "not", "never", "no", "none", "cannot", "can", "could", "should", "would", "may", "might",
    "must", "shall", "if", "once", "when", "whenever", "until", "till", "unless", "before",
    "after", "please", "pls", "be", "being", "get", "gets", "getting", "with", "without", "needs",
    "need", "whether", "which", "because", "since", "why", "who", "how", "what", "where", "while",
    "want", "hope", "wait", "waiting", "than", "as", "commit", "changes", "had", "already", "you",
    "your", "someone", "anyone", "they", "code", "fix", "error", "check", "only",
];

/// Words that, right after one of [`TAKEN`], show that it was tried and not taken.
const TRIED: &[&str] =
    &["cleanly", "locally", "manually", "your", "on", "by", "and", "but", "with", "via", "as"];

/// How many words may stand before the one that matters: such sentences are short.
const LEAD: usize = 8;

/// Says that a patch of `author` was taken: a reply by somebody else that says "applied", "queued"
/// or "merged" in its own words, or the mail that tip-bot2 sends for a commit.
pub fn says_taken(message: &Message, author: &Mailbox) -> bool {
    let from = &message.header.from;
    if from.email.eq_ignore_ascii_case(&author.email) {
        return false;
    }
    is_commit_notice(&message.header) || sentences(&own_words(&message.text)).any(|s| claims(&s))
}

/// The mail that a bot sends when a commit enters a tree: `[tip: sched/core] sched: …`.
pub fn is_commit_notice(header: &Header) -> bool {
    header.from.email.to_lowercase().starts_with("tip-bot")
        && header.subject.to_lowercase().starts_with("[tip")
}

/// The sentences of a text, in lower case. A line break ends none, an empty line does.
fn sentences(text: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut sentence = String::new();
        let mut letters = paragraph.chars().peekable();
        while let Some(letter) = letters.next() {
            let last = letters.peek().is_none_or(|next| next.is_whitespace());
            sentence.extend(letter.to_lowercase());
            if last && matches!(letter, '.' | '!' | '?' | ';' | ':') {
                found.push(std::mem::take(&mut sentence));
            }
        }
        found.push(sentence);
    }
    found.into_iter()
}

fn claims(sentence: &str) -> bool {
    if sentence.trim_end().ends_with('?') {
        return false;
    }
    let words: Vec<&str> = sentence
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’' || c == '-'))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty())
        .collect();
    let Some(at) = words.iter().take(LEAD + 1).position(|word| TAKEN.contains(word)) else {
        return false;
    };
    let doubted = words[..at].iter().any(|word| DOUBTS.contains(word) || denies(word));
    let tried = words.get(at + 1).is_some_and(|word| TRIED.contains(word));
    !doubted && !tried
}

fn denies(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t") || word.ends_with("'ll") || word == "will"
}
