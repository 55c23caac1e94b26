//! The stories of a draft, each told as fully as the episode has room for, in their order.

use std::collections::BTreeMap;

use lorecast_model::{Kind, MessageId, Story, StoryState};

use super::places::{decision, section, topics};
use super::{Pick, Request, known};
use crate::DraftError;
use crate::choose::words_for;
use crate::detail::{LEVELS, USUAL, levels};
use crate::notes::Writer;
use crate::plan::PARTS;
use crate::telling::{Telling, tell};

/// A story with what the templates see; nothing to see for one that only `episode.yaml` keeps.
pub(super) struct Told {
    pub story: Story,
    pub telling: Option<Telling>,
}

/// How long a story is when the show does not say how long an episode is to be.
const WORDS_PER_STORY: usize = 95;

/// And so long is an episode then, however many stories it has.
const USUAL_WORDS: std::ops::RangeInclusive<usize> = 2_000..=3_400;

/// What the lead sentence, the headings and the sign-off take.
const FRAME_WORDS: usize = 120;

/// How many words the stories of an episode are to have together.
fn target(request: &Request<'_>) -> usize {
    let words = match words_for(request.show) {
        // A cast of what is too big saturates.
        Some(words) => words.round() as usize,
        None => (request.show.stories.saturating_mul(WORDS_PER_STORY))
            .clamp(*USUAL_WORDS.start(), *USUAL_WORDS.end()),
    };
    words.saturating_sub(FRAME_WORDS)
}

/// Every story in the order of the notes, those that the producer dropped or that are gone too. The
/// better a story, the more of it is told, until the episode has its length.
pub(super) fn stories(request: &Request<'_>, writer: &Writer) -> Result<Vec<Told>, DraftError> {
    let (topics, known) = (topics(request), known(request));
    let tells = |at: usize, level: usize| {
        let (pick, topic) = (&request.picks[at], topics.contains(&at));
        tell(pick, known, topic, LEVELS[level])
    };
    let shown = |at: &usize| {
        let state = decision(request, &request.picks[*at]).map(|story| story.state);
        state != Some(StoryState::Dropped) && !is_joined(request, &request.picks[*at])
    };
    let mut best: Vec<usize> = (0..request.picks.len()).filter(shown).collect();
    best.sort_by(|a, b| {
        let score = |at: &usize| request.picks[*at].ranked.score;
        score(b).total_cmp(&score(a)).then(a.cmp(b))
    });
    let mut failure = None;
    let mut tellings: BTreeMap<(usize, usize), Option<(Story, Telling)>> = BTreeMap::new();
    let chosen = levels(best.len(), target(request), |of, level| {
        let at = best[of];
        let told = tellings.entry((at, level)).or_insert_with(|| tells(at, level));
        let Some((_, telling)) = told else { return 0 };
        let text = writer.story(telling, telling.topic);
        text.map_or_else(
            |error| {
                failure = Some(error);
                0
            },
            |text| text.split_whitespace().count(),
        )
    });
    if let Some(error) = failure {
        return Err(error);
    }
    let level: BTreeMap<usize, usize> = best.into_iter().zip(chosen).collect();
    let mut told: Vec<Told> = Vec::new();
    for (at, pick) in request.picks.iter().enumerate() {
        if is_joined(request, pick) {
            continue;
        }
        let level = level.get(&at).copied().unwrap_or(USUAL);
        let found = tellings.remove(&(at, level)).unwrap_or_else(|| tells(at, level));
        let Some((mut story, mut telling)) = found else { continue };
        let decided = decision(request, pick);
        let known = told.iter().any(|other| other.story.id == story.id);
        if known || telling.is_lame() && decided.is_none() {
            continue;
        }
        story.section = section(request, pick, &story, telling.topic);
        if let Some(decided) = decided {
            story.state = decided.state;
            join(request, decided, &mut story, &mut telling);
        }
        told.push(Told { story, telling: Some(telling) });
    }
    told.extend(kept(request, &told));
    let order = order(request);
    let decided: BTreeMap<&MessageId, usize> = request
        .decided
        .iter()
        .flat_map(|e| &e.stories)
        .enumerate()
        .map(|(at, story)| (&story.id, at))
        .collect();
    told.sort_by_key(|told| {
        let place = order.get(told.story.section.as_str()).copied().unwrap_or(usize::MAX);
        let decided = decided.get(&told.story.id).copied().unwrap_or(usize::MAX);
        (place, decided, urgency(told.story.kind))
    });
    Ok(told)
}

/// Whether the producer merged a pick into another story.
fn is_joined(request: &Request<'_>, pick: &Pick) -> bool {
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    let told = stories.iter().filter(|story| story.state != StoryState::Dropped);
    told.flat_map(|story| &story.with).any(|id| pick.is_about(id))
}

/// Tells what the producer merged into a story, behind it.
fn join(request: &Request<'_>, decided: &Story, story: &mut Story, telling: &mut Telling) {
    story.with.clone_from(&decided.with);
    for id in &decided.with {
        let pick = request.picks.iter().find(|pick| pick.is_about(id));
        let Some((joined, words)) =
            pick.and_then(|pick| tell(pick, known(request), false, LEVELS[USUAL]))
        else {
            continue;
        };
        let fresh = joined.evidence.into_iter().filter(|e| !story.evidence.contains(e));
        let fresh: Vec<_> = fresh.collect();
        story.evidence.extend(fresh);
        telling.joined.push(words);
    }
}

/// The producer's own words that no pick carries: dropped stories stay dropped, pinned ones stay.
fn kept(request: &Request<'_>, told: &[Told]) -> Vec<Told> {
    let stories = request.decided.map_or(&[][..], |episode| &episode.stories);
    let gone = |story: &&Story| {
        story.state != StoryState::Proposed && told.iter().all(|told| told.story.id != story.id)
    };
    stories.iter().filter(gone).map(|story| Told { story: story.clone(), telling: None }).collect()
}

/// The places of sections in the notes.
fn order<'a>(request: &Request<'a>) -> BTreeMap<&'a str, usize> {
    let parts = PARTS.iter().map(|part| part.key);
    let sections = request.subsystems.sections().iter().map(|section| section.key.as_str());
    parts.chain(sections).enumerate().map(|(at, key)| (key, at)).collect()
}

/// Within a section the producer's order counts, then what must be known, then the score, and who
/// looks after what comes last.
fn urgency(kind: Kind) -> u8 {
    match kind {
        Kind::Mainline | Kind::Stable => 0,
        Kind::Security | Kind::Regression | Kind::Release => 1,
        Kind::Bug => 2,
        Kind::Maintainers | Kind::Call => 4,
        _ => 3,
    }
}
