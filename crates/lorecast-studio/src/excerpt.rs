//! A part of a sound file as a WAV that any player takes.

use std::fs::File;
use std::io::BufWriter;

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::write_error;
use crate::recipe::Part;
use crate::wav::as_io;
use crate::{Result, StudioError};

/// Writes what is heard in a part as 16 bit PCM at the recording's own rate, in one or two channels;
/// nothing is done to it. Errors of writing call the WAV by `name`.
///
/// # Errors
/// When the part cannot be decoded, or the WAV cannot be written.
pub fn excerpt(part: &Part, wav: File, name: &camino::Utf8Path) -> Result<()> {
    let complain = |error| -> StudioError { write_error(name, as_io(error)) };
    let mut take = Take::of(part)?;
    let channels = take.channels.count().min(2) as u16;
    let map = ChannelMap::new(&take.channels, channels);
    let spec = WavSpec {
        channels,
        sample_rate: take.rate,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut writer = WavWriter::new(BufWriter::new(wav), spec).map_err(complain)?;
    let mut mixed = Vec::new();
    while let Some(block) = take.next_block()? {
        mixed.clear();
        map.mix(block, &mut mixed);
        for sample in &mixed {
            let step = (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
            writer.write_sample(step).map_err(complain)?;
        }
    }
    writer.finalize().map_err(complain)
}
