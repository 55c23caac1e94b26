//! Disjoint sets with union by size: nearly constant time, no recursion.

/// Sets of the numbers `0..n`.
pub(crate) struct Sets {
    parent: Vec<usize>,
    size: Vec<usize>,
}

impl Sets {
    /// Every number in a set of its own.
    pub(crate) fn new(n: usize) -> Self {
        Self { parent: (0..n).collect(), size: vec![1; n] }
    }

    /// One more number, in a set of its own.
    pub(crate) fn push(&mut self) -> usize {
        self.parent.push(self.parent.len());
        self.size.push(1);
        self.parent.len() - 1
    }

    /// The number that stands for the set of `x`.
    pub(crate) fn find(&mut self, mut x: usize) -> usize {
        while self.parent[x] != x {
            self.parent[x] = self.parent[self.parent[x]];
            x = self.parent[x];
        }
        x
    }

    /// Joins two sets; false when they were one already.
    pub(crate) fn join(&mut self, a: usize, b: usize) -> bool {
        let (mut a, mut b) = (self.find(a), self.find(b));
        if a == b {
            return false;
        }
        if self.size[a] < self.size[b] {
            (a, b) = (b, a);
        }
        self.parent[b] = a;
        self.size[a] += self.size[b];
        true
    }
}
