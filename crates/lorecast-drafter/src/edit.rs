//! What the producer decides about stories, as changes of an episode.

use lorecast_model::{Episode, MessageId, Story, StoryState};

/// A decision about one story.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The story as a draft would begin it; taken when the episode does not have it yet.
    pub story: Story,
    /// Other messages by which the episode may know it, the nearest first: the root of its thread,
    /// other mails of it, other revisions.
    pub known_as: Vec<MessageId>,
    /// What is to become of it.
    pub wish: Wish,
}

/// What is to become of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It stays, whatever the ranking says; it is added when it is not there.
    Pin,
    /// It is left out, whatever the ranking says.
    Drop,
    /// The ranking decides again.
    Release,
    /// It stands in the section of this key.
    Move(String),
    /// It is told as part of the story of this message.
    MergeInto(MessageId),
}

/// Carries out decisions, in their order. A later draft keeps to them.
pub fn edit(episode: &mut Episode, edits: &[Edit]) {
    for edit in edits {
        decide(episode, edit);
    }
}

fn decide(episode: &mut Episode, edit: &Edit) {
    if let Some(follow_up) = episode.follow_ups.iter_mut().find(|told| edit.names(&told.id))
        && let Some(state) = edit.wish.state()
        && !episode.stories.iter().any(|story| edit.names(&story.id))
    {
        follow_up.state = state;
        return;
    }
    if let Wish::MergeInto(into) = &edit.wish {
        return merge(episode, edit, into);
    }
    let at = place(episode, edit);
    let story = &mut episode.stories[at];
    match &edit.wish {
        Wish::Move(section) => story.section.clone_from(section),
        wish => story.state = wish.state().unwrap_or(story.state),
    }
}

/// The place of the edited story, which is added at the end when the episode does not have it.
fn place(episode: &mut Episode, edit: &Edit) -> usize {
    edit.find(episode).unwrap_or_else(|| {
        episode.stories.push(edit.story.clone());
        episode.stories.len() - 1
    })
}

/// Takes the story out and names it in the other, with all that was merged into it before.
fn merge(episode: &mut Episode, edit: &Edit, into: &MessageId) {
    if edit.story.id == *into
        || edit.find(episode).is_some_and(|at| episode.stories[at].id == *into)
    {
        return;
    }
    if !episode.stories.iter().any(|story| story.id == *into) {
        // Merged away itself by a decision before: nothing is told nowhere.
        return;
    }
    let gone =
        edit.find(episode).map_or_else(|| edit.story.clone(), |at| episode.stories.remove(at));
    if let Some(story) = episode.stories.iter_mut().find(|story| story.id == *into) {
        let joined = std::iter::once(gone.id).chain(gone.with);
        let fresh: Vec<MessageId> = joined.filter(|id| !story.with.contains(id)).collect();
        story.with.extend(fresh);
    }
}

impl Edit {
    /// The place of the story that goes by the nearest of its names.
    fn find(&self, episode: &Episode) -> Option<usize> {
        let place = |id: &MessageId| episode.stories.iter().position(|story| story.id == *id);
        std::iter::once(&self.story.id).chain(&self.known_as).find_map(place)
    }

    fn names(&self, id: &MessageId) -> bool {
        self.story.id == *id || self.known_as.contains(id)
    }
}

impl Wish {
    fn state(&self) -> Option<StoryState> {
        match self {
            Self::Pin => Some(StoryState::Pinned),
            Self::Drop => Some(StoryState::Dropped),
            Self::Release => Some(StoryState::Proposed),
            Self::Move(_) | Self::MergeInto(_) => None,
        }
    }
}
