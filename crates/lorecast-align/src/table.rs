//! The alignment table: what was said when.

use lorecast_model::Seconds;
use serde::Serialize;

use crate::Result;
use crate::cepstra::{Cepstra, time};
use crate::edges::sharpen;
use crate::guide::{Anchor, Fixed, Guide, fixed};
use crate::history::Kind;
use crate::model::Model;
use crate::network::{Network, Place};
use crate::search::{Stretch, search};

/// A sentence of the script as one says it: `128MB` is two words and more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Words in spoken form. Case and marks at their ends do not matter; unknown words are said by rule.
    pub words: Vec<String>,
    /// It may be said or not, like "section two, take one" before a section; leaving it out is no skip.
    pub slate: bool,
}

impl Sentence {
    /// Takes the words between spaces.
    pub fn new(text: &str) -> Self {
        Self { words: text.split_whitespace().map(str::to_owned).collect(), slate: false }
    }

    /// The same for words that may be said or not.
    pub fn slate(text: &str) -> Self {
        Self { slate: true, ..Self::new(text) }
    }
}

/// What became of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Said once.
    Spoken,
    /// Said more than once; the times are those of the last time it was said to its end.
    Repeated,
    /// Not said, or so little of it that it cannot be told from nothing.
    Skipped,
    /// It has no word that can be said.
    Empty,
}

/// A word in the voice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordTimes {
    /// Its number in the sentence.
    pub word: usize,
    /// When it begins.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// From 0 to 1: how well it fits, beside any other sounds.
    pub confidence: f32,
}

/// A sentence in the voice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SentenceTimes {
    /// Its number in the script.
    pub sentence: usize,
    /// It is a slate: it was no more than allowed to be said.
    pub slate: bool,
    /// What became of it.
    pub status: Status,
    /// When it begins; of one not said, when it should have.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// The mean over its words, weighed by their length; 0 when it was not said.
    pub confidence: f32,
    /// Its words. One that is missing was left out, or said so otherwise that it was not recognised.
    pub words: Vec<WordTimes>,
}

/// Why a passage is in no sentence's times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageKind {
    /// The script does not have it.
    Inserted,
    /// Said in place of words that the script has there.
    Otherwise,
    /// The beginning of a sentence that was then begun again, or given up.
    FalseStart,
    /// A sentence that was said again later.
    Repeat,
    /// A slate that was said again later, or begun.
    Slate,
}

/// Something said beside the script.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passage {
    /// Why it stands here.
    pub kind: PassageKind,
    /// The sentence it belongs to; for what is inserted, the last one before it.
    pub sentence: Option<usize>,
    /// When it begins.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
}

/// When the sentences of a script are said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alignment {
    /// One for every sentence of the script, in its order.
    pub sentences: Vec<SentenceTimes>,
    /// What else was said, in time order.
    pub passages: Vec<Passage>,
    /// How long the voice is.
    pub length: Seconds,
    /// How much of the script's words were heard, from 0 to 1. A script that does not belong to the
    /// voice has less than [`Alignment::BELONGS`].
    pub heard: f32,
}

impl Alignment {
    /// Less is no reading of this script.
    pub const BELONGS: f32 = 0.4;

    /// Gives a sentence the very time that was set, which lies within half a frame of the one found.
    fn keep(&mut self, anchor: &Anchor) {
        let times = &mut self.sentences[anchor.sentence];
        let last_said = (times.start.0 - anchor.at.0).abs() <= HALF_FRAME;
        if last_said && times.status != Status::Empty {
            times.start = anchor.at;
            times.end = Seconds(times.end.0.max(anchor.at.0));
            if let Some(first) = times.words.first_mut().filter(|word| word.word == 0) {
                first.start = anchor.at;
            }
        }
    }

    /// Whether the voice reads this script.
    pub fn belongs(&self) -> bool {
        self.heard >= Self::BELONGS
    }
}

/// A little more than half of a frame, in seconds, and what may be missing at the end of the voice.
const HALF_FRAME: f64 = 0.0201;
/// A shorter stretch beside the script is a hesitation, and not reported.
const SHORTEST_PASSAGE: f64 = 0.5;
/// A word of the script that something else stands for is not longer, in seconds.
const LONGEST_WORD: f64 = 0.8;
/// A sentence of which less is said counts as skipped.
const LEAST_SAID: f32 = 0.5;
/// How far behind a loop over all phones a word lies for each frame when it is as likely wrong as right, and what
/// makes that sure. Found on made speech.
const DOUBTFUL: f32 = 5.0;
const SURE: f32 = 1.2;

impl Model {
    /// Places the sentences of `script` in `voice`, as far as `guide` leaves that open.
    ///
    /// # Errors
    /// A script of more than 150,000 words; an anchor at a sentence or a time that is not there.
    pub fn align(&self, voice: &Cepstra, script: &[Sentence], guide: &Guide) -> Result<Alignment> {
        self.align_watched(voice, script, guide, &mut |_| {})
    }

    /// The same; `progress` hears once for each second of the voice which share of it is done, from 0
    /// to 1.
    ///
    /// # Errors
    /// As [`Model::align`].
    pub fn align_watched(
        &self,
        voice: &Cepstra,
        script: &[Sentence],
        guide: &Guide,
        progress: &mut dyn FnMut(f64),
    ) -> Result<Alignment> {
        let net = Network::new(self, script, guide)?;
        let fixed = fixed(guide, voice, script)?;
        let mut path = search(self, voice, &net, &fixed, progress);
        sharpen(&mut path, voice, &net, self, &fixed);
        let mut table = tabulate(&net, script, &path, &fixed);
        table.length = voice.length();
        guide.anchors.iter().for_each(|anchor| table.keep(anchor));
        Ok(table)
    }
}

/// One time that a sentence was said, or part of it.
#[derive(Debug)]
struct Run {
    sentence: usize,
    words: Vec<WordTimes>,
    start: Seconds,
    end: Seconds,
}

fn tabulate(net: &Network, script: &[Sentence], path: &[Stretch], fixed: &[Fixed]) -> Alignment {
    let (runs, mut passages) = runs(net, path);
    let mut sayable = vec![0usize; script.len()];
    net.words.iter().for_each(|word| sayable[word.sentence as usize] += 1);
    let mut of_sentence: Vec<Vec<Run>> = script.iter().map(|_| Vec::new()).collect();
    runs.into_iter().for_each(|run| of_sentence[run.sentence].push(run));
    let mut sentences = Vec::new();
    let mut now = Seconds(0.0);
    for (sentence, runs) in of_sentence.into_iter().enumerate() {
        let least = LEAST_SAID * sayable[sentence] as f32;
        // What a person has set is a reading, however little of it was recognised.
        let anchor = fixed.iter().rfind(|anchor| anchor.sentence == sentence);
        let anchor = anchor.map(|anchor| time(anchor.frame));
        let complete = |run: &Run| run.words.len() as f32 >= least || Some(run.start) == anchor;
        let anchored = runs.iter().rposition(|run| Some(run.start) == anchor);
        let chosen = anchored.or_else(|| runs.iter().rposition(complete));
        let status = match runs.iter().filter(|run| complete(run)).count() {
            _ if sayable[sentence] == 0 => Status::Empty,
            0 => Status::Skipped,
            1 => Status::Spoken,
            _ => Status::Repeated,
        };
        let mut times = SentenceTimes {
            sentence,
            slate: script[sentence].slate,
            status,
            start: now,
            end: now,
            confidence: 0.0,
            words: Vec::new(),
        };
        for (at, run) in runs.into_iter().enumerate() {
            if Some(at) == chosen {
                (times.start, times.end) = (run.start, run.end);
                times.confidence = confidence(&run.words);
                times.words = run.words;
                now = times.end;
                continue;
            }
            let kind = match complete(&run) {
                _ if times.slate => PassageKind::Slate,
                true => PassageKind::Repeat,
                false => PassageKind::FalseStart,
            };
            passages.push(Passage {
                kind,
                sentence: Some(sentence),
                start: run.start,
                end: run.end,
            });
        }
        sentences.push(times);
    }
    passages.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    let of_script = |count: &dyn Fn(usize) -> usize| -> usize {
        let sentences = script.iter().enumerate().filter(|(_, sentence)| !sentence.slate);
        sentences.map(|(sentence, _)| count(sentence)).sum()
    };
    let heard = of_script(&|sentence| sentences[sentence].words.len());
    let all = of_script(&|sentence| sayable[sentence]);
    Alignment { sentences, passages, length: now, heard: heard as f32 / all.max(1) as f32 }
}

/// The path as runs of words of one sentence, and what lies between them.
fn runs(net: &Network, path: &[Stretch]) -> (Vec<Run>, Vec<Passage>) {
    let mut reader =
        Reader { net, runs: Vec::new(), passages: Vec::new(), last: None, other: None };
    path.iter().for_each(|stretch| reader.read(stretch));
    reader.close(None);
    (reader.runs, reader.passages)
}

/// Reads a path stretch by stretch.
struct Reader<'n> {
    net: &'n Network,
    runs: Vec<Run>,
    passages: Vec<Passage>,
    /// The last word.
    last: Option<Place>,
    /// What was said since then that the script does not have.
    other: Option<(Seconds, Seconds)>,
}

impl Reader<'_> {
    fn read(&mut self, stretch: &Stretch) {
        let (start, end) = (time(stretch.start), time(stretch.end));
        match stretch.kind {
            Kind::Word(place) => {
                self.close(Some(place));
                self.word(place, start, end, stretch.behind);
            }
            Kind::Other => {
                let from = self.other.map_or(start, |(from, _)| from);
                self.other = Some((from, end));
            }
            Kind::Silence | Kind::Start => {}
        }
    }

    fn word(&mut self, place: Place, start: Seconds, end: Seconds, behind: f32) {
        let word = self.net.words[place as usize];
        let sentence = word.sentence as usize;
        let follows = self.last.is_some_and(|last| last < place);
        let same = self.runs.last().is_some_and(|run| run.sentence == sentence);
        if !(follows && same) {
            self.runs.push(Run { sentence, words: Vec::new(), start, end });
        }
        let run = self.runs.last_mut().expect("one was just begun");
        let confidence = 1.0 / (1.0 + ((behind - DOUBTFUL) / SURE).exp());
        run.words.push(WordTimes { word: word.number as usize, start, end, confidence });
        run.end = end;
        self.last = Some(place);
    }

    /// Judges what was said before the word `next` and is not in the script.
    fn close(&mut self, next: Option<Place>) {
        let Some((start, end)) = self.other.take() else { return };
        if end.0 - start.0 < SHORTEST_PASSAGE {
            return;
        }
        let sentence = self.last.map(|last| self.net.words[last as usize].sentence as usize);
        let missing =
            next.map_or(0, |next| next.saturating_sub(self.last.map_or(0, |last| last + 1)));
        let otherwise = f64::from(missing) * LONGEST_WORD >= end.0 - start.0;
        let kind = if otherwise { PassageKind::Otherwise } else { PassageKind::Inserted };
        self.passages.push(Passage { kind, sentence, start, end });
    }
}

fn confidence(words: &[WordTimes]) -> f32 {
    let length = |word: &WordTimes| (word.end.0 - word.start.0).max(0.01);
    let total: f64 = words.iter().map(length).sum();
    let sum: f64 = words.iter().map(|word| length(word) * f64::from(word.confidence)).sum();
    (sum / total.max(0.01)) as f32
}
