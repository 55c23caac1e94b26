//! A hall: seven delays whose lengths are prime, fed by the sum of all of them.
//!
//! After Vegard Nossum, "Writing a reverb filter from first principles" (2017): the input and the
//! delays are each given a weight of one eighth; the sum goes back into every delay, and four times
//! the sum comes out. All delays come back with a weight below one together, so that the sound dies
//! away whatever goes in.

use lorecast_model::Reverb;

use super::{BLOCK, Figure, Stage};

/// Delays in samples at [`DELAY_RATE`].
const DELAYS: [f64; 7] = [1229.0, 1559.0, 1907.0, 4057.0, 8117.0, 8311.0, 9931.0];
const DELAY_RATE: f64 = 44_100.0;
const WEIGHT: f32 = 0.125;
const OUTPUT: f32 = 4.0;
/// The most that all delays together bring back.
const MOST_LOOP: f32 = 0.97;

pub(crate) struct Hall {
    wet: f32,
    feedback: f32,
    /// The network of each channel.
    sides: Vec<Network>,
}

/// Rings that are filled with the sum of all.
struct Network {
    rings: Vec<Vec<f32>>,
    at: Vec<usize>,
}

impl Hall {
    pub(crate) fn new(reverb: Reverb, rate: u32, channels: usize) -> Self {
        let delays = delays(reverb.size, rate);
        let most = MOST_LOOP / (delays.len() as f32 * WEIGHT);
        let decay = if reverb.decay.is_finite() { reverb.decay as f32 } else { 1.0 };
        let network = || Network {
            rings: delays.iter().map(|delay| vec![0.0; *delay]).collect(),
            at: vec![0; delays.len()],
        };
        Self {
            wet: reverb.wet.clamp(0.0, 1.0) as f32,
            feedback: WEIGHT * decay.clamp(0.0, most),
            sides: (0..channels).map(|_| network()).collect(),
        }
    }
}

impl Network {
    fn run(&mut self, sample: f32, feedback: f32) -> f32 {
        let back: f32 = self.rings.iter().zip(&self.at).map(|(ring, at)| ring[*at]).sum();
        let sum = WEIGHT * sample + feedback * back;
        // Too quiet for any converter, and slow to reckon with.
        let sum = if sum.abs() < 1e-20 { 0.0 } else { sum };
        for (ring, at) in self.rings.iter_mut().zip(&mut self.at) {
            ring[*at] = sum;
            *at = if *at + 1 == ring.len() { 0 } else { *at + 1 };
        }
        OUTPUT * sum
    }
}

impl Stage for Hall {
    fn process(&mut self, block: &mut [f32]) {
        let (wet, feedback) = (self.wet, self.feedback);
        for frame in block.chunks_exact_mut(self.sides.len()) {
            for (sample, side) in frame.iter_mut().zip(&mut self.sides) {
                *sample = (1.0 - wet) * *sample + wet * side.run(*sample, feedback);
            }
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let amount = f64::from(self.wet) * 100.0;
        vec![Figure { stage: "reverb", what: "of the sound is the hall's", amount, unit: "%" }]
    }
}

/// The next prime for each delay, all different.
fn delays(size: f64, rate: u32) -> Vec<usize> {
    let size = if size.is_finite() { size.clamp(0.1, 4.0) } else { 1.0 };
    let mut primes: Vec<usize> = Vec::new();
    for delay in DELAYS {
        let scaled = (delay * size * f64::from(rate) / DELAY_RATE).round() as usize;
        let mut prime = scaled.max(2);
        while !is_prime(prime) || primes.contains(&prime) {
            prime += 1;
        }
        primes.push(prime);
    }
    primes
}

fn is_prime(number: usize) -> bool {
    number >= 2 && (2..).take_while(|by| by * by <= number).all(|by| !number.is_multiple_of(by))
}

const _: () = assert!(BLOCK > 0);

#[cfg(test)]
mod tests {
    use super::*;

    fn response(reverb: Reverb, rate: u32, frames: usize) -> Vec<f32> {
        let mut hall = Hall::new(reverb, rate, 1);
        let mut sound = vec![0.0; frames];
        sound[0] = 1.0;
        hall.process(&mut sound);
        sound
    }

    /// The impulse response by the definition, sample by sample: `y[n] = 4 x[n]`,
    /// `x[n] = (in[n] + sum of x[n - d]) / 8`.
    #[test]
    fn at_44_100_it_is_the_one_from_first_principles() {
        let wet = Reverb { wet: 1.0, ..Reverb::default() };
        let got = response(wet, 44_100, 40_000);
        let mut x = vec![0.0f32; got.len()];
        for n in 0..x.len() {
            let back: f32 =
                DELAYS.iter().filter_map(|d| Some(x[n.checked_sub(*d as usize)?])).sum();
            x[n] = (f32::from(u8::from(n == 0)) + back) / 8.0;
        }
        for (n, (got, x)) in got.iter().zip(&x).enumerate() {
            assert!((got - 4.0 * x).abs() < 1e-6, "{n}: {got} {}", 4.0 * x);
        }
        assert_eq!((got[0], got[1228], got[1229]), (0.5, 0.0, 0.0625));
    }

    #[test]
    fn delays_are_different_primes_at_every_rate_and_size() {
        assert_eq!(delays(1.0, 44_100), [1229, 1559, 1907, 4057, 8117, 8311, 9931]);
        for (size, rate) in [(1.0, 48_000), (0.1, 8_000), (0.0, 8_000), (f64::NAN, 48_000)] {
            let delays = delays(size, rate);
            assert!(delays.iter().all(|delay| is_prime(*delay)), "{delays:?}");
            assert!(delays.windows(2).all(|pair| pair[0] != pair[1]), "{delays:?}");
        }
    }

    /// The share of the energy that is still to come after some seconds, in dB (Schroeder's way).
    fn fallen(rate: u32, seconds: f64) -> f64 {
        let wet = Reverb { wet: 1.0, ..Reverb::default() };
        let sound = response(wet, rate, rate as usize * 4);
        let energy = |from: usize| sound[from..].iter().map(|s| f64::from(*s).powi(2)).sum::<f64>();
        10.0 * (energy((seconds * f64::from(rate)) as usize) / energy(0)).log10()
    }

    #[test]
    fn it_dies_away_alike_at_every_rate() {
        for seconds in [0.2, 1.0, 2.0] {
            let wanted = fallen(44_100, seconds);
            // The primes are not scaled to the sample.
            assert!((fallen(48_000, seconds) - wanted).abs() < 3.0, "{seconds} s: {wanted} dB");
        }
        assert!(fallen(44_100, 3.0) < -60.0, "{}", fallen(44_100, 3.0));
    }

    #[test]
    fn no_setting_lets_it_ring_for_ever() {
        for (wet, size, decay) in [(1.0, 0.1, 1.1), (1.0, 0.3, 99.0), (2.0, 1.0, f64::INFINITY)] {
            let reverb = Reverb { wet, size, decay, on: true, voice: true };
            let mut hall = Hall::new(reverb, 48_000, 1);
            let mut loudest = 0.0f32;
            for second in 0..40 {
                let mut sound = vec![if second < 4 { 1.0 } else { 0.0 }; 48_000];
                hall.process(&mut sound);
                loudest = sound.iter().fold(0.0, |peak, sample| peak.max(sample.abs()));
            }
            assert!(loudest < 0.05, "{size} {decay}: {loudest}");
        }
    }
}
