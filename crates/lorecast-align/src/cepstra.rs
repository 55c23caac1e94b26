//! What the front end heard, as the densities want it.

use lorecast_model::Seconds;

use crate::front::{FRAME, HOP, SAMPLE_RATE};
use crate::model::{DIMENSIONS, STREAMS};

/// A voice as 13 mel cepstra for every 10 ms. 19 MB an hour.
pub struct Cepstra {
    frames: Vec<[f32; DIMENSIONS]>,
    /// What the first number is, for one of the logarithms that it is made of.
    scale: f32,
}

/// One frame with its slopes and curvatures.
pub(crate) type Features = [[f32; DIMENSIONS]; STREAMS];

impl Cepstra {
    /// Takes the mean of the whole take off (`-cmn batch`): microphone and room are the same throughout.
    pub(crate) fn new(mut frames: Vec<[f32; DIMENSIONS]>, filters: usize) -> Self {
        let mut means = [0f64; DIMENSIONS];
        for frame in &frames {
            means.iter_mut().zip(frame).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let count = frames.len().max(1) as f64;
        for frame in &mut frames {
            frame.iter_mut().zip(&means).for_each(|(value, sum)| *value -= (sum / count) as f32);
        }
        Self { frames, scale: (filters.max(1) as f32).sqrt() }
    }

    /// Frames that have no mean to take off.
    #[cfg(test)]
    pub(crate) fn without_mean(frames: Vec<[f32; DIMENSIONS]>) -> Self {
        Self { frames, scale: 1.0 }
    }

    /// How long the voice is.
    pub fn length(&self) -> Seconds {
        match self.frames.len() {
            0 => Seconds(0.0),
            frames => Seconds(((frames - 1) * HOP + FRAME) as f64 / f64::from(SAMPLE_RATE)),
        }
    }

    /// How loud a frame is: the mean logarithm of power over all filters, beside a constant.
    pub(crate) fn loudness(&self, frame: u32) -> f32 {
        let first = self.frames.get(frame as usize).map_or(0.0, |frame| frame[0]);
        first / self.scale
    }

    pub(crate) fn len(&self) -> usize {
        self.frames.len()
    }

    /// Frame `at` as `1s_c_d_dd`: the slope over four frames, the curvature over six.
    pub(crate) fn features(&self, at: usize) -> Features {
        let last = self.frames.len().saturating_sub(1);
        let near = |offset: isize| &self.frames[at.saturating_add_signed(offset).min(last)];
        let slope = |from: &[f32; DIMENSIONS], to: &[f32; DIMENSIONS]| -> [f32; DIMENSIONS] {
            std::array::from_fn(|dimension| to[dimension] - from[dimension])
        };
        let late = slope(near(-1), near(3));
        let early = slope(near(-3), near(1));
        [*near(0), slope(near(-2), near(2)), slope(&early, &late)]
    }
}

/// The time of the border before frame `at`: half a step before the middle of its window.
pub(crate) fn time(at: u32) -> Seconds {
    Seconds((f64::from(at) * HOP as f64 + (FRAME - HOP) as f64 / 2.0) / f64::from(SAMPLE_RATE))
}

/// The frame whose border lies nearest to a time; none for what is no time.
pub(crate) fn frame_at(time: Seconds) -> Option<u32> {
    let frame = (time.0 * f64::from(SAMPLE_RATE) - (FRAME - HOP) as f64 / 2.0) / HOP as f64;
    (time.0.is_finite() && time.0 >= 0.0 && frame < f64::from(u32::MAX))
        .then(|| frame.round().max(0.0) as u32)
}
