//! Takes away steady noise, by the recurrent network of `nnnoiseless` (RNNoise by J.-M. Valin), which
//! carries its model and knows speech at 48 kHz in steps of 10 ms.

use lorecast_model::Noise;
use nnnoiseless::DenoiseState;

use super::{BLOCK, Figure, Stage, power_decibels};

const _: () = assert!(BLOCK == DenoiseState::FRAME_SIZE);
/// The network wants the numbers of 16 bit sound.
const SCALE: f32 = 32_768.0;
/// What it takes for no voice at all, and its noise counts as the pauses'.
const NO_VOICE: f32 = 0.1;

pub(super) struct Denoiser {
    wet: f32,
    networks: Vec<Box<DenoiseState<'static>>>,
    /// The sound as it came, one block late as the network's: what is not wet.
    dry: Vec<f32>,
    input: Vec<f32>,
    output: Vec<f32>,
    before: f64,
    after: f64,
}

impl Denoiser {
    pub(super) fn new(noise: Noise, channels: usize) -> Self {
        Self {
            wet: noise.wet as f32,
            networks: (0..channels).map(|_| DenoiseState::new()).collect(),
            dry: vec![0.0; BLOCK * channels],
            input: vec![0.0; BLOCK],
            output: vec![0.0; BLOCK],
            before: 0.0,
            after: 0.0,
        }
    }
}

impl Stage for Denoiser {
    fn process(&mut self, block: &mut [f32]) {
        let channels = self.networks.len();
        for (channel, network) in self.networks.iter_mut().enumerate() {
            let samples = block.iter().skip(channel).step_by(channels);
            for (input, sample) in self.input.iter_mut().zip(samples) {
                *input = sample * SCALE;
            }
            let voice = network.process_frame(&mut self.output, &self.input);
            for (at, cleaned) in self.output.iter().enumerate() {
                let at = at * channels + channel;
                let dry = std::mem::replace(&mut self.dry[at], block[at]);
                block[at] = self.wet * cleaned / SCALE + (1.0 - self.wet) * dry;
                if voice < NO_VOICE {
                    self.before += f64::from(dry).powi(2);
                    self.after += f64::from(block[at]).powi(2);
                }
            }
        }
    }

    fn delay(&self) -> usize {
        1
    }

    fn effects(&self) -> Vec<Figure> {
        let amount = power_decibels(self.before) - power_decibels(self.after);
        vec![Figure { stage: "noise", what: "pauses quieter by", amount, unit: "dB" }]
    }
}
