//! K-weighting: how loud a frequency is to the ear (BS.1770-5 annex 1).

/// The weighting filter of all channels.
pub(super) struct Weighting(Box<dyn Weigh + Send>);

/// The gains of the channels in each layout: surrounds count 1.5 dB more, low frequencies nothing.
const SURROUND: f64 = 1.41;

impl Weighting {
    /// `None` for more than six channels, or none.
    pub(super) fn new(rate: u32, channels: usize) -> Option<Self> {
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
    pub(super) fn energy(&mut self, frames: &[f32]) -> f64 {
        self.0.energy(frames)
    }
}

trait Weigh {
    fn energy(&mut self, frames: &[f32]) -> f64;
}

/// Both stages for `N` channels side by side, which compilers turn into vector instructions.
struct Filter<const N: usize> {
    shelf: Section,
    pass: Section,
    gains: [f64; N],
    /// What the two stages remember: two values each.
    state: [[f64; N]; 4],
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
        Self { shelf: shelf(rate), pass: pass(rate), gains, state: [[0.0; N]; 4] }
    }
}

impl<const N: usize> Weigh for Filter<N> {
    fn energy(&mut self, frames: &[f32]) -> f64 {
        let (Section { b, a }, Section { b: c, a: d }) = (self.shelf, self.pass);
        let [mut s0, mut s1, mut s2, mut s3] = self.state;
        let mut sums = [0.0; N];
        for frame in frames.as_chunks::<N>().0 {
            for n in 0..N {
                let x = if frame[n].is_finite() { f64::from(frame[n]) } else { 0.0 };
                let y = b[0] * x + s0[n];
                // What does not depend on `y` comes first: the next sample waits for the rest.
                s0[n] = (b[1] * x + s1[n]) - a[0] * y;
                s1[n] = b[2] * x - a[1] * y;
                let z = c[0] * y + s2[n];
                s2[n] = (c[1] * y + s3[n]) - d[0] * z;
                s3[n] = c[2] * y - d[1] * z;
                sums[n] += z * z;
            }
        }
        self.state = [s0, s1, s2, s3];
        self.state.as_flattened_mut().iter_mut().for_each(|kept| {
            if kept.abs() < SILENCE {
                *kept = 0.0;
            }
        });
        sums.iter().zip(&self.gains).map(|(sum, gain)| sum * gain).sum()
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
}
