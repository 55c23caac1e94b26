//! Shortens long pauses.
//!
//! A pause keeps half of what is allowed at each end, so that a cut is always a quarter of a second
//! or more away from anything louder than the threshold: no word has so long a gap inside, the
//! closure of a `t` lasts a tenth of a second.

use std::collections::VecDeque;

use lorecast_model::Silence;

use super::{Figure, amplitude};
use crate::SAMPLE_RATE;

/// Frames over which both sides of a cut are blended, 20 ms.
const BLEND: usize = SAMPLE_RATE as usize / 50;

pub(crate) struct Pauses {
    channels: usize,
    /// Amplitude below which it is silent; 0 when it is off.
    threshold: f32,
    /// Frames kept at each end of a pause.
    half: usize,
    /// Frames of the pause that were handed on.
    head: usize,
    /// The newest frames of the pause, which may have to stay.
    tail: VecDeque<f32>,
    /// Frames that are left out of this pause.
    dropped: usize,
    /// The frames that followed the head, for the blend.
    follow: Vec<f32>,
    cuts: u64,
    cut: u64,
}

impl Pauses {
    pub(crate) fn new(silence: Silence, loudness: Option<f64>, channels: u16) -> Self {
        let threshold = match loudness {
            Some(loudness) if silence.on => amplitude(loudness - silence.below) as f32,
            _ => 0.0,
        };
        Self {
            channels: usize::from(channels),
            threshold,
            half: (silence.longest.0 / 2.0 * f64::from(SAMPLE_RATE)) as usize,
            head: 0,
            tail: VecDeque::new(),
            dropped: 0,
            follow: Vec::new(),
            cuts: 0,
            cut: 0,
        }
    }

    /// Takes interleaved frames and appends what is ready.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        if self.threshold <= 0.0 {
            out.extend_from_slice(frames);
            return;
        }
        // From here on frames go out as they are.
        let mut kept = 0;
        for (number, frame) in frames.chunks_exact(self.channels).enumerate() {
            let is_loud = frame.iter().any(|sample| sample.abs() > self.threshold);
            if self.head < self.half {
                self.head = if is_loud { 0 } else { self.head + 1 };
                continue;
            }
            let at = number * self.channels;
            out.extend_from_slice(&frames[kept..at]);
            kept = at + self.channels;
            if is_loud {
                self.end_pause(out);
                out.extend_from_slice(frame);
            } else {
                self.wait(frame);
            }
        }
        out.extend_from_slice(&frames[kept.min(frames.len())..]);
    }

    /// Appends the rest.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        self.end_pause(out);
    }

    /// What it did.
    pub(crate) fn effects(&self) -> Vec<Figure> {
        if self.threshold <= 0.0 {
            return Vec::new();
        }
        let figure = |what, amount, unit| Figure { stage: "silence", what, amount, unit };
        vec![
            figure("pauses shortened", self.cuts as f64, ""),
            figure("time saved", self.cut as f64 / f64::from(SAMPLE_RATE), "s"),
        ]
    }

    /// Holds back what comes behind the first half of a pause.
    fn wait(&mut self, frame: &[f32]) {
        if self.follow.len() < BLEND * self.channels {
            self.follow.extend_from_slice(frame);
        }
        self.tail.extend(frame);
        if self.tail.len() > self.half * self.channels {
            self.tail.drain(..self.channels);
            self.dropped += 1;
        }
    }

    fn end_pause(&mut self, out: &mut Vec<f32>) {
        let start = out.len();
        out.extend(self.tail.drain(..));
        if self.dropped > 0 {
            let blend = self.follow.len().min(out.len() - start);
            for (at, old) in self.follow[..blend].iter().enumerate() {
                let share = at as f32 / blend as f32;
                let new = &mut out[start + at];
                *new = old * (1.0 - share) + *new * share;
            }
            self.cuts += 1;
            self.cut += self.dropped as u64;
        }
        self.follow.clear();
        self.head = 0;
        self.dropped = 0;
    }
}
