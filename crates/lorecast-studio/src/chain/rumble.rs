//! Takes away a direct current and what lies below every voice.

use lorecast_model::Rumble;

use super::biquad::{Biquad, State};
use super::{Figure, Stage, power_decibels};

pub(super) struct HighPass {
    filter: Biquad,
    states: Vec<State>,
    before: f64,
    after: f64,
}

impl HighPass {
    pub(super) fn new(rumble: Rumble, channels: usize) -> Self {
        let filter = Biquad::high_pass(rumble.hertz, std::f64::consts::FRAC_1_SQRT_2);
        Self { filter, states: vec![State::default(); channels], before: 0.0, after: 0.0 }
    }
}

impl Stage for HighPass {
    fn process(&mut self, block: &mut [f32]) {
        for frame in block.chunks_exact_mut(self.states.len()) {
            for (sample, state) in frame.iter_mut().zip(&mut self.states) {
                let out = self.filter.run(state, f64::from(*sample));
                self.before += f64::from(*sample).powi(2);
                self.after += out * out;
                *sample = out as f32;
            }
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let amount = power_decibels(self.before) - power_decibels(self.after);
        vec![Figure { stage: "rumble", what: "energy taken away", amount, unit: "dB" }]
    }
}
