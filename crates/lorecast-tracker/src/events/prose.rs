//! Whether somebody says in plain words that a patch was taken, and where to.

use std::sync::LazyLock;

use lorecast_mail::prose::own_words;
use lorecast_mail::{is_robot, patch_numbers, poster};
use lorecast_model::{Mailbox, Message, What};
use regex::Regex;

use super::bots::is_commit_notice;
use super::pattern;
use super::statement::{Statement, Target};
use super::summary::{commit_in_url, hex};

/// Words that say so, when they stand in the right company.
const TAKEN: &[&str] = &["applied", "queued", "merged", "committed", "picked", "pushed"];

/// Words that, before one of [`TAKEN`] in a sentence, take it back: a denial, a wish, a condition,
/// a plan, or a tale about something else.
const DOUBTS: &[&str] = &[
    "not",
    "never",
    "no",
    "none",
    "cannot",
    "can",
    "could",
    "should",
    "would",
    "may",
    "might",
    "must",
    "shall",
    "if",
    "once",
    "when",
    "whenever",
    "until",
    "till",
    "unless",
    "before",
    "after",
    "please",
    "pls",
    "be",
    "being",
    "get",
    "gets",
    "getting",
    "with",
    "without",
    "needs",
    "need",
    "whether",
    "which",
    "because",
    "since",
    "why",
    "who",
    "how",
    "what",
    "where",
    "while",
    "want",
    "hope",
    "wait",
    "waiting",
    "than",
    "as",
    "commit",
    "changes",
    "had",
    "already",
    "you",
    "your",
    "someone",
    "anyone",
    "they",
    "code",
    "fix",
    "error",
    "check",
    "only",
    "should've",
    "could've",
    "would've",
    "might've",
    "often",
    "usually",
    "normally",
    "always",
    "sorry",
    "rules",
    "order",
    "failed",
];

/// Words that, right after one of [`TAKEN`], show that it was tried and not taken.
const TRIED: &[&str] =
    &["cleanly", "locally", "manually", "your", "on", "by", "and", "but", "with", "via"];

/// Words that may stand before "pushed": without them, branches and buttons are pushed as well.
const PUSHERS: &[&str] =
    &["both", "all", "series", "patch", "patches", "now", "i", "i've", "thanks", "patchset"];

/// How many words may stand before the one that matters: such sentences are short.
const LEAD: usize = 8;

static TAKEN_WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)applied|queued|merged|committed|picked|pushed"));
static DROPPED_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[.!,;]\s+)\s*(?:(?:i've|i have|so i|i|oops, i|now)\s+)?(?:just\s+|now\s+)?(?:dropped|un-?committed|un-?queued|reverted|backed out)\s+(?:(?:it|this|that|these|them|both|all|the)\b)(?:\s+(?:one|patch(?:es)?|series|patchset|commit|set)|\s*[.,!]|\s+(?:for|from|now|again))",
    )
});

/// Says that a patch of `author` was taken: a reply by somebody else that says "applied", "queued"
/// or "merged" in its own words, or the mail that tip-bot2 sends for a commit.
pub fn says_taken(message: &Message, author: &Mailbox) -> bool {
    let from = &message.header.from;
    if poster(message).email.eq_ignore_ascii_case(&author.email) {
        return false;
    }
    is_commit_notice(&message.header)
        || !is_robot(from)
            && TAKEN_WORD.is_match(&message.text)
            && claim(&own_words(&message.text)).is_some()
        || from.email.starts_with("patchwork-bot") && message.text.contains(" applied to ")
}

/// That something was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The tree as the sentence names it; may be empty.
    pub(crate) tree: String,
    /// The commit, when there is just one.
    pub(crate) commit: Option<String>,
    /// The patches that the sentence lists; empty when it lists none.
    pub(crate) patches: Vec<u32>,
    /// It speaks of a series, or of all patches.
    pub(crate) whole: bool,
}

impl From<Claim> for Statement {
    fn from(claim: Claim) -> Self {
        let to = match (claim.patches.is_empty(), claim.whole) {
            (false, _) => Target::Numbers(claim.patches),
            (true, true) => Target::Whole,
            (true, false) => Target::Answered,
        };
        Self::new(What::Applied { tree: claim.tree, commit: claim.commit }, to)
    }
}

/// What the own words of a mail say about a patch that was taken.
pub(crate) fn taken(own: &str) -> Option<Claim> {
    claim(own)
}

/// The first sentence that says so. The tree may stand alone in the paragraph behind it.
pub(super) fn claim(own: &str) -> Option<Claim> {
    if !TAKEN_WORD.is_match(own) {
        return None;
    }
    let stands = Stands::new(own);
    sentences(own).find_map(|(sentence, rest)| {
        let mut claim = read(sentence)?;
        if !stands.out(sentence, own.len() - rest.len()) {
            return None;
        }
        if claim.tree.is_empty() && sentence.trim_end_matches([':', ' ', '\n']).ends_with(" to") {
            let line = rest.trim_start().lines().next().unwrap_or_default();
            claim.tree = shortened(line.trim());
        }
        claim.commit = claim.commit.or_else(|| only_commit(own));
        Some(claim)
    })
}

/// Where a claim stands out: what was done is said first or last, or in a sentence that says nothing
/// else. In the middle of a review a patch is "applied" to look at it.
struct Stands<'t> {
    own: &'t str,
    /// Where the first paragraph ends and the last one begins, greetings and names left out.
    first: usize,
    last: usize,
}

/// A paragraph of so few words is a greeting or a name, and a sentence of so few says one thing.
const FEW: usize = 6;

impl<'t> Stands<'t> {
    fn new(own: &'t str) -> Self {
        let (mut at, mut first, mut last) = (0, None, 0);
        for paragraph in own.split("\n\n") {
            if more_than_few(paragraph) {
                first = first.or(Some(at + paragraph.len()));
                last = at;
            }
            at += paragraph.len() + 2;
        }
        Self { own, first: first.unwrap_or(own.len()), last }
    }

    /// Whether a sentence that ends at `end` stands out.
    fn out(&self, sentence: &str, end: usize) -> bool {
        let start = end - sentence.len();
        let opens = || self.own[..start].trim_end_matches([' ', '\t']).ends_with("\n\n");
        let closes = || {
            sentence.ends_with("\n\n")
                || self.own[end..].trim_start_matches([' ', '\t']).starts_with("\n\n")
        };
        start < self.first || end > self.last || !more_than_few(sentence) || opens() && closes()
    }
}

fn more_than_few(text: &str) -> bool {
    text.split_whitespace().nth(FEW).is_some()
}

/// Whether somebody says that he took a patch out again.
pub(super) fn says_dropped(own: &str) -> bool {
    own.split("\n\n").take(6).any(|paragraph| {
        paragraph.len() < 1000
            && DROPPED_WORD.is_match(&paragraph.replace('\n', " "))
            && !paragraph.trim_end().ends_with('?')
    })
}

/// The sentences of a text, each with what follows. A line break ends none, an empty line does.
fn sentences(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = sentence_end(rest);
        let sentence;
        (sentence, rest) = rest.split_at(end);
        Some((sentence, rest))
    })
}

fn sentence_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1);
        match byte {
            b'\n' if next == Some(&b'\n') => return at + 2,
            b'.' | b'!' | b'?' | b';' | b':' if next.is_none_or(u8::is_ascii_whitespace) => {
                return at + 1;
            }
            _ => {}
        }
    }
    text.len()
}

/// Longer sentences are not about this.
const LONGEST: usize = 2000;

/// Whether what was taken is not the patch, or was taken to try it: "applied a fix", "merged into
/// one patch", "applied this on top of v6.1".
fn elsewhere(verb: &str, behind: &[&str]) -> bool {
    let next = |at: usize| behind.get(at).copied().unwrap_or_default();
    let object = if next(0) == "up" { 1 } else { 0 };
    let one = matches!(next(object), "a" | "an" | "another" | "some" | "my" | "v1");
    let joined = matches!(next(0), "into" | "in" | "to")
        && matches!(next(1), "1" | "one" | "a" | "single" | "another" | "use");
    let near = &behind[..behind.len().min(9)];
    let tried = near.windows(2).any(|pair| pair == ["on", "top"] || pair == ["in", "front"]);
    let chosen = verb == "picked"
        && !matches!(next(0), "up" | "this" | "these" | "it" | "them" | "both" | "all" | "the");
    let pushed = verb == "pushed"
        && matches!(next(0), "out" | "back" | "for")
        && next(1) != "to"
        && !next(1).is_empty();
    let to_try =
        verb == "pushed" && near.iter().any(|word| matches!(*word, "my" | "testing" | "test"));
    // "applied as 0123456789ab", "as 6.4 material", "as is", but not "applied as a filter".
    let like = next(0) == "as"
        && !(next(1).starts_with(|c: char| c.is_ascii_digit())
            || matches!(next(1), "is" | "fixes" | "material" | "commit")
            || hex(next(1)).is_some());
    one || joined || tried || chosen || pushed || to_try || like
}

fn read(sentence: &str) -> Option<Claim> {
    if sentence.len() > LONGEST
        || sentence.trim_end().ends_with('?')
        || !TAKEN_WORD.is_match(sentence)
    {
        return None;
    }
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || "'’-/_".contains(c)))
        .map(|word| word.trim_matches(['-', '_']))
        .filter(|word| !word.is_empty())
        .collect();
    let plain: Vec<&str> =
        words.iter().flat_map(|word| word.split('/')).filter(|word| !word.is_empty()).collect();
    let at = plain.iter().take(LEAD + 1).position(|word| TAKEN.contains(word))?;
    let doubted = plain[..at].iter().any(|word| DOUBTS.contains(word) || denies(word));
    let tried = plain.get(at + 1).is_some_and(|word| TRIED.contains(word));
    let pushed =
        plain[at] == "pushed" && at > 0 && !plain[..at].iter().any(|word| PUSHERS.contains(word));
    if doubted || tried || pushed || elsewhere(plain[at], &plain[at + 1..]) {
        return None;
    }
    let taken = words.iter().position(|word| *word == plain[at]).unwrap_or(0);
    Some(Claim {
        tree: tree(sentence, plain[at]),
        commit: named_commit(sentence),
        patches: listed(&words, taken),
        whole: whole(&words),
    })
}

fn denies(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t") || word.ends_with("'ll") || word == "will"
}

/// "Applied patches 1-3", "Patch 2 applied", "applied 1/2", "applied the first two patches".
fn listed(words: &[&str], taken: usize) -> Vec<u32> {
    let is_patch = |word: &&&str| matches!(**word, "patch" | "patches");
    let near = &words[..words.len().min(taken + 6)];
    if let Some(at) = near.iter().position(|word| *word == "first") {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let count = if next == "patch" { Some(1) } else { spelt_out(next) };
        if let Some(count) = count {
            return (1..=count).collect();
        }
    }
    if let Some(at) = words.iter().take(taken + 6).position(|word| is_patch(&word)) {
        let found = patch_numbers(&words[at + 1..]);
        if !found.is_empty() {
            return found;
        }
    }
    let behind = words.get(taken + 1..).unwrap_or_default();
    let skip = behind
        .iter()
        .take_while(|word| matches!(**word, "the" | "this" | "these" | "just" | "up" | "only"))
        .count();
    let found = patch_numbers(&behind[skip..]);
    // "applied 3 patches" counts them; a lone number is anything.
    let ranged = behind.get(skip).is_some_and(|word| word.contains(['-', '/']));
    if ranged || found.len() > 1 { found } else { Vec::new() }
}

/// How many "first three" or "first 3" are.
fn spelt_out(word: &str) -> Option<u32> {
    const WORDS: [&str; 9] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let spelt = WORDS.iter().position(|known| *known == word);
    spelt.map_or_else(|| patch_numbers(&[word]).first().copied(), |at| u32::try_from(at + 1).ok())
}

fn whole(words: &[&str]) -> bool {
    let any = |known: &[&str]| words.iter().any(|word| known.contains(word));
    any(&["series", "patchset", "all", "both", "everything", "patches", "set"])
        && !any(&["first", "last", "rest", "except"])
}

/// What the sentence says behind "to": "applied to some/branch, thanks".
fn tree(sentence: &str, taken: &str) -> String {
    const END: [&str; 18] = [
        "for", "with", "so", "and", "as", "but", "thanks", "now", "because", "since", "on",
        "after", "right", "shortly", "already", "today", "pending", "instead",
    ];
    const ARTICLES: [&str; 4] = ["the", "my", "our", "a"];
    let Some(at) = sentence.to_ascii_lowercase().find(taken) else { return String::new() };
    // Lower case may be longer than the sentence; then there is no such place.
    let mut words = sentence.get(at..).unwrap_or_default().split_whitespace().skip(1);
    // "Queued up to …", "Applied 1-3 to …", but not "applied, thanks to …".
    let mut lead = 0;
    loop {
        let Some(word) = words.next() else { return String::new() };
        lead += 1;
        match word.to_ascii_lowercase().as_str() {
            "to" | "into" | "in" => break,
            word if lead > 6 || word.ends_with([',', '.', '!', ';', ':']) && lead > 1 => {
                return String::new();
            }
            _ => {}
        }
    }
    let (mut found, mut called): (Vec<&str>, bool) = (Vec::new(), false);
    for word in words {
        let bare = word.trim_end_matches([',', ';', '!', '.', ':']);
        let lower = bare.to_ascii_lowercase();
        if END.contains(&lower.as_str()) {
            break;
        }
        if matches!(lower.as_str(), "tree" | "branch" | "repo" | "repository" | "tree/branch") {
            called = true;
        } else if !ARTICLES.contains(&lower.as_str()) && !bare.is_empty() {
            found.push(bare);
        }
        if bare.len() < word.len() || found.len() > 3 {
            break;
        }
    }
    let named = found.len() <= 3
        && found.first().is_some_and(|first| {
            let start = first
                .trim_start_matches(['-', '#'])
                .starts_with(|c: char| c.is_ascii_alphanumeric());
            start && (called || found.len() == 1 || first.contains(['/', '-', '.', ':']))
        });
    if named { shortened(&found.join(" ")) } else { String::new() }
}

/// The longest name of a tree that is kept, in bytes.
const LONGEST_TREE: usize = 160;

fn shortened(name: &str) -> String {
    let end = name
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| *end <= LONGEST_TREE)
        .last();
    name[..end.unwrap_or(0)].to_owned()
}

/// "applied as 0123456789ab", with twelve digits at least.
fn named_commit(sentence: &str) -> Option<String> {
    let words =
        sentence.split_whitespace().map(|word| word.trim_matches(|c| "()[],.;:\"'`".contains(c)));
    words.filter_map(hex).find(|hex| hex.len() >= 12 && hex.bytes().any(|b| b.is_ascii_digit()))
}

/// The commit that a text links to, when it links to just one.
fn only_commit(own: &str) -> Option<String> {
    if !own.contains("://") {
        return None;
    }
    let mut found =
        own.split_whitespace().filter(|word| word.starts_with("http")).filter_map(commit_in_url);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}
