//! Reads the words of a block: markup goes, every letter keeps its place.

use std::collections::BTreeMap;
use std::ops::Range;

use lorecast_model::Show;

use super::page::{ADDRESSES, Block, Link, Named, Passage};

/// The longest address, in characters.
const LONGEST_ADDRESS: usize = 2000;
/// The longest name of an address, in characters.
const LONGEST_NAME: usize = 100;
/// How far the end of a stretch of code is looked for, in characters.
const LONGEST_CODE: usize = 2000;
/// How many links of one block are read.
const MOST_LINKS: usize = 2000;
/// How deep brackets nest.
const DEEPEST: usize = 50;

/// Reads a block. `None` when it holds no word.
pub(super) fn read(
    source: &str,
    block: &Block,
    named: &Named,
    show: Option<&Show>,
) -> Option<Passage> {
    let mut letters: Vec<(usize, char)> = Vec::new();
    for line in &block.lines {
        if !letters.is_empty() {
            letters.push((line.start, '\n'));
        }
        let text = source.get(line.clone())?;
        letters.extend(text.char_indices().map(|(at, c)| (line.start + at, c)));
    }
    let passage = Passage {
        shape: block.shape,
        text: String::new(),
        starts: Vec::new(),
        ends: Vec::new(),
        links: Vec::new(),
        code: Vec::new(),
    };
    let mut reader = Reader {
        letters: &letters,
        named,
        show,
        open: Vec::new(),
        tag: None,
        absent: BTreeMap::new(),
        passage,
    };
    let mut at = 0;
    while at < letters.len() {
        at = reader.step(at).max(at + 1);
    }
    let Passage { text, links, .. } = &reader.passage;
    (!text.trim().is_empty() || !links.is_empty()).then_some(reader.passage)
}

struct Reader<'a> {
    letters: &'a [(usize, char)],
    named: &'a Named,
    show: Option<&'a Show>,
    /// Brackets that are open: where they stand in the text, and among the letters.
    open: Vec<(usize, usize)>,
    /// An HTML link that is open: where its words begin, and its address.
    tag: Option<(usize, String, Range<usize>)>,
    /// Letters that stand nowhere from here to a place.
    absent: BTreeMap<char, usize>,
    passage: Passage,
}

impl Reader<'_> {
    fn letter(&self, at: usize) -> char {
        self.letters.get(at).map_or('\n', |(_, c)| *c)
    }

    /// Where a letter stands in the source.
    fn place(&self, at: usize) -> usize {
        match self.letters.get(at) {
            Some((place, _)) => *place,
            None => self.letters.last().map_or(0, |(place, c)| place + c.len_utf8()),
        }
    }

    fn end(&self, at: usize) -> usize {
        self.letters.get(at).map_or(0, |(place, c)| place + c.len_utf8())
    }

    fn push(&mut self, c: char, source: Range<usize>) {
        let c = if c.is_whitespace() { ' ' } else { c };
        self.passage.text.push(c);
        for _ in 0..c.len_utf8() {
            self.passage.starts.push(source.start);
            self.passage.ends.push(source.end);
        }
    }

    fn keep(&mut self, at: usize) -> usize {
        if let Some((place, c)) = self.letters.get(at).copied() {
            // A line break stands where the line before it ended.
            let end = if c == '\n' { place } else { place + c.len_utf8() };
            self.push(c, place..end);
        }
        at + 1
    }

    /// Reads what begins at a letter; answers where to go on.
    fn step(&mut self, at: usize) -> usize {
        let next = self.letter(at + 1);
        match self.letter(at) {
            '\\' if next.is_ascii_punctuation() => {
                self.push(next, self.place(at)..self.end(at + 1));
                at + 2
            }
            '`' => self.code(at),
            '<' => self.angle(at),
            '!' if next == '[' => at + 1,
            '[' if self.open.len() < DEEPEST => {
                self.open.push((self.passage.text.len(), at));
                self.keep(at)
            }
            ']' => self.close(at),
            '*' if !self.stands_alone(at) => at + 1,
            '_' if !self.is_within_word(at) => at + 1,
            '~' if next == '~' => at + 2,
            '&' => self.entity(at),
            'h' | 'm' if self.address_at(at) => self.address(at),
            _ => self.keep(at),
        }
    }

    /// The next such letter before a place. What is not there is not looked for twice.
    fn next(&mut self, wanted: char, from: usize, most: usize) -> Option<usize> {
        let known = self.absent.get(&wanted).copied().unwrap_or(0).max(from);
        let found = (known..most).find(|i| self.letter(*i) == wanted);
        self.absent.insert(wanted, found.unwrap_or(most).max(known));
        found
    }

    fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or(' ', |before| self.letter(before))
    }

    fn stands_alone(&self, at: usize) -> bool {
        self.before(at).is_whitespace() && self.letter(at + 1).is_whitespace()
    }

    fn is_within_word(&self, at: usize) -> bool {
        let inside = |c: char| c.is_alphanumeric() || c == '_';
        inside(self.before(at)) && inside(self.letter(at + 1)) || self.stands_alone(at)
    }

    fn code(&mut self, at: usize) -> usize {
        let ticks = (at..self.letters.len()).take_while(|i| self.letter(*i) == '`').count();
        let from = at + ticks;
        let most = self.letters.len().min(from + LONGEST_CODE);
        let mut end = from;
        while end < most {
            let run = (end..most).take_while(|i| self.letter(*i) == '`').count();
            if run == ticks {
                let start = self.passage.text.len();
                for inside in from..end {
                    self.keep(inside);
                }
                self.passage.code.push(start..self.passage.text.len());
                return end + ticks;
            }
            end += run.max(1);
        }
        for tick in at..from {
            self.keep(tick);
        }
        from
    }

    /// `<https://…>`, or a tag of HTML.
    fn angle(&mut self, at: usize) -> usize {
        let most = self.letters.len().min(at + LONGEST_ADDRESS);
        let Some(end) = self.next('>', at + 1, most) else { return self.keep(at) };
        let inside: String = (at + 1..end).map(|i| self.letter(i)).collect();
        let lower = inside.to_ascii_lowercase();
        if ADDRESSES.iter().any(|scheme| lower.starts_with(scheme)) {
            self.bare(&inside, self.place(at + 1)..self.place(end));
        } else if lower.starts_with("a") && opens_tag(&lower) && lower.contains("href=") {
            let (front, rest) = inside.split_at(lower.find("href=").unwrap_or(0) + 5);
            let url = rest.trim_start_matches(['"', '\'']);
            let skipped = front.len() + (rest.len() - url.len());
            let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
            let url = &url[..url.find(ends).unwrap_or(url.len())];
            // Lines of the source begin behind their indent: letters are counted, not bytes.
            let from = at + 1 + inside[..skipped].chars().count();
            let address = self.place(from)..self.place(from + url.chars().count());
            self.tag = Some((self.passage.text.len(), url.to_owned(), address));
        } else if lower == "/a" {
            let room = self.passage.links.len() < MOST_LINKS;
            if let Some((start, url, address)) = self.tag.take().filter(|_| room) {
                let span = start..self.passage.text.len();
                self.passage.links.push(Link::new(span, &url, address, self.show));
            }
        } else if !lower.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) {
            return self.keep(at);
        }
        end + 1
    }

    /// A bracket closes: a link when an address follows, or a name that has one.
    fn close(&mut self, at: usize) -> usize {
        let Some((start, opened)) = self.open.pop() else { return self.keep(at) };
        if self.passage.links.len() >= MOST_LINKS {
            return self.keep(at);
        }
        let found = match self.letter(at + 1) {
            '(' => self.destination(at + 1),
            '[' => self.name(at + 2).and_then(|(name, end)| self.known(&name, opened, at, end)),
            _ => None,
        };
        let short = (at - opened <= LONGEST_NAME).then(|| {
            let name: String = (opened + 1..at).map(|i| self.letter(i)).collect();
            let (url, address) = self.named.get(&name.to_lowercase())?.clone();
            Some((url, address, at + 1))
        });
        let Some((url, address, next)) = found.or_else(|| short.flatten()) else {
            return self.keep(at);
        };
        self.unkeep(start);
        let span = start..self.passage.text.len();
        self.passage.links.push(Link::new(span, &url, address, self.show));
        next
    }

    /// Takes the bracket back that opened a link.
    fn unkeep(&mut self, at: usize) {
        if self.passage.text.get(at..).is_none_or(|rest| !rest.starts_with('[')) {
            return;
        }
        self.passage.text.remove(at);
        self.passage.starts.remove(at);
        self.passage.ends.remove(at);
        let back = |place: &mut usize| *place -= usize::from(*place > at);
        for link in &mut self.passage.links {
            back(&mut link.span.start);
            back(&mut link.span.end);
        }
        for code in &mut self.passage.code {
            back(&mut code.start);
            back(&mut code.end);
        }
    }

    /// `(address)`, `(<address>)`, `(address "title")`.
    fn destination(&mut self, open: usize) -> Option<(String, Range<usize>, usize)> {
        let most = self.letters.len().min(open + LONGEST_ADDRESS);
        self.next(')', open, most)?;
        let mut depth = 0_usize;
        let close = (open..most).find(|i| {
            match self.letter(*i) {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })?;
        let skip = |i: &usize| self.letter(*i).is_whitespace() || self.letter(*i) == '<';
        let from = (open + 1..close).find(|i| !skip(i))?;
        let stops = |i: &usize| self.letter(*i).is_whitespace() || self.letter(*i) == '>';
        let to = (from..close).find(stops).unwrap_or(close);
        let url = (from..to).map(|i| self.letter(i)).collect();
        Some((url, self.place(from)..self.place(to), close + 1))
    }

    fn name(&self, from: usize) -> Option<(String, usize)> {
        let most = self.letters.len().min(from + LONGEST_NAME);
        let end = (from..most).find(|i| self.letter(*i) == ']')?;
        Some(((from..end).map(|i| self.letter(i)).collect(), end + 1))
    }

    fn known(
        &self,
        name: &str,
        opened: usize,
        at: usize,
        next: usize,
    ) -> Option<(String, Range<usize>, usize)> {
        let own = at.min(opened + LONGEST_NAME);
        let own: String = (opened + 1..own).map(|i| self.letter(i)).collect();
        let name = if name.is_empty() { own } else { name.to_owned() };
        let (url, address) = self.named.get(&name.to_lowercase())?.clone();
        Some((url, address, next))
    }

    fn entity(&mut self, at: usize) -> usize {
        const LONGEST: usize = 10;
        let most = self.letters.len().min(at + LONGEST);
        let end = (at + 1..most).find(|i| self.letter(*i) == ';');
        let name: String =
            end.map(|end| (at + 1..end).map(|i| self.letter(i)).collect()).unwrap_or_default();
        match (end, entity(&name)) {
            (Some(end), Some(c)) => {
                self.push(c, self.place(at)..self.end(end));
                end + 1
            }
            _ => self.keep(at),
        }
    }

    fn address_at(&self, at: usize) -> bool {
        let ahead: String = (at..self.letters.len().min(at + 8)).map(|i| self.letter(i)).collect();
        ADDRESSES.iter().any(|scheme| ahead.starts_with(*scheme))
            && !self.before(at).is_alphanumeric()
    }

    /// An address as it stands.
    fn address(&mut self, at: usize) -> usize {
        let most = self.letters.len().min(at + LONGEST_ADDRESS);
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”' | '“');
        let mut end = (at..most).find(|i| ends(self.letter(*i))).unwrap_or(most);
        let opens = (at..end).any(|i| self.letter(i) == '(');
        while end > at + 8
            && (matches!(self.letter(end - 1), '.' | ',' | ';' | ':' | '!' | '?' | '*' | ']')
                || self.letter(end - 1) == ')' && !opens)
        {
            end -= 1;
        }
        let url: String = (at..end).map(|i| self.letter(i)).collect();
        self.bare(&url, self.place(at)..self.place(end));
        end
    }

    fn bare(&mut self, url: &str, address: Range<usize>) {
        if self.passage.links.len() >= MOST_LINKS {
            return;
        }
        let here = self.passage.text.len();
        self.passage.links.push(Link::new(here..here, url, address, self.show));
    }
}

/// Whether `a` is the whole name of a tag.
fn opens_tag(inside: &str) -> bool {
    inside[1..].starts_with(char::is_whitespace)
}

/// The few entities that writers of notes use (HTML 5 section 13.5).
fn entity(name: &str) -> Option<char> {
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
    let number = match name.strip_prefix('#') {
        Some(rest) => match rest.strip_prefix(['x', 'X']) {
            Some(hex) => code(hex, 16),
            None => code(rest, 10),
        },
        None => None,
    };
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "lsquo" | "rsquo" => '\'',
        "nbsp" => ' ',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        _ => return number.and_then(char::from_u32).filter(|c| !c.is_control()),
    })
}
