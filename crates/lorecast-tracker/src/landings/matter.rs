//! Patches and commits as bytes and keys, for a store that knows neither.

use lorecast_model::{ClueKey, CommitId, Mailbox, MessageId, Version};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::index::{asked, keys};
use super::posted::PostedPatch;
use super::print::Print;
use super::seen::{CommitPrefix, Named, Naming, Seen};
use crate::hash::Hash;

/// How many of its lines a patch is found by, those with the smallest hashes: of two patches that
/// share three lines in ten, one in 300 pairs shares none of these.
const LINES: usize = 16;

impl PostedPatch {
    /// What it is found by: it shares one with the [`keys`](Seen::keys) of the commit that it became.
    pub fn keys(&self) -> Vec<ClueKey> {
        keys(self).into_iter().chain(line_keys(&self.print)).map(key).collect()
    }

    /// The patch as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = PostHead {
            id: self.id.clone(),
            author: self.author.clone(),
            date: self.date,
            title: self.title.clone(),
            version: self.version,
            number: self.number,
            total: self.total,
            root: self.root.clone(),
            answer: self.answer,
        };
        pack(&head, std::slice::from_ref(&self.print))
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; nothing when it is of another form or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, mut prints): (PostHead, _) = unpack(bytes)?;
        let PostHead { id, author, date, title, version, number, total, root, answer } = head;
        let print = prints.pop()?;
        Some(Self { id, author, date, title, version, number, total, root, answer, print })
    }
}

impl Seen {
    /// What it asks for: it shares one with the [`keys`](PostedPatch::keys) of the patch that it is.
    pub fn keys(&self) -> Vec<ClueKey> {
        if self.merge || self.upstream.is_some() {
            return vec![]; // never a posted patch
        }
        let lines = self.prints.iter().flat_map(line_keys);
        let mut keys: Vec<ClueKey> = asked(self).into_iter().chain(lines).map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The commit as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let prefix = |prefix: &Option<CommitPrefix>| prefix.as_ref().map(|p| p.as_str().to_owned());
        let head = SeenHead {
            id: self.id.clone(),
            author: self.author.clone(),
            authored: self.authored,
            committer: self.committer.clone(),
            committed: self.committed,
            title: self.title.clone(),
            named: self.named.iter().map(|named| (named.id.clone(), named.how as u8)).collect(),
            signers: self.signers.clone(),
            merge: self.merge,
            reverts: prefix(&self.reverts),
            upstream: prefix(&self.upstream),
        };
        pack(&head, &self.prints)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; nothing when it is of another form or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, prints): (SeenHead, _) = unpack(bytes)?;
        let how = |how: u8| {
            let all = [Naming::Mention, Naming::Link, Naming::Posting];
            all.into_iter().find(|naming| *naming as u8 == how)
        };
        let named = |(id, naming)| Some(Named { id, how: how(naming)? });
        let prefix = |text: Option<String>| text.and_then(|text| CommitPrefix::new(&text));
        Some(Self {
            id: head.id,
            author: head.author,
            authored: head.authored,
            committer: head.committer,
            committed: head.committed,
            title: head.title,
            named: head.named.into_iter().filter_map(named).collect(),
            signers: head.signers,
            prints,
            merge: head.merge,
            reverts: prefix(head.reverts),
            upstream: prefix(head.upstream),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct PostHead {
    id: MessageId,
    author: Mailbox,
    date: jiff::Timestamp,
    title: String,
    version: Version,
    number: Option<u32>,
    total: Option<u32>,
    root: MessageId,
    answer: bool,
}

#[derive(Serialize, Deserialize)]
struct SeenHead {
    id: CommitId,
    author: Mailbox,
    authored: jiff::Timestamp,
    committer: Mailbox,
    committed: jiff::Timestamp,
    title: String,
    named: Vec<(MessageId, u8)>,
    signers: Vec<Mailbox>,
    merge: bool,
    reverts: Option<String>,
    upstream: Option<String>,
}

fn line_keys(print: &Print) -> impl Iterator<Item = u64> {
    let lines = print.lines().iter().take(LINES);
    lines.map(|line| Hash::of(b'l').bytes(&line.to_le_bytes()).end())
}

fn key(hash: u64) -> ClueKey {
    ClueKey(hash.cast_signed())
}

/// The head as JSON, then the prints, each behind its length (little endian).
fn pack(head: &impl Serialize, prints: &[Print]) -> Vec<u8> {
    let head = serde_json::to_vec(head).unwrap_or_default(); // strings and numbers always fit
    let parts = std::iter::once(head).chain(prints.iter().map(Print::to_bytes));
    parts.flat_map(|part| (part.len() as u32).to_le_bytes().into_iter().chain(part)).collect()
}

fn unpack<H: DeserializeOwned>(bytes: &[u8]) -> Option<(H, Vec<Print>)> {
    let (head, mut rest) = part(bytes)?;
    let mut prints = Vec::new();
    while !rest.is_empty() {
        let (print, behind) = part(rest)?;
        prints.push(Print::from_bytes(print)?);
        rest = behind;
    }
    Some((serde_json::from_slice(head).ok()?, prints))
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}
