//! Threads: connected components of References and In-Reply-To.
//!
//! A component does not depend on the order in which mail arrives, and neither do the tree and the
//! summary, which are computed from the finished component.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lorecast_model::{Group, Header, MessageId, Node, Placement, Thread, ThreadKey};

/// Places messages into the threads of a store. `known` holds the threads of those ids, of the
/// messages or of their references, that have one.
pub fn place<'a>(
    headers: impl IntoIterator<Item = &'a Header>,
    known: &HashMap<MessageId, ThreadKey>,
) -> Placement {
    let mut groups = Groups::default();
    let mut ids: Vec<&MessageId> = Vec::new();
    for header in headers {
        let own = groups.node(Member::Id(&header.id));
        for id in std::iter::once(&header.id).chain(&header.references) {
            let node = groups.node(Member::Id(id));
            groups.join(own, node);
            if let Some(key) = known.get(id) {
                let key = groups.node(Member::Thread(*key));
                groups.join(own, key);
            }
            ids.push(id);
        }
    }
    groups.placement(ids, known)
}

/// The tree of a thread, parents before children, siblings by date and then by id.
///
/// A message's parent is the last of its references that is in the thread. A missing message is
/// shown where it holds two or more branches together, or where the tree begins with it. Loops are
/// cut at their earliest message.
pub fn tree(headers: &[Header]) -> Vec<Node> {
    let forest = Forest::new(headers);
    let mut nodes = Vec::with_capacity(headers.len());
    // A stack instead of recursion: threads may be thousands deep.
    let mut stack: Vec<(usize, u32)> = forest.roots.iter().rev().map(|&root| (root, 0)).collect();
    while let Some((at, depth)) = stack.pop() {
        let held = forest.held(at);
        nodes.push(Node { id: forest.ids[at].clone(), depth, held });
        stack.extend(forest.children[at].iter().rev().map(|&child| (child, depth + 1)));
    }
    nodes
}

/// The summary of a thread; `None` when it has no message.
pub fn summarise<'a>(headers: impl IntoIterator<Item = &'a Header>) -> Option<Thread> {
    let headers: Vec<Header> = headers.into_iter().cloned().collect();
    let earliest = headers.iter().min_by_key(|header| (header.date, &header.id))?;
    let latest = headers.iter().map(|header| header.date).max()?;
    let forest = Forest::new(&headers);
    let root = *forest.roots.first()?;
    let people: BTreeSet<String> = headers.iter().map(|h| h.from.email.to_lowercase()).collect();
    let titled = if forest.held(root) { &headers[root] } else { earliest };
    Some(Thread {
        id: forest.ids[root].clone(),
        subject: titled.subject.clone(),
        messages: headers.len() as u32,
        participants: people.len() as u32,
        first: earliest.date,
        last: latest,
    })
}

/// A node of the union: a message-id, or a thread that the store has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Member<'a> {
    Id(&'a MessageId),
    Thread(ThreadKey),
}

/// Union-find with path halving.
#[derive(Default)]
struct Groups<'a> {
    nodes: HashMap<Member<'a>, usize>,
    parent: Vec<usize>,
}

impl<'a> Groups<'a> {
    fn node(&mut self, member: Member<'a>) -> usize {
        let next = self.parent.len();
        let node = *self.nodes.entry(member).or_insert(next);
        if node == next {
            self.parent.push(next);
        }
        node
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        // The lower one wins, so that the result does not depend on the order of the joins.
        self.parent[a.max(b)] = a.min(b);
    }

    fn placement(
        mut self,
        ids: Vec<&'a MessageId>,
        known: &HashMap<MessageId, ThreadKey>,
    ) -> Placement {
        let threads: BTreeSet<ThreadKey> = self
            .nodes
            .keys()
            .filter_map(|member| match member {
                Member::Thread(key) => Some(*key),
                Member::Id(_) => None,
            })
            .collect();
        let (mut group, mut placement) = (BTreeMap::new(), Placement::default());
        for key in threads {
            let node = self.node(Member::Thread(key));
            let root = self.find(node);
            match group.get(&root) {
                // Threads come in order, so the lowest key of a component takes the others in.
                Some(Group::Known(into)) => placement.merges.push((key, *into)),
                _ => drop(group.insert(root, Group::Known(key))),
            }
        }
        let (mut seen, mut new) = (BTreeSet::new(), 0);
        for id in ids {
            if known.contains_key(id) || !seen.insert(id) {
                continue;
            }
            let node = self.node(Member::Id(id));
            let root = self.find(node);
            let group = *group.entry(root).or_insert_with(|| {
                new += 1;
                Group::New(new - 1)
            });
            placement.members.push((id.clone(), group));
        }
        placement
    }
}

/// Messages, and the missing ones that join them, with parents and children by index: first the
/// headers in their own order, then the ghosts.
struct Forest<'a> {
    ids: Vec<&'a MessageId>,
    headers: &'a [Header],
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
}

impl<'a> Forest<'a> {
    fn new(headers: &'a [Header]) -> Self {
        let mut ids: Vec<&MessageId> = headers.iter().map(|header| &header.id).collect();
        let mut index: HashMap<&MessageId, usize> = HashMap::new();
        for (at, id) in ids.iter().enumerate() {
            index.entry(id).or_insert(at);
        }
        let mut parent: Vec<Option<usize>> = vec![None; headers.len()];
        for (at, header) in headers.iter().enumerate() {
            let held = header.references.iter().rev().find_map(|id| index.get(id).copied());
            let held = held.filter(|&up| up < headers.len() && up != at);
            parent[at] = held.or_else(|| {
                let ghost = header.references.first()?;
                Some(*index.entry(ghost).or_insert_with(|| {
                    ids.push(ghost);
                    ids.len() - 1
                }))
                .filter(|&up| up != at)
            });
        }
        parent.resize(ids.len(), None);
        cut_loops(&mut parent, headers);
        let mut forest =
            Self { children: vec![Vec::new(); ids.len()], ids, headers, roots: vec![] };
        for (at, up) in parent.iter().enumerate() {
            match up {
                Some(up) => forest.children[*up].push(at),
                None => forest.roots.push(at),
            }
        }
        forest.drop_lonely_ghosts();
        forest.order();
        forest
    }

    fn held(&self, at: usize) -> bool {
        at < self.headers.len()
    }

    /// A ghost above a single message, in a thread that has another root, joins nothing: the
    /// message itself stands there.
    fn drop_lonely_ghosts(&mut self) {
        let several = self.roots.len() > 1;
        let mut roots = Vec::with_capacity(self.roots.len());
        for &root in &self.roots {
            match self.children[root].as_slice() {
                [only] if several && !self.held(root) => roots.push(*only),
                _ => roots.push(root),
            }
        }
        self.roots = roots;
    }

    /// Siblings, and roots among themselves, by date and then by id; a ghost is as old as its
    /// earliest child.
    fn order(&mut self) {
        let age: Vec<_> = (0..self.ids.len())
            .map(|at| match self.headers.get(at) {
                Some(header) => Some(header.date),
                None => self.children[at].iter().map(|&child| self.headers[child].date).min(),
            })
            .collect();
        let ids = &self.ids;
        let key = |&at: &usize| (age[at], ids[at]);
        self.children.iter_mut().for_each(|children| children.sort_by_key(key));
        self.roots.sort_by_key(key);
    }
}

/// Follows parents upwards and cuts each loop at its earliest message, which becomes a root.
fn cut_loops(parent: &mut [Option<usize>], headers: &[Header]) {
    // 0: not visited; otherwise the walk that visited it last.
    let mut visited = vec![0_usize; parent.len()];
    for start in 0..parent.len() {
        let mut at = start;
        while visited[at] == 0 {
            visited[at] = start + 1;
            match parent[at] {
                Some(up) => at = up,
                None => break,
            }
        }
        if visited[at] != start + 1 || parent[at].is_none() {
            continue;
        }
        let mut members = vec![at];
        let mut next = parent[at];
        while let Some(up) = next.filter(|&up| up != at) {
            members.push(up);
            next = parent[up];
        }
        let key = |&at: &usize| headers.get(at).map(|header| (header.date, &header.id));
        if let Some(earliest) = members.into_iter().min_by_key(key) {
            parent[earliest] = None;
        }
    }
}
