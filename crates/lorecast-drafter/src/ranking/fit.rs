//! Finds the weights under which what people chose stands above what they left.
//!
//! A conditional logit: in each week the chosen threads are compared with those left behind, never
//! with another week's. A ridge pulls each weight towards where it began, the stronger the fewer
//! the choices, so that a handful of decisions cannot turn the ranking over. The problem is convex,
//! has one solution, and is solved by Newton's method without any chance in it. Written here
//! because no kept library fits a conditional logit with bounds.

use lorecast_model::{Signal, Weights};

/// The threads of a week as signals, and which of them people chose.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// One entry a thread.
    pub threads: Vec<Vec<(Signal, f64)>>,
    /// Places in `threads`.
    pub chosen: Vec<usize>,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// How strongly the weights are held where they began; larger is stronger. A weight is held by
    /// how much its signal varies, so that the unit of a signal makes no difference.
    pub ridge: f64,
    /// A signal whose variance is smaller than this is held as if it were so large: what one thread
    /// in thirty has would otherwise be turned over by that thread.
    pub least_variance: f64,
    /// Whether a signal that speaks for news must not come out speaking against it, and the other
    /// way round.
    pub bounded: bool,
    /// Signals that keep the weight of the start.
    pub fixed: &'static [Signal],
}

const SIGNALS: usize = Signal::ALL.len();
/// Newton's method needs about eight steps; more than these mean that it has arrived.
const MOST_STEPS: usize = 60;
const MOST_SWEEPS: usize = 400;
/// Steps smaller than this, in standard deviations, change no place in any order that we saw.
const ARRIVED: f64 = 1e-7;

type Vector = [f64; SIGNALS];

/// Fits weights to choices, starting from and held to `start`. Signals that never vary keep their
/// weight.
pub fn fit(choices: &[Choice], start: &Weights, how: Fit) -> Weights {
    let weeks: Vec<Week> = choices.iter().filter_map(Week::of).collect();
    let anchor: Vector = std::array::from_fn(|at| start.of(Signal::ALL[at]));
    let problem = Problem { hold: holds(&weeks, how), anchor, bounded: how.bounded, weeks };
    let mut weights = start.clone();
    for (at, value) in problem.solve().into_iter().enumerate() {
        if problem.hold[at] > 0.0 {
            weights.signals.insert(Signal::ALL[at], value);
        }
    }
    weights
}

/// How likely the weights make the choices: the sum of the logarithms, at most 0.
pub fn likelihood(choices: &[Choice], weights: &Weights) -> f64 {
    let at: Vector = std::array::from_fn(|at| weights.of(Signal::ALL[at]));
    choices.iter().filter_map(Week::of).map(|week| week.likelihood(&at)).sum()
}

struct Week {
    chosen: Vec<Vector>,
    left: Vec<Vector>,
}

impl Week {
    /// `None` when there was nothing to choose between.
    fn of(choice: &Choice) -> Option<Self> {
        let dense = |signals: &Vec<(Signal, f64)>| {
            let mut vector = [0.0; SIGNALS];
            signals.iter().for_each(|(signal, value)| vector[*signal as usize] = *value);
            vector
        };
        let (mut chosen, mut left) = (Vec::new(), Vec::new());
        for (at, signals) in choice.threads.iter().enumerate() {
            let side = if choice.chosen.contains(&at) { &mut chosen } else { &mut left };
            side.push(dense(signals));
        }
        (!chosen.is_empty() && !left.is_empty()).then_some(Self { chosen, left })
    }

    fn scores(threads: &[Vector], weights: &Vector) -> Vec<f64> {
        threads.iter().map(|thread| dot(thread, weights)).collect()
    }

    fn likelihood(&self, weights: &Vector) -> f64 {
        let left = Self::scores(&self.left, weights);
        let chosen = Self::scores(&self.chosen, weights);
        let top = left.iter().chain(&chosen).copied().fold(f64::MIN, f64::max);
        let others: f64 = left.iter().map(|score| (score - top).exp()).sum();
        chosen.iter().map(|score| score - top - (others + (score - top).exp()).ln()).sum()
    }
}

fn dot(one: &Vector, other: &Vector) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// How strongly each weight is held: the ridge by the variance of its signal; 0 for what never
/// varies.
fn holds(weeks: &[Week], how: Fit) -> Vector {
    let threads = || weeks.iter().flat_map(|week| week.chosen.iter().chain(&week.left));
    let count = threads().count().max(1) as f64;
    std::array::from_fn(|at| {
        let mean = threads().map(|thread| thread[at]).sum::<f64>() / count;
        let variance = threads().map(|thread| (thread[at] - mean).powi(2)).sum::<f64>() / count;
        let free = variance > 0.0 && !how.fixed.contains(&Signal::ALL[at]);
        if free { how.ridge * variance.max(how.least_variance) } else { 0.0 }
    })
}

struct Problem {
    weeks: Vec<Week>,
    anchor: Vector,
    hold: Vector,
    bounded: bool,
}

impl Problem {
    /// The lowest and highest value that a weight may have.
    fn bounds(&self, at: usize) -> (f64, f64) {
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        match Signal::ALL[at] {
            _ if !self.bounded => all,
            Signal::Version | Signal::Patches | Signal::Pull | Signal::Discussion => all,
            Signal::Hardware
            | Signal::Fixes
            | Signal::Unanswered
            | Signal::Bot
            | Signal::Queue
            | Signal::Trivial => (f64::NEG_INFINITY, 0.0),
            _ => (0.0, f64::INFINITY),
        }
    }

    /// What is made as small as possible.
    fn cost(&self, weights: &Vector) -> f64 {
        let pull: f64 = (0..SIGNALS)
            .map(|at| self.hold[at] * (weights[at] - self.anchor[at]).powi(2) / 2.0)
            .sum();
        pull - self.weeks.iter().map(|week| week.likelihood(weights)).sum::<f64>()
    }

    fn solve(&self) -> Vector {
        let mut weights: Vector = std::array::from_fn(|at| {
            let (low, high) = self.bounds(at);
            if self.hold[at] > 0.0 { self.anchor[at].clamp(low, high) } else { self.anchor[at] }
        });
        for _ in 0..MOST_STEPS {
            let (slope, bend) = self.slopes(&weights);
            let step = self.step(&weights, &slope, &bend);
            let Some(better) = self.walk(&weights, &step) else { return weights };
            let moved = (0..SIGNALS)
                .map(|at| (better[at] - weights[at]).abs() * self.hold[at].sqrt())
                .fold(0.0, f64::max);
            weights = better;
            if moved < ARRIVED {
                break;
            }
        }
        weights
    }

    /// The whole step, or a half of it, a quarter, … that makes the cost smaller.
    fn walk(&self, from: &Vector, step: &Vector) -> Option<Vector> {
        let before = self.cost(from);
        let mut length = 1.0;
        for _ in 0..30 {
            let to: Vector = std::array::from_fn(|at| from[at] + length * step[at]);
            if self.cost(&to) < before {
                return Some(to);
            }
            length /= 2.0;
        }
        None
    }

    /// The slope of the cost and its bend.
    fn slopes(&self, weights: &Vector) -> (Vector, Vec<Vector>) {
        let mut slope: Vector =
            std::array::from_fn(|at| self.hold[at] * (weights[at] - self.anchor[at]));
        let mut bend = vec![[0.0; SIGNALS]; SIGNALS];
        (0..SIGNALS).for_each(|at| bend[at][at] = self.hold[at]);
        for week in &self.weeks {
            let left = Week::scores(&week.left, weights);
            let chosen = Week::scores(&week.chosen, weights);
            let top = left.iter().chain(&chosen).copied().fold(f64::MIN, f64::max);
            let (mut mass, mut mean) = (0.0, [0.0; SIGNALS]);
            let mut square = vec![[0.0; SIGNALS]; SIGNALS];
            for (thread, score) in week.left.iter().zip(&left) {
                let part = (score - top).exp();
                mass += part;
                add(&mut mean, &mut square, thread, part);
            }
            for (thread, score) in week.chosen.iter().zip(&chosen) {
                let own = (score - top).exp();
                let (mut mean, mut square) = (mean, square.clone());
                add(&mut mean, &mut square, thread, own);
                let all = mass + own;
                for i in 0..SIGNALS {
                    slope[i] += mean[i] / all - thread[i];
                    for j in 0..=i {
                        bend[i][j] += square[i][j] / all - mean[i] * mean[j] / (all * all);
                    }
                }
            }
        }
        mirror(&mut bend);
        (slope, bend)
    }

    /// The step to the lowest point of the parabola within the bounds, one weight after another.
    fn step(&self, weights: &Vector, slope: &Vector, bend: &[Vector]) -> Vector {
        let mut step = [0.0; SIGNALS];
        for _ in 0..MOST_SWEEPS {
            let mut moved = 0.0_f64;
            for at in (0..SIGNALS).filter(|at| self.hold[*at] > 0.0) {
                let (low, high) = self.bounds(at);
                let pull = slope[at] + dot(&bend[at], &step);
                let wanted = weights[at] + step[at] - pull / bend[at][at];
                let next = wanted.clamp(low, high) - weights[at];
                moved = moved.max((next - step[at]).abs() * self.hold[at].sqrt());
                step[at] = next;
            }
            if moved < ARRIVED {
                break;
            }
        }
        step
    }
}

/// Fills the upper half from the lower one.
fn mirror(square: &mut [Vector]) {
    for at in 1..square.len() {
        let (above, below) = square.split_at_mut(at);
        above.iter_mut().zip(&below[0]).for_each(|(row, value)| row[at] = *value);
    }
}

/// Adds a thread by its weight; of `square` only the lower half.
fn add(mean: &mut Vector, square: &mut [Vector], thread: &Vector, part: f64) {
    for i in 0..SIGNALS {
        if thread[i] != 0.0 {
            mean[i] += part * thread[i];
            for j in 0..=i {
                square[i][j] += part * thread[i] * thread[j];
            }
        }
    }
}
