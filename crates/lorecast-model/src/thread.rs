//! Conversations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Header, Mailbox, Message, MessageId};

/// A conversation: the messages that are connected by References and In-Reply-To.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The root message, which names the thread. It may be one that we never saw.
    pub id: MessageId,
    /// The subject of the root, or of the earliest message when the root is missing.
    pub subject: String,
    /// How many messages we hold.
    pub messages: u32,
    /// How many different addresses wrote them.
    pub participants: u32,
    /// UTC, of the earliest message held.
    pub first: Timestamp,
    /// UTC, of the latest message held.
    pub last: Timestamp,
}

/// A place in a thread's tree, parents before children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The message at this place.
    pub id: MessageId,
    /// How far below the root, from 0.
    pub depth: u32,
    /// False for a message that others refer to and we never saw (a ghost).
    pub held: bool,
}

/// A thread's row in the store; means nothing outside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThreadKey(pub i64);

/// Where a placement puts a message: a thread of the store, or one that this placement founds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// A thread that the store already has.
    Known(ThreadKey),
    /// The n-th new thread of this placement.
    New(u32),
}

/// How a batch of messages changes the threads. Computed by the tracker, applied by the store in
/// the same transaction that keeps the messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Messages, and ghosts that they refer to, with their thread; only those not placed before.
    pub members: Vec<(MessageId, Group)>,
    /// Threads that turn out to be one: everything of the first goes to the second.
    pub merges: Vec<(ThreadKey, ThreadKey)>,
}

/// What a message without references may be joined by, hashed: its subject, so that an answer whose
/// mailer wrote no references can find what it answers, or the series that it is numbered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LonerKey(pub i64);

/// A message without references, and who it was sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loner {
    /// The message.
    pub header: Header,
    /// To and Cc.
    pub recipients: Vec<Mailbox>,
}

impl Loner {
    /// What the message says of itself.
    pub fn of(message: &Message) -> Self {
        let recipients = message.to.iter().chain(&message.cc).cloned().collect();
        Self { header: message.header.clone(), recipients }
    }
}
