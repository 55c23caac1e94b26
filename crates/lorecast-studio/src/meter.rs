//! Loudness and true peak (ITU-R BS.1770, EBU R 128) through the `ebur128` crate.

use ebur128::{EbuR128, Mode};

use crate::SAMPLE_RATE;

/// What a meter read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Integrated loudness in LUFS; `None` when nothing is louder than the absolute gate of -70.
    pub(crate) loudness: Option<f64>,
    /// In dBTP, at least [`QUIETEST_PEAK`].
    pub(crate) peak: f64,
}

/// Digital silence has a peak of minus infinity, which JSON cannot write.
pub(crate) const QUIETEST_PEAK: f64 = -120.0;
/// The absolute gate of BS.1770: what a silent episode is said to have.
pub(crate) const GATE: f64 = -70.0;
/// Frames of one gating block, 400 ms. A shorter sound is measured as if it went on repeating.
const BLOCK: usize = SAMPLE_RATE as usize * 2 / 5;
/// Fed in steps of 10 ms, the crate passes every EBU conformance signal.
const FEED: usize = SAMPLE_RATE as usize / 100;

pub(crate) struct Meter {
    inner: EbuR128,
    channels: usize,
    /// The first 400 ms.
    head: Vec<f32>,
}

impl Meter {
    /// Measures loudness alone.
    pub(crate) fn of_loudness(channels: u16) -> Self {
        Self::new(channels, Mode::I)
    }

    /// Measures loudness and true peak.
    pub(crate) fn of_everything(channels: u16) -> Self {
        Self::new(channels, Mode::I | Mode::TRUE_PEAK)
    }

    fn new(channels: u16, mode: Mode) -> Self {
        let inner = EbuR128::new(u32::from(channels), SAMPLE_RATE, mode)
            .expect("one or two channels at 48 kHz are valid");
        Self { inner, channels: usize::from(channels), head: Vec::new() }
    }

    pub(crate) fn push(&mut self, frames: &[f32]) {
        let room = (BLOCK * self.channels).saturating_sub(self.head.len()).min(frames.len());
        self.head.extend_from_slice(&frames[..room]);
        self.feed(frames);
    }

    pub(crate) fn read(mut self) -> Reading {
        let head = std::mem::take(&mut self.head);
        if !head.is_empty() && head.len() < BLOCK * self.channels {
            for _ in 0..BLOCK.div_ceil(head.len() / self.channels) {
                self.feed(&head);
            }
        }
        let loudness = self.inner.loudness_global().ok().filter(|lufs| *lufs > GATE);
        let peak = (0..self.channels as u32)
            .filter_map(|channel| self.inner.true_peak(channel).ok())
            .fold(0.0, f64::max);
        Reading { loudness, peak: (20.0 * peak.log10()).max(QUIETEST_PEAK) }
    }

    fn feed(&mut self, frames: &[f32]) {
        for block in frames.chunks(FEED * self.channels) {
            self.inner.add_frames_f32(block).expect("whole frames");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EBU Tech 3341 case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS.
    #[test]
    fn the_reference_tone_reads_minus_23() {
        let step = std::f64::consts::TAU * 1000.0 / f64::from(SAMPLE_RATE);
        let amplitude = 10f64.powf(-23.0 / 20.0);
        for frames in [480_000, 4_800] {
            let mut meter = Meter::of_everything(2);
            for n in 0..frames {
                let sample = (f64::from(n) * step).sin() * amplitude;
                meter.push(&[sample as f32, sample as f32]);
            }
            let reading = meter.read();
            assert!((reading.loudness.unwrap() + 23.0).abs() < 0.1, "{reading:?}");
            assert!((reading.peak + 23.0).abs() < 0.1, "{reading:?}");
        }
    }

    #[test]
    fn silence_has_no_loudness() {
        let mut meter = Meter::of_everything(1);
        meter.push(&[0.0; 48_000]);
        assert_eq!(meter.read(), Reading { loudness: None, peak: QUIETEST_PEAK });
    }
}
