//! What is said in an episode, before its MP3 is made.

use lorecast_model::{Chapter, Deviation, Seconds};

use crate::programme::Programme;
use crate::recipe::Part;
use crate::resample::{Rate, resampled};
use crate::{Result, SAMPLE_RATE};

/// The voices of an episode in their places: takes as they were worked on, without music.
pub struct Voices<'a> {
    programme: &'a Programme,
    parts: &'a [Part],
}

/// A part of the recipe in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Span<'a> {
    /// The part.
    pub part: &'a Part,
    /// When it begins.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
}

/// What was found out about the voices: it goes into the master and into the tags of its sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// The chapters in order of time, in the place of those of the takes; none leaves those.
    pub chapters: Vec<Chapter>,
    /// What is said, as plain text.
    pub transcript: Option<String>,
    /// The sentences that are said, in order of time: the rate of speech comes from them.
    pub said: Vec<Said>,
    /// Where the voice left its script, in order of time; `None` when nobody compared them.
    pub deviations: Option<Vec<Deviation>>,
}

/// A sentence in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Said {
    /// When it begins.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
    /// How many words it has.
    pub words: u32,
}

/// Hears the voices, and says what it found.
pub type Place<'a> = &'a mut dyn FnMut(&Voices<'_>) -> Placed;

impl<'a> Voices<'a> {
    pub(crate) fn new(programme: &'a Programme, parts: &'a [Part]) -> Self {
        Self { programme, parts }
    }

    /// The chapters as the takes have them.
    pub fn chapters(&self) -> &[Chapter] {
        &self.programme.chapters
    }

    /// The length of the episode.
    pub fn length(&self) -> Seconds {
        self.programme.length()
    }

    /// The parts that are voices, in order of time.
    pub fn spans(&self) -> Vec<Span<'a>> {
        let placed = self.programme.voices().into_iter();
        placed
            .filter_map(|(number, start, end)| {
                self.parts.get(number).map(|part| Span { part, start, end })
            })
            .collect()
    }

    /// Hands on the whole episode as one channel at `rate` samples a second, block by block, silent
    /// where nobody speaks. Nothing comes early or late.
    ///
    /// # Errors
    /// When the working copy cannot be read.
    pub fn listen(&self, rate: u32, each: &mut dyn FnMut(&[f32])) -> Result<()> {
        let rate = Rate::between(SAMPLE_RATE, rate, 1);
        resampled(rate, each, |hear| self.programme.hear_voices(hear))
    }
}
