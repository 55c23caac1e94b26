//! The revisions posted in one thread.

use std::collections::{HashMap, HashSet};

use lorecast_mail::subject_tags;
use lorecast_model::{
    CoverLetter, Message, MessageId, Patch, Revision, SeriesId, State, SubjectTags, Version,
};

use super::title;
use crate::state;

/// The revisions posted in a thread, by date, then by root.
///
/// A numbered patch belongs to the cover letter, or first patch, that it refers to and that has the
/// same sender, version and total; else to such a revision that answers the same message; else to
/// the latest with its place still free. A patch without a number is a revision of its own. A patch
/// posted again with a digit behind the dot (`v5.1 10/12`) takes its place within v5. Where numbered
/// patches answer a plain mail of their sender, that mail is the cover letter: some write theirs
/// without `0/m`. Replies, pull requests and announcements are no patches. A later version posted as
/// an answer to an earlier one of the same sender continues its series.
pub fn revisions(messages: &[Message]) -> Vec<Revision> {
    let mut posts: Vec<Post<'_>> = messages.iter().filter_map(Post::read).collect();
    // Covers, then first patches, found groups; the others join them.
    posts.sort_by_key(|post| (post.number, post.tags.version, post.sent()));
    let mut seen = HashSet::new();
    posts.retain(|post| seen.insert(&post.message.header.id));
    let mut gathered = Gathered::default();
    for post in posts {
        gathered.add(post);
    }
    gathered.find_plain_covers(messages);
    let mut found: Vec<Revision> = gathered.groups.iter().filter_map(Group::revision).collect();
    found.sort_by(|a, b| (a.date, &a.root).cmp(&(b.date, &b.root)));
    note_states(messages, &mut found);
    note_previous(messages, &mut found);
    found
}

/// A message that is a cover letter or a patch.
struct Post<'m> {
    message: &'m Message,
    tags: SubjectTags,
    author: String,
    number: u32,
    total: u32,
}

impl<'m> Post<'m> {
    fn read(message: &'m Message) -> Option<Self> {
        let tags = subject_tags(&message.header.subject);
        let author = message.header.from.email.to_lowercase();
        let other = tags.reply || tags.pull || tags.announce;
        if !tags.patch || other || state::is_commit_notice(&message.header) {
            return None;
        }
        let (number, total) = (tags.number.unwrap_or(1), tags.total.unwrap_or(0));
        Some(Self { message, tags, author, number, total })
    }

    /// A mail that introduces patches without saying `0/m`. Its version may stand behind its title.
    fn plain_cover(message: &'m Message) -> Option<Self> {
        let mut tags = subject_tags(&message.header.subject);
        if tags.reply || tags.pull || tags.announce || tags.number.is_some() {
            return None;
        }
        let (title, version) = title::without_version(&tags.title);
        if let Some(version) = version {
            tags.version = tags.version.max(version);
        }
        tags.title = title.to_owned();
        let author = message.header.from.email.to_lowercase();
        Some(Self { message, tags, author, number: 0, total: 0 })
    }

    fn id(&self) -> &'m MessageId {
        &self.message.header.id
    }

    fn parent(&self) -> Option<&'m MessageId> {
        self.message.header.references.last()
    }

    fn answers(&self, id: &MessageId) -> bool {
        self.message.header.references.contains(id)
    }

    fn sent(&self) -> (jiff::Timestamp, &'m MessageId) {
        (self.message.header.date, self.id())
    }
}

/// One revision in the making.
struct Group<'m> {
    cover: Option<Post<'m>>,
    patches: Vec<Post<'m>>,
}

impl Group<'_> {
    fn root(&self) -> Option<&Post<'_>> {
        self.cover.as_ref().or(self.patches.first())
    }

    /// Whether this is the same posting by its tags, were the post of this version.
    fn fits(&self, post: &Post<'_>, version: Version) -> bool {
        post.total > 0
            && self.root().is_some_and(|root| {
                (&root.author, root.total, root.tags.version) == (&post.author, post.total, version)
            })
    }

    fn place(&mut self, number: u32) -> Option<usize> {
        self.patches.iter().position(|patch| patch.number == number)
    }

    fn revision(&self) -> Option<Revision> {
        let root = self.root()?;
        let header = &root.message.header;
        let mut patches: Vec<Patch> = self
            .patches
            .iter()
            .map(|post| Patch {
                id: post.id().clone(),
                number: post.number,
                title: post.tags.title.clone(),
            })
            .collect();
        patches.sort_by(|a, b| (a.number, &a.id).cmp(&(b.number, &b.id)));
        // A plain cover letter may name no version, and says nothing of how many there are.
        let all = || self.cover.iter().chain(&self.patches);
        let version = self.patches.first().map_or(root.tags.version, |p| p.tags.version);
        Some(Revision {
            root: header.id.clone(),
            series: SeriesId(header.id.clone()),
            version: root.tags.version.max(version),
            previous: None,
            tie: None,
            confidence: 0,
            title: root.tags.title.clone(),
            author: header.from.clone(),
            date: header.date,
            rfc: all().any(|post| post.tags.rfc),
            cover: self.cover.as_ref().map(|post| CoverLetter { id: post.id().clone() }),
            patches,
            announced: all().map(|post| post.total).max().unwrap_or(0).max(1),
            state: State::Posted,
        })
    }
}

#[derive(Default)]
struct Gathered<'m> {
    groups: Vec<Group<'m>>,
    /// The group whose cover letter or first patch this is.
    roots: HashMap<&'m MessageId, usize>,
}

impl<'m> Gathered<'m> {
    fn add(&mut self, post: Post<'m>) {
        if post.tags.number == Some(0) {
            self.found(Group { cover: Some(post), patches: vec![] });
        } else if let Some(group) = self.home(&post, post.tags.version, false) {
            self.groups[group].patches.push(post);
        } else if let Some(group) = self.reroll_of(&post) {
            self.replace(group, post);
        } else {
            self.found(Group { cover: None, patches: vec![post] });
        }
    }

    /// Gives groups without a cover letter the plain mail that all their patches answer.
    fn find_plain_covers(&mut self, messages: &'m [Message]) {
        let by_id: HashMap<&MessageId, &'m Message> =
            messages.iter().map(|message| (&message.header.id, message)).collect();
        for group in self.groups.iter_mut().filter(|group| group.cover.is_none()) {
            let Some(first) = group.patches.first().filter(|first| first.total > 0) else {
                continue;
            };
            let parent = first.parent();
            let answers = |post: &Post<'_>| parent.is_some_and(|id| post.answers(id));
            let cover = parent.and_then(|id| by_id.get(id)).and_then(|m| Post::plain_cover(m));
            group.cover = cover.filter(|cover| {
                cover.author == first.author
                    && !self.roots.contains_key(cover.id())
                    && group.patches.iter().all(answers)
            });
        }
    }

    fn found(&mut self, group: Group<'m>) {
        if let Some(post) = group.cover.as_ref().or(group.patches.first()) {
            self.roots.insert(&post.message.header.id, self.groups.len());
        }
        self.groups.push(group);
    }

    /// The group that the post answers, else the latest with its place free.
    fn home(&mut self, post: &Post<'m>, version: Version, taken: bool) -> Option<usize> {
        if post.total == 0 {
            return None;
        }
        let Self { groups, roots } = self;
        let answered =
            post.message.header.references.iter().rev().filter_map(|id| roots.get(id).copied());
        let sibling =
            |at: &usize| groups[*at].root().is_some_and(|root| root.parent() == post.parent());
        let siblings = (0..groups.len()).rev().filter(sibling);
        let candidates: Vec<usize> =
            answered.chain(siblings).chain((0..groups.len()).rev()).collect();
        candidates.into_iter().find(|&at| {
            groups[at].fits(post, version) && groups[at].place(post.number).is_some() == taken
        })
    }

    /// The revision that a post with a digit behind the dot repairs.
    fn reroll_of(&mut self, post: &Post<'m>) -> Option<usize> {
        let Version { major, minor } = post.tags.version;
        if minor == 0 {
            return None;
        }
        let whole = Version { major, minor: 0 };
        self.home(post, whole, true).or_else(|| self.home(post, whole, false))
    }

    fn replace(&mut self, group: usize, post: Post<'m>) {
        match self.groups[group].place(post.number) {
            // The first patch names a revision without a cover letter: it stays the root.
            Some(0) if self.groups[group].cover.is_none() => {}
            Some(at) => self.groups[group].patches[at] = post,
            None => self.groups[group].patches.push(post),
        }
    }
}

/// Which revision each root, cover letter and patch belongs to.
fn members(revisions: &[Revision]) -> HashMap<MessageId, usize> {
    let mut members = HashMap::new();
    for (number, revision) in revisions.iter().enumerate() {
        members.insert(revision.root.clone(), number);
        members.extend(revision.patches.iter().map(|patch| (patch.id.clone(), number)));
    }
    members
}

/// The last reply that says "applied" to a revision or one of its patches.
fn note_states(messages: &[Message], revisions: &mut [Revision]) {
    let members = members(revisions);
    let mut sorted: Vec<&Message> = messages.iter().collect();
    sorted.sort_by_key(|message| (message.header.date, &message.header.id));
    for message in sorted {
        let header = &message.header;
        if members.contains_key(&header.id) {
            continue;
        }
        let answered = header.references.iter().rev().find_map(|id| members.get(id).copied());
        let Some(revision) = answered.map(|at| &mut revisions[at]) else { continue };
        if state::says_taken(message, &revision.author) {
            revision.state = State::Applied { by: header.id.clone() };
        }
    }
}

/// A root that answers an earlier revision of the same sender, of a lower version or an RFC,
/// continues it.
fn note_previous(messages: &[Message], revisions: &mut [Revision]) {
    let members = members(revisions);
    let headers: HashMap<&MessageId, _> =
        messages.iter().map(|message| (&message.header.id, &message.header)).collect();
    for at in 0..revisions.len() {
        let revision = &revisions[at];
        let references = headers.get(&revision.root).map_or(&[][..], |h| &h.references);
        let before = references.iter().rev().filter_map(|id| members.get(id)).find(|&&before| {
            let before = &revisions[before];
            before.author.email.eq_ignore_ascii_case(&revision.author.email)
                && super::link::progress(before, revision)
                && before.date < revision.date
        });
        if let Some(&before) = before {
            revisions[at].previous = Some(revisions[before].root.clone());
        }
    }
}
