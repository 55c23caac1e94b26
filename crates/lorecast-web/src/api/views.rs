//! What programs may read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use jiff::Timestamp;
use lorecast_community::{
    AccountId, Claim, Commons, EntryId, LogLine, Proposal, ProposalState, Role, Scope, Suggestion,
};
use lorecast_desk::Week;
use lorecast_model::{EpisodeId, MessageId, Story, Window};
use serde::Serialize;

use super::deeds::Program;
use super::json;
use super::problem::Problem;
use crate::address::OfMail;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::taking_part::Number;

/// An episode on its way.
#[derive(Serialize)]
pub(super) struct WeekView {
    episode: EpisodeId,
    title: String,
    window: Window,
    minutes: f64,
    target_minutes: Option<f64>,
    sections: Vec<SectionView>,
    /// Lines of the notes with markers of a conflict that a draft left.
    markers: Vec<usize>,
}

#[derive(Serialize)]
struct SectionView {
    key: String,
    title: String,
    stories: Vec<ToldView>,
}

#[derive(Serialize)]
struct ToldView {
    story: Story,
    text: Option<String>,
    minutes: f64,
    talk: TalkView,
}

#[derive(Serialize)]
struct TalkView {
    votes_for: usize,
    votes_against: usize,
    claim: Option<ClaimView>,
    suggestions: Vec<SuggestionView>,
    proposals: Vec<EntryId>,
}

#[derive(Serialize)]
struct ClaimView {
    by: Who,
    until: Timestamp,
}

#[derive(Serialize)]
struct SuggestionView {
    id: EntryId,
    by: Who,
    at: Timestamp,
    why: String,
}

/// An account and what it is called.
#[derive(Serialize)]
struct Who {
    account: AccountId,
    name: String,
}

#[derive(Serialize)]
struct ProposalView {
    id: EntryId,
    by: Who,
    at: Timestamp,
    story: MessageId,
    base: String,
    text: String,
    state: &'static str,
    decided_by: Option<Who>,
    decided_at: Option<Timestamp>,
    why: Option<String>,
    accepted_text: Option<String>,
    in_the_notes: bool,
    comments: Vec<CommentView>,
}

#[derive(Serialize)]
struct CommentView {
    id: EntryId,
    by: Who,
    at: Timestamp,
    text: String,
}

fn who(commons: &Commons, account: AccountId) -> Who {
    Who { account, name: commons.name(account).to_owned() }
}

fn talk(commons: &Commons, id: &MessageId) -> TalkView {
    let talk = commons.talk(id);
    let (votes_for, votes_against) = talk.map_or((0, 0), |talk| talk.votes());
    let claim = |claim: &Claim| ClaimView { by: who(commons, claim.by), until: claim.until };
    let suggestion = |one: &Suggestion| SuggestionView {
        id: one.id,
        by: who(commons, one.by),
        at: one.at,
        why: one.why.clone(),
    };
    let visible = |id: &EntryId| !commons.is_hidden(*id);
    let suggestions =
        talk.into_iter().flat_map(|talk| &talk.suggestions).filter(|one| visible(&one.id));
    TalkView {
        votes_for,
        votes_against,
        claim: talk.and_then(|talk| talk.claim(Timestamp::now())).map(claim),
        suggestions: suggestions.map(suggestion).collect(),
        proposals: talk
            .into_iter()
            .flat_map(|talk| &talk.proposals)
            .copied()
            .filter(visible)
            .collect(),
    }
}

/// `/api/v1/week`
pub(super) async fn week(State(app): State<Arc<App>>) -> Result<Answer, Problem> {
    let week = app.desk(|desk| Ok(desk.week()?)).await?;
    let week = week.ok_or_else(|| Fault::Nothing("No episode is being made.".to_owned()))?;
    json(&app.community.look(|commons| week_view(commons, week)))
}

/// An episode as programs see it.
pub(super) fn week_view(commons: &Commons, week: Week) -> WeekView {
    let sections = week.sections.into_iter().map(|section| SectionView {
        key: section.key,
        title: section.title,
        stories: section
            .stories
            .into_iter()
            .map(|told| ToldView {
                talk: talk(commons, &told.story.id),
                story: told.story,
                text: told.text,
                minutes: told.minutes,
            })
            .collect(),
    });
    WeekView {
        episode: week.episode,
        title: week.title,
        window: week.window,
        minutes: week.minutes,
        target_minutes: week.target,
        sections: sections.collect(),
        markers: week.markers,
    }
}

#[derive(Serialize)]
struct StoryView {
    story: MessageId,
    talk: TalkView,
}

/// `/api/v1/stories/<message-id>`: of any mail; nobody may have spoken of it.
pub(super) async fn story(
    State(app): State<Arc<App>>,
    id: Result<OfMail, Fault>,
) -> Result<Answer, Problem> {
    let OfMail(story) = id?;
    let talk = app.community.look(|commons| talk(commons, &story));
    json(&StoryView { story, talk })
}

/// `/api/v1/proposals/<number>`
pub(super) async fn proposal(
    State(app): State<Arc<App>>,
    number: Result<Number, Fault>,
) -> Result<Answer, Problem> {
    let Number(id) = number?;
    let view = app.community.look(|commons| {
        let proposal = commons.proposal(id).filter(|_| !commons.is_hidden(id))?;
        Some(proposal_view(commons, id, proposal))
    });
    json(&view.ok_or_else(|| Fault::Nothing(format!("There is no proposal {id}.")))?)
}

fn proposal_view(commons: &Commons, id: EntryId, proposal: &Proposal) -> ProposalView {
    let (decided, why, accepted, merged) = match &proposal.state {
        ProposalState::Open | ProposalState::Withdrawn => (None, None, None, false),
        ProposalState::Accepted { by, at, text, merged, .. } => {
            (Some((*by, *at)), None, Some(text), *merged)
        }
        ProposalState::Declined { by, at, why } => (Some((*by, *at)), Some(why), None, false),
    };
    let comments = proposal.comments.iter().filter(|comment| !commons.is_hidden(comment.id));
    ProposalView {
        id,
        by: who(commons, proposal.by),
        at: proposal.at,
        story: proposal.story.clone(),
        base: proposal.base.clone(),
        text: proposal.text.clone(),
        state: proposal.state.word(),
        decided_by: decided.map(|(by, _)| who(commons, by)),
        decided_at: decided.map(|(_, at)| at),
        why: why.cloned(),
        accepted_text: accepted.cloned(),
        in_the_notes: merged,
        comments: comments
            .map(|comment| CommentView {
                id: comment.id,
                by: who(commons, comment.by),
                at: comment.at,
                text: comment.text.clone(),
            })
            .collect(),
    }
}

/// So many decisions are told, the latest.
const MOST: usize = 1_000;

#[derive(Serialize)]
struct LineView<'a> {
    entry: EntryId,
    at: Timestamp,
    #[serde(flatten)]
    deed: &'a lorecast_community::Deed,
    by: Option<Who>,
}

/// `/api/v1/log`
pub(super) async fn log(State(app): State<Arc<App>>) -> Result<Answer, Problem> {
    app.community.look(|commons| {
        let view = |line: &'_ LogLine| (line.id, line.at, line.deed.clone(), line.by.account());
        let lines: Vec<_> = commons.log().iter().rev().take(MOST).map(view).collect();
        let lines: Vec<LineView<'_>> = lines
            .iter()
            .map(|(entry, at, deed, by)| LineView {
                entry: *entry,
                at: *at,
                deed,
                by: by.map(|by| who(commons, by)),
            })
            .collect();
        json(&lines)
    })
}

#[derive(Serialize)]
struct MeView {
    account: AccountId,
    name: String,
    role: Role,
}

/// `/api/v1/me`
pub(super) async fn me(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Answer, Problem> {
    let program = Program::of(&app, &headers).await?;
    program.may(Some(Scope::Read))?;
    let view = app.community.look(|commons| {
        let account = program.acting.account()?;
        let held = commons.account(account)?;
        Some(MeView { account, name: held.name.to_string(), role: held.role })
    });
    json(&view.ok_or(lorecast_community::Refusal::NotSignedIn)?)
}
