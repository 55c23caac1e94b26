//! How fast is spoken.

use lorecast_model::Seconds;

use crate::voices::Said;

/// Words that are said in some time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spoken {
    /// How many.
    pub words: u32,
    /// How long that takes, with the pauses of a speaker and without music, guests and what was said
    /// beside the script.
    pub time: Seconds,
}

/// A longer pause between two sentences counts as one of this length: somebody or something else is
/// heard there.
const LONGEST_PAUSE: f64 = 2.0;

impl Spoken {
    /// What is said of the sentences that begin from `from` to before `to`; `None` when that is nothing.
    pub(crate) fn between(said: &[Said], from: Seconds, to: Seconds) -> Option<Self> {
        let mut whole = Self::default();
        let mut last: Option<Seconds> = None;
        for sentence in said.iter().filter(|said| (from.0..to.0).contains(&said.start.0)) {
            let pause =
                last.map_or(0.0, |end| (sentence.start.0 - end.0).clamp(0.0, LONGEST_PAUSE));
            whole.time.0 += pause + (sentence.end.0 - sentence.start.0).max(0.0);
            whole.words = whole.words.saturating_add(sentence.words);
            last = Some(sentence.end);
        }
        last.map(|_| whole)
    }

    /// Several stretches as one; `None` when nothing is said in any.
    pub(crate) fn all(stretches: impl Iterator<Item = Option<Self>>) -> Option<Self> {
        stretches.flatten().reduce(|one, other| Self {
            words: one.words.saturating_add(other.words),
            time: Seconds(one.time.0 + other.time.0),
        })
    }

    /// Words a minute; `None` when it took no time.
    pub(crate) fn words_per_minute(&self) -> Option<f64> {
        let pace = f64::from(self.words) / self.time.0 * 60.0;
        (self.time.0 > 0.0 && pace.is_finite()).then_some(pace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences as `(start, end, words)`: words and time of those within 10 s.
    fn check(said: &[(f64, f64, u32)]) -> Option<(u32, f64)> {
        let said = said.iter().map(|(start, end, words)| Said {
            start: Seconds(*start),
            end: Seconds(*end),
            words: *words,
        });
        let said: Vec<Said> = said.collect();
        let spoken = Spoken::between(&said, Seconds(0.0), Seconds(10.0))?;
        Some((spoken.words, spoken.time.0))
    }

    #[test]
    fn short_pauses_belong_to_the_speaker_and_long_ones_do_not() {
        assert_eq!(check(&[(1.0, 2.0, 3), (2.5, 3.0, 4)]), Some((7, 2.0)));
        assert_eq!(check(&[(1.0, 2.0, 3), (8.0, 9.0, 4)]), Some((7, 4.0)));
    }

    #[test]
    fn only_what_begins_in_a_section_counts() {
        assert_eq!(check(&[(9.0, 11.0, 3), (11.5, 12.0, 4)]), Some((3, 2.0)));
        assert_eq!(check(&[(11.5, 12.0, 4)]), None);
    }
}
