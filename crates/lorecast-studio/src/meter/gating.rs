//! From the energies of windows to one number for the whole.

use super::{GATE, Tick};
use crate::decibels;

/// What the standard takes off, so that 997 Hz at full scale reads -3.01.
pub(crate) const OFFSET: f64 = -0.691;
/// How far below the mean the gate of the integrated loudness lies, in LU (BS.1770-5).
const INTEGRATED_GATE: f64 = -10.0;
/// And that of the range (Tech 3342).
const RANGE_GATE: f64 = -20.0;
/// The range goes from the quietest tenth to the loudest twentieth.
const RANGE: (f64, f64) = (0.1, 0.95);

/// Mean weighted energy in LUFS; `None` for silence.
pub(crate) fn loudness(energy: f32) -> Option<f64> {
    (energy > 0.0).then(|| OFFSET + decibels::of_power(f64::from(energy)))
}

/// The energy of a window of that loudness in LUFS.
pub(crate) fn energy(loudness: f64) -> f32 {
    decibels::power(loudness - OFFSET) as f32
}

/// Integrated loudness in LUFS; `None` when no window is louder than the absolute gate.
pub(crate) fn integrated(ticks: &[Tick]) -> Option<f64> {
    gated(ticks.iter().map(|tick| tick.momentary))
}

/// The loudness in LUFS of the windows that pass both gates, by their energies.
pub(crate) fn gated(windows: impl Iterator<Item = f32> + Clone) -> Option<f64> {
    let gate = relative_gate(windows.clone(), INTEGRATED_GATE)?;
    mean(windows.filter(|energy| *energy >= gate)).and_then(|energy| loudness(energy as f32))
}

/// Loudness range in LU; 0 when there is nothing to compare.
pub(crate) fn range(ticks: &[Tick]) -> f64 {
    let windows = || ticks.iter().map(|tick| tick.short_term);
    let Some(gate) = relative_gate(windows(), RANGE_GATE) else { return 0.0 };
    let mut heard: Vec<f32> = windows().filter(|energy| *energy >= gate).collect();
    heard.sort_unstable_by(f32::total_cmp);
    let at = |share: f64| heard.get(((heard.len().max(1) - 1) as f64 * share).round() as usize);
    match (at(RANGE.0), at(RANGE.1)) {
        (Some(low), Some(high)) => decibels::of_power(f64::from(*high) / f64::from(*low)),
        _ => 0.0,
    }
}

/// The energy that windows have to reach: so far below the mean of those above the absolute gate,
/// and no lower than that.
fn relative_gate(windows: impl Iterator<Item = f32>, below: f64) -> Option<f32> {
    let absolute = energy(GATE);
    let mean = mean(windows.filter(|energy| *energy >= absolute))?;
    Some(((mean * decibels::power(below)) as f32).max(absolute))
}

fn mean(energies: impl Iterator<Item = f32>) -> Option<f64> {
    let (sum, count) =
        energies.fold((0.0, 0u64), |(sum, count), energy| (sum + f64::from(energy), count + 1));
    (count > 0).then(|| sum / count as f64)
}
