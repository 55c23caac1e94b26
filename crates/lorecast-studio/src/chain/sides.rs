//! Two channels that do not belong together: a dead one, or one with its poles changed.

use super::survey::Defect;
use super::{Figure, Findings, Stage};

pub(super) struct Sides {
    defect: Defect,
}

impl Sides {
    /// `None` when both are well.
    pub(super) fn new(found: &Findings) -> Option<Self> {
        found.defect.map(|defect| Self { defect })
    }
}

impl Stage for Sides {
    fn process(&mut self, block: &mut [f32]) {
        for frame in block.chunks_exact_mut(2) {
            match self.defect {
                Defect::Dead(side) => frame[side] = frame[1 - side],
                Defect::Inverted => frame[1] = -frame[1],
            }
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let (what, amount) = match self.defect {
            Defect::Dead(side) => ("silent channel that took the other's sound", side as f64 + 1.0),
            Defect::Inverted => ("channel whose phase was turned", 2.0),
        };
        vec![Figure { stage: "sides", what, amount, unit: "" }]
    }
}
