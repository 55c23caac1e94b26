//! A voice as the aligner hears it, with somebody to report progress to.

use lorecast_align::{Cepstra, FrontEnd, Model, SAMPLE_RATE};
use lorecast_model::Seconds;
use lorecast_studio::StudioError;

use crate::{Progress, Unit};

/// A voice as the aligner takes it.
pub(super) struct Voice {
    pub cepstra: Cepstra,
    /// Nobody can be heard in it.
    pub silent: bool,
}

/// What stays below this share of full scale (-60 dB) is no voice.
const SILENT: f32 = 0.001;

/// Hears `length` of a voice, block by block as `listen` hands it on.
pub(super) fn hear(
    model: &Model,
    length: Seconds,
    progress: &dyn Progress,
    listen: impl FnOnce(&mut dyn FnMut(&[f32])) -> Result<(), StudioError>,
) -> Result<Voice, StudioError> {
    let mut front = FrontEnd::new(model);
    let all = length.0 * f64::from(SAMPLE_RATE);
    let (mut heard, mut loudest) = (0.0, 0.0);
    watched(progress, "listening to the voice", |share| {
        listen(&mut |samples| {
            heard += samples.len() as f64;
            loudest = samples.iter().fold(loudest, |loudest, sample| sample.abs().max(loudest));
            share(heard / all);
            front.push(samples);
        })
    })?;
    Ok(Voice { cepstra: front.finish(), silent: loudest < SILENT })
}

/// Finds a script in a voice, as `find` does that is told where to report its share from 0 to 1.
pub(super) fn seek<T>(progress: &dyn Progress, find: impl FnOnce(&mut dyn FnMut(f64)) -> T) -> T {
    watched(progress, "finding the script in it", find)
}

fn watched<T>(
    progress: &dyn Progress,
    what: &str,
    work: impl FnOnce(&mut dyn FnMut(f64)) -> T,
) -> T {
    let task = progress.begin(what, 1000, Unit::Thousandths);
    // Of nothing there is no share: that is not a number, which is made 0.
    work(&mut |share| task.set((share.clamp(0.0, 1.0) * 1000.0) as u64))
}
