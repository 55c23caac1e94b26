//! All posted patches, found by what a commit may have in common with them.

use lorecast_model::MessageId;

use super::line_index::LineIndex;
use super::posted::PostedPatch;
use super::postings::Postings;
use super::seen::Seen;
use super::titles;
use super::weigh::is_sane;
use crate::hash::Hash;

/// A key that more patches have than this finds none of them.
const HOT: usize = 64;

/// How many patches the shared lines bring up, those that share most.
const NEAREST: usize = 24;

/// Posted patches, ready to be asked for the one that a commit is. In which order they came does not
/// matter. It takes about 1 KB a patch.
#[derive(Clone, Debug)]
pub struct Index {
    posts: Vec<PostedPatch>,
    keys: Postings<u64>,
    lines: LineIndex,
}

impl Default for Index {
    fn default() -> Self {
        Self { posts: Vec::new(), keys: Postings::new(HOT), lines: LineIndex::default() }
    }
}

impl Index {
    /// Adds a patch. The same mail twice, as archives of several lists have it, counts once.
    pub fn insert(&mut self, post: PostedPatch) {
        let id = id_key(&post.id);
        let known = self.keys.get(id).any(|number| self.posts[number as usize] == post);
        let Ok(number) = u32::try_from(self.posts.len()) else { return };
        if known {
            return;
        }
        for key in keys(&post) {
            self.keys.insert(key, number);
        }
        self.lines.insert(number, post.print.lines());
        self.posts.push(post);
    }

    /// How many patches it holds.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// The part that finds patches by their changed lines; it calls them by the order of their
    /// insertion, from 0 on.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// Whether it holds this mail, or a patch that answers it.
    pub(super) fn holds(&self, id: &MessageId) -> bool {
        self.keys.get(id_key(id)).chain(self.keys.get(root_key(id))).next().is_some()
    }

    /// Whatever may be the commit, each once.
    pub(super) fn candidates(&self, seen: &Seen) -> impl Iterator<Item = &PostedPatch> {
        let mut found: Vec<u32> = Vec::new();
        for key in asked(seen) {
            found.extend(self.keys.get(key));
        }
        for print in &seen.prints {
            found.extend(self.nearest(print.lines()));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|number| &self.posts[number as usize])
    }

    fn nearest(&self, lines: &[u32]) -> impl Iterator<Item = u32> {
        let mut sharing = self.lines.sharing(lines);
        if sharing.len() > NEAREST {
            let order = |&(number, weight): &(u32, u32)| {
                let post = &self.posts[number as usize];
                (std::cmp::Reverse((weight, post.date)), &post.id)
            };
            sharing.select_nth_unstable_by(NEAREST, |a, b| order(a).cmp(&order(b)));
            sharing.truncate(NEAREST);
        }
        sharing.into_iter().map(|(number, _)| number)
    }
}

/// What a patch is found by.
pub(super) fn keys(post: &PostedPatch) -> Vec<u64> {
    let mut keys = vec![id_key(&post.id), bare_key(post.print.bare())];
    keys.extend((post.root != post.id).then(|| root_key(&post.root)));
    keys.extend(post.print.patch_id().map(|id| Hash::of(b'P').bytes(&id.0).end()));
    keys.extend(titles::keys(&post.title));
    keys.extend(is_sane(post.date).then(|| second_key(post.date.as_second())));
    keys
}

/// What a commit asks for.
pub(super) fn asked(seen: &Seen) -> Vec<u64> {
    let mut keys: Vec<u64> = Vec::new();
    for named in &seen.named {
        keys.extend([id_key(&named.id), root_key(&named.id)]);
    }
    for print in &seen.prints {
        keys.push(bare_key(print.bare()));
        keys.extend(print.patch_id().map(|id| Hash::of(b'P').bytes(&id.0).end()));
    }
    keys.extend(titles::keys(&seen.title));
    keys.extend(is_sane(seen.authored).then(|| second_key(seen.authored.as_second())));
    keys
}

fn id_key(id: &MessageId) -> u64 {
    Hash::of(b'i').bytes(id.as_str().as_bytes()).end()
}

fn root_key(id: &MessageId) -> u64 {
    Hash::of(b'r').bytes(id.as_str().as_bytes()).end()
}

fn bare_key(bare: u64) -> u64 {
    Hash::of(b'b').bytes(&bare.to_le_bytes()).end()
}

fn second_key(second: i64) -> u64 {
    Hash::of(b's').bytes(&second.to_le_bytes()).end()
}
