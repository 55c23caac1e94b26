//! Whatever mails say, a thread of them is tracked: the same in any order, every patch in one place,
//! and what is kept of a patch or commit comes back exactly. Mails are parted by lines of `%%`.

use lorecast_mail::{Arrival, parse};
use lorecast_model::{Message, MessageId};
use lorecast_tracker::landings::{Index, PostedPatch, Seen, commit_of_notice, land};
use lorecast_tracker::{series, track};

/// More mails are no other thread.
const MOST: usize = 12;

pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut messages: Vec<Message> = text
        .split("\n%%\n")
        .take(MOST)
        .map(|mail| parse(mail.as_bytes(), &Arrival::default()))
        .collect();
    messages.sort_by(|a, b| a.header.id.cmp(&b.header.id));
    messages.dedup_by(|a, b| a.header.id == b.header.id);
    tracks(&messages);
    lands(&messages);
}

fn tracks(messages: &[Message]) {
    let found = track(messages, &[]).expect("there is a mail");
    let mut reversed = messages.to_vec();
    reversed.reverse();
    assert_eq!(track(&reversed, &[]).as_ref(), Some(&found), "the order of the mails mattered");
    let mut places: Vec<&MessageId> = Vec::new();
    for posted in &found.revisions {
        let revision = &posted.revision;
        places.extend(revision.patches.iter().chain(&revision.replaced).map(|patch| &patch.id));
        places.extend(revision.cover.iter().map(|cover| &cover.id));
    }
    let all = places.len();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), all, "a mail is in two places");
    let linked = series::link(found.revisions);
    assert_eq!(series::link(linked.clone()), linked, "linking twice changed something");
    for posted in &linked {
        let revision = &posted.revision;
        assert!(revision.previous.as_ref() != Some(&revision.root), "it continues itself");
        assert!(revision.previous.is_some() == revision.tie.is_some(), "a link without a reason");
    }
}

fn lands(messages: &[Message]) {
    let mut index = Index::default();
    for patch in messages.iter().filter_map(PostedPatch::read) {
        assert_eq!(PostedPatch::from_bytes(&patch.to_bytes()).as_ref(), Some(&patch));
        index.insert(patch);
    }
    for notice in messages.iter().filter_map(commit_of_notice) {
        let seen = Seen::read(&notice.commit);
        assert_eq!(Seen::from_bytes(&seen.to_bytes()).as_ref(), Some(&seen));
        for found in land(&seen, &index) {
            assert!((0.0..=1.0).contains(&found.score), "{}", found.score);
        }
    }
}
