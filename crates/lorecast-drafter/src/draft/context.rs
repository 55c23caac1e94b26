//! What a story says because of those before it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use lorecast_model::{Kind, StoryState};
use regex::Regex;

use super::stories::Told;
use crate::head::Verb;
use crate::pattern::constant;
use crate::telling::Telling;

/// Words of a title that give a pull request away.
static SAYS_PULL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:pull|fix(?:es)?|updates?|changes|features|patches|material|merge window|cleanups?|next|for v?\d+\.\d+|v?\d+\.\d+)\b",
    )
});

/// The first RFC of the episode says what that means; topics know their turn; the second pull request of a person follows
/// the first.
pub(super) fn in_context(told: &mut [Told]) {
    let mut senders: BTreeMap<String, Timestamp> = BTreeMap::new();
    for telling in shown(told).filter(|telling| telling.head.kind == Kind::Pull) {
        let sent = telling.sent;
        let head = &mut telling.head;
        // What was sent earlier follows nothing up, wherever it is told.
        let follows = senders.insert(head.author.clone(), sent).is_some_and(|before| before < sent);
        head.verb = match follows {
            true => Verb::FollowedUp,
            false if !SAYS_PULL.is_match(&head.title) => Verb::Requested,
            false => Verb::Posted,
        };
    }
    let mut voices = 0..;
    for (place, telling) in shown(told).enumerate() {
        telling.place = place;
        for (reply, voice) in telling.replies.iter_mut().zip(&mut voices) {
            reply.voice = voice;
        }
    }
    for (turn, telling) in shown(told).filter(|telling| telling.topic).enumerate() {
        telling.turn = turn;
    }
    if let Some(first) = shown(told).find(|telling| telling.head.rfc && telling.head.patch) {
        first.head.explain_rfc = true;
    }
}

fn shown(told: &mut [Told]) -> impl Iterator<Item = &mut Telling> {
    let shown = told.iter_mut().filter(|told| told.story.state != StoryState::Dropped);
    shown.filter_map(|told| told.telling.as_mut())
}
