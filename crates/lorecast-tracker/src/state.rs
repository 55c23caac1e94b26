//! State: whether somebody said that a revision was applied.

use std::sync::LazyLock;

use lorecast_mail::{prose, subject_tags};
use lorecast_model::{Message, MessageId, Revision, State};
use regex::Regex;

/// Words that may stand between the start of a sentence and the news: `I have now applied`,
/// `Thanks, both applied`, `This series was applied`. Any other word (`not`, `please`, `when`,
/// `would`) makes the sentence something else.
static APPLIED: LazyLock<Regex> = LazyLock::new(|| {
    let before = "hi|hello|thanks|thank|you|looks|good|lgtm|okay|ok|nice|great|fine|perfect|both|all|series|patch|patches|commit|commits|i|i've|we|we've|now|this|these|the|have|has|been|was|were|is|are|it|them|whole|entire|and|so|also|just|a|lot|very|much";
    let news = "applied|queued|merged|pulled|picked|pushed|committed";
    let behind = r"\s*[,.!;:(]|\s*$|\s+(?:up|to|for|into|in|on|with|as|both|all|and|it|this|these|them|the|via|by|thanks|now)\b";
    let pattern =
        format!(r"(?i)^\W*(?:(?:{before}|\d+(?:[-/]\d+)?)\b\W*)*\b(?:{news})(?:{behind})");
    Regex::new(&pattern).expect("the pattern is a constant")
});

/// So many sentences of a reply are read; whoever applies a patch says so at once.
const SENTENCES: usize = 12;

/// Where a revision stands, as its thread tells: the last reply by somebody else that says in its
/// own words that it was applied, queued or merged, or the mail of a bot that shows the commit.
pub fn state(revision: &Revision, messages: &[Message]) -> State {
    let mut ids: Vec<&MessageId> = revision.patches.iter().map(|patch| &patch.id).collect();
    ids.push(&revision.root);
    let answers = |message: &&Message| {
        message.header.references.last().is_some_and(|parent| ids.contains(&parent))
            && !message.header.from.email.eq_ignore_ascii_case(&revision.author.email)
    };
    let said = messages.iter().filter(answers).filter(|message| says_applied(message));
    match said.max_by_key(|message| (message.header.date, &message.header.id)) {
        Some(message) => State::Applied { by: message.header.id.clone() },
        None => revision.state.clone(),
    }
}

/// Whether a reply says that what it answers was applied.
pub fn says_applied(message: &Message) -> bool {
    // tip-bot2 answers a patch with the commit that it became.
    if message.header.subject.starts_with("[tip: ") {
        return true;
    }
    if !subject_tags(&message.header.subject).reply {
        return false;
    }
    let own = prose::own_words(&message.text);
    own.split(['\n', '.', '!', '?'])
        .zip(own.split_inclusive(['\n', '.', '!', '?']))
        .filter(|(sentence, _)| !sentence.trim().is_empty())
        .take(SENTENCES)
        .any(|(sentence, ended)| !ended.ends_with('?') && APPLIED.is_match(sentence))
}
