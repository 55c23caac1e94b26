//! The script as a chain of phones, with the ways a reader may leave it.

use crate::Result;
use crate::dictionary::Pronunciations;
use crate::error::AlignError;
use crate::guide::Guide;
use crate::model::Model;
use crate::table::Sentence;

/// More words than anybody reads in eight hours.
const MOST_WORDS: usize = 150_000;
/// Sections beyond these are not gone back to.
const MOST_SECTIONS: usize = 200;

/// The number of a word, of all words that can be said, or of the junction before it.
pub(crate) type Place = u32;

/// What comes after the last state of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The node that follows.
    Node,
    /// The junction behind this word.
    EndOf(Place),
    /// The junction that this pause stands at.
    Silence(Place),
    /// The junction where something else is said, or one a little later.
    Other(Place),
}

/// A phone in the chain; of one that is [`Next::Other`] the phone does not matter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub phone: u8,
    pub next: Next,
}

/// A word that can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its sentence in the script.
    pub sentence: u32,
    /// Its number in the sentence.
    pub number: u32,
    /// Its first node among [`Network::starts`], and the end.
    starts: (u32, u32),
}

/// Nodes and junctions. Junction `j` lies before word `j`; the last one behind all words.
pub(crate) struct Network {
    pub nodes: Vec<Node>,
    pub words: Vec<Word>,
    starts: Vec<u32>,
    /// The nodes of pauses and of other things at junction `j`: `pauses + j * step ..`.
    pauses: u32,
    step: u32,
    /// The junctions at which sentences begin, and the last junction.
    pub sentences: Vec<Place>,
    /// For each junction, how many sentences begin at or before it, less one.
    pub inside: Vec<u32>,
    /// For each of [`Network::sentences`], whether it may be left out for nothing.
    pub slates: Vec<bool>,
    /// The first of [`Network::sentences`] in each section.
    pub sections: Vec<u32>,
}

impl Network {
    pub(crate) fn new(model: &Model, script: &[Sentence], guide: &Guide) -> Result<Self> {
        let count = script.iter().map(|sentence| sentence.words.len()).sum();
        if count > MOST_WORDS {
            return Err(AlignError::TooLong { words: count, most: MOST_WORDS });
        }
        let texts = script.iter().flat_map(|sentence| sentence.words.iter().map(String::as_str));
        let said = Pronunciations::of(model, texts, &guide.words);
        let mut net = Self {
            nodes: Vec::new(),
            words: Vec::new(),
            starts: Vec::new(),
            pauses: 0,
            step: 0,
            sentences: Vec::new(),
            inside: Vec::new(),
            slates: Vec::new(),
            sections: Vec::new(),
        };
        for (sentence, text) in script.iter().enumerate() {
            let first = net.words.len();
            for (number, word) in text.words.iter().enumerate() {
                net.add(said.ways(word), sentence as u32, number as u32);
            }
            if net.words.len() > first {
                net.sentences.push(first as Place);
                net.slates.push(text.slate);
                net.inside.resize(net.words.len(), net.sentences.len() as u32 - 1);
            }
        }
        net.inside.push(net.sentences.len() as u32);
        net.sentences.push(net.words.len() as Place);
        net.slates.push(false);
        net.add_pauses(model);
        let sections = guide.sections.iter().take(MOST_SECTIONS);
        net.sections = sections.filter_map(|sentence| net.said_from(*sentence)).collect();
        net.sections.sort_unstable();
        net.sections.dedup();
        Ok(net)
    }

    /// The first of [`Network::sentences`] that is this sentence of the script or a later one.
    pub(crate) fn said_from(&self, sentence: usize) -> Option<u32> {
        let before = |place: &Place| (self.words[*place as usize].sentence as usize) < sentence;
        let (_end, sentences) = self.sentences.split_last()?;
        let at = sentences.partition_point(before);
        (at < sentences.len()).then_some(at as u32)
    }

    /// The word that a node is part of, or the junction that it stands at.
    pub(crate) fn place(&self, mut node: u32) -> Place {
        loop {
            match self.nodes[node as usize].next {
                Next::Node => node += 1,
                Next::EndOf(place) | Next::Silence(place) | Next::Other(place) => return place,
            }
        }
    }

    fn add(&mut self, ways: &[Vec<u8>], sentence: u32, number: u32) {
        if ways.is_empty() {
            return;
        }
        let place = self.words.len() as Place;
        let first = self.starts.len() as u32;
        for way in ways {
            self.starts.push(self.nodes.len() as u32);
            self.nodes.extend(way.iter().map(|phone| Node { phone: *phone, next: Next::Node }));
            self.nodes.last_mut().expect("a way has a phone").next = Next::EndOf(place);
        }
        self.words.push(Word { sentence, number, starts: (first, self.starts.len() as u32) });
    }

    fn add_pauses(&mut self, model: &Model) {
        self.pauses = self.nodes.len() as u32;
        let noise = model
            .noises
            .iter()
            .copied()
            .find(|phone| model.mdef.names[usize::from(*phone)] == "+NSN+");
        let phones: Vec<u8> = std::iter::once(model.silence).chain(noise).collect();
        self.step = phones.len() as u32 + 1;
        for junction in 0..=self.words.len() as Place {
            self.nodes.extend(
                phones.iter().map(|phone| Node { phone: *phone, next: Next::Silence(junction) }),
            );
            self.nodes.push(Node { phone: model.silence, next: Next::Other(junction) });
        }
    }

    /// The junction behind all words.
    pub(crate) fn end(&self) -> Place {
        self.words.len() as Place
    }

    /// The first nodes of a word; none behind the last.
    pub(crate) fn starts(&self, place: Place) -> &[u32] {
        let range = self
            .words
            .get(place as usize)
            .map_or(0..0, |word| word.starts.0 as usize..word.starts.1 as usize);
        &self.starts[range]
    }

    /// The nodes of a pause at a junction.
    pub(crate) fn pauses(&self, junction: Place) -> std::ops::Range<u32> {
        let first = self.pauses + junction * self.step;
        first..first + self.step - 1
    }

    /// The node of what the script does not say.
    pub(crate) fn other(&self, junction: Place) -> u32 {
        self.pauses + junction * self.step + self.step - 1
    }

    /// Whether a sentence begins at this junction, or the script ends.
    pub(crate) fn is_border(&self, junction: Place) -> bool {
        self.sentences[self.inside[junction as usize] as usize] == junction
    }
}
