//! What the alignment found, as a transcript.

use lorecast_align::{Alignment, Passage, PassageKind, SentenceTimes, Status};
use lorecast_drafter::{SaidSentence, SaidWord};
use lorecast_model::{Deviation, DeviationKind, Seconds, Sentence, TimedWord, Transcript};

/// A stretch of the programme in which somebody speaks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    pub start: Seconds,
    pub end: Seconds,
    pub speaker: String,
    /// Not from the script, such as what a contributor sent.
    pub guest: bool,
}

/// A word that is less sure gets no time of its own.
const SURE: f32 = 0.5;
/// Shorter passages beside the script are hesitations, and names that nobody taught the model.
const SHORTEST_TOLD: f64 = 1.5;
/// A word that was said otherwise takes no longer, in seconds.
const LONGEST_WORD: f64 = 1.0;
/// What was said otherwise lies right beside what was heard, in seconds.
const BESIDE: f64 = 0.15;

/// What one sentence of the alignment was made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Line<'a> {
    /// The heading of a section, which may be read or not.
    Heading(&'a SaidSentence),
    /// A sentence.
    Sentence(&'a SaidSentence),
}

impl<'a> Line<'a> {
    pub fn said(&self) -> &'a SaidSentence {
        match self {
            Self::Heading(said) | Self::Sentence(said) => said,
        }
    }
}

/// The alignment of a script's lines as a transcript; `anchored` tells of which lines a person set the
/// time.
pub(super) fn transcript(
    lines: &[Line<'_>],
    alignment: &Alignment,
    anchored: &dyn Fn(usize) -> bool,
    turns: &[Turn],
) -> Transcript {
    let mut whole = Transcript { heard: alignment.heard, ..Transcript::default() };
    for times in &alignment.sentences {
        let Some(line) = lines.get(times.sentence) else { continue };
        let heard = matches!(times.status, Status::Spoken | Status::Repeated);
        let times = &whole_sentence(line.said(), times, &alignment.passages);
        match line {
            Line::Sentence(said) if heard => {
                let mut told = sentence(said, times);
                if anchored(times.sentence) {
                    told.confidence = 1.0;
                }
                whole.sentences.push(told);
            }
            Line::Heading(said) if heard && times.confidence >= SURE => {
                whole.sentences.push(sentence(said, times));
            }
            Line::Sentence(said) if times.status == Status::Skipped => {
                whole.deviations.push(Deviation {
                    kind: DeviationKind::Skipped,
                    start: rounded(times.start),
                    end: rounded(times.end),
                    text: said.text.clone(),
                });
            }
            _ => {}
        }
    }
    whole.deviations.extend(alignment.passages.iter().filter_map(|p| deviation(p, lines)));
    let of_guest = |found: &Deviation| {
        let middle = f64::midpoint(found.start.0, found.end.0);
        found.kind != DeviationKind::Skipped
            && turns.iter().any(|turn| turn.guest && (turn.start.0..turn.end.0).contains(&middle))
    };
    let brief = |found: &Deviation| {
        matches!(found.kind, DeviationKind::Inserted | DeviationKind::Otherwise)
            && found.end.0 - found.start.0 < SHORTEST_TOLD
    };
    whole.deviations.retain(|found| !of_guest(found) && !brief(found));
    whole.deviations.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    whole.sentences.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    for sentence in &mut whole.sentences {
        let middle = f64::midpoint(sentence.start.0, sentence.end.0);
        let turn = turns.iter().find(|turn| (turn.start.0..turn.end.0).contains(&middle));
        sentence.speaker = turn.map(|turn| turn.speaker.clone()).unwrap_or_default();
    }
    whole
}

/// A sentence with its first and last words, when those were said so that they were not recognised, as
/// foreign names are: then something else lies right beside the words that were.
fn whole_sentence(
    said: &SaidSentence,
    times: &SentenceTimes,
    passages: &[Passage],
) -> SentenceTimes {
    let mut whole = times.clone();
    let (Some(first), Some(last)) = (times.words.first(), times.words.last()) else {
        return whole;
    };
    let count: usize = said.words.iter().map(|word| word.said.len()).sum();
    let (before, behind) = (first.word, count.saturating_sub(last.word + 1));
    let fits = |passage: &Passage, missing: usize| {
        let otherwise = matches!(passage.kind, PassageKind::Otherwise | PassageKind::Inserted);
        otherwise && passage.end.0 - passage.start.0 <= LONGEST_WORD * missing as f64
    };
    for passage in passages {
        if fits(passage, before) && (passage.end.0 - times.start.0).abs() < BESIDE {
            whole.start = passage.start;
        } else if fits(passage, behind) && (passage.start.0 - times.end.0).abs() < BESIDE {
            whole.end = passage.end;
        }
    }
    whole
}

/// Milliseconds are all that any form of a transcript holds.
fn rounded(time: Seconds) -> Seconds {
    Seconds((time.0 * 1000.0).round() / 1000.0)
}

fn sentence(said: &SaidSentence, times: &SentenceTimes) -> Sentence {
    let mut words = Vec::new();
    let mut first = 0;
    for word in &said.words {
        words.extend(timed(word, first, times));
        first += word.said.len();
    }
    Sentence {
        start: rounded(times.start),
        end: rounded(times.end),
        speaker: String::new(),
        text: said.text.clone(),
        spoken: Some(said.count),
        heading: said.section,
        paragraph: said.paragraph,
        confidence: times.confidence,
        words,
    }
}

/// A word of which every part was heard clearly; `first` is the number of its first part.
fn timed(word: &SaidWord, first: usize, times: &SentenceTimes) -> Option<TimedWord> {
    let parts = || {
        times.words.iter().filter(|heard| (first..first + word.said.len()).contains(&heard.word))
    };
    let confidence = parts().map(|heard| heard.confidence).fold(1.0, f32::min);
    let whole = parts().count() == word.said.len() && !word.said.is_empty();
    (whole && confidence >= SURE).then(|| TimedWord {
        start: rounded(parts().next().map_or(times.start, |heard| heard.start)),
        end: rounded(parts().next_back().map_or(times.end, |heard| heard.end)),
        text: word.shown.clone(),
        at: word.at,
        confidence,
    })
}

fn deviation(passage: &Passage, lines: &[Line<'_>]) -> Option<Deviation> {
    let line = passage.sentence.and_then(|sentence| lines.get(sentence));
    Some(Deviation {
        kind: match passage.kind {
            PassageKind::Inserted => DeviationKind::Inserted,
            PassageKind::Otherwise => DeviationKind::Otherwise,
            PassageKind::FalseStart => DeviationKind::FalseStart,
            PassageKind::Repeat => DeviationKind::Repeated,
            // A heading that is read twice is no matter.
            PassageKind::Slate => return None,
        },
        start: rounded(passage.start),
        end: rounded(passage.end),
        text: line.map(|line| line.said().text.clone()).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use lorecast_align::WordTimes;

    use super::*;

    fn said(text: &str) -> SaidSentence {
        let mut at = 0;
        let words = text.split(' ').map(|shown| {
            let word =
                SaidWord { at, shown: shown.into(), said: vec![shown.into(); shown.len() / 4 + 1] };
            at += shown.len() + 1;
            word
        });
        SaidSentence { words: words.collect(), text: text.into(), ..SaidSentence::default() }
    }

    fn times(sentence: usize, status: Status, start: f64) -> SentenceTimes {
        let word = |word| WordTimes {
            word,
            start: Seconds(start + word as f64),
            end: Seconds(start + word as f64 + 0.5),
            confidence: 0.9 - 0.2 * word as f32,
        };
        SentenceTimes {
            sentence,
            status,
            start: Seconds(start),
            end: Seconds(start + 4.0),
            slate: sentence == 0,
            confidence: 0.8,
            words: (0..4).map(word).collect(),
        }
    }

    fn check(
        statuses: &[Status],
        passages: Vec<Passage>,
        anchor: Option<usize>,
        turns: &[Turn],
    ) -> String {
        let said: Vec<SaidSentence> = ["Top", "one four five", "two", "six"].map(said).into();
        let line =
            |nth| if nth == 0 { Line::Heading(&said[nth]) } else { Line::Sentence(&said[nth]) };
        let lines: Vec<Line<'_>> = (0..said.len()).map(line).collect();
        let rows = statuses.iter().enumerate();
        let sentences = rows.map(|(nth, status)| times(nth, *status, 10.0 * nth as f64)).collect();
        let alignment = Alignment { sentences, passages, length: Seconds(60.0), heard: 0.75 };
        let found = transcript(&lines, &alignment, &|sentence| Some(sentence) == anchor, turns);
        let mut lines: Vec<String> = Vec::new();
        for s in &found.sentences {
            let words: Vec<String> =
                s.words.iter().map(|w| format!("{}@{}", w.text, w.start.0)).collect();
            lines.push(format!(
                "{}-{} {} {:?} {} [{}]",
                s.start.0,
                s.end.0,
                s.confidence,
                s.speaker,
                s.text,
                words.join(" ")
            ));
        }
        for d in &found.deviations {
            lines.push(format!("{}-{} {}: {}", d.start.0, d.end.0, d.kind, d.text));
        }
        lines.join("\n")
    }

    use Status::{Empty, Repeated, Skipped, Spoken};

    #[test]
    fn what_was_heard_clearly_has_its_times() {
        let found = check(&[Skipped, Spoken, Skipped, Repeated], vec![], None, &[]);
        insta::assert_snapshot!(found, @r#"
        10-14 0.8 "" one four five [one@10]
        30-34 0.8 "" six [six@30]
        20-24 not said: two
        "#);
    }

    #[test]
    fn a_heading_that_is_read_is_told() {
        insta::assert_snapshot!(check(&[Spoken, Empty, Empty, Empty], vec![], None, &[]), @r#"0-4 0.8 "" Top [Top@0]"#);
    }

    #[test]
    fn who_speaks_is_told_and_guests_need_no_script() {
        let turn = |start, end, speaker: &str, guest| Turn {
            start: Seconds(start),
            end: Seconds(end),
            speaker: speaker.into(),
            guest,
        };
        let passage = |start: f64, kind| Passage {
            kind,
            sentence: Some(1),
            start: Seconds(start),
            end: Seconds(start + 2.0),
        };
        let turns = [turn(0.0, 16.0, "Ann Example", false), turn(16.0, 30.0, "Bo", true)];
        let passages = vec![
            passage(4.0, PassageKind::Inserted),
            passage(6.0, PassageKind::Slate),
            passage(18.0, PassageKind::Inserted),
        ];
        let found = check(&[Skipped, Spoken, Spoken, Empty], passages, Some(1), &turns);
        insta::assert_snapshot!(found, @r#"
        10-14 1 "Ann Example" one four five [one@10]
        20-24 0.8 "Bo" two [two@20]
        4-6 not in the script: one four five
        "#);
    }

    #[test]
    fn a_name_that_was_not_recognised_belongs_to_its_sentence() {
        let said = said("Zo made it go");
        let mut heard = times(0, Spoken, 10.0);
        heard.words.remove(0);
        let passage = |start: f64, end: f64| Passage {
            kind: PassageKind::Inserted,
            sentence: None,
            start: Seconds(start),
            end: Seconds(end),
        };
        let start = |passage: Passage| whole_sentence(&said, &heard, &[passage]).start.0;
        assert_eq!(start(passage(9.3, 10.05)), 9.3);
        // Too long for a name, or too far away.
        assert_eq!(start(passage(8.0, 10.0)), 10.0);
        assert_eq!(start(passage(8.9, 9.6)), 10.0);
        heard.words.insert(0, WordTimes { word: 0, ..heard.words[0].clone() });
        assert_eq!(whole_sentence(&said, &heard, &[passage(9.3, 10.05)]).start.0, 10.0);
    }
}
