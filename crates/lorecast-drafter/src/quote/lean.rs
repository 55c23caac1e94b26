//! Whether a sentence is understood without those around it.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::constant;

/// What leans on a sentence that is not quoted, by its first or last words.
static LEANING: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\W*(?:however|also|but|and|then|otherwise|besides|moreover|furthermore|additionally|similarly|because|such|those|that|it|its|it's|they|he|she|there (?:it|they)|here|these (?:are|have|will|would|can|could|pages|fields|functions|cases|issues|problems|two|three)|(?:yes|no|nope)[,.:!]|ok|okay|well|hmm+|oh|right|sure|again|still|or|either|hopefully|as (?:i|you|we)|both|(?:for|on|in) (?:example|this|that|these|those|such|the (?:other|former|latter))|as (?:such|a result|said|mentioned|noted|an example)|in (?:particular|addition|other words)|namely|finally|lastly|first(?:ly)?|second(?:ly)?|third(?:ly)?|next|afterwards?|eventually|after th(?:is|at)|another|(?:one|some|most|many|all) of (?:these|those|them|this)|(?:failing|doing) (?:to do )?so|each of|neither|the (?:rationale|reason|latter|former|rest|others?|same|second|third|first one|above)|at (?:that|this) point|since then|so far|to do (?:so|this|that)|with (?:this|that|these|those)(?: in place| applied|,)|we then|this (?:is|was|has|will|would|can|also|way|means|makes|allows|happens|could|may|might|should|works|leads|results|causes|breaks|lets|gives|helps))(?:\b|\s)|\b(?:this|that|so|too|these|those|above|below|there|here|ones?|the same|otherwise|likewise|instead)\W*$|\b(?:ready for (?:review|merg\w+)|as follows|the following|see below|above|mentioned (?:earlier|before)|previously|aforementioned)\b",
    )
});

/// Whether its first or last words need what stood before.
pub(super) fn leans(sentence: &str) -> bool {
    LEANING.is_match(sentence)
}

/// What the work itself is called: "this series" needs no other sentence.
const WORK: [&str; 44] = [
    "series",
    "patch",
    "patches",
    "patchset",
    "patchsets",
    "set",
    "feature",
    "approach",
    "change",
    "changes",
    "driver",
    "drivers",
    "work",
    "api",
    "interface",
    "proposal",
    "idea",
    "functionality",
    "design",
    "syscall",
    "rfc",
    "support",
    "option",
    "abi",
    "format",
    "thread",
    "discussion",
    "release",
    "cycle",
    "kernel",
    "week",
    "year",
    "mechanism",
    "subsystem",
    "code",
    "version",
    "device",
    "hardware",
    "new",
    "kind",
    "project",
    "topic",
    "point",
    "time",
];
/// Words that are no matter: opinions, doubts and little words.
const EMPTY: [&str; 72] = [
    "think",
    "believe",
    "would",
    "should",
    "could",
    "really",
    "also",
    "just",
    "don't",
    "agree",
    "like",
    "want",
    "know",
    "guess",
    "wonder",
    "prefer",
    "suggest",
    "that",
    "this",
    "what",
    "with",
    "when",
    "because",
    "maybe",
    "perhaps",
    "probably",
    "since",
    "though",
    "although",
    "does",
    "doesn't",
    "didn't",
    "can't",
    "cannot",
    "won't",
    "have",
    "haven't",
    "been",
    "being",
    "there",
    "their",
    "then",
    "than",
    "these",
    "those",
    "which",
    "while",
    "where",
    "after",
    "before",
    "about",
    "again",
    "still",
    "much",
    "very",
    "even",
    "here",
    "sure",
    "fine",
    "sounds",
    "looks",
    "seems",
    "make",
    "makes",
    "sense",
    "wouldn't",
    "shouldn't",
    "isn't",
    "given",
    "unless",
    "understand",
    "imagine",
];
/// What follows "that" when it stands for something.
const BEHIND_THAT: [&str; 24] = [
    "is", "was", "would", "will", "should", "could", "can", "may", "might", "does", "doesn't",
    "makes", "seems", "looks", "way", "case", "one", "part", "also", "too", "as", "to", "and",
    "or",
];

/// How many words stand for something that the sentence does not name.
pub(super) fn unnamed(sentence: &str) -> usize {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'")
    };
    let (mut found, mut named) = (0, false);
    for (at, word) in words.iter().enumerate() {
        let token = bare(word);
        let next = words.get(at + 1).map(|word| bare(word)).unwrap_or_default();
        let ends = word.ends_with([',', '.', ';', '?', '!', ':', ')']) || next.is_empty();
        let stands_for = match token.as_str() {
            "it" | "its" | "it's" | "they" | "them" | "their" | "they're" | "he" | "she"
            | "him" | "his" => !named,
            "this" | "these" | "those" => ends || !WORK.contains(&next.as_str()),
            "that" => ends || BEHIND_THAT.contains(&next.as_str()),
            "that's" | "that'd" | "that'll" | "here" | "above" | "below" => true,
            _ => false,
        };
        found += usize::from(stands_for);
        let capital = at > 0 && word.starts_with(|c: char| c.is_uppercase()) && token.len() > 1;
        named |= capital || token.len() >= 4 && !EMPTY.contains(&token.as_str());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_another_sentence_is_told() {
        for (sentence, leaning, without_name) in [
            ("The pump should keep its queue in the kernel", false, 0),
            ("I don't like it, because users rely on the old file", false, 1),
            ("This series should keep the queue where it is", false, 0),
            ("If that is so, why not drop this lock", false, 2),
            ("For example, the pump may stall", true, 0),
            ("I think that the kernel should not sort by colour", false, 0),
            ("This means a crash at every boot", true, 1),
            ("User space already does that", true, 1),
        ] {
            assert_eq!((leans(sentence), unnamed(sentence)), (leaning, without_name), "{sentence}");
        }
    }
}
