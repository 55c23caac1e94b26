//! What earlier episodes have told already is no news.

use jiff::Timestamp;
use lorecast_model::{
    EpisodeId, Event, Evidence, Fact, FollowUp, FollowUpStory, Proof, StoryState, What,
};

/// What an episode between said of the same work.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The episode.
    pub episode: EpisodeId,
    /// The end of its window, UTC.
    pub end: Timestamp,
    /// What it said, or what its producer left out.
    pub story: &'a FollowUpStory,
}

/// Takes out of a follow-up what the episodes between have said, the latest first. The work counts as
/// last told by the latest that followed it up. What a producer left out is not offered again.
pub fn unsaid(mut found: FollowUp, said: &[Said<'_>]) -> FollowUp {
    let Some(end) = said.iter().map(|said| said.end).max() else { return found };
    let evidence: Vec<&Evidence> = said.iter().flat_map(|said| &said.story.evidence).collect();
    let posted: Vec<_> =
        evidence.iter().filter(|e| e.fact == Fact::Later).map(|e| &e.message).collect();
    if let Some(last) = said.iter().find(|said| said.story.state != StoryState::Dropped) {
        found.episode = last.episode;
        if let Some(later) = found.later.iter().rev().find(|later| posted.contains(&&later.root)) {
            (found.told, found.version) = (later.root.clone(), later.version);
        }
    }
    found.later.retain(|later| !posted.contains(&&later.root));
    found.events.retain(|event| !is_said(event, &evidence, end));
    found.quiet = found.quiet.filter(|_| evidence.iter().all(|e| e.fact != Fact::Quiet));
    found
}

/// Whether an event was told, or is a step on the way to what was told. What trees hold may become
/// known long after its date.
fn is_said(event: &Event, evidence: &[&Evidence], end: Timestamp) -> bool {
    let told = |facts: &[Fact]| evidence.iter().any(|e| facts.contains(&e.fact));
    let proved = |fact| evidence.iter().any(|e| e.fact == fact && is_proof(e, &event.proof));
    match &event.what {
        What::Answered | What::Promised => true,
        What::Vouched { .. } | What::ChangesRequested | What::Rejected => event.date < end,
        What::Applied { .. } | What::Next if told(&[Fact::Dropped]) => event.date < end,
        What::Applied { .. } => told(&[Fact::Applied, Fact::Next, Fact::Landed]),
        What::Next => told(&[Fact::Next, Fact::Landed]),
        What::Landed { .. } => {
            let by_mail = |e: &&&Evidence| e.fact == Fact::Landed && e.commit.is_none();
            proved(Fact::Landed) || evidence.iter().any(|e| by_mail(&e))
        }
        What::Stable { release } => {
            evidence.iter().any(|e| e.fact == Fact::Stable && e.value == *release)
        }
        What::Dropped { .. } => proved(Fact::Dropped),
        What::Reverted => proved(Fact::Reverted),
    }
}

fn is_proof(evidence: &Evidence, proof: &Proof) -> bool {
    match proof {
        Proof::Message(id) => evidence.commit.is_none() && evidence.message == *id,
        Proof::Commit { id, .. } => evidence.commit.as_ref() == Some(id),
    }
}
