//! From a key to the few patches that have it.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Keys, each with the patches that have it, at most a given number: a key that more have says
/// nothing about any of them and is forgotten but for its count. So the order in which patches come
/// does not matter.
#[derive(Clone, Debug)]
pub(super) struct Postings<K> {
    limit: usize,
    map: FxHashMap<K, Slot>,
    lists: Vec<Vec<u32>>,
    /// Lists that are free again.
    free: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Slot {
    One(u32),
    /// The number of a list.
    Few(u32),
    /// So many, too many.
    Hot(u32),
}

impl<K: Copy + Eq + Hash> Postings<K> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, map: FxHashMap::default(), lists: Vec::new(), free: Vec::new() }
    }

    pub(super) fn insert(&mut self, key: K, patch: u32) {
        let mut slot = self.map.get(&key).copied();
        slot = Some(match slot {
            None => Slot::One(patch),
            Some(Slot::One(first)) => self.list(first, patch),
            Some(Slot::Hot(count)) => Slot::Hot(count.saturating_add(1)),
            Some(Slot::Few(at)) => self.grow(at, patch),
        });
        self.map.extend(slot.map(|slot| (key, slot)));
    }

    /// The patches of a key; none when there are too many.
    pub(super) fn get(&self, key: K) -> impl Iterator<Item = u32> {
        let (one, few): (Option<u32>, &[u32]) = match self.map.get(&key) {
            Some(Slot::One(patch)) => (Some(*patch), &[]),
            Some(Slot::Few(at)) => (None, &self.lists[*at as usize]),
            Some(Slot::Hot(_)) | None => (None, &[]),
        };
        one.into_iter().chain(few.iter().copied())
    }

    /// How many patches have a key.
    pub(super) fn count(&self, key: K) -> u32 {
        match self.map.get(&key) {
            None => 0,
            Some(Slot::One(_)) => 1,
            Some(Slot::Few(at)) => u32::try_from(self.lists[*at as usize].len()).unwrap_or(0),
            Some(Slot::Hot(count)) => *count,
        }
    }

    fn list(&mut self, first: u32, second: u32) -> Slot {
        let pair = vec![first, second];
        if let Some(at) = self.free.pop() {
            self.lists[at as usize] = pair;
            return Slot::Few(at);
        }
        self.lists.push(pair);
        Slot::Few(u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX))
    }

    fn grow(&mut self, at: u32, patch: u32) -> Slot {
        let list = &mut self.lists[at as usize];
        list.push(patch);
        if list.len() <= self.limit {
            return Slot::Few(at);
        }
        let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
        *list = Vec::new();
        self.free.push(at);
        Slot::Hot(count)
    }
}
