//! Whether what stands where the marked words stood is still the text that was marked.

use std::ops::Range;

use super::body::Body;

/// The share of the marked text, and of what stands there now, that both must have in common: by rule, and
/// where nearly all on either side is as it was.
const ALIKE: f64 = 0.72;
const ALIKE_WITHIN: f64 = 0.6;

/// Text that is shorter, in characters, is the same or gone: by rule, and where nearly all on either side is
/// as it was.
const SHORT: usize = 16;
const SHORT_WITHIN: usize = 8;

/// Fewer letters in common are chance.
const STEM: usize = 3;

/// How many words are looked at on either side, and how far they may have moved apart.
const AROUND: usize = 12;
const APART: usize = 12;

/// How much text has to agree, around the mark and within, in characters.
const ENOUGH: usize = 20;

/// Text that is longer, in characters, needs little around it.
const LONG: usize = 40;

/// The share of the text around that has to agree: by rule, and for long text that did not change.
const MOST: f64 = 0.4;
const SOME: f64 = 0.15;

/// The share that is nearly all.
const NEARLY_ALL: f64 = 0.8;

/// Where marked words are now.
#[derive(Debug)]
pub(super) struct Found {
    /// The words of the new text.
    pub(super) words: Range<usize>,
    /// Whether they are the same words.
    pub(super) same: bool,
}

/// Finds the marked words of a text in another one, to which `places` aligns it; nothing when they are
/// gone, or changed too much, or when too little around them agrees.
pub(super) fn judge(
    old: &Body,
    marked: &Range<usize>,
    new: &Body,
    places: &[Option<u32>],
) -> Option<Found> {
    let pairs: Vec<(usize, usize)> = aligned(places, marked.clone()).collect();
    let words = reach(&pairs, marked, places)?;
    let same = pairs.len() == marked.len() && words.len() == marked.len();
    let around = Around::of(old, marked, &words, places);
    let kept: usize = pairs.iter().map(|(word, _)| old.weight(*word)).sum();
    let (alike, short) = match around.is_as_it_was() {
        true => (ALIKE_WITHIN, SHORT_WITHIN),
        false => (ALIKE, SHORT),
    };
    let may_change = !names_somebody(old, marked);
    let fits =
        same || may_change && kept >= short && likeness(&pairs, old, marked, new, &words) >= alike;
    (fits && around.agrees(kept, same) && is_same_file(old, marked, new, &words))
        .then_some(Found { words, same })
}

/// The share that marked words and those that stand there now have in common, of what the longer says.
fn likeness(
    pairs: &[(usize, usize)],
    old: &Body,
    marked: &Range<usize>,
    new: &Body,
    words: &Range<usize>,
) -> f64 {
    let mut common = old.meaning_of(pairs.iter().map(|(word, _)| *word));
    // Of words that became others, what they begin and end with.
    let (mut word, mut place) = (marked.start, words.start);
    for &(next, next_place) in pairs.iter().chain([&(marked.end, words.end)]) {
        let replaced = (word..next).zip(place..next_place);
        common +=
            replaced.map(|(word, place)| stem(old.word(word), new.word(place))).sum::<usize>();
        (word, place) = (next + 1, next_place + 1);
    }
    let all = old.meaning_of(marked.clone()).max(new.meaning_of(words.clone()));
    common as f64 / all.max(1) as f64
}

/// How many characters two words begin and end with alike; names with digits are alike or not.
fn stem(one: &str, other: &str) -> usize {
    if [one, other].iter().any(|word| word.contains(|c: char| c.is_ascii_digit())) {
        return 0;
    }
    let shorter = one.chars().count().min(other.chars().count());
    let equal = |(a, b): &(char, char)| a == b;
    let start = one.chars().zip(other.chars()).take_while(equal).count();
    let end = one.chars().rev().zip(other.chars().rev()).take_while(equal).count();
    let common = start + end.min(shorter - start);
    if common < STEM { 0 } else { common }
}

/// The words of a range that are aligned, each with its place.
fn aligned(
    places: &[Option<u32>],
    words: Range<usize>,
) -> impl DoubleEndedIterator<Item = (usize, usize)> {
    words.filter_map(|word| Some((word, places[word]? as usize)))
}

/// From the first to the last word that is aligned; where the mark begins or ends with words that are
/// not, with what stands in their stead.
fn reach(
    pairs: &[(usize, usize)],
    marked: &Range<usize>,
    places: &[Option<u32>],
) -> Option<Range<usize>> {
    let (first, last) = (pairs.first()?, pairs.last()?);
    let mut words = first.1..last.1 + 1;
    let lost = first.0 - marked.start;
    let before = marked.start.saturating_sub(AROUND)..marked.start;
    if let Some((_, place)) = aligned(places, before).next_back() {
        words.start -= in_stead(lost, words.start - (place + 1));
    }
    let lost = marked.end - (last.0 + 1);
    let behind = marked.end..places.len().min(marked.end.saturating_add(AROUND));
    if let Some((_, place)) = aligned(places, behind).next() {
        words.end += in_stead(lost, place - words.end);
    }
    Some(words)
}

/// How many of the words before or behind stand for those that are lost: all, or else none.
fn in_stead(lost: usize, there: usize) -> usize {
    if lost > 0 && there <= 2 * lost + 1 { there } else { 0 }
}

/// What stands around a mark, before it and behind it.
struct Around {
    sides: [Side; 2],
}

/// In characters.
#[derive(Default)]
struct Side {
    all: usize,
    agreeing: usize,
}

impl Side {
    /// A word so far from the mark before, and so far now, if it is aligned.
    fn look(&mut self, weight: usize, apart: usize, now: Option<usize>) {
        self.all += weight;
        if now.is_some_and(|now| now <= apart + APART) {
            self.agreeing += weight;
        }
    }

    fn share(&self) -> f64 {
        if self.all == 0 { 1.0 } else { self.agreeing as f64 / self.all as f64 }
    }
}

impl Around {
    fn of(old: &Body, marked: &Range<usize>, to: &Range<usize>, places: &[Option<u32>]) -> Self {
        let place = |word: usize| places.get(word).copied().flatten().map(|place| place as usize);
        let (mut before, mut behind) = (Side::default(), Side::default());
        for word in marked.start.saturating_sub(AROUND)..marked.start {
            let now = place(word).and_then(|place| to.start.checked_sub(place));
            before.look(old.weight(word), marked.start - word, now);
        }
        for word in marked.end..places.len().min(marked.end.saturating_add(AROUND)) {
            let now = place(word).and_then(|place| place.checked_sub(to.end));
            behind.look(old.weight(word), word - marked.end, now);
        }
        Self { sides: [before, behind] }
    }

    /// Whether nearly nothing changed on either side.
    fn is_as_it_was(&self) -> bool {
        self.sides.iter().all(|side| side.share() >= NEARLY_ALL)
    }

    fn agrees(&self, kept: usize, same: bool) -> bool {
        let [before, behind] = &self.sides;
        let both =
            Side { all: before.all + behind.all, agreeing: before.agreeing + behind.agreeing };
        let enough = kept + both.agreeing >= ENOUGH || both.share() >= NEARLY_ALL;
        let one_side = self.sides.iter().any(|s| s.agreeing >= ENOUGH && s.share() >= NEARLY_ALL);
        let long = kept >= LONG && (one_side || same && both.share() >= SOME);
        enough && (both.share() >= MOST || long)
    }
}

/// Whether the mark is within a trailer (`Reviewed-by: …`, `Fixes: …`): another name there is another trailer.
fn names_somebody(old: &Body, marked: &Range<usize>) -> bool {
    // Below prose, as a paragraph of nothing but `key: value` is all trailers.
    let below_prose = |line: &str| lorecast_mail::trailers(&format!("Prose.\n{line}"));
    old.line_around(marked).is_some_and(|line| !below_prose(line).is_empty())
}

/// Prose stays prose, and code stays in its file.
fn is_same_file(old: &Body, marked: &Range<usize>, new: &Body, words: &Range<usize>) -> bool {
    let file = |body: &Body, word: usize| body.file_at(body.words[word].start).map(str::to_owned);
    file(old, marked.start) == file(new, words.start)
}
