//! `transition_matrices`: how long a phone stays in each state.

use crate::Result;
use crate::bytes::Bytes;
use crate::model::mdef::STATES;

const MOST_MATRICES: usize = 4096;
/// No transition is less probable.
const FLOOR: f32 = 1e-4;

/// Natural logarithms of staying in each state and of going on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Transitions {
    pub stay: [f32; STATES],
    pub go: [f32; STATES],
}

/// One for each matrix. The file holds counts, and a skip within a phone counts as going on.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Transitions>> {
    let mut bytes = Bytes::new("transition_matrices", bytes);
    bytes.parameter_header()?;
    let matrices = bytes.count("matrices", MOST_MATRICES)?;
    let rows = bytes.count("rows", 16)?;
    let columns = bytes.count("columns", 16)?;
    if rows != STATES || columns != STATES + 1 || bytes.u32()? as usize != matrices * rows * columns
    {
        return Err(bytes.bad("its matrices are not of three states"));
    }
    let values = bytes.floats(matrices * rows * columns)?;
    let one = |matrix: &[f32]| {
        let mut transitions = Transitions { stay: [0.0; STATES], go: [0.0; STATES] };
        for (state, row) in matrix.chunks_exact(columns).enumerate() {
            let total: f32 =
                row.iter().map(|count| count.max(0.0)).sum::<f32>().max(f32::MIN_POSITIVE);
            let stay = (row[state].max(0.0) / total).clamp(FLOOR, 1.0 - FLOOR);
            transitions.stay[state] = stay.ln();
            transitions.go[state] = (1.0 - stay).ln();
        }
        transitions
    };
    Ok(values.chunks_exact(rows * columns).map(one).collect())
}
