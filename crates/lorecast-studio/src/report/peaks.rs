//! The outline of a wave, for players and pictures.

use std::fmt::Write;

/// The highest and lowest sample of each stretch of some 50 ms, over all channels: an inverted or
/// dead channel hides nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Peaks {
    rate: u32,
    channels: usize,
    /// Frames of a pixel.
    frames: u64,
    pub(super) pixels: Vec<Pixel>,
    /// The pixel in the making, and its frames.
    next: Pixel,
    filled: u64,
}

/// One column of the wave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pixel {
    pub(super) low: f32,
    pub(super) high: f32,
    /// The sum of squares, and of how many samples.
    squares: f32,
    samples: f32,
}

/// Pixels a second at first.
const FINEST: u32 = 20;
/// Whenever there are more pixels, two become one: an hour has 36,000 of 100 ms.
const MOST_PIXELS: usize = 40_000;

impl Peaks {
    pub(super) fn new(rate: u32, channels: usize) -> Self {
        let frames = u64::from(rate / FINEST).max(1);
        Self { rate, channels, frames, pixels: Vec::new(), next: Pixel::default(), filled: 0 }
    }

    pub(super) fn push(&mut self, mut frames: &[f32]) {
        while !frames.is_empty() {
            let left = frames.len() / self.channels;
            let now = left.min((self.frames - self.filled) as usize);
            let (head, rest) = frames.split_at(now * self.channels);
            self.next.take(head);
            self.filled += now as u64;
            frames = rest;
            if self.filled == self.frames {
                self.end_pixel();
            }
        }
    }

    pub(super) fn finish(&mut self) {
        if self.filled > 0 {
            self.end_pixel();
        }
    }

    /// Version 2 of the JSON of audiowaveform, which wavesurfer.js, Peaks.js and others read:
    /// `version`, `channels` (1), `sample_rate`, `samples_per_pixel`, `bits` (8), `length` (pixels)
    /// and `data`, the lowest and the highest value of each pixel in turn, from -128 to 127.
    pub fn to_json(&self) -> String {
        let mut json = format!(
            r#"{{"version":2,"channels":1,"sample_rate":{},"samples_per_pixel":{},"bits":8,"length":{},"data":["#,
            self.rate,
            self.frames,
            self.pixels.len()
        );
        for (number, pixel) in self.pixels.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            let (low, high) = (byte(pixel.low), byte(pixel.high));
            write!(json, "{comma}{low},{high}").expect("a string takes everything");
        }
        json.push_str("]}\n");
        json
    }

    /// The wave in so many columns: lowest, highest and root mean square of each, within ±1.
    pub(super) fn columns(&self, count: usize) -> Vec<(f32, f32, f32)> {
        let at = |column: usize| column * self.pixels.len() / count;
        (0..count)
            .map(|column| {
                let start = at(column).min(self.pixels.len().saturating_sub(1));
                let end = at(column + 1).max(start + 1).min(self.pixels.len());
                let mut all = Pixel::default();
                self.pixels[start.min(end)..end].iter().for_each(|pixel| all.join(*pixel));
                let level = (all.squares / all.samples.max(1.0)).sqrt();
                (all.low.max(-1.0), all.high.min(1.0), level.min(1.0))
            })
            .collect()
    }

    fn end_pixel(&mut self) {
        self.pixels.push(std::mem::take(&mut self.next));
        self.filled = 0;
        if self.pixels.len() >= MOST_PIXELS {
            let join = |pair: &[Pixel]| {
                let mut joined = pair[0];
                pair[1..].iter().for_each(|pixel| joined.join(*pixel));
                joined
            };
            self.pixels = self.pixels.chunks(2).map(join).collect();
            self.frames *= 2;
        }
    }
}

impl Pixel {
    fn take(&mut self, samples: &[f32]) {
        let (chunks, rest) = samples.as_chunks::<8>();
        // Side by side, which compilers turn into vector instructions.
        let mut side_by_side = [[0.0f32; 8]; 3];
        let [low, high, squares] = &mut side_by_side;
        for chunk in chunks {
            for (at, sample) in chunk.iter().enumerate() {
                let sample = if sample.is_finite() { *sample } else { 0.0 };
                low[at] = if sample < low[at] { sample } else { low[at] };
                high[at] = if sample > high[at] { sample } else { high[at] };
                squares[at] += sample * sample;
            }
        }
        self.low = low.iter().copied().fold(self.low, f32::min);
        self.high = high.iter().copied().fold(self.high, f32::max);
        self.squares += squares.iter().sum::<f32>();
        for sample in rest.iter().filter(|sample| sample.is_finite()) {
            self.low = self.low.min(*sample);
            self.high = self.high.max(*sample);
            self.squares += sample * sample;
        }
        self.samples += samples.len() as f32;
    }

    fn join(&mut self, other: Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.squares += other.squares;
        self.samples += other.samples;
    }
}

fn byte(sample: f32) -> i8 {
    (sample * 128.0).round().clamp(-128.0, 127.0) as i8
}
