//! Threads: partition, tree and summary.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::{BTreeSet, HashMap};

use lorecast_model::{Group, Header, MessageId, ThreadKey};
use lorecast_tracker::threads;
use mails::{id, mails};
use proptest::prelude::*;

mod mails;

fn headers(text: &str) -> Vec<Header> {
    mails(text).into_iter().map(|mail| mail.header).collect()
}

/// The tree, one node a line, indented; ghosts in brackets. Then the thread's id and numbers.
fn check(text: &str) -> String {
    let headers = headers(text);
    let mut lines = Vec::new();
    for node in threads::tree(&headers) {
        let name = if node.held { node.id.to_string() } else { format!("[{}]", node.id) };
        lines.push(format!("{}{name}", "  ".repeat(node.depth as usize)));
    }
    if let Some(thread) = threads::summarise(&headers) {
        let (messages, people) = (thread.messages, thread.participants);
        lines.push(format!("= {} `{}` {messages} by {people}", thread.id, thread.subject));
    }
    lines.join("\n")
}

#[test]
fn replies_stand_below_what_they_answer() {
    insta::assert_snapshot!(check("
        a         | ada   | A question
        b < a     | bob   | Re: A question
        c < a b   | ADA   | Re: A question
        d < a     | cy    | Re: A question"), @r#"
a
  b
    c
  d
= a `A question` 4 by 3
"#);
}

#[test]
fn a_missing_parent_gives_way_to_the_nearest_held_ancestor() {
    insta::assert_snapshot!(check("
        a           | ada | A question
        c < a ghost | bob | Re: A question
        d < a ghost | cy  | Re: A question"), @r#"
a
  c
  d
= a `A question` 3 by 3
"#);
}

#[test]
fn a_missing_root_is_shown_when_it_joins_and_names_the_thread() {
    insta::assert_snapshot!(check("
        b < ghost | ada | Re: lost
        c < ghost | bob | Re: lost"), @r#"
[ghost]
  b
  c
= ghost `Re: lost` 2 by 2
"#);
}

#[test]
fn a_missing_root_with_one_answer_is_not_shown_and_still_names_the_thread() {
    insta::assert_snapshot!(check("
        b < top ghost | ada | Re: lost
        c < b         | bob | Re: lost"), @r#"
b
  c
= top `Re: lost` 2 by 2
"#);
}

#[test]
fn two_roots_joined_by_one_answer_stand_side_by_side() {
    insta::assert_snapshot!(check("
        a       | ada | one
        b       | bob | two
        c < a b | cy  | both"), @r#"
a
b
  c
= a `one` 3 by 3
"#);
}

#[test]
fn loops_are_broken() {
    insta::assert_snapshot!(check("
        a < b | ada | chicken
        b < a | bob | egg
        c < c | cy  | myself"), @r#"
a
  b
c
= a `chicken` 3 by 3
"#);
}

#[test]
fn nothing_held_is_no_thread() {
    assert!(threads::summarise(&[]).is_none());
    assert!(threads::tree(&[]).is_empty());
}

#[test]
fn a_chain_of_thousands_and_many_references_need_no_stack() {
    let mut chain = headers("m0 | ada | start");
    for number in 1..5_000 {
        let mut header = chain[0].clone();
        header.id = id(&format!("m{number}"));
        header.references = vec![id(&format!("m{}", number - 1))];
        chain.push(header);
    }
    let deepest = threads::tree(&chain).iter().map(|node| node.depth).max();
    assert_eq!(deepest, Some(4_999));
    let mut greedy = chain.swap_remove(0);
    greedy.references = (0..100_000).map(|number| id(&format!("r{number}"))).collect();
    assert_eq!(threads::tree([&greedy]).len(), 1);
    assert_eq!(threads::summarise([&greedy]).unwrap().id, id("r0"));
    assert_eq!(threads::place([&greedy], &[], &HashMap::new()).members.len(), 100_001);
}

/// What a store does with placements.
#[derive(Default)]
struct Map {
    threads: HashMap<MessageId, ThreadKey>,
    next: i64,
}

impl Map {
    fn add(&mut self, batch: &[Header]) {
        let placement = threads::place(batch, &[], &self.threads);
        let first = self.next;
        for (id, group) in placement.members {
            let key = match group {
                Group::Known(key) => key,
                Group::New(number) => ThreadKey(first + i64::from(number)),
            };
            self.next = self.next.max(key.0 + 1);
            assert_eq!(self.threads.insert(id, key), None, "placed twice");
        }
        for (from, to) in placement.merges {
            self.threads.values_mut().filter(|key| **key == from).for_each(|key| *key = to);
        }
    }

    fn partition(&self) -> BTreeSet<BTreeSet<&MessageId>> {
        let mut sets: HashMap<ThreadKey, BTreeSet<&MessageId>> = HashMap::new();
        for (id, key) in &self.threads {
            sets.entry(*key).or_default().insert(id);
        }
        sets.into_values().collect()
    }
}

fn some_headers() -> impl Strategy<Value = Vec<Header>> {
    let references = prop::collection::vec(0..40u32, 0..4);
    prop::collection::vec((0..30u32, references), 1..30).prop_map(|mails| {
        let template = headers("x | ada | s").remove(0);
        let header = |(name, references): (u32, Vec<u32>)| Header {
            id: id(&name.to_string()),
            references: references.iter().map(|r| id(&r.to_string())).collect(),
            ..template.clone()
        };
        mails.into_iter().map(header).collect()
    })
}

proptest! {
    #[test]
    fn order_and_batches_do_not_matter(
        headers in some_headers(),
        shuffled in Just(()).prop_perturb(|(), mut rng| rng.random::<u64>()),
        size in 1..10usize,
    ) {
        let mut whole = Map::default();
        whole.add(&headers);
        let mut order = headers.clone();
        let turn = (shuffled % headers.len() as u64) as usize;
        order.rotate_left(turn);
        if shuffled & 1 == 1 { order.reverse(); }
        let mut parts = Map::default();
        order.chunks(size).for_each(|batch| parts.add(batch));
        prop_assert_eq!(whole.partition(), parts.partition());
    }

    #[test]
    fn a_tree_holds_every_message_once_below_its_parent(headers in some_headers()) {
        let nodes = threads::tree(&headers);
        let held: Vec<_> = nodes.iter().filter(|n| n.held).map(|n| n.id.clone()).collect();
        let distinct: BTreeSet<_> = headers.iter().map(|h| h.id.clone()).collect();
        prop_assert_eq!(held.len(), distinct.len());
        prop_assert_eq!(held.into_iter().collect::<BTreeSet<_>>(), distinct);
        let mut last = None;
        for node in &nodes {
            prop_assert!(node.depth <= last.map_or(0, |depth| depth + 1));
            last = Some(node.depth);
        }
    }
}
