//! Where a check looks things up.

use std::sync::Arc;

use lorecast_model::{Message, MessageId, PostStory, Revision};

/// A thread with its texts.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    /// Its messages, by date.
    pub messages: Vec<Message>,
}

impl Conversation {
    /// The message of an id.
    pub fn message(&self, id: &MessageId) -> Option<&Message> {
        self.messages.iter().find(|message| message.header.id == *id)
    }
}

/// A post of a blog, as it was gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPost {
    /// What an episode would tell of it.
    pub story: PostStory,
    /// Its words, as far as they are kept.
    pub words: String,
}

/// What a check asks of the archives. Whoever answers may keep its answers: the same is asked often.
pub trait Sources {
    /// The thread that holds a message; `None` when the message is not held.
    fn conversation(&self, id: &MessageId) -> Option<Arc<Conversation>>;

    /// All revisions of the work that a message is part of (as cover letter or patch); none when it
    /// is part of no work.
    fn series(&self, id: &MessageId) -> Vec<Revision>;

    /// Whether somebody by this name, spelt like this, ever wrote.
    fn is_sender(&self, name: &str) -> bool;

    /// The names of senders that have this word (in small letters, without accents) in them.
    fn senders_with(&self, word: &str) -> Vec<String>;

    /// A post of a blog around the show, by its link; `None` when it is not remembered.
    fn post(&self, _link: &str) -> Option<KnownPost> {
        None
    }

    /// Messages that hold these words, in any form; the best first, a few at most.
    fn holding(&self, words: &str) -> Vec<MessageId>;
}

/// Archives without a mail, for what needs none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSources;

impl Sources for NoSources {
    fn conversation(&self, _: &MessageId) -> Option<Arc<Conversation>> {
        None
    }

    fn series(&self, _: &MessageId) -> Vec<Revision> {
        Vec::new()
    }

    fn is_sender(&self, _: &str) -> bool {
        false
    }

    fn senders_with(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn holding(&self, _: &str) -> Vec<MessageId> {
        Vec::new()
    }
}
