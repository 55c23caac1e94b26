//! Sentences that were read one by one, joined to a take.

use std::io::BufWriter;

use camino::{Utf8Path, Utf8PathBuf};
use hound::{SampleFormat, WavSpec, WavWriter};
use lorecast_model::Seconds;

use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::Draft;
use crate::resample::Rate;
use crate::wav::as_io;
use crate::{LONGEST, Result, SAMPLE_RATE, StudioError};

/// A sound file that holds some speech.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piece {
    /// The file.
    pub file: Utf8PathBuf,
    /// Silence behind it.
    pub pause: Seconds,
}

/// Where a piece is heard in the take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Its first sample.
    pub from: Seconds,
    /// Behind its last one.
    pub to: Seconds,
}

/// Joins pieces, in one channel of 16 bit, to a WAV that is there whole or not at all.
///
/// # Errors
/// When a piece is no sound, or the take cannot be written.
pub fn join_speech(pieces: &[Piece], take: &Utf8Path) -> Result<Vec<Heard>> {
    let draft = Draft::create(take)?;
    let complain = |error| -> StudioError { draft.error(as_io(error)) };
    let spec = WavSpec {
        channels: 1,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut wav = WavWriter::new(BufWriter::new(draft.restart()?), spec).map_err(complain)?;
    let (mut heard, mut frames) = (Vec::new(), 0u64);
    let seconds = |frames: u64| Seconds(frames as f64 / f64::from(SAMPLE_RATE));
    for piece in pieces {
        let from = frames;
        for sample in read(&piece.file)? {
            let step = (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
            wav.write_sample(step).map_err(complain)?;
            frames += 1;
        }
        heard.push(Heard { from: seconds(from), to: seconds(frames) });
        let pause = (piece.pause.0.clamp(0.0, 60.0) * f64::from(SAMPLE_RATE)).round() as u64;
        for _ in 0..pause {
            wav.write_sample(0i16).map_err(complain)?;
        }
        frames += pause;
        if seconds(frames) > LONGEST {
            return Err(StudioError::TooLong { file: take.to_owned(), limit: LONGEST });
        }
    }
    wav.finalize().map_err(complain)?;
    draft.sync()?;
    draft.publish()?;
    Ok(heard)
}

/// The samples of a piece, which is short.
fn read(file: &Utf8Path) -> Result<Vec<f32>> {
    let mut take = Take::open(file)?;
    let map = ChannelMap::new(&take.channels, 1);
    let mut rate = Rate::new(take.rate, 1);
    let (mut mixed, mut out) = (Vec::new(), Vec::new());
    while let Some(block) = take.next_block()? {
        mixed.clear();
        map.mix(block, &mut mixed);
        rate.push(&mixed, &mut out);
    }
    rate.finish(&mut out);
    Ok(out)
}
