//! The files for listeners: encoded, heard as a listener hears them, and made again when they miss.

use std::fs::File;
use std::io;

use lorecast_model::Encoding;

use crate::beside::beside;
use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::Draft;
use crate::fit::fit;
use crate::meter::Reading;
use crate::programme::{Programme, Setting};
use crate::recipe::{Recipe, Step};
use crate::report::{Analysis, Listener, Section};
use crate::tags::Shown;
use crate::{Result, SAMPLE_RATE, StudioError};

/// How a file is encoded.
pub(crate) trait Coding {
    /// With what.
    fn encoding(&self) -> Encoding;

    /// Begins to write an empty file with everything that players show.
    fn start(&self, file: File, shown: &Shown<'_>) -> Result<Box<dyn Encode>, Failure>;

    /// What stands before the sound, as many bytes whatever was measured; none where it cannot be
    /// written again alone.
    fn head(&self, shown: &Shown<'_>) -> Result<Vec<u8>, Failure>;
}

/// A file that is being encoded.
pub(crate) trait Encode: Send {
    /// Takes interleaved samples, each of them `copies` times: twice where one channel is both sides of a
    /// stereo file. It is the same in each call.
    fn write(&mut self, samples: &[f32], copies: usize) -> Result<(), Failure>;

    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), Failure>;
}

/// Why a file was not encoded.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Writing failed.
    Write(io::Error),
    /// The encoder itself failed.
    Encoder(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl Failure {
    fn of(self, draft: &Draft) -> StudioError {
        match self {
            Self::Write(source) => draft.error(source),
            Self::Encoder(reason) => {
                StudioError::Encoder { file: draft.target().to_owned(), reason }
            }
        }
    }
}

/// What is encoded, and how loud it is to be.
pub(crate) struct Source<'a> {
    pub(crate) programme: &'a Programme,
    pub(crate) recipe: &'a Recipe,
    /// What is measured by itself.
    pub(crate) sections: &'a [Section],
    /// What to begin with.
    pub(crate) first: Setting,
    pub(crate) shown: Shown<'a>,
}

/// A file as it was made.
pub(crate) struct Made {
    pub(crate) reading: Reading,
    /// What is heard in it.
    pub(crate) heard: Analysis,
    /// How many bytes stand before the sound, as far as is known.
    pub(crate) head: u64,
}

/// Makes one file, as often as it takes.
pub(crate) fn make(
    coding: &dyn Coding,
    source: &Source<'_>,
    draft: &Draft,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<Made> {
    let mut heard = None;
    let (_, reading) = fit(source.recipe.loudness.0, source.first, |setting| {
        encode(coding, source, setting, draft, progress)?;
        let (reading, analysis) = hear(coding.encoding(), source, draft, progress)?;
        heard = Some(analysis);
        Ok(reading)
    })?;
    let shown = Shown { reading, ..source.shown };
    let head = coding.head(&shown).map_err(|failure| failure.of(draft))?;
    draft.overwrite(&head)?;
    draft.sync()?;
    let heard = heard.expect("what is fitted is made at least once");
    Ok(Made { reading, heard, head: head.len() as u64 })
}

fn encode(
    coding: &dyn Coding,
    source: &Source<'_>,
    setting: Setting,
    draft: &Draft,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<()> {
    let Source { programme, recipe, shown, .. } = source;
    let complain = |failure: Failure| failure.of(draft);
    let step = Step::Encode(coding.encoding());
    let copies = programme.copies();
    let mut encoder = coding.start(draft.restart()?, shown).map_err(complain)?;
    beside(
        recipe.threads(),
        |each| programme.render(setting, &mut |share| progress(step, share), each),
        |samples| encoder.write(samples, copies).map_err(complain),
    )?;
    encoder.finish().map_err(complain)
}

/// Hears the file as a listener does.
fn hear(
    encoding: Encoding,
    source: &Source<'_>,
    draft: &Draft,
    progress: &mut dyn FnMut(Step, f64),
) -> Result<(Reading, Analysis)> {
    let programme = source.programme;
    let mut take = Take::open(draft.path())?;
    let map = ChannelMap::new(&take.channels, programme.channels());
    let mut listener = Listener::new(SAMPLE_RATE, programme.channels(), source.sections)
        .expect("one or two channels at 48 kHz are valid");
    beside(
        source.recipe.threads(),
        |each| {
            let (mut frames, mut heard) = (Vec::new(), 0);
            while let Some(block) = take.next_block()? {
                frames.clear();
                map.mix(block, &mut frames);
                each(&frames)?;
                heard += frames.len() as u64 / u64::from(programme.channels());
                let share = (heard as f64 / programme.frames.max(1) as f64).min(1.0);
                progress(Step::Measure(encoding), share);
            }
            Ok(())
        },
        |frames| {
            listener.push(frames);
            Ok(())
        },
    )?;
    Ok((listener.reading(), listener.finish()))
}
