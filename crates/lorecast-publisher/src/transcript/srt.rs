//! SubRip: numbered cards of two lines with 32 characters, as the podcast namespace wants them.

use lorecast_model::Seconds;

use super::Line;
use super::timing::Timing;

/// Characters of a line, and lines of a card.
const WIDTH: usize = 32;
const LINES: usize = 2;
/// No card is shorter, in seconds.
const SHORTEST: f64 = 0.001;

pub(super) fn write(lines: &[Line]) -> String {
    let mut out = String::new();
    let (mut number, mut speaker) = (0, "");
    for line in lines {
        let name = match line.speaker != speaker && !line.speaker.is_empty() {
            true => format!("{}: ", line.speaker),
            false => String::new(),
        };
        speaker = &line.speaker;
        let timing = Timing::of(line);
        let cards = cards(&name, &line.text);
        for (nth, card) in cards.iter().enumerate() {
            number += 1;
            let start = timing.at(card.at);
            let end = cards.get(nth + 1).map_or(line.end, |next| timing.at(next.at));
            let end = Seconds(end.0.max(start.0 + SHORTEST));
            let (start, end) = (clock(start, ','), clock(end, ','));
            out.push_str(&format!("{number}\n{start} --> {end}\n{}\n\n", card.lines.join("\n")));
        }
    }
    out
}

/// `00:12:34,567`.
pub(super) fn clock(time: Seconds, point: char) -> String {
    let all = (time.0.max(0.0) * 1000.0).round() as u64;
    let (seconds, rest) = (all / 1000, all % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}{point}{rest:03}", seconds % 60)
}

/// Lines that are shown together, and where they begin in their text, in bytes.
struct Card {
    at: usize,
    lines: Vec<String>,
}

/// A text cut into cards; `name` is put before it and is no part of it.
fn cards(name: &str, text: &str) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    let named = name.split_whitespace().map(|word| (0, word));
    for (at, word) in named.chain(words(text)) {
        for (at, word) in cut(at, word) {
            place(&mut cards, at, word);
        }
    }
    cards
}

/// Puts a word into the last line, else into a new line, else into a new card.
fn place(cards: &mut Vec<Card>, at: usize, word: &str) {
    let width = word.chars().count();
    if let Some(card) = cards.last_mut() {
        if let Some(line) = card.lines.last_mut()
            && line.chars().count() + 1 + width <= WIDTH
        {
            line.push(' ');
            line.push_str(word);
            return;
        }
        if card.lines.len() < LINES {
            card.lines.push(word.to_owned());
            return;
        }
    }
    cards.push(Card { at, lines: vec![word.to_owned()] });
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
fn cut(at: usize, word: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (nth, (byte, _)) in word.char_indices().enumerate() {
        if nth > 0 && nth % WIDTH == 0 {
            parts.push((at + from, &word[from..byte]));
            from = byte;
        }
    }
    parts.push((at + from, &word[from..]));
    parts
}

#[cfg(test)]
mod tests {
    use crate::transcript::tests::transcript;
    use crate::transcript::{TranscriptForm, TranscriptOf};

    #[test]
    fn long_sentences_are_cut_where_their_words_are_said() {
        insta::assert_snapshot!(TranscriptForm::Srt.write(&transcript(), &TranscriptOf::default()), @r"
        1
        00:00:00,500 --> 00:00:01,750
        Ann Example: Welcome.

        2
        00:00:01,750 --> 00:00:03,000
        This was the week.

        3
        00:00:03,500 --> 00:00:08,000
        The rings & queues of <io_uring>
        learned to wait for each other

        4
        00:00:08,000 --> 00:00:09,500
        without a lock.

        5
        01:02:05,000 --> 01:02:05,001
        Bo: Bye! Really --> bye.
        ");
    }

    #[test]
    fn words_longer_than_a_line_are_cut() {
        let cards = super::cards("Ann Example: ", &format!("{} end", "ä".repeat(70)));
        let lines: Vec<String> = cards.into_iter().flat_map(|card| card.lines).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 32), "{lines:?}");
        assert_eq!(lines.len(), 4);
    }
}
