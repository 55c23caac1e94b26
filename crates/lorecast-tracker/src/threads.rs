//! Threads: what References and In-Reply-To connect.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lorecast_model::{Group, Header, MessageId, Node, Placement, Thread, ThreadKey};

use crate::forest::Forest;
use crate::union::Sets;

/// Says where messages, and those they refer to, belong.
///
/// A thread is a connected component of "refers to", messages that nobody holds included, and of
/// `kin` (see [`kin`](crate::kin())). `known` tells the threads of those ids that have one already.
/// However a set of messages is cut into batches and ordered, the partition that results is the
/// same.
pub fn place<'a>(
    headers: impl IntoIterator<Item = &'a Header>,
    kin: &'a [(MessageId, MessageId)],
    known: &HashMap<MessageId, ThreadKey>,
) -> Placement {
    let mut ids = Numbered::default();
    let mut sets = Sets::new(0);
    for header in headers {
        let message = ids.number(&header.id, &mut sets);
        for reference in &header.references {
            let reference = ids.number(reference, &mut sets);
            sets.join(message, reference);
        }
    }
    for (answer, asked) in kin {
        let (answer, asked) = (ids.number(answer, &mut sets), ids.number(asked, &mut sets));
        sets.join(answer, asked);
    }
    // Two parts of the batch that reach the same known thread are one.
    let mut by_key: BTreeMap<ThreadKey, usize> = BTreeMap::new();
    for (number, id) in ids.order.iter().enumerate() {
        if let Some(key) = known.get(id) {
            sets.join(number, *by_key.entry(*key).or_insert(number));
        }
    }
    placement(&ids.order, &mut sets, by_key, known)
}

/// The messages of a thread as a tree, parents before children, siblings by date and then by id.
///
/// The parent of a message is the nearest of its references that is held. Ghosts (referred to and
/// never seen) that have an ancestor give way to it; one at the top is shown when it joins several
/// branches, and left out when it has only one. Where nothing says what came first, as with a
/// message that two unrelated threads are named in, several nodes have depth 0. A loop is broken at
/// its earliest message. No recursion: depth and references are bounded by memory only.
pub fn tree<'a>(headers: impl IntoIterator<Item = &'a Header>) -> Vec<Node> {
    Forest::new(headers).nodes()
}

/// What to say about a thread; `None` when it holds no message.
///
/// The thread is named by the one message above all others, even when that is a ghost; when there
/// are several, by the earliest message that has none above it.
pub fn summarise<'a>(headers: impl IntoIterator<Item = &'a Header>) -> Option<Thread> {
    let mut headers: Vec<&Header> = headers.into_iter().collect();
    headers.sort_by_key(|header| (header.date, &header.id));
    let (first, last) = (headers.first()?, headers.last()?);
    let id = Forest::new(headers.iter().copied()).root()?;
    let named = headers.iter().find(|header| header.id == id).unwrap_or(first);
    let people: BTreeSet<String> =
        headers.iter().map(|header| header.from.email.to_lowercase()).collect();
    Some(Thread {
        subject: named.subject.clone(),
        messages: headers.len() as u32,
        participants: people.len() as u32,
        first: first.date,
        last: last.date,
        id,
    })
}

fn placement(
    ids: &[&MessageId],
    sets: &mut Sets,
    by_key: BTreeMap<ThreadKey, usize>,
    known: &HashMap<MessageId, ThreadKey>,
) -> Placement {
    let mut groups: HashMap<usize, Group> = HashMap::new();
    let mut placement = Placement::default();
    // In the order of keys, so that the oldest thread is the one that stays.
    for (key, number) in by_key {
        match groups.get(&sets.find(number)) {
            Some(Group::Known(stays)) => placement.merges.push((key, *stays)),
            _ => drop(groups.insert(sets.find(number), Group::Known(key))),
        }
    }
    let mut founded = 0;
    for (number, id) in ids.iter().enumerate() {
        if known.contains_key(*id) {
            continue;
        }
        let group = *groups.entry(sets.find(number)).or_insert_with(|| {
            founded += 1;
            Group::New(founded - 1)
        });
        placement.members.push(((*id).clone(), group));
    }
    placement
}

/// Ids by the order in which they first came.
#[derive(Default)]
struct Numbered<'a> {
    numbers: HashMap<&'a MessageId, usize>,
    order: Vec<&'a MessageId>,
}

impl<'a> Numbered<'a> {
    fn number(&mut self, id: &'a MessageId, sets: &mut Sets) -> usize {
        *self.numbers.entry(id).or_insert_with(|| {
            self.order.push(id);
            sets.push()
        })
    }
}
