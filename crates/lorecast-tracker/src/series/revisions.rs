//! The revisions posted in one thread.

use std::collections::{BTreeMap, HashMap, HashSet};

use lorecast_mail::poster;
use lorecast_model::{
    CoverLetter, Message, MessageId, Patch, Posted, Revision, SeriesId, State, Version,
};

use super::clues::clues;
use super::post::Post;
use crate::person;

/// How many postings of one total and version are looked at for the home of a patch: a bound on
/// time. Real threads have a handful.
const MOST_CANDIDATES: usize = 64;

/// The revisions posted in a thread, by date, then by root.
///
/// A numbered patch belongs to the cover letter, or first patch, of the same sender, version and
/// total whose place for it is free; of several, to the one it was sent with (which ids tell), that
/// it answers, that answers the same message, or that is nearest in time, in this order. A patch
/// without a number is a revision of its own. A patch posted again with a digit behind the dot
/// (`v5.1 10/12`) takes its place within v5. Where numbered patches answer a plain mail of their
/// sender, that mail is the cover letter: some write theirs without `0/m`. Replies, pull requests
/// and announcements are no patches.
pub fn revisions(messages: &[Message]) -> Vec<Posted> {
    let by_id: HashMap<&MessageId, &Message> =
        messages.iter().map(|message| (&message.header.id, message)).collect();
    let mut posts: Vec<Post<'_>> = messages.iter().filter_map(Post::read).collect();
    posts.retain(|post| {
        let parent = post.parent().and_then(|id| by_id.get(id));
        !parent.is_some_and(|parent| post.is_answer_to(parent))
    });
    // Covers, then first patches, found groups; the others join them.
    posts.sort_by_key(|post| (post.number, post.version(), post.date(), post.id()));
    let mut seen = HashSet::new();
    posts.retain(|post| seen.insert(post.id()));
    let mut gathered = Gathered::default();
    for post in posts {
        gathered.add(post);
    }
    gathered.find_plain_covers(&by_id);
    let mut found: Vec<Revision> = gathered.groups.iter().filter_map(Group::revision).collect();
    found.sort_by(|a, b| (a.date, &a.root).cmp(&(b.date, &b.root)));
    let posted = |revision: Revision| Posted { clues: clues(&revision, &by_id), revision };
    found.into_iter().map(posted).collect()
}

/// One revision in the making.
struct Group<'m> {
    cover: Option<Post<'m>>,
    patches: Vec<Post<'m>>,
    /// Patches whose place another took.
    replaced: Vec<Post<'m>>,
}

impl<'m> Group<'m> {
    fn of(post: Post<'m>) -> Self {
        let (cover, patches) =
            if post.number == 0 { (Some(post), vec![]) } else { (None, vec![post]) };
        Self { cover, patches, replaced: vec![] }
    }

    fn root(&self) -> Option<&Post<'m>> {
        self.cover.as_ref().or(self.patches.first())
    }

    fn posts(&self) -> impl Iterator<Item = &Post<'m>> {
        self.cover.iter().chain(&self.patches).chain(&self.replaced)
    }

    fn place(&mut self, number: u32) -> Option<usize> {
        self.patches.iter().position(|patch| patch.number == number)
    }

    /// How well a post fits in; more is better, nothing when it does not.
    fn fit(&self, post: &Post<'m>) -> Option<(i32, i64)> {
        let root = self.root()?;
        if !post.is_by_sender_of(root) {
            return None;
        }
        let sent = match post.sent_with(root) {
            Some(true) => 32,
            None => 0,
            Some(false) => -8,
        };
        let near = [
            (post.answers(root.id()), 16),
            (post.parent() == root.parent(), 8),
            (post.tags.resend == root.tags.resend, 4),
            (post.tags.trees == root.tags.trees, 2),
            (post.tags.rfc == root.tags.rfc, 1),
        ];
        let score: i32 = near.iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum();
        let apart = post.date().duration_since(root.date()).as_secs().saturating_abs();
        Some((sent + score, -apart))
    }

    fn revision(&self) -> Option<Revision> {
        let root = self.root()?;
        let header = &root.message.header;
        let patch = |post: &Post<'_>| Patch {
            id: post.id().clone(),
            number: post.number,
            title: post.tags.title.clone(),
        };
        let mut patches: Vec<Patch> = self.patches.iter().map(patch).collect();
        patches.sort_by(|a, b| (a.number, &a.id).cmp(&(b.number, &b.id)));
        // A plain cover letter may name no version, and says nothing of how many there are.
        let all = || self.cover.iter().chain(&self.patches);
        let version = self.patches.first().map_or(root.version(), Post::version);
        Some(Revision {
            root: header.id.clone(),
            series: SeriesId(header.id.clone()),
            version: root.version().max(version),
            previous: None,
            next: None,
            tie: None,
            confidence: 0,
            title: root.tags.title.clone(),
            author: poster(root.message),
            date: header.date,
            rfc: all().any(|post| post.tags.rfc),
            resend: root.tags.resend,
            trees: root.tags.trees.clone(),
            cover: self.cover.as_ref().map(|post| CoverLetter { id: post.id().clone() }),
            patches,
            replaced: self.replaced.iter().map(patch).collect(),
            announced: all().map(|post| post.total).max().unwrap_or(0).max(1),
            state: State::Posted,
        })
    }
}

#[derive(Default)]
struct Gathered<'m> {
    groups: Vec<Group<'m>>,
    /// The groups of a total and a version, in the order in which they were found.
    alike: BTreeMap<(u32, Version), Vec<usize>>,
}

impl<'m> Gathered<'m> {
    fn add(&mut self, post: Post<'m>) {
        let founds = post.total == 0 || post.tags.number == Some(0);
        let home = if founds { None } else { self.home(&post, post.version(), false) };
        match home {
            Some(group) => self.groups[group].patches.push(post),
            None => match self.reroll_of(&post) {
                Some(group) => self.replace(group, post),
                None => match self.versioned_cover(&post) {
                    Some(group) => self.groups[group].patches.push(post),
                    None => self.found(post),
                },
            },
        }
    }

    /// Some write the version on the cover letter alone.
    fn versioned_cover(&mut self, post: &Post<'m>) -> Option<usize> {
        if post.version() != Version::default() || post.total == 0 || post.number == 0 {
            return None;
        }
        let alike = self.alike.range((post.total, Version::default())..);
        let alike = alike.take_while(|((total, _), _)| *total == post.total);
        let places: Vec<usize> = alike.flat_map(|(_, places)| places).copied().collect();
        places.into_iter().rev().take(MOST_CANDIDATES).find(|&at| {
            let group = &mut self.groups[at];
            let cover = group.cover.as_ref().is_some_and(|cover| {
                post.parent() == Some(cover.id()) && post.is_by_sender_of(cover)
            });
            cover && group.place(post.number).is_none()
        })
    }

    fn found(&mut self, post: Post<'m>) {
        self.alike.entry((post.total, post.version())).or_default().push(self.groups.len());
        self.groups.push(Group::of(post));
    }

    /// The group that the post fits best whose place for it is free, or taken.
    fn home(&mut self, post: &Post<'m>, version: Version, taken: bool) -> Option<usize> {
        let alike = self.alike.get(&(post.total, version))?;
        let groups = &mut self.groups;
        let fitting = alike.iter().rev().take(MOST_CANDIDATES).filter_map(|&at| {
            let group = &mut groups[at];
            // Some number two patches alike.
            let together = group.root().is_some_and(|root| post.sent_with(root) == Some(true));
            let open = (group.place(post.number).is_some() == taken) || !taken && together;
            Some((group.fit(post).filter(|_| open)?, std::cmp::Reverse(at)))
        });
        fitting.max().map(|(_, at)| at.0)
    }

    /// The revision that a post with a digit behind the dot repairs.
    fn reroll_of(&mut self, post: &Post<'m>) -> Option<usize> {
        let Version { major, minor } = post.version();
        if minor == 0 || post.total == 0 || post.number == 0 {
            return None;
        }
        let whole = Version { major, minor: 0 };
        self.home(post, whole, true).or_else(|| self.home(post, whole, false))
    }

    fn replace(&mut self, group: usize, post: Post<'m>) {
        let group = &mut self.groups[group];
        match group.place(post.number) {
            // The first patch names a revision without a cover letter: it stays the root.
            Some(0) if group.cover.is_none() => group.replaced.push(post),
            Some(at) => group.replaced.push(std::mem::replace(&mut group.patches[at], post)),
            None => group.patches.push(post),
        }
    }

    /// Gives groups without a cover letter the plain mail that all their patches answer. A single
    /// patch has one only when both were sent together.
    fn find_plain_covers(&mut self, by_id: &HashMap<&'m MessageId, &'m Message>) {
        let mut placed: HashSet<&MessageId> =
            self.groups.iter().flat_map(Group::posts).map(Post::id).collect();
        for group in self.groups.iter_mut().filter(|group| group.cover.is_none()) {
            let Some(first) = group.patches.first() else { continue };
            let parent = first.parent();
            let answers = |post: &Post<'_>| parent.is_some_and(|id| post.answers(id));
            let cover = parent.and_then(|id| by_id.get(id)).and_then(|m| Post::plain_cover(m));
            group.cover = cover.filter(|cover| {
                (first.total > 0 || first.sent_with(cover) == Some(true))
                    && person::same(cover.author(), first.author())
                    && group.patches.iter().all(answers)
                    // A mail is in one place.
                    && placed.insert(cover.id())
            });
        }
    }
}
