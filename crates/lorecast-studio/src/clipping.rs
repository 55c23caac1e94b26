//! Samples that a recorder could not hold: runs of them at full scale.

/// Counts them in one channel; a run may go on from one block to the next.
#[derive(Clone, Default)]
pub(crate) struct ClippedRuns {
    /// Samples at full scale in a row.
    run: u64,
}

impl ClippedRuns {
    /// Fewer samples at full scale in a row are a peak that just fits.
    pub(crate) const SHORTEST: u64 = 3;

    /// How many samples are lost as of this one: a whole run once it is long enough, then one each.
    pub(crate) fn push(&mut self, is_full: bool) -> u64 {
        self.run = if is_full { self.run + 1 } else { 0 };
        match self.run {
            ..Self::SHORTEST => 0,
            Self::SHORTEST => Self::SHORTEST,
            _ => 1,
        }
    }

    /// Whether the last sample was at full scale.
    pub(crate) fn goes_on(&self) -> bool {
        self.run > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(samples: &str, lost: u64) {
        let mut runs = ClippedRuns::default();
        assert_eq!(samples.chars().map(|sample| runs.push(sample == '#')).sum::<u64>(), lost);
    }

    #[test]
    fn a_run_counts_as_a_whole_from_its_third_sample_on() {
        check("##.##.#", 0);
        check("###", 3);
        check(".#####.##.####", 9);
    }
}
