//! What happens, as it happens: server-sent events (HTML, section 9.2).

use std::convert::Infallible;
use std::sync::{Arc, Once};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use lorecast_community::{Commons, Deed, Entry, EntryId};
use lorecast_desk::Community;
use lorecast_model::{EpisodeId, MessageId};
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use crate::app::App;
use crate::measures::Listening;

/// Events that a listener may lag behind; then it is told to look again.
const BEHIND: usize = 256;

/// Some events were left out: look again.
const AGAIN: Bytes = Bytes::from_static(b"event: again\ndata: {}\n\n");

/// So often something is sent when nothing happens, so that what stands between does not hang up.
const STILL_HERE: Duration = Duration::from_secs(25);

/// What listeners are sent: each event is written once, however many listen.
pub(crate) struct Events {
    sender: broadcast::Sender<Bytes>,
    ending: watch::Receiver<bool>,
    begun: Once,
}

/// What everybody may know of an entry.
#[derive(Serialize)]
struct Event<'a> {
    entry: EntryId,
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<&'a MessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<EntryId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    episode: Option<EpisodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    votes: Option<(usize, usize)>,
}

impl Events {
    /// Streams end when `ending` says so.
    pub(crate) fn new(ending: watch::Receiver<bool>) -> Self {
        let (sender, _) = broadcast::channel(BEHIND);
        Self { sender, ending, begun: Once::new() }
    }

    /// Waits for so long; whether the server ends meanwhile.
    pub(crate) async fn end_within(&self, time: Duration) -> bool {
        let mut ending = self.ending.clone();
        let end = ending.wait_for(|ending| *ending);
        // Who can say that it ends is gone: so is the server.
        tokio::time::timeout(time, end).await.is_ok()
    }

    /// What happens from now on. The first listener makes that the community is followed.
    fn listen(&self, community: &Community) -> broadcast::Receiver<Bytes> {
        let events = self.sender.subscribe();
        self.begun.call_once(|| {
            // From here on nothing is missed, whenever the task that reads it begins.
            let news = community.news();
            drop(tokio::spawn(follow(community.clone(), news, self.sender.clone())));
        });
        events
    }
}

/// Tells listeners what is new, for as long as the server runs.
async fn follow(
    community: Community,
    mut news: broadcast::Receiver<Arc<Entry>>,
    listeners: broadcast::Sender<Bytes>,
) {
    loop {
        let event = match news.recv().await {
            Ok(entry) => community.look(|commons| written(commons, &entry)),
            Err(RecvError::Lagged(_)) => Some(AGAIN),
            Err(RecvError::Closed) => return,
        };
        // Nobody may be listening.
        event.map(|event| listeners.send(event));
    }
}

/// An entry as everybody may know of it.
fn written(commons: &Commons, entry: &Entry) -> Option<Bytes> {
    let of_proposal = |id: EntryId| {
        let proposal = commons.proposal(id).filter(|_| !commons.is_hidden(id));
        (proposal.map(|proposal| &proposal.story), Some(id), false)
    };
    let (story, proposal, votes) = match &entry.deed {
        Deed::Vote { story, .. } => (Some(story), None, true),
        Deed::Claim { story, .. } | Deed::Release { story } | Deed::Suggest { story, .. } => {
            (Some(story), None, false)
        }
        Deed::Propose { story, .. } => (Some(story), Some(entry.id), false),
        Deed::Withdraw { proposal }
        | Deed::Accept { proposal, .. }
        | Deed::Decline { proposal, .. }
        | Deed::Merged { proposal }
        | Deed::Comment { on: proposal, .. } => of_proposal(*proposal),
        Deed::Arrange { story, .. } => (Some(story), None, false),
        Deed::Edit { story, .. } => (story.as_ref(), None, false),
        // How people get in, and what is being looked at, is nobody else's business.
        _ => return None,
    };
    let votes = story
        .filter(|_| votes)
        .map(|story| commons.talk(story).map_or((0, 0), |talk| talk.votes()));
    let episode = match &entry.deed {
        Deed::Arrange { episode, .. } | Deed::Edit { episode, .. } => Some(*episode),
        _ => None,
    };
    let event = Event { entry: entry.id, story, proposal, episode, votes };
    let data = serde_json::to_string(&event).ok()?;
    Some(Bytes::from(format!("id: {}\ndata: {data}\n\n", entry.id)))
}

/// `/events`
pub(super) async fn events(State(app): State<Arc<App>>) -> Response {
    let state = (app.events.listen(&app.community), app.events.ending.clone(), Listening::begin());
    let hello = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"retry: 2000\n\n")) });
    let rest = stream::unfold(state, |(mut news, mut ending, here)| async move {
        let bytes = tokio::select! {
            _ = ending.wait_for(|ending| *ending) => return None,
            news = tokio::time::timeout(STILL_HERE, news.recv()) => match news {
                Ok(Ok(event)) => event,
                Ok(Err(RecvError::Lagged(_))) => AGAIN,
                Ok(Err(RecvError::Closed)) => return None,
                Err(_) => Bytes::from_static(b":\n\n"),
            },
        };
        Some((Ok(bytes), (news, ending, here)))
    });
    let body = Body::from_stream(stream::StreamExt::chain(hello, rest));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // nginx hands on what it gets at once.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
