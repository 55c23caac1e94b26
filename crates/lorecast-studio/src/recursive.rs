//! Recursive filters, four samples at a time.
//!
//! Sample by sample, each has to wait for what the one before left in the filter's memory, and a processor idles.
//! A linear filter makes of four samples and its memory a sum of what it makes of each of them alone: that is
//! found out once, and added up side by side. What comes out differs by roundings of double precision.

/// Samples that are worked on at once.
pub(crate) const FOUR: usize = 4;

/// A linear filter that remembers `S` numbers.
#[derive(Clone, Debug)]
pub(crate) struct Recursive<const S: usize> {
    /// Of each number that it remembers, and of each sample, being 1 while all others are 0.
    of_memory: [Answer<S>; S],
    of_samples: [Answer<S>; FOUR],
}

/// Four samples that come out, and what is remembered behind them.
#[derive(Clone, Copy, Debug)]
struct Answer<const S: usize> {
    out: [f64; FOUR],
    memory: [f64; S],
}

impl<const S: usize> Recursive<S> {
    /// Of a filter that is known sample by sample.
    pub(crate) fn of(step: impl Fn(&mut [f64; S], f64) -> f64) -> Self {
        let answer = |mut memory: [f64; S], samples: [f64; FOUR]| {
            let out = samples.map(|sample| step(&mut memory, sample));
            Answer { out, memory }
        };
        Self {
            of_memory: std::array::from_fn(|at| answer(one(at), [0.0; FOUR])),
            of_samples: std::array::from_fn(|at| answer([0.0; S], one(at))),
        }
    }

    /// The next four samples through it.
    #[inline(always)]
    pub(crate) fn run(&self, memory: &mut [f64; S], samples: [f64; FOUR]) -> [f64; FOUR] {
        // Samples first: they need not wait.
        let (mut out, mut next) = ([0.0; FOUR], [0.0; S]);
        for (by, answer) in samples.iter().zip(&self.of_samples) {
            answer.add(*by, &mut out, &mut next);
        }
        let (mut out_of_memory, mut kept) = ([0.0; FOUR], [0.0; S]);
        for (by, answer) in memory.iter().zip(&self.of_memory) {
            answer.add(*by, &mut out_of_memory, &mut kept);
        }
        for (next, kept) in next.iter_mut().zip(kept) {
            *next += kept;
        }
        *memory = next;
        std::array::from_fn(|at| out[at] + out_of_memory[at])
    }
}

impl<const S: usize> Answer<S> {
    #[inline(always)]
    fn add(&self, by: f64, out: &mut [f64; FOUR], memory: &mut [f64; S]) {
        for (sum, own) in out.iter_mut().zip(&self.out) {
            *sum += by * own;
        }
        for (sum, own) in memory.iter_mut().zip(&self.memory) {
            *sum += by * own;
        }
    }
}

/// Zeros but for a one there.
fn one<const N: usize>(there: usize) -> [f64; N] {
    std::array::from_fn(|at| f64::from(u8::from(at == there)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A resonance, as an example.
    fn step(memory: &mut [f64; 2], sample: f64) -> f64 {
        let out = 0.3 * sample + memory[0];
        *memory = [memory[1] - 0.2 * sample + 1.9 * out, 0.1 * sample - 0.95 * out];
        out
    }

    #[test]
    fn four_at_once_are_four_in_turn() {
        let filter = Recursive::of(step);
        let (mut at_once, mut in_turn) = ([0.0; 2], [0.0; 2]);
        for n in 0..1_000 {
            let samples = std::array::from_fn(|at| f64::from((n * 7 + at as u32 * 3) % 11) - 5.0);
            let found = filter.run(&mut at_once, samples);
            let expected = samples.map(|sample| step(&mut in_turn, sample));
            let apart = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(apart < 1e-9, "{n}: {found:?} {expected:?}");
        }
    }
}
