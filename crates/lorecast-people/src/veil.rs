//! Texts without the names that are not to be told: of people who asked to be forgotten, and those
//! that people no longer bear.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lorecast_model::{Mailbox, Person};

use crate::effective::effective;
use crate::forgotten::{Forgotten, SOMEBODY};
use crate::identity::People;
use crate::markdown;
use crate::spelling::{
    Spelling, is_apostrophe, is_caseless, is_dash, is_invisible, is_unspaced, letters,
};
use crate::words::{Folded, Word, words};

/// The most words of a name that is looked for in a text.
const WORDS: usize = 12;
/// The longest name in a text, in bytes.
const LONGEST: usize = 240;
/// The longest nickname or other spelling between or behind a name, in bytes.
const NICKNAME: usize = 80;
/// The most characters of a name that is written without spaces; Korean may come in single letters.
const UNSPACED: usize = 24;
/// So many words and keys are remembered between texts.
const REMEMBERED: usize = 200_000;

/// The names that are not told, and what stands for each.
#[derive(Clone, Debug, Default)]
pub struct Veil {
    forgotten: Forgotten,
    /// Keys of spellings, and the name that the person goes by.
    renamed: BTreeMap<String, Arc<str>>,
    /// Keys of what may stand beside those.
    beside: BTreeSet<String>,
    /// What those begin with.
    begin: BTreeSet<String>,
    /// The keys of the names that they go by.
    current: BTreeSet<String>,
    /// What was looked up; pages are made on several processors.
    known: Arc<Mutex<Known>>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    words: HashMap<String, Arc<Folded>>,
    begins: HashMap<String, bool>,
    names: HashMap<String, bool>,
}

/// A name that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// What is to stand there.
    pub instead: String,
    /// Whether the person still bears it: only the spelling is another.
    pub current: bool,
}

impl Veil {
    /// For these people, and those who bear another name now: each spelling and the name to use.
    pub fn new<'a>(
        forgotten: Forgotten,
        renamed: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut veil = Self { forgotten, ..Self::default() };
        for (spelling, name) in renamed {
            let own: Arc<str> = name.trim().into();
            let now = Spelling::of(name);
            // The own name is found too, so that a shorter one within it is not.
            let now = if name == SOMEBODY { Spelling::default() } else { now };
            for spelling in [&now, &Spelling::of(spelling)] {
                for key in &spelling.full {
                    veil.renamed.entry(key.clone()).or_insert_with(|| own.clone());
                }
                veil.beside.extend(spelling.beside.iter().cloned());
                veil.begin.extend(spelling.words.iter().cloned());
            }
            veil.current.extend(now.full);
        }
        veil
    }

    /// For everybody: whoever asked to be forgotten, with each spelling that their addresses bore; and
    /// whoever gave a name, or has one in `people.yaml`, with their other spellings. A spelling that
    /// somebody else bears as their name stays: the text does not tell which of them it names.
    pub fn of(forgotten: Forgotten, people: &People) -> Self {
        let mut pairs: Vec<(usize, &str, String)> = Vec::new();
        for (nth, somebody) in people.persons.iter().enumerate() {
            let Person { name, also, emails, own, .. } = &somebody.person;
            let spellings = || std::iter::once(name).chain(also).map(String::as_str);
            let is = |email: &String| {
                forgotten.is(&Mailbox { name: String::new(), email: email.clone() })
            };
            if !forgotten.is_empty() && emails.iter().any(is) {
                pairs.extend(spellings().map(|spelling| (nth, spelling, SOMEBODY.to_owned())));
            } else if own.is_some() || somebody.entry.is_some() {
                let now = effective(&somebody.person).name;
                let others = spellings().filter(|spelling| *spelling != now);
                pairs.extend(others.map(|spelling| (nth, spelling, now.clone())));
            }
        }
        if pairs.is_empty() {
            return Self { forgotten, ..Self::default() };
        }
        let bearers = bearers(people, &pairs);
        pairs.retain(|(nth, spelling, now)| {
            let full = Spelling::of(spelling).full;
            let others = full.iter().filter_map(|key| bearers.get(key)).flatten();
            *now == SOMEBODY || others.into_iter().all(|bearer| bearer == nth)
        });
        Self::new(forgotten, pairs.iter().map(|(_, spelling, now)| (*spelling, now.as_str())))
    }

    /// Whether every text stays as it is.
    pub fn is_empty(&self) -> bool {
        self.forgotten.is_empty() && self.renamed.is_empty()
    }

    /// Who asked to be forgotten.
    pub fn forgotten(&self) -> &Forgotten {
        &self.forgotten
    }

    /// The names in a text without marks of its own, in their order.
    pub fn finds(&self, text: &str) -> Vec<Found> {
        if self.is_empty() {
            return Vec::new();
        }
        self.search(text, false).into_iter().map(|(found, _)| found).collect()
    }

    /// A plain text without them.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let (mut veiled, mut kept) = (String::new(), 0);
        for found in self.finds(text) {
            veiled.push_str(&text[kept..found.range.start]);
            veiled.push_str(&found.instead);
            kept = found.range.end;
        }
        rest(text, veiled, kept)
    }

    /// Markdown without them: marks, links and tags may part the words of a name, and stay.
    pub fn markdown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let masked = markdown::masked(text);
        let (mut veiled, mut kept) = (String::new(), 0);
        for (found, gaps) in self.search(&masked, true) {
            veiled.push_str(&text[kept..found.range.start]);
            veiled.push_str(&found.instead);
            for gap in gaps {
                veiled.push_str(&markdown::marks(text, &masked, gap));
            }
            kept = found.range.end;
        }
        rest(text, veiled, kept)
    }

    fn search(&self, text: &str, marks: bool) -> Vec<(Found, Vec<Range<usize>>)> {
        let words = self.words(text);
        let mut all = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(text, &words, at, marks) {
                Some((mut found, gaps, next)) => {
                    let start = all.last().map_or(0, |(last, _): &(Found, _)| last.range.end);
                    self.stretch(text, &mut found, start);
                    at = next.max(at + 1);
                    while words.get(at).is_some_and(|word| word.range.start < found.range.end) {
                        at += 1;
                    }
                    if text[found.range.clone()] != found.instead {
                        all.push((found, gaps));
                    }
                }
                None => {
                    if let Some(within) = self.within(text, &words[at]) {
                        all.extend(within.into_iter().map(|found| (found, Vec::new())));
                    }
                    at += 1;
                }
            }
        }
        all
    }

    /// The longest name that begins with a word.
    fn at(
        &self,
        text: &str,
        words: &[Word],
        at: usize,
        marks: bool,
    ) -> Option<(Found, Vec<Range<usize>>, usize)> {
        let first = &words[at];
        if !first.folded.begins().any(|word| self.begins(word)) && !first.is_initial(text) {
            return None;
        }
        let mut paths = vec![vec![at]];
        let mut nth = 0;
        while nth < paths.len() && paths.len() < 4 * WORDS {
            let path = paths[nth].clone();
            nth += 1;
            let last = path[path.len() - 1];
            if path.len() == WORDS {
                continue;
            }
            for next in following(text, words, last, marks) {
                if words[next].range.end - first.range.start <= LONGEST {
                    paths.push([&path[..], &[next]].concat());
                }
            }
        }
        paths.sort_by_key(|path| std::cmp::Reverse(words[path[path.len() - 1]].range.end));
        paths.into_iter().find_map(|path| {
            let parts: Vec<&Word> = path.iter().map(|nth| &words[*nth]).collect();
            let (instead, current) = self.name(text, &parts)?;
            let gaps = parts.windows(2).map(|two| two[0].range.end..two[1].range.start);
            let range = first.range.start..parts[parts.len() - 1].range.end;
            let next = path[path.len() - 1] + 1;
            Some((Found { range, instead, current }, gaps.collect(), next))
        })
    }

    /// What stands for a name of these words; nothing when it is no name that we look for.
    fn name(&self, text: &str, parts: &[&Word]) -> Option<(String, bool)> {
        // An initial belongs to the name behind it, and is told from a word by its dot.
        if parts.len() > 1 && parts[parts.len() - 1].folded.is_initial() {
            return None;
        }
        if parts.len() > 1 && parts[0].folded.is_initial() && !parts[0].is_initial(text) {
            return None;
        }
        Folded::keys(parts.iter().map(|word| &*word.folded))
            .into_iter()
            .find_map(|key| self.key(&key))
    }

    fn key(&self, key: &str) -> Option<(String, bool)> {
        let mut known = self.known();
        let theirs = match known.names.get(key) {
            Some(known) => *known,
            None => {
                let is = !self.forgotten.is_empty() && self.forgotten.is_name(key);
                if known.names.len() >= REMEMBERED {
                    known.names.clear();
                }
                known.names.insert(key.to_owned(), is);
                is
            }
        };
        if theirs {
            return Some((SOMEBODY.to_owned(), false));
        }
        self.renamed.get(key).map(|name| (name.to_string(), self.current.contains(key)))
    }

    /// A name in letters that need no spaces, within a longer word.
    fn within(&self, text: &str, word: &Word) -> Option<Vec<Found>> {
        let whole = &text[word.range.clone()];
        let chars: Vec<(usize, char)> = whole.char_indices().collect();
        let mut all = Vec::new();
        let mut nth = 0;
        while nth < chars.len() {
            let (start, first) = chars[nth];
            let begin = letters(first.encode_utf8(&mut [0; 4]));
            let may = is_unspaced(first)
                && begin.chars().next().is_some_and(|c| self.begins(c.encode_utf8(&mut [0; 4])));
            let longest = if may { UNSPACED.min(chars.len() - nth) } else { 0 };
            let found = (2..=longest).rev().find_map(|count| {
                let end = chars.get(nth + count).map_or(whole.len(), |(end, _)| *end);
                let (instead, current) = self.key(&letters(&whole[start..end]))?;
                let range = word.range.start + start..word.range.start + end;
                Some((Found { range, instead, current }, count))
            });
            nth += found.as_ref().map_or(1, |(_, count)| *count);
            all.extend(
                found.map(|(found, _)| found).filter(|f| text[f.range.clone()] != f.instead),
            );
        }
        (!all.is_empty()).then_some(all)
    }

    /// Takes in what stands beside a name and says the same: `(安)` behind it, `安` before it.
    fn stretch(&self, text: &str, found: &mut Found, start: usize) {
        let behind = &text[found.range.end..];
        let space = behind.len() - behind.trim_start_matches([' ', '\u{a0}']).len();
        let mut rest = behind[space..].chars();
        let closing = rest.next().and_then(closing);
        let inside = closing.and_then(|closing| {
            let end = rest.as_str().find(closing).filter(|end| *end <= NICKNAME)?;
            Some((&rest.as_str()[..end], end + closing.len_utf8()))
        });
        if let Some((inside, end)) = inside {
            let same = |key: &String| self.key(key).is_some_and(|(name, _)| name == found.instead);
            if self.is_beside(&letters(inside)) || Spelling::of(inside).full.iter().any(same) {
                let opening = behind[space..].len() - rest.as_str().len();
                found.range.end += space + opening + end;
            }
        } else {
            let word =
                behind[space..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if space > 0 && is_caseless(word) && self.is_beside(&letters(word)) {
                found.range.end += space + word.len();
            }
        }
        let before = &text[start..found.range.start];
        let trimmed = before.trim_end_matches([' ', '\u{a0}']);
        let word = trimmed.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let apart = trimmed.len() < before.len();
        if apart && is_caseless(word) && self.is_beside(&letters(word)) {
            found.range.start = start + trimmed.len() - word.len();
        }
    }

    fn is_beside(&self, key: &str) -> bool {
        !key.is_empty() && (self.beside.contains(key) || self.forgotten.is_beside(key))
    }

    /// Whatever a thread that died left here is still true.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begins(&self, word: &str) -> bool {
        let mut known = self.known();
        if let Some(begins) = known.begins.get(word) {
            return *begins;
        }
        let begins = self.begin.contains(word) || self.forgotten.may_begin(word);
        if known.begins.len() >= REMEMBERED {
            known.begins.clear();
        }
        known.begins.insert(word.to_owned(), begins);
        begins
    }

    fn words(&self, text: &str) -> Vec<Word> {
        let mut known = self.known();
        if known.words.len() >= REMEMBERED {
            known.words.clear();
        }
        let mut fold = |word: &str| match known.words.get(word) {
            Some(folded) => folded.clone(),
            None => {
                let folded = Arc::new(Folded::of(word));
                known.words.insert(word.to_owned(), folded.clone());
                folded
            }
        };
        words(text, &mut fold)
    }
}

/// Who bears each of these spellings as the name of today, by their places among the people.
fn bearers(people: &People, pairs: &[(usize, &str, String)]) -> BTreeMap<String, Vec<usize>> {
    let mut bearers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (_, spelling, _) in pairs {
        bearers.extend(Spelling::of(spelling).full.into_iter().map(|key| (key, Vec::new())));
    }
    for (nth, somebody) in people.persons.iter().enumerate() {
        for key in Spelling::of(&effective(&somebody.person).name).full {
            if let Some(bearers) = bearers.get_mut(&key) {
                bearers.push(nth);
            }
        }
    }
    bearers
}

/// The words that may follow one within a name: the next, and the one behind a nickname.
fn following(text: &str, words: &[Word], last: usize, marks: bool) -> Vec<usize> {
    let Some(next) = words.get(last + 1) else { return Vec::new() };
    let end = words[last].range.end;
    let gap = &text[end..next.range.start];
    let mut all = Vec::new();
    if is_gap(gap, marks) {
        all.push(last + 1);
    }
    let opening = gap.char_indices().find_map(|(at, c)| Some((at, c.len_utf8(), closing(c)?)));
    let Some((at, length, closing)) = opening else { return all };
    let inside = &text[end + at + length..];
    let Some(close) = inside.find(closing).filter(|close| *close <= NICKNAME) else { return all };
    let behind = end + at + length + close + closing.len_utf8();
    let after = words[last + 1..].iter().position(|word| word.range.start >= behind);
    let after = after.map(|nth| last + 1 + nth).filter(|after| {
        *after > last + 1
            && is_gap(&gap[..at], marks)
            && is_gap(&text[behind..words[*after].range.start], marks)
    });
    all.extend(after);
    all
}

fn closing(opening: char) -> Option<char> {
    Some(match opening {
        '(' => ')',
        '[' => ']',
        '"' => '"',
        '\'' => '\'',
        '“' | '„' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    })
}

/// Whether what stands between two words leaves them one name.
fn is_gap(gap: &str, marks: bool) -> bool {
    let inside = |c: char| {
        c.is_whitespace()
            || is_dash(c)
            || is_apostrophe(c)
            || is_invisible(c)
            || "._,+\"“”„«»".contains(c)
            || marks && markdown::MARKS.contains(c)
    };
    gap.chars().all(inside) && gap.matches('\n').count() < 2
}

fn rest(text: &str, mut veiled: String, kept: usize) -> Cow<'_, str> {
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    veiled.push_str(&text[kept..]);
    Cow::Owned(veiled)
}
