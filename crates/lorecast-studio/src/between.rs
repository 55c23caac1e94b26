//! What lies between samples, as BS.1770-5 annex 2 looks for it: by a sinc under a Hann window.
//!
//! The limiter and the meter share it: what the one holds down the other does not find.

use std::f64::consts::PI;

/// Finds the values at points between two samples.
pub(crate) struct Between {
    phases: Vec<Vec<f32>>,
    taps: usize,
    bound: f32,
    values: Vec<f32>,
}

impl Between {
    /// `points` for each sample, the sample itself among them; `taps` samples, an even number, are
    /// looked at for each, as many before it as behind.
    pub(crate) fn new(points: usize, taps: usize) -> Self {
        let phases: Vec<Vec<f32>> = (1..points)
            .map(|point| {
                let at = (taps / 2 - 1) as f64 + point as f64 / points as f64;
                (0..taps).map(|tap| windowed_sinc(tap as f64 - at, taps)).collect()
            })
            .collect();
        let sum = |taps: &Vec<f32>| taps.iter().map(|tap| tap.abs()).sum::<f32>();
        let bound = phases.iter().map(sum).fold(1.0, f32::max);
        Self { phases, taps, bound, values: Vec::new() }
    }

    pub(crate) fn taps(&self) -> usize {
        self.taps
    }

    /// No value exceeds the largest sample near it by more than this factor.
    pub(crate) fn bound(&self) -> f32 {
        self.bound
    }

    /// Hands on the values at each point in turn, one for each sample but the last `taps - 1`.
    #[inline(always)]
    pub(crate) fn look(&mut self, samples: &[f32], mut each: impl FnMut(&[f32])) {
        let count = (samples.len() + 1).saturating_sub(self.taps);
        for taps in &self.phases {
            self.values.clear();
            self.values.resize(count, 0.0);
            // Tap by tap over the whole block, which compilers turn into vector instructions.
            for (offset, tap) in taps.iter().enumerate() {
                for (sum, sample) in self.values.iter_mut().zip(&samples[offset..]) {
                    *sum += tap * sample;
                }
            }
            each(&self.values);
        }
    }
}

/// The highest magnitude; what is no number counts as nothing.
#[inline(always)]
pub(crate) fn loudest(samples: &[f32]) -> f32 {
    let (chunks, rest) = samples.as_chunks::<8>();
    // Side by side, which compilers turn into vector instructions.
    let mut highest = [0.0f32; 8];
    let raise = |highest: &mut f32, sample: &f32| {
        if sample.abs() > *highest {
            *highest = sample.abs();
        }
    };
    for chunk in chunks {
        for (highest, sample) in highest.iter_mut().zip(chunk) {
            raise(highest, sample);
        }
    }
    let mut all = 0.0;
    for sample in highest.iter().chain(rest) {
        raise(&mut all, sample);
    }
    all
}

fn windowed_sinc(at: f64, taps: usize) -> f32 {
    if at.abs() < 1e-9 {
        return 1.0;
    }
    let window = 0.5 + 0.5 * (at * PI / (taps / 2) as f64).cos();
    ((at * PI).sin() / (at * PI) * window) as f32
}
