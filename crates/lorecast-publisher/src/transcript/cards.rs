//! Sentences cut into what captions show at a time.

use lorecast_model::Seconds;

use super::timing::Timing;
use super::{Line, SHORTEST};

/// Lines of a card: the podcast namespace's transcript specification has no more in any form.
const LINES: usize = 2;

/// Lines that are shown together, and when.
pub(super) struct Card {
    pub start: Seconds,
    pub end: Seconds,
    pub lines: Vec<String>,
}

/// A sentence in cards whose lines have no more than `width` characters; `name` is put before it.
pub(super) fn cards(name: &str, line: &Line, width: usize) -> Vec<Card> {
    let timing = Timing::of(line);
    let cuts = cuts(name, &line.text, width);
    let starts: Vec<Seconds> = cuts.iter().map(|cut| timing.at(cut.at)).collect();
    let ends = starts.iter().skip(1).copied().chain([line.end]);
    let timed = cuts.into_iter().zip(starts.iter().copied().zip(ends));
    let card = |(cut, (start, end)): (Cut, (Seconds, Seconds))| {
        let end = Seconds(end.0.max(start.0 + SHORTEST));
        Card { start, end, lines: cut.lines }
    };
    timed.map(card).collect()
}

/// Lines that are shown together, and where they begin in their text, in bytes.
struct Cut {
    at: usize,
    lines: Vec<String>,
}

fn cuts(name: &str, text: &str, width: usize) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    let named = name.split_whitespace().map(|word| (0, word));
    for (at, word) in named.chain(words(text)) {
        for (at, word) in parts(at, word, width) {
            place(&mut cuts, at, word, width);
        }
    }
    cuts
}

/// Puts a word into the last line, else into a new line, else into a new card.
fn place(cuts: &mut Vec<Cut>, at: usize, word: &str, width: usize) {
    if let Some(cut) = cuts.last_mut() {
        if let Some(line) = cut.lines.last_mut()
            && line.chars().count() + 1 + word.chars().count() <= width
        {
            line.push(' ');
            line.push_str(word);
            return;
        }
        if cut.lines.len() < LINES {
            cut.lines.push(word.to_owned());
            return;
        }
    }
    cuts.push(Cut { at, lines: vec![word.to_owned()] });
}

/// The words of a text and where they are.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(' ').filter_map(move |word| {
        let start = at;
        at += word.len();
        Some((start, word.trim_end())).filter(|(_, word)| !word.is_empty())
    })
}

/// A word in parts that fit a line.
fn parts(at: usize, word: &str, width: usize) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (nth, (byte, _)) in word.char_indices().enumerate() {
        if nth > 0 && nth % width == 0 {
            parts.push((at + from, &word[from..byte]));
            from = byte;
        }
    }
    parts.push((at + from, &word[from..]));
    parts
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_longer_than_a_line_are_cut() {
        let cards = super::cuts("Ann Example: ", &format!("{} end", "ä".repeat(70)), 32);
        let lines: Vec<String> = cards.into_iter().flat_map(|card| card.lines).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 32), "{lines:?}");
        assert_eq!(lines.len(), 4);
    }
}
