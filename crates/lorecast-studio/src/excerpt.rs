//! A part of a sound file as a WAV that any player takes.

use std::fs::File;

use camino::Utf8Path;

use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::write_error;
use crate::recipe::Part;
use crate::wav::{Wav, as_io};
use crate::{Result, StudioError};

/// Writes what is heard in a part as 16 bit PCM at the recording's own rate, in one or two channels;
/// nothing is done to it. Errors of writing call the WAV by `name`.
///
/// # Errors
/// When the part cannot be decoded, or the WAV cannot be written.
pub fn excerpt(part: &Part, wav: File, name: &Utf8Path) -> Result<()> {
    let complain = |error| -> StudioError { write_error(name, as_io(error)) };
    let mut take = Take::of(part)?;
    let channels = take.channels.count().min(2) as u16;
    let map = ChannelMap::new(&take.channels, channels);
    let mut writer = Wav::copy(wav, take.rate, channels).map_err(complain)?;
    let mut mixed = Vec::new();
    while let Some(block) = take.next_block()? {
        mixed.clear();
        map.mix(block, &mut mixed);
        writer.write(&mut mixed, 1).map_err(complain)?;
    }
    writer.finish().map_err(complain)
}
