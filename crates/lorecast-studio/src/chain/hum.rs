//! Takes away the hum of the mains, when the survey heard one.

use lorecast_model::Hum;

use super::biquad::{Biquad, State};
use super::{Figure, Findings, Stage};

/// The notch is 1/30 of its frequency wide: the mains keep within a tenth of that.
const Q: f64 = 30.0;

pub(super) struct Notches {
    mains: f64,
    /// A filter for each harmonic that was heard, with a state a channel.
    filters: Vec<(Biquad, Vec<State>)>,
    loudest: f64,
}

impl Notches {
    /// `None` where there is no hum.
    pub(super) fn new(hum: Hum, found: &Findings, channels: usize) -> Option<Self> {
        let heard = found.hum.as_ref()?;
        let filters: Vec<_> = heard
            .harmonics
            .iter()
            .filter(|(_, above)| *above >= hum.threshold)
            .map(|(hertz, _)| (Biquad::notch(*hertz, Q), vec![State::default(); channels]))
            .collect();
        let loudest = heard.harmonics.iter().map(|(_, above)| *above).fold(0.0, f64::max);
        (!filters.is_empty()).then_some(Self { mains: heard.mains, filters, loudest })
    }
}

impl Stage for Notches {
    fn process(&mut self, block: &mut [f32]) {
        for (filter, states) in &mut self.filters {
            filter.run(states, block);
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let figure = |what, amount, unit| Figure { stage: "hum", what, amount, unit };
        vec![
            figure("mains heard at", self.mains, "Hz"),
            figure("loudest tone above its neighbours by", self.loudest, "dB"),
            figure("tones taken away", self.filters.len() as f64, ""),
        ]
    }
}
