//! How much of two prints is the same.

use super::line_index::{FULL, LineIndex};
use super::print::Print;

/// The print of a commit with the weights of its lines, looked up once for all candidates.
pub(super) struct Weighed<'a> {
    print: &'a Print,
    weights: Vec<u32>,
}

impl<'a> Weighed<'a> {
    pub(super) fn new(print: &'a Print, index: &LineIndex) -> Self {
        let weights = print.lines.iter().map(|line| index.weight(*line)).collect();
        Self { print, weights }
    }

    pub(super) fn print(&self) -> &'a Print {
        self.print
    }
}

/// What two prints share, in lines by their weight.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Overlap {
    /// Twice the shared weight, of the weight of both: from 0 to 1. Lines that only the posted patch
    /// has count in full.
    pub share: f64,
    /// The shared weight in rare lines.
    pub lines: f64,
    /// They touch a path in common.
    pub paths: bool,
}

impl Overlap {
    pub(super) fn of(commit: &Weighed<'_>, post: &Print) -> Self {
        // A print that kept only the smallest hashes is silent about greater ones.
        let limit = last_kept(commit.print).min(last_kept(post));
        let upto = |print: &Print| print.lines.partition_point(|line| *line <= limit);
        let (lines, post_lines) = (&commit.print.lines[..upto(commit.print)], upto(post));
        let weights = || lines.iter().zip(&commit.weights).map(|(_, weight)| u64::from(*weight));
        let (mut shared, mut count) = (0, 0);
        for at in common(lines, &post.lines[..post_lines]) {
            shared += u64::from(commit.weights[at]);
            count += 1;
        }
        let all = weights().sum::<u64>() + shared + (post_lines - count) as u64 * u64::from(FULL);
        let share = if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 };
        let paths = common(&commit.print.paths, &post.paths).next().is_some();
        Self { share, lines: shared as f64 / f64::from(FULL), paths }
    }
}

fn last_kept(print: &Print) -> u32 {
    let cut = print.lines.len() < print.count as usize;
    print.lines.last().copied().filter(|_| cut).unwrap_or(u32::MAX)
}

/// What two ascending slices have in common, as places in the first.
fn common<'a>(one: &'a [u32], other: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
    let mut at = 0;
    one.iter().enumerate().filter_map(move |(place, value)| {
        while other.get(at).is_some_and(|other| other < value) {
            at += 1;
        }
        (other.get(at) == Some(value)).then_some(place)
    })
}
