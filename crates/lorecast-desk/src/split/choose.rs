//! Which pauses of a recording part its chapters.
//!
//! This is the way that needs no model of speech. Where the script can be placed in the voice, the
//! starts of its sections are better ones.

use lorecast_model::Seconds;
use lorecast_studio::{Gap, Gaps};

/// What is known of the chapters.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// How many there are.
    Number(usize),
    /// How many words each has in the script.
    Words(Vec<usize>),
}

/// How far the length of a section may be off for its words, as a share of it.
const SPREAD: f64 = 0.2;
/// And in seconds, however short it is.
const LEAST_SPREAD: f64 = 4.0;
/// A longer pause says no more, in seconds.
const LONG: f64 = 6.0;
/// How much the length of a pause counts.
const WEIGHT: f64 = 3.0;
/// Of more pauses the longest are looked at: an hour has some hundred.
const MOST: usize = 500;

/// The pause before each chapter, and the one behind the last; the first and the last are those at
/// the ends of the recording. The error is how many pauses there are between.
pub(super) fn choose(heard: &Gaps, wanted: &Wanted) -> Result<Vec<Gap>, usize> {
    let (start, end) = (Seconds(0.0), heard.info.length);
    let touches = |gap: &Gap| gap.from == start || gap.to == end;
    let first = heard.gaps.iter().find(|gap| gap.from == start);
    let last = heard.gaps.iter().rev().find(|gap| gap.to == end && gap.from != start);
    let mut inner: Vec<Gap> = heard.gaps.iter().filter(|gap| !touches(gap)).copied().collect();
    let count = match wanted {
        Wanted::Number(count) => *count,
        Wanted::Words(words) => words.len(),
    };
    let needed = count.saturating_sub(1);
    if inner.len() < needed {
        return Err(inner.len());
    }
    let keep = match wanted {
        Wanted::Number(_) => needed,
        Wanted::Words(_) => MOST.max(needed),
    };
    inner.sort_by(|a, b| b.length().0.total_cmp(&a.length().0));
    inner.truncate(keep);
    inner.sort_by(|a, b| a.from.0.total_cmp(&b.from.0));
    let first = first.copied().unwrap_or(Gap { from: start, to: start });
    let last = last.copied().unwrap_or(Gap { from: end, to: end });
    let mut chosen = vec![first];
    match wanted {
        Wanted::Number(_) => chosen.extend(inner),
        Wanted::Words(words) => chosen.extend(likeliest(&inner, words, first.to.0, last.from.0)),
    }
    chosen.push(last);
    Ok(chosen)
}

/// The pauses between sections that together fit the words best: each long, and each section as long
/// as its words ask for at one pace.
fn likeliest(pauses: &[Gap], words: &[usize], start: f64, end: f64) -> Vec<Gap> {
    let all: usize = words.iter().sum();
    let pace = (end - start) / all.max(1) as f64;
    let misfit = |from: f64, to: f64, words: usize| {
        let expected = pace * words as f64;
        let off = (to - from - expected) / (SPREAD * expected + LEAST_SPREAD);
        off * off / 2.0
    };
    let gain = |gap: &Gap| WEIGHT * (gap.length().0.min(LONG)).ln();
    // The best score of a choice that ends with each pause, and the pause before that one.
    let mut best: Vec<Vec<(f64, usize)>> = Vec::new();
    for (section, words) in words[..words.len() - 1].iter().enumerate() {
        let row = (0..pauses.len()).map(|at| {
            let gap = &pauses[at];
            let before = match section {
                0 => vec![(-misfit(start, gap.from.0, *words), 0)],
                _ => (0..at)
                    .map(|earlier| {
                        let (score, _) = best[section - 1][earlier];
                        (score - misfit(pauses[earlier].to.0, gap.from.0, *words), earlier)
                    })
                    .collect(),
            };
            let top = before.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
            top.map_or((f64::NEG_INFINITY, 0), |(score, earlier)| (score + gain(gap), earlier))
        });
        let row: Vec<(f64, usize)> = row.collect();
        best.push(row);
    }
    let Some((row, words)) = best.last().zip(words.last()) else { return Vec::new() };
    let finished = row
        .iter()
        .enumerate()
        .map(|(at, (score, _))| (score - misfit(pauses[at].to.0, end, *words), at));
    let Some((_, mut at)) = finished.max_by(|a, b| a.0.total_cmp(&b.0)) else { return Vec::new() };
    let mut chosen = Vec::new();
    for row in best.iter().rev() {
        chosen.push(pauses[at]);
        at = row[at].1;
    }
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use lorecast_studio::TakeInfo;

    use super::*;

    /// Where the chapters begin, for pauses of `(middle, length)` in so many seconds.
    #[track_caller]
    fn check(length: f64, pauses: &[(f64, f64)], wanted: Wanted, expected: Result<&[f64], usize>) {
        let gap = |(middle, length): &(f64, f64)| Gap {
            from: Seconds((middle - length / 2.0).max(0.0)),
            to: Seconds(middle + length / 2.0),
        };
        let info = TakeInfo {
            length: Seconds(length),
            sample_rate: 48_000,
            channels: 1,
            codec: "flac".into(),
        };
        let heard = Gaps { info, gaps: pauses.iter().map(gap).collect() };
        let middles = |gaps: Vec<Gap>| -> Vec<f64> {
            let inner = gaps.len() - 1;
            gaps[1..inner].iter().map(|gap| (gap.from.0 + gap.to.0) / 2.0).collect()
        };
        assert_eq!(choose(&heard, &wanted).map(middles), expected.map(<[f64]>::to_vec));
    }

    #[test]
    fn without_a_script_the_longest_pauses_count() {
        let pauses = [(0.5, 1.0), (20.0, 1.0), (40.0, 3.0), (60.0, 2.5), (80.0, 1.2)];
        check(100.0, &pauses, Wanted::Number(3), Ok(&[40.0, 60.0]));
        check(100.0, &pauses, Wanted::Number(1), Ok(&[]));
        check(100.0, &pauses, Wanted::Number(6), Err(4));
    }

    #[test]
    fn with_a_script_a_pause_near_the_plan_beats_a_longer_one_elsewhere() {
        // A sip of water at 50 s, in the middle of the second section.
        let pauses = [(20.0, 2.0), (50.0, 4.0), (81.0, 2.0)];
        check(100.0, &pauses, Wanted::Words(vec![50, 150, 50]), Ok(&[20.0, 81.0]));
        // A reader who is slower than the plan in one section.
        let pauses = [(30.0, 2.5), (36.0, 0.9), (90.0, 2.5)];
        check(120.0, &pauses, Wanted::Words(vec![50, 150, 100]), Ok(&[30.0, 90.0]));
    }

    #[test]
    fn one_chapter_is_the_whole() {
        check(10.0, &[(5.0, 2.0)], Wanted::Words(vec![7]), Ok(&[]));
    }
}
