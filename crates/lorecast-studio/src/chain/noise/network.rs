//! The recurrent network of RNNoise (J.-M. Valin, "A hybrid DSP/deep learning approach to real-time
//! full-band speech enhancement", 2018): from 42 numbers about 10 ms of sound to the share of each of 22
//! bands that is voice.
//!
//! `nnnoiseless` evaluates it too, and turns each weight into a float each time it is used. Here the
//! weights are floats already, those of neighbours side by side, which takes a quarter of the time. Sums are
//! made in the same order; what comes out differs by the last digits of a table.

use std::sync::LazyLock;

use crate::widest::widest;

/// The bands that it answers for.
pub(super) const BANDS: usize = 22;
/// Sums that are made side by side, which compilers keep in vector registers. Layers have a multiple of
/// so many, or are filled up.
const LANES: usize = 24;
/// Weights are kept as integers.
const SCALE: f32 = 1.0 / 256.0;

type Lanes = [f32; LANES];

/// What is the same in all networks.
struct Model {
    dense: Layer,
    voice: Gru,
    noise: Gru,
    gains: Gru,
    shares: Layer,
    tanh: Tanh,
}

/// The weights of RNNoise, as `nnnoiseless` carries them but does not show them (docs/licences.md).
static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut weights = Weights(include_bytes!("weights.rnn"));
    let dense = weights.layer();
    let [voice, noise, gains] = std::array::from_fn(|_| weights.gru());
    Model { dense, voice, noise, gains, shares: weights.layer(), tanh: Tanh::new() }
});

/// A network, and what it remembers.
#[derive(Clone)]
pub(super) struct Network {
    voice: Vec<f32>,
    noise: Vec<f32>,
    gains: Vec<f32>,
    heard: Vec<f32>,
    sums: Vec<Lanes>,
}

impl Network {
    pub(super) fn new() -> Self {
        let quiet = |layer: &Gru| vec![0.0; layer.neurons];
        Self {
            voice: quiet(&MODEL.voice),
            noise: quiet(&MODEL.noise),
            gains: quiet(&MODEL.gains),
            heard: Vec::new(),
            sums: Vec::new(),
        }
    }

    /// The amplitude of the voice in each band, the noisy sound being 1, for the next 10 ms.
    pub(super) fn hear(&mut self, features: &[f32]) -> [f32; BANDS] {
        let model = &*MODEL;
        widest(
            #[inline(always)]
            || self.evaluate(model, features),
        )
    }

    #[inline(always)]
    fn evaluate(&mut self, model: &Model, features: &[f32]) -> [f32; BANDS] {
        let Self { voice, noise, gains, heard, sums } = self;
        let tanh = &model.tanh;
        heard.clear();
        model.dense.evaluate(features, heard, sums, tanh);
        model.voice.evaluate(heard, voice, sums, tanh);
        heard.extend_from_slice(voice);
        heard.extend_from_slice(features);
        model.noise.evaluate(heard, noise, sums, tanh);
        heard.clear();
        heard.extend(voice.iter().chain(&*noise).chain(features));
        model.gains.evaluate(heard, gains, sums, tanh);
        heard.clear();
        model.shares.evaluate(gains, heard, sums, tanh);
        std::array::from_fn(|band| heard[band])
    }
}

/// Neurons that remember nothing.
struct Layer {
    neurons: usize,
    bias: Vec<Lanes>,
    weights: Matrix,
    activation: Activation,
}

impl Layer {
    /// Appends what they answer.
    #[inline(always)]
    fn evaluate(&self, input: &[f32], out: &mut Vec<f32>, sums: &mut Vec<Lanes>, tanh: &Tanh) {
        sums.clone_from(&self.bias);
        self.weights.add(input, sums);
        let sums = &mut sums.as_flattened_mut()[..self.neurons];
        self.activation.apply(sums, tanh);
        out.extend_from_slice(sums);
    }
}

/// Gated recurrent units (Cho and others, 2014).
struct Gru {
    neurons: usize,
    /// Of the update gates, the reset gates, and what is proposed.
    bias: Vec<Lanes>,
    input: Matrix,
    /// From what is remembered to the gates, and to what is proposed.
    to_gates: Matrix,
    to_proposal: Matrix,
    activation: Activation,
}

impl Gru {
    #[inline(always)]
    fn evaluate(&self, input: &[f32], state: &mut [f32], sums: &mut Vec<Lanes>, tanh: &Tanh) {
        sums.clone_from(&self.bias);
        self.input.add(input, sums);
        let (gates, proposal) = sums.split_at_mut(2 * self.neurons / LANES);
        self.to_gates.add(state, gates);
        let gates = gates.as_flattened_mut();
        Activation::Sigmoid.apply(gates, tanh);
        let (update, reset) = gates.split_at_mut(self.neurons);
        for (reset, state) in reset.iter_mut().zip(&*state) {
            *reset *= state;
        }
        self.to_proposal.add(reset, proposal);
        let proposal = proposal.as_flattened_mut();
        self.activation.apply(proposal, tanh);
        for (state, (update, proposal)) in state.iter_mut().zip(update.iter().zip(proposal)) {
            *state = update * *state + (1.0 - update) * *proposal;
        }
    }
}

/// Strips of [`LANES`] neurons: for each input their weights, and then the next strip.
struct Matrix {
    inputs: usize,
    strips: Vec<Lanes>,
}

impl Matrix {
    #[inline(always)]
    fn add(&self, input: &[f32], sums: &mut [Lanes]) {
        for (sums, strip) in sums.iter_mut().zip(self.strips.chunks_exact(self.inputs)) {
            let mut own = *sums;
            for (weights, input) in strip.iter().zip(input) {
                for (sum, weight) in own.iter_mut().zip(weights) {
                    *sum += weight * input;
                }
            }
            *sums = own;
        }
    }
}

#[derive(Clone, Copy)]
enum Activation {
    Tanh,
    Sigmoid,
    Relu,
}

impl Activation {
    /// What neurons answer, in the place of their sums.
    #[inline(always)]
    fn apply(self, sums: &mut [f32], tanh: &Tanh) {
        match self {
            Self::Tanh => {
                for sum in sums {
                    *sum = tanh.at(*sum * SCALE);
                }
            }
            Self::Sigmoid => {
                for sum in sums {
                    *sum = 0.5 + 0.5 * tanh.at(0.5 * (*sum * SCALE));
                }
            }
            Self::Relu => {
                for sum in sums {
                    *sum = (*sum * SCALE).max(0.0);
                }
            }
        }
    }
}

/// The hyperbolic tangent at every twenty-fifth up to 8.
struct Tanh([f32; 201]);

impl Tanh {
    fn new() -> Self {
        Self(std::array::from_fn(|step| (step as f64 / 25.0).tanh() as f32))
    }

    /// From the nearest value in the table by the first two terms of the series; nearer than the weights are.
    #[inline(always)]
    fn at(&self, at: f32) -> f32 {
        let size = at.abs().min(8.0);
        let step = (0.5 + 25.0 * size) as i32;
        let (near, beyond) = (self.0[step.clamp(0, 200) as usize], size - 0.04 * step as f32);
        let slope = 1.0 - near * near;
        (near + beyond * slope * (1.0 - near * beyond)).copysign(at)
    }
}

/// What is left of the file: layers one after the other, each with its counts of inputs and neurons, its
/// activation, its weights and what is added to them, a byte each.
struct Weights(&'static [u8]);

const WHOLE: &str = "the weights are whole";

impl Weights {
    fn take(&mut self, count: usize) -> &'static [u8] {
        let (taken, rest) = self.0.split_at_checked(count).expect(WHOLE);
        self.0 = rest;
        taken
    }

    fn head(&mut self) -> (usize, usize, Activation) {
        let [inputs, neurons, activation] = <[u8; 3]>::try_from(self.take(3)).expect(WHOLE);
        let activation = match activation {
            0 => Activation::Tanh,
            1 => Activation::Sigmoid,
            _ => Activation::Relu,
        };
        (usize::from(inputs), usize::from(neurons), activation)
    }

    fn layer(&mut self) -> Layer {
        let (inputs, neurons, activation) = self.head();
        let weights = matrix(self.take(inputs * neurons), neurons, 0..neurons);
        let bias = matrix(self.take(neurons), neurons, 0..neurons).strips;
        Layer { neurons, bias, weights, activation }
    }

    fn gru(&mut self) -> Gru {
        let (inputs, neurons, activation) = self.head();
        let all = 3 * neurons;
        let input = matrix(self.take(inputs * all), all, 0..all);
        let recurrent = self.take(neurons * all);
        let to_gates = matrix(recurrent, all, 0..2 * neurons);
        let to_proposal = matrix(recurrent, all, 2 * neurons..all);
        let bias = matrix(self.take(all), all, 0..all).strips;
        Gru { neurons, bias, input, to_gates, to_proposal, activation }
    }
}

/// Some columns of what the file has row by row, a row for each input.
fn matrix(weights: &[u8], columns: usize, wanted: std::ops::Range<usize>) -> Matrix {
    let inputs = weights.len() / columns;
    let mut strips = Vec::new();
    for first in wanted.clone().step_by(LANES) {
        for row in weights.chunks_exact(columns) {
            let row = &row[first..wanted.end.min(first + LANES)];
            let weight =
                |lane| row.get(lane).map_or(0.0, |byte: &u8| f32::from(byte.cast_signed()));
            strips.push(std::array::from_fn(weight));
        }
    }
    Matrix { inputs, strips }
}
