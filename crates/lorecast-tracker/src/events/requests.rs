//! Whether somebody asks for another version.

use std::sync::LazyLock;

use lorecast_model::Message;
use regex::Regex;

use super::pattern;

/// A quick look whether any of the patterns could match.
static HINT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)re-?send|re-?spin|rebase|re-?post|re-?work|\bN[AE]?C?K(?:ed)?\b|\bv\d|next (?:version|revision|spin)|new version|changes requested|please (?:fix|split|address|send|drop|use|add|change|update|remove)",
    )
});

/// What reviewers write.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:please|pls|kindly|can you|could you|would you|you need to|you should)\b[^.?!]{0,80}\b(?:re-?send|re-?spin|re-?post|rebase|re-?work)\b",
        r"|\bplease\b[^.?!]{0,60}\bsend\b[^.?!]{0,30}\b(?:v\d+|(?:a |an )?(?:new|next|updated|another) (?:version|revision|patch))",
        r"|\b(?:please|needs? to|must|should)\b[^.?!]{0,80}\bin (?:v\d+|(?:the |your )?next (?:version|revision|spin))\b",
        r"|\bneeds? (?:a |an |another )?(?:v\d+|re-?spin|new version|re-?work|rebase)\b",
        r"|\bneeds? to be (?:re-?worked|rebased|split|fixed|resent|redone)\b",
        r"|\bplease fix\b[^.?!]{0,60}\b(?:up|this|that|these|them|it|all|and)\b",
        r"|\bchanges requested\b",
        r"|\bwait(?:ing)? for (?:a |the )?(?:v\d+|next version|new version|re-?spin)\b",
    ))
});

/// A refusal in capitals, at the start of a line or alone.
static REFUSES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^\s*(?:So |Sorry, |Big |Hard |Strong )?N(?:A|AC)K(?:\s*[.,!:;-]|\s*$|\s+(?:to|for|on|from)\b)",
    )
});

/// What authors answer: that they will send another one.
static PROMISES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:will|i'll|i’ll|we'll|going to|gonna|let me|i can|shall)\b[^.?!]{0,80}\b(?:re-?send|re-?spin|re-?post|v\d+|(?:the |my )?next (?:version|revision|spin|re-?spin|iteration)|(?:a )?new version)\b",
        r"|\b(?:fixed|done|changed|updated|addressed|added|removed|dropped)\b[^.?!]{0,40}\bin (?:v\d+|(?:the |my )?next (?:version|revision))\b",
        r"|^\s*(?:sure|ok|okay|right|agreed)?,?\s*in (?:v\d+|the next (?:version|revision))\s*\.",
    ))
});

/// Paragraphs that are longer hold other things: logs, quoted code.
const LONGEST: usize = 3000;

/// Whether the own words of a mail ask for another version, or, from the author, promise one.
pub(super) fn asks_for_changes(message: &Message, own: &str, by_author: bool) -> bool {
    // A new patch in the answer is a proposal of its own.
    if !message.diff.is_empty() || !HINT.is_match(own) {
        return false;
    }
    if !by_author && REFUSES.is_match(own) {
        return true;
    }
    own.split("\n\n").filter(|paragraph| paragraph.len() <= LONGEST).any(|paragraph| {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = if by_author { PROMISES.find(&line) } else { ASKS.find(&line) };
        found.is_some_and(|found| {
            let start = line[..found.start()].rfind(['.', '!', '?']).map_or(0, |at| at + 1);
            let sentence = &line[start..found.end()];
            !sentence.contains("not ") && !sentence.contains("n't ")
        })
    })
}
