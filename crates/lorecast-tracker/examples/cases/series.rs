//! Cases about the series that a mailbox holds.

use std::collections::HashMap;

use lorecast_mail::{Arrival, parse, subject_tags};
use lorecast_model::{Group, Loner, Message, MessageId, Revision};
use lorecast_tracker::{kin, loner_keys, series, threads, track};
use serde_json::{Value, json};

use crate::compare;

/// The revisions of a mailbox beside those expected.
///
/// A series that the case describes by its ids must be one revision with these patches, their
/// numbers, its version, its total, its cover letter and its title.
pub fn grouping(messages: Vec<Message>, expect: &Value) -> Vec<String> {
    let revisions = revisions(messages);
    let covers = revisions.iter().filter(|revision| revision.cover.is_some()).count();
    let patches: usize = revisions.iter().map(|revision| revision.patches.len()).sum();
    let mut differences: Vec<String> =
        compare("patches", patches, &expect["patches"]).into_iter().collect();
    let count =
        expect["series"].as_array().map_or(expect["series"].clone(), |all| all.len().into());
    differences.extend(compare("series", revisions.len(), &count));
    if !expect["cover_letters"].is_null() {
        differences.extend(compare("cover letters", covers, &expect["cover_letters"]));
    }
    if let (Some(theirs), Some(revision)) = (expect["has_cover"].as_bool(), revisions.first()) {
        differences.extend(compare("has_cover", revision.cover.is_some(), &json!(theirs)));
        let title = &expect["cover_subject"];
        differences.extend(title.as_str().and(compare("title", revision.title.as_str(), title)));
        let version = &expect["version"];
        differences.extend(version.as_u64().and(compare(
            "version",
            revision.version.major,
            version,
        )));
    }
    for wanted in expect["series"].as_array().into_iter().flatten() {
        differences.extend(beside(&revisions, wanted));
    }
    differences
}

fn beside(revisions: &[Revision], wanted: &Value) -> Vec<String> {
    let ids: Vec<&str> = wanted["msgids"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_str().map(|id| id.trim_matches(['<', '>'])))
        .collect();
    let same = |revision: &&Revision| {
        revision.patches.iter().map(|patch| patch.id.as_str()).eq(ids.iter().copied())
    };
    let Some(revision) = revisions.iter().find(same) else {
        return vec![format!("no revision of exactly {}", ids.join(" "))];
    };
    let numbers: Vec<u32> = revision.patches.iter().map(|patch| patch.number).collect();
    let name = wanted["name"].as_str().map(|name| subject_tags(name).title);
    let complete = revision.patches.len() as u64 == u64::from(revision.announced);
    [
        compare("version", revision.version.major, &wanted["version"]),
        compare("total", revision.announced, &wanted["declared_total"]),
        compare("numbers", numbers, &wanted["numbers"]),
        compare("cover", revision.cover.is_some(), &wanted["has_cover"]),
        compare("complete", complete, &wanted["complete"]),
        name.and_then(|name| compare("title", revision.title.as_str(), &json!(name))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The revisions of a mailbox that is one thread, by version.
pub fn in_order(messages: &[Message]) -> Vec<Revision> {
    let posted = series::revisions(messages).into_iter();
    let mut revisions: Vec<Revision> = posted.map(|posted| posted.revision).collect();
    revisions.sort_by_key(|revision| revision.version);
    revisions
}

/// The revisions of all threads of a mailbox, linked.
fn revisions(messages: Vec<Message>) -> Vec<Revision> {
    let tracked = threads_of(messages).into_iter().filter_map(|messages| track(&messages, &[]));
    let linked = series::link(tracked.flat_map(|thread| thread.revisions).collect());
    linked.into_iter().map(|posted| posted.revision).collect()
}

fn threads_of(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let headers = messages.iter().map(|message| &message.header);
    let loners: Vec<Loner> =
        messages.iter().filter(|m| !loner_keys(&m.header).is_empty()).map(Loner::of).collect();
    let placement = threads::place(headers, &kin(&loners), &HashMap::new());
    let groups: HashMap<MessageId, Group> = placement.members.into_iter().collect();
    let mut all: HashMap<Option<Group>, usize> = HashMap::new();
    let mut threads: Vec<Vec<Message>> = Vec::new();
    for message in messages {
        let at = *all.entry(groups.get(&message.header.id).copied()).or_insert_with(|| {
            threads.push(Vec::new());
            threads.len() - 1
        });
        threads[at].push(message);
    }
    threads
}

/// A second version of somebody else's that names the change-id of the first only as what it needs.
pub fn linking(expect: &Value) -> Vec<String> {
    let mut mails = vec![mail(
        "one@one.example",
        "Ann Early <ann@one.example>",
        "[PATCH] widget: count them",
        "Count.\n\nchange-id: 20240101-count-0123456789ab\n",
    )];
    for number in 0..=3 {
        mails.push(mail(
            &format!("v2-{number}@two.example"),
            "Ben Late <ben@two.example>",
            &format!("[PATCH v2 {number}/3] gadget: part {number}"),
            "Paint.\n\nchange-id: 20240201-paint-ba9876543210\n\
             prerequisite-change-id: 20240101-count-0123456789ab:v1\n",
        ));
    }
    let linked = revisions(mails).iter().any(|revision| revision.previous.is_some());
    compare("linked", linked, &expect["linked"]).into_iter().collect()
}

fn mail(id: &str, from: &str, subject: &str, body: &str) -> Message {
    let patch = id.starts_with("v2-") && !id.starts_with("v2-0");
    let above = if patch { "In-Reply-To: <v2-0@two.example>\n" } else { "" };
    let raw = format!(
        "From: {from}\nSubject: {subject}\nMessage-Id: <{id}>\n{above}\
         Date: Thu, 01 Feb 2024 10:00:00 +0000\n\n{body}"
    );
    parse(raw.as_bytes(), &Arrival::default())
}
