//! Pull requests: units of their own, with what became of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use lorecast_mail::prose::own_words;
use lorecast_mail::{is_robot, poster, pull_request, subject_tags};
use lorecast_model::{Event, Mailbox, Message, MessageId, Proof, PullRequest, What};
use regex::Regex;

use crate::events::{merged_pull, taken};
use crate::vouch::{agrees, by_date};

/// A pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// The mail that asks.
    pub root: MessageId,
    /// Its title.
    pub title: String,
    /// Who asks.
    pub author: Mailbox,
    /// When, UTC.
    pub date: Timestamp,
    /// What is to be pulled from where.
    pub request: PullRequest,
    /// What became of it, by date: applied to a maintainer's tree, or landed with the merge commit.
    pub events: Vec<Event>,
}

/// The pull requests of a thread, by date, each with what the answers say.
///
/// pr-tracker-bot quotes the address and reference that it looked at: where an answer is to several
/// requests, it is about the one with that address.
pub fn pulls(messages: &[Message]) -> Vec<Pull> {
    let sorted = by_date(messages);
    let mut found: Vec<Pull> = sorted.iter().filter_map(|message| read(message)).collect();
    if found.is_empty() {
        return found;
    }
    let held: HashMap<&MessageId, &Message> =
        sorted.iter().map(|message| (&message.header.id, *message)).collect();
    let mut roots: HashMap<MessageId, usize> = HashMap::new();
    for (at, pull) in found.iter().enumerate() {
        roots.entry(pull.root.clone()).or_insert(at);
    }
    for message in &sorted {
        let Some((what, place)) = became(message) else { continue };
        let Some(at) = asked(message, &found, &roots, &held, place.as_deref()) else { continue };
        let header = &message.header;
        if place.is_none() && agrees(&poster(message), &found[at].author) {
            continue;
        }
        found[at].events.push(Event {
            date: header.date,
            what,
            who: poster(message).called().to_owned(),
            proof: Proof::Message(header.id.clone()),
            patches: vec![],
        });
    }
    found
}

/// What git-request-pull(1) writes; looked for in every mail.
static AVAILABLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("it repository at:")
        .expect("the pattern is constant, and every test run compiles it")
});

fn read(message: &Message) -> Option<Pull> {
    let header = &message.header;
    let tags = subject_tags(&header.subject);
    if tags.reply || !tags.pull && !AVAILABLE.is_match(&message.text) {
        return None;
    }
    let request = pull_request(&message.text)?;
    Some(Pull {
        root: header.id.clone(),
        title: tags.title,
        author: poster(message),
        date: header.date,
        request,
        events: vec![],
    })
}

/// What an answer says happened, and for pr-tracker-bot the address it looked at.
fn became(message: &Message) -> Option<(What, Option<String>)> {
    if message.header.references.is_empty() {
        return None;
    }
    if let Some((place, commit)) = merged_pull(message) {
        return Some((What::Landed { tag: None, release: None, commit }, Some(place)));
    }
    if message.header.from.email.starts_with("patchwork-bot") {
        let (_, rest) = message.text.split_once("pull request was applied to ")?;
        let tree = rest.split([' ', '\n']).next()?.to_owned();
        return Some((What::Applied { tree, commit: None }, None));
    }
    if is_robot(&message.header.from) {
        return None;
    }
    let own = own_words(&message.text);
    pulled(&own).map(|what| (what, None))
}

/// "Pulled, thanks", "Merged into some/branch".
fn pulled(own: &str) -> Option<What> {
    let mut words =
        own.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(6);
    if words.any(|word| word.eq_ignore_ascii_case("pulled")) && !own.trim_end().ends_with('?') {
        return Some(What::Applied { tree: String::new(), commit: None });
    }
    let claim = taken(own)?;
    Some(What::Applied { tree: claim.tree, commit: claim.commit })
}

/// How many mails are gone through on the way up from an answer.
const DEEPEST: usize = 1000;

/// The request that an answer is to.
fn asked(
    message: &Message,
    pulls: &[Pull],
    roots: &HashMap<MessageId, usize>,
    held: &HashMap<&MessageId, &Message>,
    place: Option<&str>,
) -> Option<usize> {
    let position = |id: &MessageId| roots.get(id).copied();
    let fits = |at: &usize| {
        place.is_none_or(|place| {
            place.split_whitespace().next() == Some(pulls[*at].request.url.as_str())
        })
    };
    let mut at = message;
    let mut nearest = None;
    for _ in 0..DEEPEST {
        let found: Vec<usize> = at.header.references.iter().rev().filter_map(position).collect();
        nearest = nearest.or_else(|| found.first().copied());
        if let Some(fitting) = found.iter().find(|at| fits(at)) {
            return Some(*fitting);
        }
        let above = at.header.references.iter().rev().find_map(|id| held.get(id));
        let Some(above) = above.filter(|above| above.header.date < at.header.date) else { break };
        at = above;
    }
    nearest
}
