//! Equal words at another place.

use std::ops::Range;

use super::body::Body;
use super::judge::Found;

/// The words of a run that is looked up.
const LENGTH: usize = 4;

/// A run that stands in more places tells nothing.
const MOST_PLACES: usize = 64;

/// A run in more places than these says little of which mail continues which.
const FEW_PLACES: usize = 8;

/// How many runs of a mail, or of a mark, are looked up at most.
const MOST_RUNS: usize = 4096;
const MOST_RUNS_OF_MARK: usize = 64;

/// How far equal words are followed to either side.
const FAR: usize = 48;

/// How much of the equal text must be like no other, in characters, to be taken for the marked one: in its
/// file, and in another one.
const ENOUGH: usize = 24;
const ENOUGH_ELSEWHERE: usize = 60;

/// How much shorter everything like it must be.
const TWIN: f64 = 0.75;

/// Every run of some words of some mails, with its places.
pub(super) struct Runs(Vec<Run>);

type Run = ([u32; LENGTH], Spot);

/// A mail and a word of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) mail: u32,
    word: u32,
}

impl Runs {
    pub(super) fn of(bodies: &[&Body]) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        for (mail, body) in (0..).zip(bodies) {
            let spot = |word| Spot { mail, word };
            let windows = body.ids.windows(LENGTH).filter_map(|run| run.try_into().ok());
            runs.extend(windows.zip((0..).map(spot)));
        }
        runs.sort_unstable();
        Self(runs)
    }

    fn find(&self, run: &[u32]) -> &[Run] {
        let start = self.0.partition_point(|(other, _)| other.as_slice() < run);
        let count = self.0[start..].partition_point(|(other, _)| other.as_slice() == run);
        &self.0[start..start + count]
    }

    /// How much of an old mail each of so many new ones holds, from 0 to 1. Runs that many hold do not
    /// count, nor do those of other mails of the old revision (`before`), such as trailers.
    pub(super) fn shares(
        &self,
        (mail, ids): (usize, &[u32]),
        before: &Self,
        mails: usize,
    ) -> Vec<f64> {
        let (mut shares, mut looked_up) = (vec![0.0; mails], 0.0);
        let step = ids.len() / MOST_RUNS + 1;
        for run in ids.windows(LENGTH).step_by(step) {
            let found = self.find(run);
            let elsewhere = before.find(run).iter().any(|(_, spot)| spot.mail as usize != mail);
            if found.len() > FEW_PLACES || elsewhere {
                continue;
            }
            looked_up += 1.0;
            let mut holders: Vec<u32> = found.iter().map(|(_, spot)| spot.mail).collect();
            holders.dedup();
            for mail in &holders {
                shares[*mail as usize] += 1.0 / holders.len() as f64;
            }
        }
        shares.iter().map(|share| share / f64::max(looked_up, 1.0)).collect()
    }

    /// Where the marked words stand in these mails, with what is equal around them, most first.
    fn twins(&self, bodies: &[&Body], old: &Body, marked: &Range<usize>) -> Vec<(Equal, Spot)> {
        let mut spots: Vec<Spot> = self.candidates(&old.ids, marked);
        spots.sort_unstable();
        spots.dedup();
        let equal = |spot: Spot| {
            let equal = Equal::of(old, marked, bodies[spot.mail as usize], spot.word as usize)?;
            Some((equal, spot))
        };
        let mut found: Vec<(Equal, Spot)> = spots.into_iter().filter_map(equal).collect();
        found.sort_by(|(a, at), (b, bt)| b.weight.cmp(&a.weight).then(at.cmp(bt)));
        found
    }

    /// Where the marked words may begin, as one of their runs, or a run around them, stands there.
    fn candidates(&self, ids: &[u32], marked: &Range<usize>) -> Vec<Spot> {
        let runs: Vec<usize> = if marked.len() >= LENGTH {
            let step = marked.len() / MOST_RUNS_OF_MARK + 1;
            (marked.start..=marked.end - LENGTH).step_by(step).collect()
        } else {
            (marked.end.saturating_sub(LENGTH)..=marked.start).collect()
        };
        let places = |start: usize| Some((start, self.find(ids.get(start..start + LENGTH)?)));
        let begin = |start: usize, (_, spot): &Run| {
            let word = (spot.word as usize + marked.start).checked_sub(start)?;
            Some(Spot { word: u32::try_from(word).ok()?, ..*spot })
        };
        let found = runs.into_iter().filter_map(places);
        let found = found.filter(|(_, places)| (1..=MOST_PLACES).contains(&places.len()));
        if marked.len() >= LENGTH {
            // The whole mark has to be there, so its rarest run tells enough.
            let rarest = found.min_by_key(|(_, places)| places.len());
            return rarest
                .into_iter()
                .flat_map(|(start, places)| places.iter().filter_map(move |run| begin(start, run)))
                .collect();
        }
        found
            .flat_map(|(start, places)| places.iter().filter_map(move |run| begin(start, run)))
            .collect()
    }
}

/// The mails of a revision, and their runs.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) bodies: &'a [&'a Body],
    pub(super) runs: &'a Runs,
}

impl Known<'_> {
    fn has_once(&self, words: &[u32]) -> bool {
        // Of a long text, one run that stands once is enough.
        let mut runs = words.windows(LENGTH).take(MOST_RUNS);
        if words.len() >= LENGTH {
            return runs.any(|run| self.runs.find(run).len() == 1);
        }
        let places = self.bodies.iter().flat_map(|body| body.ids.windows(words.len()));
        places.filter(|place| *place == words).take(2).count() == 1
    }
}

/// Where the marked words of a mail stand in the new revision, when so much around them is the same, and
/// like nothing else, that there is one such place and was one in the old revision.
///
/// Into a mail that does not continue theirs, as `is_heir` says, only words go that stand once in each
/// revision: tests and tables say the same of different things.
pub(super) fn moved(
    marked: &Range<usize>,
    mail: usize,
    before: Known<'_>,
    after: Known<'_>,
    is_heir: impl Fn(usize) -> bool,
) -> Option<(usize, Found)> {
    let old = before.bodies[mail];
    let found = after.runs.twins(after.bodies, old, marked);
    let (equal, spot) = found.first()?;
    let too_like = |other: &Equal| other.weight as f64 > TWIN * equal.weight as f64;
    let here = |spot: &Spot| spot.mail as usize == mail && spot.word as usize == marked.start;
    let twins = before.runs.twins(before.bodies, old, marked);
    let had_twin = twins.iter().any(|(other, spot)| !here(spot) && too_like(other));
    let has_twin = found.get(1).is_some_and(|(other, _)| too_like(other));
    if had_twin || has_twin {
        return None;
    }
    let (to, start) = (spot.mail as usize, spot.word as usize);
    let words = &old.ids[marked.clone()];
    let is_rare = || before.has_once(words) && after.has_once(words);
    if !(is_heir(to) || is_rare()) {
        return None;
    }
    let file = |body: &Body, word: usize| body.file_at(body.words[word].start).map(str::to_owned);
    let same_file = file(old, marked.start) == file(after.bodies[to], start);
    let enough = if same_file { ENOUGH } else { ENOUGH_ELSEWHERE };
    let words = start..start + marked.len();
    let alone = alone(old, &equal.words, before.runs, after.runs);
    (alone >= enough).then_some((to, Found { words, same: true }))
}

/// Whether the marked words stand at another place of a new mail too, with more around them that is the
/// same than at `start`. `is_free` says of a word whether no old word is aligned with it.
pub(super) fn has_better_twin(
    marked: &Range<usize>,
    old: &Body,
    (mail, start): (usize, usize),
    after: Known<'_>,
    is_free: impl Fn(usize) -> bool,
) -> bool {
    let Some(here) = Equal::of(old, marked, after.bodies[mail], start) else { return false };
    after.runs.twins(after.bodies, old, marked).iter().any(|(equal, spot)| {
        let elsewhere = spot.mail as usize == mail && spot.word as usize != start;
        elsewhere && equal.weight > here.weight && is_free(spot.word as usize)
    })
}

/// How many characters of a text stand in runs that are in one place only, before and after.
fn alone(body: &Body, words: &Range<usize>, before: &Runs, after: &Runs) -> usize {
    let (mut found, mut counted) = (0, words.start);
    for start in words.start..(words.end + 1).saturating_sub(LENGTH) {
        let run = &body.ids[start..start + LENGTH];
        if before.find(run).len() == 1 && after.find(run).len() == 1 {
            found += body.weight_of(counted.max(start)..start + LENGTH);
            counted = start + LENGTH;
        }
    }
    found
}

/// Words of an old text that stand elsewhere too: those that are marked, and those around them.
#[derive(Debug)]
struct Equal {
    /// How many characters they have.
    weight: usize,
    words: Range<usize>,
}

impl Equal {
    /// When the marked words stand at a word of another text.
    fn of(old: &Body, marked: &Range<usize>, new: &Body, start: usize) -> Option<Self> {
        let there = new.ids.get(start..start + marked.len())?;
        if there != &old.ids[marked.clone()] {
            return None;
        }
        let before = old.ids[..marked.start].iter().rev().zip(new.ids[..start].iter().rev());
        let before = before.take(FAR).take_while(|(a, b)| a == b).count();
        let behind = old.ids[marked.end..].iter().zip(&new.ids[start + marked.len()..]);
        let behind = behind.take(FAR).take_while(|(a, b)| a == b).count();
        let words = marked.start - before..marked.end + behind;
        Some(Self { weight: old.weight_of(words.clone()), words })
    }
}
