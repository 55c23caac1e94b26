//! Text that was offered for a story.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lorecast_community::{Deed, EntryId, Proposal, ProposalState, Role};
use serde::{Deserialize, Serialize};

use super::changes::{Run, changes};
use super::story::Empty;
use super::to;
use crate::address;
use crate::answer::Answer;
use crate::app::App;
use crate::fault::Fault;
use crate::moment::Moment;
use crate::shown::{one_line, shown};
use crate::who::{Posted, You};

#[derive(Serialize)]
struct ProposalPage {
    title: String,
    id: EntryId,
    link: String,
    story: String,
    by: String,
    at: Moment,
    state: &'static str,
    /// Who decided, and why, in words.
    decided: Option<String>,
    /// It was accepted, and does not stand in the notes yet.
    waits: bool,
    yours: bool,
    hidden: bool,
    changes: Vec<Run>,
    comments: Vec<CommentView>,
    /// What an editor would accept.
    decide: Option<Decide>,
    wrong: Option<String>,
    q: String,
}

#[derive(Serialize)]
struct Decide {
    base: String,
    text: String,
    conflict: bool,
    /// The notes do not tell of the story, so that text of it has no place yet.
    untold: bool,
}

#[derive(Serialize)]
struct CommentView {
    id: EntryId,
    by: String,
    at: Moment,
    text: String,
    hidden: bool,
}

/// `/proposals/<number>/`
pub(crate) async fn proposal(
    State(app): State<Arc<App>>,
    you: You,
    Number(id): Number,
) -> Result<Answer, Fault> {
    page(&app, &you, id, None, None).await
}

async fn page(
    app: &Arc<App>,
    you: &You,
    id: EntryId,
    again: Option<(String, String)>,
    wrong: Option<String>,
) -> Result<Answer, Fault> {
    let editor = you.is(Role::Editor);
    let (proposal, hidden) = find(app, you, id)?;
    let decide = if editor && proposal.is_open() {
        Some(decide(app, &proposal, again).await?)
    } else {
        None
    };
    let title = format!("Proposal {id}");
    let page = app.community.look(|commons| {
        let visible = |entry: EntryId| editor || !commons.is_hidden(entry);
        let name = |account| one_line(commons.name(account));
        let decided = match &proposal.state {
            ProposalState::Open | ProposalState::Withdrawn => None,
            ProposalState::Accepted { by, .. } => Some(format!("by {}", name(*by))),
            ProposalState::Declined { by, why, .. } => {
                Some(format!("by {}: {}", name(*by), one_line(why)))
            }
        };
        let comments = proposal.comments.iter().filter(|comment| visible(comment.id));
        ProposalPage {
            title,
            id,
            link: address::of_proposal(id),
            story: address::of_story(&proposal.story),
            by: name(proposal.by),
            at: proposal.at.into(),
            state: proposal.state.word(),
            decided,
            waits: matches!(proposal.state, ProposalState::Accepted { merged: false, .. }),
            yours: Some(proposal.by) == you.account(),
            hidden,
            changes: changes(&proposal.base, &proposal.text),
            comments: comments
                .map(|comment| CommentView {
                    id: comment.id,
                    by: name(comment.by),
                    at: comment.at.into(),
                    text: shown(&comment.text).into_owned(),
                    hidden: commons.is_hidden(comment.id),
                })
                .collect(),
            decide,
            wrong,
            q: String::new(),
        }
    });
    app.pages.page("proposal", &page, you)
}

/// A proposal that somebody may see, and whether it is hidden from others.
fn find(app: &App, you: &You, id: EntryId) -> Result<(Proposal, bool), Fault> {
    let nothing = || Fault::Nothing(format!("There is no proposal {id}."));
    let (proposal, hidden) = app
        .community
        .look(|commons| {
            commons.proposal(id).map(|proposal| (proposal.clone(), commons.is_hidden(id)))
        })
        .ok_or_else(nothing)?;
    let yours = Some(proposal.by) == you.account();
    if hidden && !yours && !you.is(Role::Editor) { Err(nothing()) } else { Ok((proposal, hidden)) }
}

async fn decide(
    app: &Arc<App>,
    proposal: &Proposal,
    again: Option<(String, String)>,
) -> Result<Decide, Fault> {
    let (community, proposal) = (app.community.clone(), proposal.clone());
    let preview = app.desk(move |_| Ok(community.preview(&proposal)?)).await?;
    let untold = preview.now.is_empty();
    let (base, text) = again.unwrap_or((preview.now, preview.merged));
    Ok(Decide { base, text, conflict: preview.conflict, untold })
}

/// The text that goes into the notes, and what they said when the editor looked.
#[derive(Deserialize)]
pub(crate) struct AcceptForm {
    base: String,
    text: String,
}

/// `POST /proposals/<number>/accept`
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    Number(id): Number,
    Posted(you, form): Posted<AcceptForm>,
) -> Result<Response, Fault> {
    let (base, text) = (form.base.replace("\r\n", "\n"), form.text.replace("\r\n", "\n"));
    let deed = Deed::Accept { proposal: id, base: base.clone(), text: text.clone() };
    match app.does(you.acting, deed).await {
        Err(fault) if fault.is_about_the_form() => {
            return Ok(page(&app, &you, id, Some((base, text)), Some(fault.words()))
                .await?
                .into_response());
        }
        done => drop(done?),
    }
    // What cannot be done now is done the next time; the page says that it waits.
    app.weave().await;
    Ok(to(&address::of_proposal(id)).into_response())
}

/// A reason.
#[derive(Deserialize)]
pub(crate) struct Why {
    pub(super) why: String,
}

/// `POST /proposals/<number>/decline`
pub(crate) async fn decline(
    State(app): State<Arc<App>>,
    Number(proposal): Number,
    Posted(you, form): Posted<Why>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Decline { proposal, why: form.why }).await?;
    Ok(to(&address::of_proposal(proposal)))
}

/// `POST /proposals/<number>/withdraw`
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    Number(proposal): Number,
    Posted(you, _): Posted<Empty>,
) -> Result<Redirect, Fault> {
    app.does(you.acting, Deed::Withdraw { proposal }).await?;
    Ok(to(&address::of_proposal(proposal)))
}

/// Something to say.
#[derive(Deserialize)]
pub(crate) struct CommentForm {
    text: String,
}

/// `POST /proposals/<number>/comment`
pub(crate) async fn comment(
    State(app): State<Arc<App>>,
    Number(on): Number,
    Posted(you, form): Posted<CommentForm>,
) -> Result<Redirect, Fault> {
    let text = form.text.replace("\r\n", "\n");
    app.does(you.acting, Deed::Comment { on, text }).await?;
    Ok(to(&address::of_proposal(on)))
}

/// The number of an entry in an address.
pub(crate) struct Number(pub(crate) EntryId);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Number {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &S,
    ) -> Result<Self, Fault> {
        let Path(number) =
            Path::<u64>::from_request_parts(parts, state).await.map_err(|_| Fault::NoPage)?;
        Ok(Self(EntryId(number)))
    }
}

impl App {
    /// Puts accepted text into the notes.
    pub(crate) async fn weave(self: &Arc<Self>) {
        let community = self.community.clone();
        let woven = self.desk(move |_| Ok(community.weave(Timestamp::now())?)).await;
        if woven.is_err() {
            tracing::warn!("accepted text waits until the notes can be written");
        }
    }
}
