//! All about one story.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Ballot, Commons, Deed, EntryId, Interest};
use lorecast_desk::{Week, WeekStory};
use lorecast_model::MessageId;
use serde::{Deserialize, Serialize};

use super::FollowView;
use super::changes::beginning;
use super::facts::{Facts, facts};
use super::to;
use super::ways_in;
use super::week::ballot;
use crate::address::{self, OfMail};
use crate::answer::Answer;
use crate::app::App;
use crate::client::Client;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::readers;
use crate::shown::{one_line, shown, subject};
use crate::sound::{FillerLine, filler_lines};
use crate::who::{Posted, You};

/// How long somebody who claims a story has to write it.
const CLAIM: SignedDuration = SignedDuration::from_hours(48);

#[derive(Serialize)]
struct StoryPage {
    title: String,
    link: String,
    thread: Option<String>,
    section: Option<String>,
    facts: Facts,
    score: Option<String>,
    reasons: Vec<String>,
    votes: VotesView,
    follow: FollowView,
    claim: Option<ClaimView>,
    suggestions: Vec<SuggestionView>,
    /// What the notes say of it, when the coming episode tells it; as HTML, if it can be rendered.
    told: Option<String>,
    html: Option<String>,
    proposals: Vec<ProposalLine>,
    fillers: Vec<FillerLine>,
    /// What stands in the form: what somebody wrote already, else what the notes say.
    draft: String,
    base: String,
    email: String,
    wrong: Option<String>,
    q: String,
}

/// The votes for a story, and one's own.
#[derive(Serialize)]
pub(crate) struct VotesView {
    link: String,
    up: usize,
    down: usize,
    yours: &'static str,
}

#[derive(Serialize)]
struct ClaimView {
    by: String,
    until: Moment,
    yours: bool,
}

#[derive(Serialize)]
struct SuggestionView {
    id: EntryId,
    by: String,
    at: Moment,
    why: String,
}

#[derive(Serialize)]
struct ProposalLine {
    link: String,
    by: String,
    at: Moment,
    state: &'static str,
    beginning: String,
    comments: usize,
    hidden: bool,
}

/// What people said of stories, as somebody sees it.
pub(crate) struct Talk<'a> {
    pub(crate) commons: &'a Commons,
    pub(crate) you: &'a You,
}

impl Talk<'_> {
    /// The votes for a story.
    pub(crate) fn votes(&self, id: &MessageId) -> VotesView {
        let talk = self.commons.talk(id);
        let (up, down) = talk.map_or((0, 0), |talk| talk.votes());
        let own = talk
            .zip(self.you.account())
            .map_or(Ballot::None, |(talk, account)| talk.ballot(account));
        let yours = match own {
            Ballot::For => "for",
            Ballot::Against => "against",
            Ballot::None => "none",
        };
        VotesView { link: address::of_story(id), up, down, yours }
    }
}

/// What somebody wrote that could not be taken yet: it stands in the form again.
#[derive(Default)]
struct Again {
    text: Option<String>,
    base: Option<String>,
    email: String,
    wrong: Option<String>,
}

/// `/stories/<message-id>/`
pub(crate) async fn story(
    State(app): State<Arc<App>>,
    you: You,
    OfMail(id): OfMail,
) -> Result<Answer, Fault> {
    page(&app, &you, &id, Again::default()).await
}

async fn page(app: &Arc<App>, you: &You, id: &MessageId, again: Again) -> Result<Answer, Fault> {
    let week = app.desk(|desk| Ok(desk.week()?)).await?;
    let told = week.as_ref().and_then(|week| find(week, id));
    let thread = thread(app, id).await?;
    let spoken_of = app.community.look(|commons| commons.talk(id).is_some());
    if told.is_none() && thread.is_none() && !spoken_of {
        return Err(Fault::NotHeld(id.clone()));
    }
    let text = told.and_then(|(_, told)| told.text.clone());
    let html = match (&week, &text) {
        (Some(week), Some(text)) => super::told::told(app, week.episode, text.clone()).await?,
        _ => None,
    };
    let facts = facts(app, vec![id.clone()]).await?.remove(id).unwrap_or_default();
    let title = match (&told, &thread) {
        (Some((_, told)), _) => subject(&told.story.title),
        (None, Some(title)) => title.clone(),
        (None, None) => one_line(id.as_str()),
    };
    let now = Timestamp::now();
    let page = app.community.look(|commons| {
        let talk = commons.talk(id);
        let visible = |entry: &EntryId| {
            you.is(lorecast_community::Role::Editor) || !commons.is_hidden(*entry)
        };
        let claim = talk.and_then(|talk| talk.claim(now));
        let suggestions =
            talk.into_iter().flat_map(|talk| &talk.suggestions).filter(|one| visible(&one.id));
        let proposals = talk.into_iter().flat_map(|talk| &talk.proposals).filter(|id| visible(id));
        StoryPage {
            title,
            link: address::of_story(id),
            thread: thread.as_ref().map(|_| address::of_thread(id)),
            section: told.map(|(section, _)| one_line(section)),
            facts,
            score: told.map(|(_, told)| format!("{:.0}", told.story.score)),
            reasons: told.map_or(vec![], |(_, told)| {
                told.story.reasons.iter().map(|why| one_line(why)).collect()
            }),
            votes: Talk { commons, you }.votes(id),
            follow: FollowView::among(
                commons,
                you,
                Interest::Story(id.clone()),
                &address::of_story(id),
            ),
            claim: claim.map(|claim| ClaimView {
                by: one_line(commons.name(claim.by)),
                until: claim.until.into(),
                yours: Some(claim.by) == you.account(),
            }),
            suggestions: suggestions
                .map(|one| SuggestionView {
                    id: one.id,
                    by: one_line(commons.name(one.by)),
                    at: one.at.into(),
                    why: one_line(&one.why),
                })
                .collect(),
            proposals: proposals.filter_map(|id| proposal_line(commons, *id)).collect(),
            fillers: filler_lines(commons, you, id),
            draft: again.text.unwrap_or_else(|| text.clone().unwrap_or_default()),
            base: again.base.unwrap_or_else(|| text.clone().unwrap_or_default()),
            html,
            told: text.map(|text| shown(&text).into_owned()),
            email: again.email,
            wrong: again.wrong,
            q: String::new(),
        }
    });
    app.pages.page("story", &page, you)
}

fn find<'a>(week: &'a Week, id: &MessageId) -> Option<(&'a str, &'a WeekStory)> {
    week.sections.iter().find_map(|section| {
        let told = section.stories.iter().find(|told| told.story.id == *id)?;
        Some((section.title.as_str(), told))
    })
}

/// The subject of the thread, if it is held.
async fn thread(app: &App, id: &MessageId) -> Result<Option<String>, Fault> {
    let id = id.clone();
    let asked = app
        .readers
        .ask(move |reader| readers::unless_missing(reader.thread(&id).map_err(Fault::from)));
    match asked.await {
        Ok(view) => Ok(view.map(|view| subject(&view.thread.subject))),
        Err(Fault::Empty) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn proposal_line(commons: &Commons, id: EntryId) -> Option<ProposalLine> {
    let proposal = commons.proposal(id)?;
    Some(ProposalLine {
        link: address::of_proposal(id),
        by: one_line(commons.name(proposal.by)),
        at: proposal.at.into(),
        state: proposal.state.word(),
        beginning: beginning(&proposal.base, &proposal.text),
        comments: proposal.comments.len(),
        hidden: commons.is_hidden(id),
    })
}

/// A vote, and where to go on.
#[derive(Deserialize)]
pub(crate) struct VoteForm {
    ballot: String,
    back: Option<String>,
}

/// `POST /stories/<message-id>/vote`
pub(crate) async fn vote(
    State(app): State<Arc<App>>,
    OfMail(story): OfMail,
    Posted(you, form): Posted<VoteForm>,
) -> Result<Redirect, Fault> {
    let back = form.back.unwrap_or_else(|| address::of_story(&story));
    app.does(you.acting, Deed::Vote { story, ballot: ballot(&form.ballot)? }).await?;
    Ok(to(&back))
}

/// A form with nothing to fill in.
#[derive(Deserialize)]
pub(crate) struct Empty {}

/// `POST /stories/<message-id>/claim`
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    OfMail(story): OfMail,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    let page = address::of_story(&story);
    app.does(you.acting, Deed::Claim { story, until: Timestamp::now() + CLAIM }).await?;
    Ok(to(&page))
}

/// `POST /stories/<message-id>/release`
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    OfMail(story): OfMail,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    let page = address::of_story(&story);
    app.does(you.acting, Deed::Release { story }).await?;
    Ok(to(&page))
}

/// Text for a story; of somebody who is not signed in, with an address.
#[derive(Deserialize)]
pub(crate) struct ProposeForm {
    text: String,
    #[serde(default)]
    base: String,
    #[serde(default)]
    email: String,
}

/// `POST /stories/<message-id>/propose`: whoever is not signed in gets a link by mail, and the text is offered when the link is
/// used.
pub(crate) async fn propose(
    State(app): State<Arc<App>>,
    OfMail(story): OfMail,
    client: Client,
    headers: HeaderMap,
    Posted(you, form): Posted<ProposeForm>,
) -> Result<Response, Fault> {
    // Browsers send line ends as CR LF (HTML, section 4.10.21.4).
    let (text, base) = (form.text.replace("\r\n", "\n"), form.base.replace("\r\n", "\n"));
    let again = |wrong: String| Again {
        text: Some(text.clone()),
        base: Some(base.clone()),
        email: form.email.clone(),
        wrong: Some(wrong),
    };
    if text.trim() == base.trim() {
        let same = "The text says what the notes say already; change something.".to_owned();
        return Ok(page(&app, &you, &story, again(same)).await?.into_response());
    }
    let deed = Deed::Propose { story: story.clone(), base: base.clone(), text: text.clone() };
    let done = match you.account() {
        Some(_) => app
            .does(you.acting, deed)
            .await
            .map(|done| to(&address::of_proposal(done.entry)).into_response()),
        None => ways_in::mail(&app, client, &headers, &form.email, Some(deed))
            .await
            .map(|mailed| mailed.page("text")),
    };
    match done {
        Err(fault) if fault.is_about_the_form() => {
            Ok(page(&app, &you, &story, again(fault.words())).await?.into_response())
        }
        done => done,
    }
}
