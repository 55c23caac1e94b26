//! Whether two stores say the same of everything.

use std::fmt::{self, Debug, Write};

use lorecast_model::MessageId;
use lorecast_store::{Span, Store};
use sha2::{Digest, Sha256};

use crate::{Progress, Result, Unit};

/// So many differences of a kind are named; the others are counted.
const NAMED: usize = 5;

/// So many messages are read at a time.
const STEP: usize = 256;

/// The fingerprint of what a store says of something.
type Print = [u8; 32];

/// What a store says of things, by the id of each.
type Said = Vec<(String, Print)>;

/// Asks a store for all that it says of some kind of thing.
type Ask = fn(&dyn Store) -> Result<Said>;

/// Where two stores differ, in words; nothing when they say the same.
pub(super) fn differences(
    before: &dyn Store,
    after: &dyn Store,
    progress: &dyn Progress,
) -> Result<Vec<String>> {
    let task = progress.begin("comparing", 10, Unit::Things);
    let mut found = Vec::new();
    let kinds: [(&str, Ask); 5] = [
        ("archive", archives),
        ("message", messages),
        ("thread", threads),
        ("revision", revisions),
        ("landing", landings),
    ];
    for ((kind, said), done) in kinds.into_iter().zip(1_u64..) {
        let ours = said(before)?;
        task.set(2 * done - 1);
        tell(kind, ours, said(after)?, &mut found);
        task.set(2 * done);
    }
    Ok(found)
}

/// Adds what only one side says, or says otherwise.
fn tell(kind: &str, mut before: Said, mut after: Said, found: &mut Vec<String>) {
    before.sort_unstable();
    after.sort_unstable();
    if before == after {
        return;
    }
    let only = |these: &Said, those: &Said| -> Vec<String> {
        let missing = these.iter().filter(|one| those.binary_search(one).is_err());
        missing.map(|(id, _)| id.clone()).collect()
    };
    let mut differing = only(&before, &after);
    differing.extend(only(&after, &before));
    differing.sort_unstable();
    differing.dedup();
    let more = differing.len().saturating_sub(NAMED);
    found.extend(differing.iter().take(NAMED).map(|id| format!("{kind} `{id}` is not the same")));
    if more > 0 {
        found.push(format!("{more} more of kind {kind} are not the same"));
    }
}

fn archives(store: &dyn Store) -> Result<Said> {
    let all = store.sources()?;
    let said = all.into_iter().map(|source| {
        let cursor = store.cursor(&source)?;
        Ok((source.0, print(&cursor)))
    });
    said.collect()
}

/// Every message with its text, its thread, and where it came from.
fn messages(store: &dyn Store) -> Result<Said> {
    let (mut said, mut ids) = (Said::new(), Vec::new());
    let keep = |ids: &mut Vec<MessageId>, said: &mut Said| -> lorecast_store::Result<()> {
        ids.sort_unstable();
        ids.dedup();
        for message in store.messages_of(ids)? {
            said.push((message.header.id.as_str().to_owned(), print(&message)));
        }
        for id in ids.drain(..) {
            said.push((id.as_str().to_owned(), print(&store.originals(&id)?)));
        }
        Ok(())
    };
    store.each_header(Span::ALL, &mut |header, thread| {
        said.push((header.id.as_str().to_owned(), print(&thread)));
        ids.push(header.id);
        if ids.len() == STEP { keep(&mut ids, &mut said) } else { Ok(()) }
    })?;
    keep(&mut ids, &mut said)?;
    Ok(said)
}

fn threads(store: &dyn Store) -> Result<Said> {
    let all = store.threads(Span::ALL)?;
    Ok(all.iter().map(|thread| (thread.id.as_str().to_owned(), print(thread))).collect())
}

/// Every revision and pull request, with what mails tell of it.
fn revisions(store: &dyn Store) -> Result<Said> {
    let mut said = Said::new();
    for revision in store.revisions(Span::ALL)? {
        let events = store.events(&revision.root)?;
        said.push((revision.root.as_str().to_owned(), print(&(revision, events))));
    }
    for pull in store.pulls(Span::ALL)? {
        let events = store.events(&pull.id)?;
        said.push((pull.id.as_str().to_owned(), print(&(pull, events))));
    }
    Ok(said)
}

fn landings(store: &dyn Store) -> Result<Said> {
    let mut said = Said::new();
    store.each_landing(Span::ALL, &mut |landing| {
        said.push((landing.message.as_str().to_owned(), print(&landing)));
        Ok(())
    })?;
    Ok(said)
}

fn print(what: &impl Debug) -> Print {
    let mut into = Into(Sha256::new());
    // Neither the hash nor the derived text can fail.
    let _ = write!(into, "{what:?}");
    into.0.finalize().into()
}

/// A hash that text is written into.
struct Into(Sha256);

impl Write for Into {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
