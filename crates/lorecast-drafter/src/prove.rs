//! Proves what the notes state.

use jiff::tz::TimeZone;
use lorecast_mail::{prose, subject_tags};
use lorecast_model::{Evidence, Fact, Message, MessageId, Profile};

use lorecast_people::Sources;

use crate::employers;
use crate::kind::{nature, spoken_title};
use crate::names;

/// A fact that its message does not bear out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproved {
    /// The fact, as the story states it.
    pub evidence: Evidence,
    /// What the message says instead, in plain words.
    pub why: String,
}

/// Checks every piece of evidence against its message, found by `lookup`. Empty when all is proved.
/// What a commit proves is not in the message; that there is such a message is checked.
pub fn prove<'a>(
    evidence: &[Evidence],
    lookup: impl Fn(&MessageId) -> Option<&'a Message>,
) -> Vec<Unproved> {
    let doubt = |evidence: &Evidence| {
        let why = prove_one(evidence, lookup(&evidence.message), &Sources::default())?;
        Some(Unproved { evidence: evidence.clone(), why })
    };
    evidence.iter().filter_map(doubt).collect()
}

/// What its message says against a piece of evidence; `None` when it is proved. `employers` knows how
/// the show spells employers.
pub(crate) fn prove_one(
    evidence: &Evidence,
    message: Option<&Message>,
    employers: &Sources,
) -> Option<String> {
    match message {
        Some(_) if evidence.commit.is_some() => None,
        Some(message) if evidence.fact == Fact::Employer => {
            employers::against(evidence, message, employers)
        }
        Some(message) => against(evidence, message),
        None => Some(format!("the message `{}` is not in the store", evidence.message)),
    }
}

/// The name of a fact, as `episode.yaml` has it.
pub(crate) fn fact_name(fact: Fact) -> String {
    let value = serde_json::to_value(fact).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn against(evidence: &Evidence, message: &Message) -> Option<String> {
    let tags = || subject_tags(&message.header.subject);
    let value = evidence.value.as_str();
    let says = match evidence.fact {
        Fact::Quotation => {
            let verbatim = holds(message, value);
            return (!verbatim).then(|| "these words are not in the message".to_owned());
        }
        Fact::Author | Fact::Reply | Fact::ChangesRequested | Fact::Rejected => sender(message),
        Fact::Writer => names::writer(message),
        Fact::Reviewed => vouches(message, "reviewed-by"),
        Fact::Acked => vouches(message, "acked-by"),
        Fact::Tested => vouches(message, "tested-by"),
        Fact::Employer => return None, // judged with the show's spellings
        Fact::Count if holds_text(message, value) || sender_holds(message, value) => return None,
        Fact::Count => String::new(),
        // Who applied it, or a tree or release, which a robot's mail names in its text.
        Fact::Applied
        | Fact::Landed
        | Fact::Final
        | Fact::Stable
        | Fact::Dropped
        | Fact::Reverted
            if holds_text(message, value) =>
        {
            return None;
        }
        // The mail of a robot, whose words for these are its own.
        Fact::Next | Fact::Landed | Fact::Reverted => return None,
        Fact::Applied | Fact::Final | Fact::Stable | Fact::Dropped => sender(message),
        Fact::Title => titled(spoken_title(&tags()), value),
        Fact::Version | Fact::Later => version(message, value),
        Fact::Patches => tags().total.map_or_else(String::new, |total| total.to_string()),
        Fact::Release => released(message, value),
        Fact::Covered => return None, // an episode, which no message knows
        Fact::Quiet | Fact::Posted => {
            TimeZone::UTC.to_datetime(message.header.date).date().to_string()
        }
    };
    (says != value).then(|| format!("the message says `{says}`"))
}

/// The title, without the version that some write behind it when the fact has none.
fn titled(title: &str, value: &str) -> String {
    let version = title.strip_prefix(value).map(|rest| rest.trim_matches([' ', ',', '(', ')']));
    let digits = version.and_then(|rest| rest.strip_prefix(['v', 'V']));
    let behind = digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    if behind { value.to_owned() } else { title.to_owned() }
}

/// The release that a message announces: as `value` has it when one profile reads it so.
fn released(message: &Message, value: &str) -> String {
    let read = [Profile::Kernel, Profile::General].map(|profile| nature(message, profile).release);
    let borne_out = read.iter().flatten().any(|release| release == value);
    if borne_out { value.to_owned() } else { read.into_iter().flatten().next().unwrap_or_default() }
}

fn sender(message: &Message) -> String {
    names::sender(message)
}

/// Whether the sender's name or address holds it: `Ann (Example)`.
fn sender_holds(message: &Message, value: &str) -> bool {
    !value.is_empty() && message.header.from.name.contains(value)
}

/// The sender, when the message holds such a trailer; says what is missing otherwise.
fn vouches(message: &Message, key: &str) -> String {
    let own = prose::own_words(&message.text);
    let given = own.to_ascii_lowercase().contains(&format!("{key}:"));
    if given { sender(message) } else { format!("no {key}") }
}

/// Whether a name stands in the subject or the text.
fn holds_text(message: &Message, value: &str) -> bool {
    !value.is_empty() && (message.header.subject.contains(value) || holds(message, value))
}

/// The version, which some write into the title instead of the brackets.
fn version(message: &Message, value: &str) -> String {
    let subject = message.header.subject.to_ascii_lowercase();
    let tagged = subject_tags(&message.header.subject).version.to_string();
    let titled = subject.contains(&format!("v{value}"));
    if titled { value.to_owned() } else { tagged }
}

/// Whether a message holds words verbatim, its line wrapping undone.
fn holds(message: &Message, words: &str) -> bool {
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = spaced(words);
    !words.is_empty()
        && (spaced(&message.text).contains(&words)
            || spaced(&prose::unwrapped(&message.text)).contains(&words))
}
