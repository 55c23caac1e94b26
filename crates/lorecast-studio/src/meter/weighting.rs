//! K-weighting: how loud a frequency is to the ear (BS.1770-5 annex 1).

use crate::channels::are_twins;
use crate::recursive::{FOUR, Recursive};
use crate::widest::widest;

/// The weighting filter of all channels.
pub(crate) struct Weighting(Box<dyn Weigh + Send>);

/// The gains of the channels in each layout: surrounds count 1.5 dB more, low frequencies nothing.
const SURROUND: f64 = 1.41;

impl Weighting {
    /// `None` for more than six channels, or none.
    pub(crate) fn new(rate: u32, channels: usize) -> Option<Self> {
        Some(Self(match channels {
            1 => Box::new(Filter::new(rate, [1.0])),
            2 => Box::new(Filter::new(rate, [1.0; 2])),
            3 => Box::new(Filter::new(rate, [1.0; 3])),
            4 => Box::new(Filter::new(rate, [1.0, 1.0, SURROUND, SURROUND])),
            5 => Box::new(Filter::new(rate, [1.0, 1.0, 1.0, SURROUND, SURROUND])),
            6 => Box::new(Filter::new(rate, [1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND])),
            _ => return None,
        }))
    }

    /// The weighted energy of interleaved frames, summed over them.
    pub(crate) fn energy(&mut self, frames: &[f32]) -> f64 {
        self.0.energy(frames)
    }
}

trait Weigh {
    fn energy(&mut self, frames: &[f32]) -> f64;
}

/// Both stages, for `N` channels.
struct Filter<const N: usize> {
    stages: Stages,
    four: Recursive<4>,
    gains: [f64; N],
    states: [State; N],
}

/// What the two stages remember of a channel: two values each.
type State = [f64; 4];

struct Stages {
    shelf: Section,
    pass: Section,
}

/// Of a second-order section: `b0 b1 b2`, `a1 a2`.
#[derive(Clone, Copy)]
struct Section {
    b: [f64; 3],
    a: [f64; 2],
}

/// Below this a filter's memory is silence; smaller numbers are slow to calculate with.
const SILENCE: f64 = 1e-30;

impl<const N: usize> Filter<N> {
    fn new(rate: u32, gains: [f64; N]) -> Self {
        let stages = Stages { shelf: shelf(rate), pass: pass(rate) };
        let four = Recursive::of(|state, sample| stages.step(state, sample));
        Self { stages, four, gains, states: [[0.0; 4]; N] }
    }

    /// Whether both sides of a stereo sound are the same, and were so far.
    #[inline(always)]
    fn hears_twins(&self, frames: &[[f32; N]]) -> bool {
        N == 2
            && self.states[0] == self.states[1]
            && self.gains[0] == self.gains[1]
            && are_twins(frames.as_flattened())
    }

    /// The weighted energy of one channel.
    #[inline(always)]
    fn energy_of(&mut self, channel: usize, frames: &[[f32; N]]) -> f64 {
        let finite = |frame: &[f32; N]| match frame[channel].is_finite() {
            true => f64::from(frame[channel]),
            false => 0.0,
        };
        let mut state = self.states[channel];
        let mut sums = [0.0; FOUR];
        let (fours, rest) = frames.as_chunks::<FOUR>();
        for frames in fours {
            let weighted = self.four.run(&mut state, std::array::from_fn(|at| finite(&frames[at])));
            for (sum, out) in sums.iter_mut().zip(weighted) {
                *sum += out * out;
            }
        }
        for frame in rest {
            sums[0] += self.stages.step(&mut state, finite(frame)).powi(2);
        }
        self.states[channel] = state.map(|kept| if kept.abs() < SILENCE { 0.0 } else { kept });
        sums.iter().sum::<f64>() * self.gains[channel]
    }
}

impl<const N: usize> Weigh for Filter<N> {
    fn energy(&mut self, frames: &[f32]) -> f64 {
        let frames = frames.as_chunks::<N>().0;
        widest(
            #[inline(always)]
            || {
                let mut energy = 0.0;
                if self.hears_twins(frames) {
                    // Both sides are the same, and so is what each adds.
                    energy = 2.0 * self.energy_of(0, frames);
                    self.states[1] = self.states[0];
                    return energy;
                }
                for channel in 0..N {
                    energy += self.energy_of(channel, frames);
                }
                energy
            },
        )
    }
}

impl Stages {
    /// One sample through both (transposed direct form II).
    #[inline(always)]
    fn step(&self, state: &mut State, x: f64) -> f64 {
        let (Section { b, a }, Section { b: c, a: d }) = (self.shelf, self.pass);
        let y = b[0] * x + state[0];
        state[0] = b[1] * x + state[1] - a[0] * y;
        state[1] = b[2] * x - a[1] * y;
        let z = c[0] * y + state[2];
        state[2] = c[1] * y + state[3] - d[0] * z;
        state[3] = c[2] * y - d[1] * z;
        z
    }
}

/// The high shelf of the head. The standard gives its coefficients at 48 kHz alone; corner, gain and
/// slope that reproduce them are those of Brecht De Man, "Evaluation of implementations of the EBU
/// R128 loudness measurement" (AES 145th Convention, 2018).
fn shelf(rate: u32) -> Section {
    let (corner, gain, slope) =
        (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
    let k = (std::f64::consts::PI * corner / f64::from(rate)).tan();
    let high = crate::decibels::amplitude(gain);
    let band = high.powf(0.499_666_774_154_541_6);
    let a0 = 1.0 + k / slope + k * k;
    Section {
        b: [
            (high + band * k / slope + k * k) / a0,
            2.0 * (k * k - high) / a0,
            (high - band * k / slope + k * k) / a0,
        ],
        a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / slope + k * k) / a0],
    }
}

/// The high-pass behind it, of the same source.
fn pass(rate: u32) -> Section {
    let (corner, slope) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
    let k = (std::f64::consts::PI * corner / f64::from(rate)).tan();
    let a0 = 1.0 + k / slope + k * k;
    Section { b: [1.0, -2.0, 1.0], a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / slope + k * k) / a0] }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables 1 and 2 of the standard.
    #[test]
    fn at_48_khz_the_coefficients_are_those_of_the_standard() {
        let near = |found: &[f64], expected: &[f64]| {
            found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-10)
        };
        let (shelf, pass) = (shelf(48_000), pass(48_000));
        assert!(near(
            &shelf.b,
            &[1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85]
        ));
        assert!(near(&shelf.a, &[-1.690_659_293_182_41, 0.732_480_774_215_85]));
        assert!(near(&pass.a, &[-1.990_047_454_833_98, 0.990_072_250_366_21]));
    }

    /// Sides that are the same, then are not, and are again: each block weighs what its sides weigh alone.
    #[test]
    fn sides_that_part_weigh_what_each_weighs() {
        let tone = |hertz: f32| move |n: u32| (n as f32 * hertz * 1.3e-4).sin() * 0.4;
        let (mut both, mut alone) = (
            Weighting::new(48_000, 2).unwrap(),
            [(); 2].map(|()| Weighting::new(48_000, 1).unwrap()),
        );
        for (block, right) in [440.0, 440.0, 660.0, 440.0, 440.0].into_iter().enumerate() {
            let at = block as u32 * 480..(block as u32 + 1) * 480;
            let sides =
                [440.0, right].map(|hertz| at.clone().map(tone(hertz)).collect::<Vec<f32>>());
            let frames = sides[0].iter().zip(&sides[1]).flat_map(|(left, right)| [*left, *right]);
            let frames: Vec<f32> = frames.collect();
            let each = alone.iter_mut().zip(&sides).map(|(side, sound)| side.energy(sound));
            assert_eq!(both.energy(&frames), each.sum::<f64>(), "block {block}");
        }
    }
}
