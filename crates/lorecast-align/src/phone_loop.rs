//! Any sound at all: a loop over all phones, for what the script does not say.

use crate::model::{Model, STATES};

/// What it costs to begin another phone; without it a loop fits noise better than speech.
const NEXT_PHONE: f32 = -6.0;

/// The best path through any phones up to now.
pub(crate) struct PhoneLoop<'m> {
    model: &'m Model,
    scores: Vec<f32>,
}

impl<'m> PhoneLoop<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        let mut scores = vec![f32::NEG_INFINITY; model.mdef.names.len() * STATES];
        scores.iter_mut().step_by(STATES).for_each(|score| *score = 0.0);
        Self { model, scores }
    }

    /// Goes on by one frame, and says by how much the best path's score changed.
    pub(crate) fn hear(&mut self, senones: &[f32]) -> f32 {
        let phones = self.scores.chunks_exact(STATES).zip(&self.model.transitions);
        let exits =
            phones.map(|(states, transitions)| states[STATES - 1] + transitions.go[STATES - 1]);
        let enter = exits.fold(f32::NEG_INFINITY, f32::max) + NEXT_PHONE;
        let phones = self.scores.chunks_exact_mut(STATES).zip(&self.model.transitions);
        let mut best = f32::NEG_INFINITY;
        for ((states, transitions), senones) in phones.zip(senones.chunks_exact(STATES)) {
            for state in (0..STATES).rev() {
                let stay = states[state] + transitions.stay[state];
                let come =
                    if state == 0 { enter } else { states[state - 1] + transitions.go[state - 1] };
                states[state] = stay.max(come) + senones[state];
                best = best.max(states[state]);
            }
        }
        self.scores.iter_mut().for_each(|score| *score -= best);
        best
    }
}
