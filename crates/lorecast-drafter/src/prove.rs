//! Proves what a story states.

use lorecast_mail::{prose, subject_tags};
use lorecast_model::{Evidence, Fact, Message, MessageId, Story};

use crate::kind::{nature, spoken_title};
use crate::telling::name;

/// A fact that its message does not bear out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproved {
    /// The fact, as the story states it.
    pub evidence: Evidence,
    /// What the message says instead, in plain words.
    pub why: String,
}

/// Checks every piece of a story's evidence against its message, found by `lookup`. Empty when all
/// is proved.
pub fn prove<'a>(
    story: &Story,
    lookup: impl Fn(&MessageId) -> Option<&'a Message>,
) -> Vec<Unproved> {
    let doubt = |evidence: &Evidence| {
        let why = match lookup(&evidence.message) {
            Some(message) => against(evidence, message)?,
            None => format!("the message `{}` is not in the store", evidence.message),
        };
        Some(Unproved { evidence: evidence.clone(), why })
    };
    story.evidence.iter().filter_map(doubt).collect()
}

fn against(evidence: &Evidence, message: &Message) -> Option<String> {
    let tags = || subject_tags(&message.header.subject);
    let value = evidence.value.as_str();
    let says = match evidence.fact {
        Fact::Quotation => {
            let verbatim = holds(message, value);
            return (!verbatim).then(|| "these words are not in the message".to_owned());
        }
        Fact::Author | Fact::Reply | Fact::Applied => name(&message.header.from),
        Fact::Title => spoken_title(&tags()).to_owned(),
        Fact::Version => tags().version.to_string(),
        Fact::Patches => tags().total.map_or_else(String::new, |total| total.to_string()),
        Fact::Release => nature(message).release.unwrap_or_default(),
    };
    (says != value).then(|| format!("the message says `{says}`"))
}

/// Whether a message holds words verbatim, its line wrapping undone.
fn holds(message: &Message, words: &str) -> bool {
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = spaced(words);
    !words.is_empty()
        && (spaced(&message.text).contains(&words)
            || spaced(&prose::unwrapped(&message.text)).contains(&words))
}
