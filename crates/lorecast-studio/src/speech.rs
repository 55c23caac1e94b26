//! Sentences that were read one by one, joined to a take.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Seconds;

use crate::draft::Draft;
use crate::listen::listen_at;
use crate::wav::{Wav, as_io};
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
    let mut wav = Wav::copy(draft.restart()?, SAMPLE_RATE, 1).map_err(complain)?;
    let (mut heard, mut frames) = (Vec::new(), 0);
    let seconds = |frames: usize| Seconds(frames as f64 / f64::from(SAMPLE_RATE));
    let mut block = Vec::new();
    for piece in pieces {
        let from = frames;
        let mut written = Ok(());
        listen_at(&piece.file, SAMPLE_RATE, &mut |samples| {
            frames += samples.len();
            if written.is_ok() {
                block.clear();
                block.extend_from_slice(samples);
                written = wav.write(&mut block, 1);
            }
        })?;
        written.map_err(complain)?;
        heard.push(Heard { from: seconds(from), to: seconds(frames) });
        let pause = (piece.pause.0.clamp(0.0, 60.0) * f64::from(SAMPLE_RATE)).round() as usize;
        block.clear();
        block.resize(pause, 0.0);
        wav.write(&mut block, 1).map_err(complain)?;
        frames += pause;
        if seconds(frames) > LONGEST {
            return Err(StudioError::TooLong { file: take.to_owned(), limit: LONGEST });
        }
    }
    wav.finish().map_err(complain)?;
    draft.sync()?;
    draft.publish()?;
    Ok(heard)
}
