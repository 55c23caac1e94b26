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
        let channels = self.states.len();
        for (channel, state) in self.states.iter_mut().enumerate() {
            // Kept at hand, and written back at the end.
            let (mut own, mut before, mut after) = (*state, 0.0, 0.0);
            for frame in block.chunks_exact_mut(channels) {
                let sample = f64::from(frame[channel]);
                let out = self.filter.run(&mut own, sample);
                before += sample * sample;
                after += out * out;
                frame[channel] = out as f32;
            }
            *state = own;
            self.before += before;
            self.after += after;
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let amount = power_decibels(self.before) - power_decibels(self.after);
        vec![Figure { stage: "rumble", what: "energy taken away", amount, unit: "dB" }]
    }
}
