//! SubRip: numbered cards of two lines with 32 characters, as the podcast namespace wants them.

use lorecast_model::Seconds;

use super::Line;
use super::cards::cards;

/// Characters of a line.
const WIDTH: usize = 32;

pub(super) fn write(lines: &[Line]) -> String {
    let mut out = String::new();
    let (mut number, mut speaker) = (0, "");
    for line in lines {
        let name = match line.speaker != speaker && !line.speaker.is_empty() {
            true => format!("{}: ", line.speaker),
            false => String::new(),
        };
        speaker = &line.speaker;
        for card in cards(&name, line, WIDTH) {
            number += 1;
            let (start, end) = (clock(card.start, ','), clock(card.end, ','));
            out.push_str(&format!("{number}\n{start} --> {end}\n{}\n\n", card.lines.join("\n")));
        }
    }
    out
}

/// `00:12:34,567`.
pub(super) fn clock(time: Seconds, point: char) -> String {
    let all = (time.0.max(0.0) * 1000.0).round() as u64;
    let (seconds, rest) = (all / 1000, all % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}{point}{rest:03}", seconds % 60)
}

#[cfg(test)]
mod tests {
    use crate::transcript::tests::transcript;
    use crate::transcript::{TranscriptForm, TranscriptOf};

    #[test]
    fn long_sentences_are_cut_where_their_words_are_said() {
        insta::assert_snapshot!(TranscriptForm::Srt.write(&transcript(), &TranscriptOf::default()), @r"
        1
        00:00:00,500 --> 00:00:01,750
        Ann Example: Welcome.

        2
        00:00:01,750 --> 00:00:03,000
        This was the week.

        3
        00:00:03,500 --> 00:00:08,000
        The rings & queues of <io_uring>
        learned to wait for each other

        4
        00:00:08,000 --> 00:00:09,500
        without a lock.

        5
        01:02:05,000 --> 01:02:05,001
        Bo: Bye! Really --> bye.
        ");
    }
}
