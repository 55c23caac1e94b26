//! Which threads are the talk of their lists: a list of ten threads has its news like one of five
//! hundred.

use std::collections::BTreeMap;

use lorecast_model::ListId;

use crate::Facts;

/// So many threads of a list count as its foremost.
pub(super) const FOREMOST: usize = 20;

/// How many messages the threads of each list have, the most first; at most [`FOREMOST`] threads.
pub(super) struct Lists<'a>(BTreeMap<&'a ListId, Vec<u32>>);

impl<'a> Lists<'a> {
    pub fn new(facts: &'a [Facts]) -> Self {
        let mut lists: BTreeMap<&ListId, Vec<u32>> = BTreeMap::new();
        for facts in facts {
            for list in &facts.lists {
                lists.entry(list).or_default().push(facts.messages);
            }
        }
        for counts in lists.values_mut() {
            counts.sort_unstable_by(|a, b| b.cmp(a));
            counts.truncate(FOREMOST);
        }
        Self(lists)
    }

    /// The list in which a thread stands highest by messages, and how many stand above it there.
    /// `None` from the twentieth on, and for a single message.
    pub fn best<'f>(&self, facts: &'f Facts) -> Option<(&'f ListId, usize)> {
        if facts.messages < 2 {
            return None;
        }
        let places = facts.lists.iter().filter_map(|list| {
            let counts = self.0.get(list)?;
            Some((list, counts.partition_point(|count| *count > facts.messages)))
        });
        places.min_by_key(|(_, above)| *above).filter(|(_, above)| *above < FOREMOST)
    }
}
