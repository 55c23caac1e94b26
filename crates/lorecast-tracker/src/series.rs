//! Series: which mails of a thread are revisions, and which revisions follow each other.

use std::collections::BTreeMap;

use lorecast_mail::subject_tags;
use lorecast_model::{
    CoverLetter, Message, MessageId, Patch, Revision, SeriesId, State, SubjectTags, Version,
};

/// The revisions posted in a thread, by date.
///
/// A cover letter (`0/m`) gathers the patches that refer to it; patches without one are gathered by
/// author, version and `m`. A single re-rolled patch (`v5.1 10/12`) takes its place within `v5`.
/// What is missing stays a hole: `announced` says how many patches there should be. Replies, pull
/// requests and mails without a `PATCH` tag are no revisions.
pub fn revisions(messages: &[Message]) -> Vec<Revision> {
    let mut postings: Vec<Posting<'_>> = messages.iter().filter_map(Posting::read).collect();
    // Covers first, since their patches look for them; mails of one posting may overtake another.
    postings
        .sort_by_key(|p| (p.is_reroll(), p.tags.number != Some(0), p.message.header.date, p.id()));
    let mut found: Vec<Gathered<'_>> = Vec::new();
    for posting in postings {
        match found.iter_mut().filter(|g| g.takes(&posting)).max_by_key(|g| g.closeness(&posting)) {
            Some(gathered) => gathered.add(posting),
            None => found.push(Gathered { first: posting.clone(), postings: vec![posting] }),
        }
    }
    let mut revisions: Vec<Revision> = found.iter().map(Gathered::revision).collect();
    follow_within_thread(&mut revisions, messages);
    revisions.sort_by(|a, b| (a.date, &a.root).cmp(&(b.date, &b.root)));
    revisions
}

/// Links revisions that belong to one piece of work: equal titles (case, punctuation and white
/// space aside) by one sender with growing versions, or a `previous` that is known already. Sets
/// `series`, `previous` and, unless it was applied, `state`. Independent of order, and idempotent.
pub fn link(mut revisions: Vec<Revision>) -> Vec<Revision> {
    revisions.sort_by(|a, b| (a.date, &a.root).cmp(&(b.date, &b.root)));
    revisions.dedup_by(|a, b| a.root == b.root);
    for chain in chains(&revisions) {
        let series = SeriesId(revisions[chain[0]].root.clone());
        for (place, &at) in chain.iter().enumerate() {
            let previous = place.checked_sub(1).map(|p| revisions[chain[p]].root.clone());
            let next = chain.get(place + 1).map(|&next| revisions[next].root.clone());
            let revision = &mut revisions[at];
            revision.series = series.clone();
            revision.previous = previous;
            if !matches!(revision.state, State::Applied { .. }) {
                revision.state = next.map_or(State::Posted, |by| State::Superseded { by });
            }
        }
    }
    revisions
}

/// A mail that posts a cover letter or a patch.
#[derive(Clone)]
struct Posting<'a> {
    message: &'a Message,
    tags: SubjectTags,
    author: String,
}

impl<'a> Posting<'a> {
    fn read(message: &'a Message) -> Option<Self> {
        let tags = subject_tags(&message.header.subject);
        let author = message.header.from.email.to_lowercase();
        (tags.patch && !tags.reply && !tags.pull).then_some(Self { message, tags, author })
    }

    fn id(&self) -> &'a MessageId {
        &self.message.header.id
    }

    fn is_reroll(&self) -> bool {
        self.tags.version.minor > 0
    }

    /// What all mails of one posting share.
    fn key(&self) -> (&str, u32, Option<u32>, bool) {
        let SubjectTags { version, total, resend, .. } = &self.tags;
        (&self.author, version.major, *total, *resend)
    }
}

/// The mails of one revision.
struct Gathered<'a> {
    first: Posting<'a>,
    postings: Vec<Posting<'a>>,
}

impl<'a> Gathered<'a> {
    fn takes(&self, posting: &Posting<'_>) -> bool {
        let numbered = posting.tags.number.is_some_and(|n| n > 0);
        let free = posting.is_reroll() || self.at(posting.tags.number).is_none();
        numbered && free && self.first.key() == posting.key()
    }

    fn at(&self, number: Option<u32>) -> Option<usize> {
        self.postings.iter().position(|posting| posting.tags.number == number)
    }

    /// A patch belongs to the cover letter that it answers, else to the posting next in time.
    fn closeness(&self, posting: &Posting<'_>) -> (bool, std::cmp::Reverse<u64>) {
        let header = &posting.message.header;
        let answers = header.references.contains(self.first.id());
        let apart = header.date.duration_since(self.first.message.header.date).unsigned_abs();
        (answers, std::cmp::Reverse(apart.as_secs()))
    }

    fn add(&mut self, posting: Posting<'a>) {
        match self.at(posting.tags.number) {
            Some(place) => self.postings[place] = posting,
            None => self.postings.push(posting),
        }
    }

    fn revision(&self) -> Revision {
        let mut postings: Vec<&Posting<'_>> = self.postings.iter().collect();
        postings.sort_by_key(|posting| (posting.tags.number, posting.id()));
        let (cover, patches): (Vec<_>, Vec<_>) =
            postings.into_iter().partition(|posting| posting.tags.number == Some(0));
        let cover = cover.first().map(|posting| CoverLetter { id: posting.id().clone() });
        // Without a cover letter, the first patch names the revision; a re-roll never does.
        let first = if cover.is_some() {
            &self.first
        } else {
            patches.iter().find(|p| !p.is_reroll()).copied().unwrap_or(&self.first)
        };
        let header = &first.message.header;
        Revision {
            root: header.id.clone(),
            series: SeriesId(header.id.clone()),
            version: Version {
                major: first.tags.version.major,
                minor: if first.is_reroll() { first.tags.version.minor } else { 0 },
            },
            previous: None,
            title: first.tags.title.clone(),
            author: header.from.clone(),
            date: header.date,
            rfc: first.tags.rfc,
            announced: first.tags.total.unwrap_or(1).max(patches.len() as u32),
            patches: patches.into_iter().map(patch).collect(),
            cover,
            state: State::Posted,
        }
    }
}

fn patch(posting: &Posting<'_>) -> Patch {
    Patch {
        id: posting.id().clone(),
        number: posting.tags.number.unwrap_or(1),
        title: posting.tags.title.clone(),
    }
}

/// A later version that answers an earlier one by the same author follows it, whatever its title.
fn follow_within_thread(revisions: &mut [Revision], messages: &[Message]) {
    let references: BTreeMap<&MessageId, &[MessageId]> =
        messages.iter().map(|m| (&m.header.id, m.header.references.as_slice())).collect();
    let earlier = revisions.to_vec();
    for revision in revisions {
        let answered = references.get(&revision.root).copied().unwrap_or_default();
        let before = earlier.iter().filter(|other| {
            other.version < revision.version
                && other.author.email.eq_ignore_ascii_case(&revision.author.email)
                && members(other).any(|id| answered.contains(id))
        });
        revision.previous = before.max_by_key(|r| (r.version, r.date)).map(|r| r.root.clone());
    }
}

fn members(revision: &Revision) -> impl Iterator<Item = &MessageId> {
    std::iter::once(&revision.root).chain(revision.patches.iter().map(|patch| &patch.id))
}

/// Indices of revisions that follow each other, oldest first. Revisions come by date.
fn chains(revisions: &[Revision]) -> Vec<Vec<usize>> {
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (at, revision) in revisions.iter().enumerate() {
        let follows = |chain: &Vec<usize>| {
            let last = &revisions[chain[chain.len() - 1]];
            let named = |&known: &usize| revision.previous.as_ref() == Some(&revisions[known].root);
            last.version <= revision.version
                && (chain.iter().any(named) || same_work(last, revision))
        };
        match chains.iter_mut().rev().find(|chain| follows(chain)) {
            Some(chain) => chain.push(at),
            None => chains.push(vec![at]),
        }
    }
    chains
}

fn same_work(a: &Revision, b: &Revision) -> bool {
    let title = |revision: &Revision| -> String {
        revision
            .title
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (one, other) = (title(a), title(b));
    !one.is_empty() && one == other && a.author.email.eq_ignore_ascii_case(&b.author.email)
}
