//! Who answers whom, ghosts included (after Jamie Zawinski's message threading).

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use lorecast_model::{Header, MessageId, Node};

use crate::union::Sets;

/// Messages and ghosts with their parents; never a loop.
pub(crate) struct Forest<'a> {
    places: Vec<Place<'a>>,
}

struct Place<'a> {
    id: &'a MessageId,
    held: bool,
    parent: Option<usize>,
    /// Its own date, or that of the earliest message that names it.
    date: Timestamp,
}

impl<'a> Forest<'a> {
    /// Links every message below the nearest of its references, and ghosts below the reference
    /// that stands before them.
    pub(crate) fn new(headers: impl IntoIterator<Item = &'a Header>) -> Self {
        let mut headers: Vec<&Header> = headers.into_iter().collect();
        headers.sort_by_key(|header| (header.date, &header.id));
        let mut seen = HashSet::new();
        headers.retain(|header| seen.insert(&header.id));
        let mut planter = Planter::new(&headers);
        // The latest first: a loop then breaks above its earliest message.
        for (number, header) in headers.iter().enumerate().rev() {
            planter.plant(number, header);
        }
        for header in &headers {
            planter.plant_ghosts(header);
        }
        Self { places: planter.places }
    }

    /// The one place above all others; when there are several, the earliest held one with nothing
    /// above it, or the earliest message of all.
    pub(crate) fn root(&self) -> Option<MessageId> {
        let mut tops = self.places.iter().filter(|place| place.parent.is_none());
        let first = tops.next()?;
        if tops.next().is_none() {
            return Some(first.id.clone());
        }
        // Held places come first, by date.
        let top = self.places.iter().find(|place| place.held && place.parent.is_none());
        top.or(self.places.first()).map(|place| place.id.clone())
    }

    /// The tree without the ghosts that join nothing.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        let mut children = self.children();
        let mut tops: Vec<usize> = Vec::new();
        let mut open: Vec<usize> =
            (0..self.places.len()).filter(|&i| self.places[i].parent.is_none()).collect();
        while let Some(top) = open.pop() {
            let ghost = !self.places[top].held;
            match children[top].len() {
                0 if ghost => {}
                1 if ghost => open.append(&mut children[top]),
                _ => tops.push(top),
            }
        }
        self.walk(tops, &children)
    }

    /// The children of every place; a ghost below another place hands its children up.
    fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.places.len()];
        let mut shown: HashMap<usize, usize> = HashMap::new();
        for (number, place) in self.places.iter().enumerate().filter(|(_, place)| place.held) {
            if let Some(parent) = place.parent {
                children[self.shown_above(parent, &mut shown)].push(number);
            }
        }
        children
    }

    /// The nearest place from here up that is held, or the ghost at the top.
    fn shown_above(&self, from: usize, shown: &mut HashMap<usize, usize>) -> usize {
        let (mut at, mut passed) = (from, Vec::new());
        let found = loop {
            if let Some(&found) = shown.get(&at) {
                break found;
            }
            match self.places[at].parent {
                Some(parent) if !self.places[at].held => {
                    passed.push(at);
                    at = parent;
                }
                _ => break at,
            }
        };
        shown.extend(passed.into_iter().map(|place| (place, found)));
        found
    }

    fn walk(&self, mut tops: Vec<usize>, children: &[Vec<usize>]) -> Vec<Node> {
        let latest_first =
            |list: &mut Vec<usize>| list.sort_by_key(|&i| std::cmp::Reverse(self.order(i)));
        latest_first(&mut tops);
        let mut open: Vec<(usize, u32)> = tops.into_iter().map(|top| (top, 0)).collect();
        let mut nodes = Vec::new();
        while let Some((number, depth)) = open.pop() {
            let Place { id, held, .. } = &self.places[number];
            nodes.push(Node { id: (*id).clone(), depth, held: *held });
            let mut below = children[number].clone();
            latest_first(&mut below);
            open.extend(below.into_iter().map(|child| (child, depth + 1)));
        }
        nodes
    }

    fn order(&self, number: usize) -> (Timestamp, &MessageId) {
        (self.places[number].date, self.places[number].id)
    }
}

struct Planter<'a> {
    places: Vec<Place<'a>>,
    numbers: HashMap<&'a MessageId, usize>,
    trees: Sets,
}

impl<'a> Planter<'a> {
    /// Held messages first, in their order, then ghosts as they are named.
    fn new(headers: &[&'a Header]) -> Self {
        let mut planter = Self { places: Vec::new(), numbers: HashMap::new(), trees: Sets::new(0) };
        for header in headers {
            planter.add(&header.id, true, header.date);
        }
        for header in headers {
            for reference in &header.references {
                planter.add(reference, false, header.date);
            }
        }
        planter
    }

    fn add(&mut self, id: &'a MessageId, held: bool, date: Timestamp) {
        let Self { places, numbers, trees } = self;
        numbers.entry(id).or_insert_with(|| {
            places.push(Place { id, held, parent: None, date });
            trees.push()
        });
    }

    /// Below the nearest reference that makes no loop.
    fn plant(&mut self, number: usize, header: &Header) {
        for reference in header.references.iter().rev() {
            let parent = self.numbers[reference];
            if self.link(number, parent) {
                return;
            }
        }
    }

    fn plant_ghosts(&mut self, header: &Header) {
        for pair in header.references.windows(2) {
            let (parent, child) = (self.numbers[&pair[0]], self.numbers[&pair[1]]);
            if !self.places[child].held && self.places[child].parent.is_none() {
                self.link(child, parent);
            }
        }
    }

    /// False when that would make a loop. The child is the top of its tree.
    fn link(&mut self, child: usize, parent: usize) -> bool {
        let linked = self.trees.join(child, parent);
        if linked {
            self.places[child].parent = Some(parent);
        }
        linked
    }
}
