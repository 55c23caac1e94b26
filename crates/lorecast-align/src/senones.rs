//! How well each state of each phone fits a frame.

use crate::cepstra::Features;
use crate::model::{Block, Codebook, DIMENSIONS, LANES, Lanes, Model, STATES, STREAMS};

/// The best densities of a stream decide; the others add nothing one could measure (`-topn 4`).
const BEST: usize = 4;
/// No state fits worse: what no density explains must not end every path.
const WORST: f32 = -400.0;

/// Natural logarithms of the densities of all states, `[phone * STATES + state]`, for one frame.
pub(crate) struct Senones<'m> {
    model: &'m Model,
    scores: Vec<f32>,
}

impl<'m> Senones<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        let scores = vec![0.0; model.mdef.names.len() * STATES];
        Self { model, scores }
    }

    pub(crate) fn hear(&mut self, features: &Features) -> &[f32] {
        self.scores.fill(0.0);
        let shared = self.model.codebooks.len() == STREAMS;
        let senones = self.scores.len();
        for (number, book) in self.model.codebooks.iter().enumerate() {
            let stream = number % STREAMS;
            let own = if shared {
                0..senones
            } else {
                (number / STREAMS) * STATES..(number / STREAMS + 1) * STATES
            };
            let best = best(book, &features[stream]);
            let peak = best[0].1;
            let shares = best.map(|(density, fit)| (density, (fit - peak).exp()));
            for senone in own {
                let row = (stream * senones + senone) * self.model.densities;
                let sum: f32 = shares
                    .iter()
                    .map(|(density, share)| share * self.model.weights[row + density])
                    .sum();
                self.scores[senone] += peak + sum.max(f32::MIN_POSITIVE).ln();
            }
        }
        self.scores.iter_mut().for_each(|score| *score = score.max(WORST));
        &self.scores
    }
}

/// The logarithm of every density of a block.
fn fit(block: &Block, features: &[f32; DIMENSIONS]) -> Lanes {
    let mut sums = block.constants;
    for ((value, means), weights) in features.iter().zip(&block.means).zip(&block.weights) {
        for lane in 0..LANES {
            let off = value - means[lane];
            sums[lane] += weights[lane] * off * off;
        }
    }
    sums
}

/// The best densities of a codebook, best first.
fn best(book: &Codebook, features: &[f32; DIMENSIONS]) -> [(usize, f32); BEST] {
    let mut best = [(0, f32::NEG_INFINITY); BEST];
    for (number, block) in book.blocks.iter().enumerate() {
        let fits = fit(block, features);
        let better =
            fits.iter().fold(0u32, |count, fit| count + u32::from(*fit > best[BEST - 1].1));
        if better == 0 {
            continue;
        }
        for (lane, fit) in fits.into_iter().enumerate() {
            insert(&mut best, number * LANES + lane, fit);
        }
    }
    best
}

fn insert(best: &mut [(usize, f32); BEST], density: usize, fit: f32) {
    if fit <= best[BEST - 1].1 {
        return;
    }
    let mut place = BEST - 1;
    while place > 0 && best[place - 1].1 < fit {
        best[place] = best[place - 1];
        place -= 1;
    }
    best[place] = (density, fit);
}
