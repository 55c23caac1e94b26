//! Hearing a take as one voice, without making anything of it.

use camino::Utf8Path;

use crate::Result;
use crate::chain::OPPOSITE;
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
    let mut two = (take.channels.count() == 2).then(TwoSides::default);
    let map = ChannelMap::new(&take.channels, if two.is_some() { 2 } else { 1 });
    let mut mixed = Vec::new();
    while let Some(block) = take.next_block()? {
        mixed.clear();
        map.mix(block, &mut mixed);
        if let Some(two) = &mut two {
            two.mix(&mut mixed);
        }
        each(&mixed);
    }
    let frames = take.decoded;
    Ok(take.info(frames))
}

/// What was heard of two channels so far: their energies, and what they have in common.
#[derive(Default)]
struct TwoSides {
    left: f64,
    right: f64,
    product: f64,
}

impl TwoSides {
    /// Their mean in the place of both; of two that are opposite, so that they do not cancel out, with the
    /// right one turned over.
    fn mix(&mut self, frames: &mut Vec<f32>) {
        for [left, right] in frames.as_chunks::<2>().0 {
            let (left, right) = (f64::from(*left), f64::from(*right));
            self.left += left * left;
            self.right += right * right;
            self.product += left * right;
        }
        let is_opposite = self.product < OPPOSITE * (self.left * self.right).sqrt();
        let sign = if is_opposite { -1.0 } else { 1.0 };
        let count = frames.len() / 2;
        for at in 0..count {
            frames[at] = (frames[2 * at] + sign * frames[2 * at + 1]) / 2.0;
        }
        frames.truncate(count);
    }
}
