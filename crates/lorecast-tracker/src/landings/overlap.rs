//! How much of two prints is the same.

use super::line_index::{FULL, LineIndex};
use super::print::Print;

/// What two prints share, in lines by their weight.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Overlap {
    /// Twice the shared weight, of the weight of both: from 0 to 1.
    pub share: f64,
    /// The shared weight in rare lines.
    pub lines: f64,
    /// They touch a path in common.
    pub paths: bool,
}

impl Overlap {
    pub(super) fn of(one: &Print, other: &Print, index: &LineIndex) -> Self {
        // A print that kept only the smallest hashes is silent about greater ones.
        let limit = last_kept(one).min(last_kept(other));
        let upto = |print: &Print| print.lines.partition_point(|line| *line <= limit);
        let (one_lines, other_lines) = (&one.lines[..upto(one)], &other.lines[..upto(other)]);
        let weight = |line: &u32| u64::from(index.weight(*line));
        let all: u64 = one_lines.iter().chain(other_lines).map(weight).sum();
        let shared: u64 = common(one_lines, other_lines).map(|line| weight(&line)).sum();
        let share = if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 };
        let paths = common(&one.paths, &other.paths).next().is_some();
        Self { share, lines: shared as f64 / f64::from(FULL), paths }
    }
}

fn last_kept(print: &Print) -> u32 {
    let cut = print.lines.len() < print.count as usize;
    print.lines.last().copied().filter(|_| cut).unwrap_or(u32::MAX)
}

/// What two ascending slices have in common.
fn common<'a>(one: &'a [u32], other: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let mut at = 0;
    one.iter().copied().filter(move |value| {
        at += other[at..].partition_point(|other| other < value);
        other.get(at) == Some(value)
    })
}
