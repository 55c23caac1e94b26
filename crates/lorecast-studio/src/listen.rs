//! Hearing a take as one voice, without making anything of it.

use camino::Utf8Path;

use crate::Result;
use crate::channels::ChannelMap;
use crate::decode::{Take, TakeInfo};
use crate::resample::{Rate, resampled};

/// Decodes a take from its start to its end and hands on what is heard, mixed to one channel, at the
/// take's own rate, block by block.
///
/// # Errors
/// As [`crate::master`] has them for the same take.
pub fn listen(file: &Utf8Path, each: &mut dyn FnMut(&[f32])) -> Result<TakeInfo> {
    hear(Take::open(file)?, each)
}

/// The same at `rate` samples a second, above 0; nothing comes early or late.
///
/// # Errors
/// As [`listen`].
pub fn listen_at(file: &Utf8Path, rate: u32, each: &mut dyn FnMut(&[f32])) -> Result<TakeInfo> {
    let take = Take::open(file)?;
    resampled(Rate::between(take.rate, rate, 1), each, |each| hear(take, each))
}

/// Decodes an open take to its end.
pub(crate) fn hear(mut take: Take, each: &mut dyn FnMut(&[f32])) -> Result<TakeInfo> {
    let map = ChannelMap::new(&take.channels, 1);
    let mut mixed = Vec::new();
    while let Some(block) = take.next_block()? {
        mixed.clear();
        map.mix(block, &mut mixed);
        each(&mixed);
    }
    let frames = take.decoded;
    Ok(take.info(frames))
}
