//! Where the paths of the search came from.

/// What a stretch of a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Before the first frame.
    Start,
    /// A word of the script, by its number in the whole script.
    Word(u32),
    /// A pause, or a noise.
    Silence,
    /// Something that the script does not say.
    Other,
}

/// A stretch that has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub kind: Kind,
    /// The first frame after it.
    pub end: u32,
    /// The stretch before; itself for the start.
    pub before: u32,
    /// The score of the path up to here.
    pub score: f64,
}

/// All stretches that a living path may still go back to. An entry comes after the one before it.
pub(crate) struct History {
    entries: Vec<Entry>,
    limit: usize,
}

/// Beyond so many entries (24 bytes each) the dead ones are dropped.
const TIDY_AT: usize = 1 << 20;

impl History {
    pub(crate) fn new() -> Self {
        let start = Entry { kind: Kind::Start, end: 0, before: 0, score: 0.0 };
        Self { entries: vec![start], limit: TIDY_AT }
    }

    pub(crate) fn push(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        (self.entries.len() - 1) as u32
    }

    /// Whether it is time to [`Self::tidy`].
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// Keeps what the places of `living` lead back to, and tells them their new places.
    pub(crate) fn tidy<'a>(&mut self, living: impl Iterator<Item = &'a mut u32>) {
        let living: Vec<&mut u32> = living.collect();
        let mut kept = vec![false; self.entries.len()];
        kept[0] = true;
        living.iter().for_each(|place| kept[**place as usize] = true);
        for at in (1..self.entries.len()).rev() {
            if kept[at] {
                kept[self.entries[at].before as usize] = true;
            }
        }
        let mut moved = vec![0u32; self.entries.len()];
        let mut count = 0;
        for at in 0..self.entries.len() {
            if kept[at] {
                let mut entry = self.entries[at];
                entry.before = moved[entry.before as usize];
                self.entries[count] = entry;
                moved[at] = count as u32;
                count += 1;
            }
        }
        self.entries.truncate(count);
        self.limit = TIDY_AT.max(2 * count);
        living.into_iter().for_each(|place| *place = moved[*place as usize]);
    }

    /// The path that ends at `place`, from its start.
    pub(crate) fn path(&self, mut place: u32) -> Vec<Entry> {
        let mut path = vec![self.entries[place as usize]];
        while place != 0 {
            place = self.entries[place as usize].before;
            path.push(self.entries[place as usize]);
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidying_keeps_the_living_path() {
        let mut history = History::new();
        let mut place = 0;
        for number in 0..10 {
            let entry = Entry { kind: Kind::Word(number), end: number, before: place, score: 0.0 };
            history.push(Entry { kind: Kind::Other, ..entry });
            place = history.push(entry);
        }
        let kinds = |history: &History, place| {
            history.path(place).iter().map(|entry| entry.kind).collect::<Vec<_>>()
        };
        let before = kinds(&history, place);
        history.tidy(std::iter::once(&mut place));
        assert_eq!(kinds(&history, place), before);
        assert_eq!(history.entries.len(), 11);
    }
}
