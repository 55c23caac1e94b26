//! Transcripts in the four forms that podcast apps read, and as plain text.
//!
//! The forms are those of the podcast namespace's [transcript
//! specification](https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md).

mod cards;
mod html;
mod json;
mod page;
mod srt;
mod timing;
mod vtt;

use std::borrow::Cow;

use lorecast_model::{Seconds, Transcript};

pub(crate) use page::page;

use crate::names::veiled;
use crate::site::Place;
use crate::text::{in_line, without_addresses};

/// A form of a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TranscriptForm {
    /// WebVTT: a cue of one or two lines with 65 characters for each sentence or part of one, with its
    /// speaker.
    Vtt,
    /// SubRip: cards of two lines with 32 characters.
    Srt,
    /// JSON: a segment for each sentence, with its words.
    Json,
    /// A page of paragraphs with their times.
    Html,
}

impl TranscriptForm {
    /// All forms, in the order in which a feed names them: what holds most first.
    pub const ALL: [Self; 4] = [Self::Vtt, Self::Srt, Self::Json, Self::Html];

    /// The name of its file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Vtt => "transcript.vtt",
            Self::Srt => "transcript.srt",
            Self::Json => "transcript.json",
            Self::Html => "transcript.html",
        }
    }

    /// Its media type, as the podcast namespace's tag `transcript` has it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Vtt => "text/vtt",
            Self::Srt => "application/x-subrip",
            Self::Json => "application/json",
            Self::Html => "text/html",
        }
    }

    /// Whether it can be shown along with the sound, line by line.
    pub fn is_captions(self) -> bool {
        matches!(self, Self::Vtt | Self::Srt)
    }

    /// The transcript in this form.
    pub fn write(self, transcript: &Transcript, about: &TranscriptOf<'_>) -> String {
        self.of(&lines(transcript), about)
    }

    /// The transcript in each form.
    pub(crate) fn all(transcript: &Transcript, about: &TranscriptOf<'_>) -> [(Self, String); 4] {
        let lines = lines(transcript);
        Self::ALL.map(|form| (form, form.of(&lines, about)))
    }

    fn of(self, lines: &[Line], about: &TranscriptOf<'_>) -> String {
        match self {
            Self::Vtt => vtt::write(lines),
            Self::Srt => srt::write(lines),
            Self::Json => json::write(lines),
            Self::Html => html::write(lines, about),
        }
    }
}

/// What a page says of the transcript that it shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct TranscriptOf<'a> {
    /// The episode's title.
    pub title: &'a str,
    /// Its RFC 5646 tag.
    pub language: &'a str,
    /// The address of the show's feed, once it is published.
    pub feed: Option<&'a str>,
}

/// The transcript as plain text: paragraphs, with a speaker's name where another begins to speak.
pub fn plain_transcript(transcript: &Transcript) -> String {
    let lines = lines(transcript);
    let mut text = String::new();
    let mut speaker = "";
    for paragraph in lines.chunk_by(Line::shares_paragraph) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        if paragraph[0].speaker != speaker {
            speaker = &paragraph[0].speaker;
            if !speaker.is_empty() {
                text.push_str(&format!("{speaker}: "));
            }
        }
        let sentences: Vec<&str> = paragraph.iter().map(|line| &*line.text).collect();
        text.push_str(&sentences.join(" "));
    }
    text
}

/// A transcript without what is private; `None` when it says nothing. Words of a sentence that
/// changed have no times.
pub(crate) fn published(mut clean: Transcript, place: &Place) -> Option<Transcript> {
    let told = |text: &str| -> String {
        without_addresses(&veiled(text, place.names), place.own()).into_owned()
    };
    clean.deviations.clear();
    clean.headings.iter_mut().for_each(|heading| heading.title = told(&heading.title));
    for sentence in &mut clean.sentences {
        sentence.speaker = told(&sentence.speaker);
        let text = told(&sentence.text);
        if text != sentence.text {
            sentence.words.clear();
            sentence.text = text;
        }
    }
    (!clean.sentences.is_empty()).then_some(clean)
}

/// A sentence that is ready to be written: one line of printable text, and an end that is behind its
/// start and not behind the next one's.
struct Line<'a> {
    start: Seconds,
    end: Seconds,
    speaker: Cow<'a, str>,
    text: Cow<'a, str>,
    heading: usize,
    paragraph: usize,
    words: Vec<Word<'a>>,
}

/// A word of a line, with its place in bytes.
struct Word<'a> {
    at: usize,
    text: &'a str,
    start: Seconds,
    end: Seconds,
}

impl Line<'_> {
    fn shares_paragraph(&self, other: &Self) -> bool {
        (self.heading, self.paragraph, &self.speaker)
            == (other.heading, other.paragraph, &other.speaker)
    }
}

/// No cue is shorter, in seconds: a player could not show it.
const SHORTEST: f64 = 0.001;

fn lines(transcript: &Transcript) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for sentence in &transcript.sentences {
        let text = in_line(&sentence.text);
        let usable = sentence.start.0.is_finite() && sentence.end.0.is_finite();
        if text.is_empty() || !usable {
            continue;
        }
        // Words know their places in the text as it was; one that moved is left out.
        let placed = |at: usize, word: &str| text.get(at..).is_some_and(|t| t.starts_with(word));
        let words = sentence.words.iter().filter(|word| placed(word.at, &word.text));
        lines.push(Line {
            start: Seconds(sentence.start.0.max(0.0)),
            end: sentence.end,
            speaker: in_line(&sentence.speaker),
            heading: sentence.heading,
            paragraph: sentence.paragraph,
            words: words
                .map(|word| Word {
                    at: word.at,
                    text: &word.text,
                    start: word.start,
                    end: word.end,
                })
                .collect(),
            text,
        });
    }
    lines.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    let starts: Vec<f64> = lines.iter().skip(1).map(|line| line.start.0).collect();
    for (line, next) in lines.iter_mut().zip(starts) {
        line.end.0 = line.end.0.min(next);
    }
    for line in &mut lines {
        line.end.0 = line.end.0.max(line.start.0 + SHORTEST);
    }
    lines
}

#[cfg(test)]
pub(crate) mod tests {
    use lorecast_model::{Heading, Sentence, TimedWord};

    use super::*;

    /// Two speakers, two sections, a long sentence with times for some of its words.
    pub(crate) fn transcript() -> Transcript {
        let sentence = |start, end, speaker: &str, text: &str, heading, paragraph| Sentence {
            start: Seconds(start),
            end: Seconds(end),
            speaker: speaker.into(),
            text: text.into(),
            spoken: None,
            heading,
            paragraph,
            confidence: 0.9,
            words: Vec::new(),
        };
        let mut long = sentence(
            3.5,
            9.5,
            "Ann Example",
            "The rings & queues of <io_uring> learned to wait for each other without a lock.",
            1,
            1,
        );
        let word = |start, end, text: &str, at| TimedWord {
            start: Seconds(start),
            end: Seconds(end),
            text: text.into(),
            at,
            confidence: 1.0,
        };
        long.words = vec![word(4.0, 4.5, "rings", 4), word(8.0, 8.5, "without", 64)];
        Transcript {
            headings: vec![
                Heading::default(),
                Heading { title: "Rings & queues".into(), level: 2 },
            ],
            sentences: vec![
                sentence(0.5, 1.75, "Ann Example", "Welcome.", 0, 0),
                sentence(1.7504, 3.0, "Ann Example", "This was the week.", 0, 0),
                long,
                sentence(3725.0, 3724.0, "Bo", "Bye!\n\nReally --> bye.", 1, 2),
            ],
            deviations: Vec::new(),
            heard: 1.0,
        }
    }

    #[test]
    fn plain_text_names_who_begins_to_speak() {
        insta::assert_snapshot!(plain_transcript(&transcript()), @r"
        Ann Example: Welcome. This was the week.

        The rings & queues of <io_uring> learned to wait for each other without a lock.

        Bo: Bye! Really --> bye.
        ");
    }

    #[test]
    fn nothing_gives_empty_files() {
        let write =
            |form: TranscriptForm| form.write(&Transcript::default(), &TranscriptOf::default());
        assert_eq!(write(TranscriptForm::Vtt), "WEBVTT\n");
        assert_eq!(write(TranscriptForm::Srt), "");
        assert_eq!(plain_transcript(&Transcript::default()), "");
    }

    proptest::proptest! {
        /// Whatever the texts are, the files keep their form.
        #[test]
        fn no_text_breaks_a_file(text in "[ -~\\n\u{0}<>&é-]{0,80}", speaker in "\\PC{0,20}") {
            proptest::prop_assert_eq!(in_line(&text), crate::text::one_line(&text));
            let mut any = transcript();
            for sentence in &mut any.sentences {
                sentence.text.clone_from(&text);
                sentence.speaker.clone_from(&speaker);
            }
            let vtt = TranscriptForm::Vtt.write(&any, &TranscriptOf::default());
            for cue in vtt.split("\n\n").skip(1) {
                proptest::prop_assert_eq!(cue.matches(" --> ").count(), 1);
                proptest::prop_assert!(cue.trim_end().lines().count() <= 3);
                for line in cue.trim_end().lines().skip(1) {
                    let line = line.strip_prefix("<v ").and_then(|l| l.split_once('>')).map_or(line, |l| l.1);
                    let line = line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
                    proptest::prop_assert!(line.chars().count() <= 65, "{line}");
                }
            }
            for card in TranscriptForm::Srt.write(&any, &TranscriptOf::default()).split_terminator("\n\n") {
                proptest::prop_assert!(card.lines().count() <= 4, "{card:?}");
            }
            let json = TranscriptForm::Json.write(&any, &TranscriptOf::default());
            proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        }
    }
}
