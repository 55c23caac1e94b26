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
        let (before, after) = self.filter.run(&mut self.states, block);
        self.before += before;
        self.after += after;
    }

    fn effects(&self) -> Vec<Figure> {
        let amount = power_decibels(self.before) - power_decibels(self.after);
        vec![Figure { stage: "rumble", what: "energy taken away", amount, unit: "dB" }]
    }
}
