//! A finished sound as a listener hears it.

use camino::Utf8Path;
use lorecast_model::{Dbtp, Lufs};

use crate::decode::Take;
use crate::{Meter, Result, StudioError, TakeInfo};

/// What decoding a sound tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Its length, channels and codec.
    pub info: TakeInfo,
    /// Its integrated loudness; `None` for silence.
    pub loudness: Option<Lufs>,
    /// Its highest true peak.
    pub true_peak: Dbtp,
}

/// Decodes a sound from its start to its end, and measures it.
///
/// # Errors
/// When it does not decode to its end, or has channels or a rate that no meter knows.
pub fn measure(file: &Utf8Path) -> Result<Measured> {
    let mut take = Take::open(file)?;
    let channels = u16::try_from(take.channels.count()).unwrap_or(u16::MAX);
    let mut meter = Meter::new(take.rate, channels).ok_or_else(|| StudioError::Unsupported {
        file: file.to_owned(),
        what: format!("{channels} channels at {} samples a second", take.rate),
    })?;
    while let Some(block) = take.next_block()? {
        meter.push(block);
    }
    let info = take.info(take.decoded);
    Ok(Measured { info, loudness: meter.integrated(), true_peak: meter.true_peak() })
}
