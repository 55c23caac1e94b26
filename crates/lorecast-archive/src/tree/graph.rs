//! The commits of a repository and how they hang together, read as far as somebody asks.

use std::collections::{HashMap, HashSet};

use git2::{ObjectType, Odb};

use super::commit;
use super::object::{Sha, Unread, read};
use super::walk::Marks;

/// Commits, each by its place in the order in which they were met. About 150 bytes a commit.
pub(super) struct Graph {
    nodes: Vec<Node>,
    places: HashMap<Sha, u32>,
    /// The parents of all of them, one commit's after the other's.
    parents: Vec<u32>,
    /// The commits whose parents a shallow clone left out.
    shallow: HashSet<Sha>,
    /// What walks note down.
    marks: Marks,
}

struct Node {
    sha: Sha,
    /// The committer's time, in seconds of Unix.
    time: i64,
    /// Where its parents are, once it was read.
    parents: Option<(u32, u32)>,
}

impl Graph {
    pub fn new(shallow: HashSet<Sha>) -> Self {
        Self {
            nodes: Vec::new(),
            places: HashMap::new(),
            parents: Vec::new(),
            shallow,
            marks: Marks::default(),
        }
    }

    /// The marks of earlier walks, to be given back.
    pub fn take_marks(&mut self) -> Marks {
        std::mem::take(&mut self.marks)
    }

    pub fn keep_marks(&mut self, marks: Marks) {
        self.marks = marks;
    }

    pub fn sha(&self, node: u32) -> Sha {
        self.nodes[node as usize].sha
    }

    pub fn time(&self, node: u32) -> i64 {
        self.nodes[node as usize].time
    }

    /// The parents of a commit that was read.
    pub fn parents(&self, node: u32) -> &[u32] {
        let (from, to) = self.nodes[node as usize].parents.unwrap_or_default();
        &self.parents[from as usize..to as usize]
    }

    /// Meets a commit without reading it.
    fn meet(&mut self, sha: Sha) -> u32 {
        *self.places.entry(sha).or_insert_with(|| {
            self.nodes.push(Node { sha, time: 0, parents: None });
            (self.nodes.len() - 1) as u32
        })
    }

    /// Meets a commit and reads it.
    pub fn read(&mut self, odb: &Odb<'_>, sha: Sha) -> Result<u32, Unread> {
        let node = self.meet(sha);
        self.load(odb, node)?;
        Ok(node)
    }

    /// Reads a commit that was met.
    pub fn load(&mut self, odb: &Odb<'_>, node: u32) -> Result<(), Unread> {
        let Node { sha, parents: None, .. } = self.nodes[node as usize] else { return Ok(()) };
        let object = read(odb, sha, ObjectType::Commit)?;
        let links = commit::links(object.data()).ok_or_else(|| Unread::malformed(sha, "commit"))?;
        let from = self.parents.len() as u32;
        let cut = self.shallow.contains(&sha);
        for parent in links.parents.into_iter().filter(|_| !cut) {
            let parent = self.meet(parent);
            self.parents.push(parent);
        }
        let to = self.parents.len() as u32;
        let node = &mut self.nodes[node as usize];
        (node.time, node.parents) = (links.time, Some((from, to)));
        Ok(())
    }
}
