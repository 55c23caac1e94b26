//! Small stores for the cases.

use jiff::{SignedDuration, Timestamp};
use lorecast_model::{
    BlobId, Clues, ContentHash, CoverLetter, Field, Group, Header, ListId, Mailbox, Message,
    MessageId, Patch, Placement, Posted, Revision, SeriesId, State, Thread, Version, Writer,
};

use crate::{Batch, Entry, Found, Raw, Removal, SourceKey, Span, Store, Tracked, Words};

pub(super) fn id(name: &str) -> MessageId {
    MessageId::new(&format!("{name}@lists.example")).unwrap()
}

pub(super) fn list(name: &str) -> ListId {
    ListId::new(name).unwrap()
}

/// So many minutes after the first of April 2023.
pub(super) fn minute(minutes: i64) -> Timestamp {
    let start: Timestamp = "2023-04-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

pub(super) fn span(from: i64, to: i64) -> Span {
    Span { from: minute(from), to: minute(to) }
}

pub(super) fn person(name: &str) -> Mailbox {
    let email = format!("{}@kernel.example", name.to_lowercase());
    Mailbox { name: name.to_owned(), email }
}

/// A plain mail by Ada.
pub(super) fn mail(name: &str, minutes: i64) -> Message {
    Message {
        header: Header {
            id: id(name),
            date: minute(minutes),
            from: person("Ada"),
            subject: format!("about {name}"),
            references: vec![],
            lists: vec![list("one.lists.example")],
            defects: vec![],
        },
        to: vec![],
        cc: vec![],
        text: String::new(),
        diff: String::new(),
        attached: String::new(),
        attachments: vec![],
        signature: None,
        writer: Writer { who: person("Ada"), ..Writer::default() },
        content: ContentHash::default(),
    }
}

pub(super) fn reply(name: &str, minutes: i64, to: &[&str]) -> Message {
    let mut message = mail(name, minutes);
    message.header.references = to.iter().map(|name| id(name)).collect();
    message
}

pub(super) fn source() -> SourceKey {
    SourceKey("/archive/one.mbox".to_owned())
}

/// A message as an archive hands it over: received a minute after it was sent, kept in git.
pub(super) fn entry(message: &Message) -> Entry {
    let mut words = Words::default();
    words.add(Field::Subject, &message.header.subject);
    words.add(Field::From, &message.header.from.to_string());
    words.add(Field::Unquoted, &message.text);
    words.add(Field::Added, &message.diff);
    let received = message.header.date.checked_add(SignedDuration::from_mins(1)).ok();
    let found = Found { received, raw: Raw::Blob(BlobId([7; 20])), alone: vec![] };
    Entry::new(message.clone(), words, found)
}

/// A message that says something else under an id that is taken.
pub(super) fn variant(name: &str, minutes: i64) -> Message {
    let text = "Something else.\n".to_owned();
    Message { content: ContentHash([1; 16]), text, ..mail(name, minutes) }
}

/// That a message is gone.
pub(super) fn removal(message: &Message) -> Removal {
    Removal { id: message.header.id.clone(), content: message.content }
}

/// Messages that found one thread, with the ghosts they refer to.
pub(super) fn batch(messages: &[Message]) -> Batch {
    let mut members = Vec::new();
    for message in messages {
        for id in std::iter::once(&message.header.id).chain(&message.header.references) {
            if !members.iter().any(|(known, _)| known == id) {
                members.push((id.clone(), Group::New(0)));
            }
        }
    }
    Batch {
        source: source(),
        cursor: "1".to_owned(),
        entries: messages.iter().map(entry).collect(),
        removals: vec![],
        placement: Placement { members, merges: vec![] },
    }
}

/// Keeps messages, each in a thread of its own.
pub(super) fn keep_apart(store: &mut dyn Store, messages: &[Message]) {
    for message in messages {
        store.commit(&batch(std::slice::from_ref(message))).unwrap();
    }
}

pub(super) fn summary(root: &str) -> Thread {
    Thread {
        id: id(root),
        subject: format!("thread of {root}"),
        messages: 7,
        participants: 3,
        first: minute(0),
        last: minute(9),
    }
}

pub(super) fn revision(root: &str, minutes: i64, patches: &[&str]) -> Revision {
    let numbered = (1..).zip(patches);
    Revision {
        root: id(root),
        series: SeriesId(id(root)),
        version: Version { major: 2, minor: 1 },
        previous: Some(id("before")),
        next: None,
        tie: Some(lorecast_model::Tie::Title),
        confidence: 90,
        title: "net: \"quoted\" title".to_owned(),
        author: Mailbox { name: "Ada".to_owned(), email: "Ada@Kernel.example".to_owned() },
        date: minute(minutes),
        rfc: true,
        resend: false,
        trees: vec![],
        cover: Some(CoverLetter { id: id(root) }),
        patches: numbered
            .map(|(number, name)| Patch { id: id(name), number, title: name.to_string() })
            .collect(),
        replaced: vec![],
        announced: 3,
        state: State::Applied { by: lorecast_model::Proof::Message(id("thanks")) },
    }
}

/// Tracks the thread of `name`.
pub(super) fn track(store: &mut dyn Store, name: &str, revisions: Vec<Revision>) {
    let posted = |revision| Posted { revision, clues: Clues::default() };
    let revisions = revisions.into_iter().map(posted).collect();
    let key = store.thread_keys(&[id(name)]).unwrap()[&id(name)];
    store
        .put_tracked(&[Tracked {
            key,
            thread: summary(name),
            revisions,
            told: crate::Told::default(),
        }])
        .unwrap();
}

/// Names of messages, without their domain.
pub(super) fn names<'a>(ids: impl IntoIterator<Item = &'a MessageId>) -> String {
    let short = |id: &MessageId| id.as_str().split('@').next().unwrap_or_default().to_owned();
    ids.into_iter().map(short).collect::<Vec<_>>().join(" ")
}
