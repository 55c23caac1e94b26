//! When each part of a line is said.

use lorecast_model::Seconds;

use super::Line;

/// When the byte `at` of a line is said: exactly where a word with times begins or ends, in even steps
/// between.
pub(super) struct Timing(Vec<(usize, f64)>);

impl Timing {
    pub fn of(line: &Line) -> Self {
        let mut knots = vec![(0, line.start.0)];
        let mut add = |at: usize, time: f64| {
            let (place, last) = *knots.last().expect("it begins with one");
            if at > place && (last..=line.end.0).contains(&time) {
                knots.push((at, time));
            }
        };
        for word in &line.words {
            add(word.at, word.start.0);
            add(word.at + word.text.len(), word.end.0);
        }
        match knots.last_mut() {
            Some(last) if last.0 >= line.text.len() => last.1 = line.end.0,
            _ => knots.push((line.text.len(), line.end.0)),
        }
        Self(knots)
    }

    /// The time at which a part that begins there starts.
    pub fn at(&self, at: usize) -> Seconds {
        let next = self.0.partition_point(|(place, _)| *place <= at);
        let before = self.0[next.saturating_sub(1)];
        let Some(after) = self.0.get(next) else { return Seconds(before.1) };
        let share = (at - before.0) as f64 / (after.0 - before.0) as f64;
        Seconds(before.1 + (after.1 - before.1) * share)
    }
}
