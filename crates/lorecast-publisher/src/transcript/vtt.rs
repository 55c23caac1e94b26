//! WebVTT, <https://www.w3.org/TR/webvtt1/>.

use lorecast_model::Seconds;

use super::Line;
use super::cards::cards;

/// Characters of a line, as the podcast namespace wants them.
const WIDTH: usize = 65;

pub(super) fn write(lines: &[Line]) -> String {
    let mut out = "WEBVTT\n".to_owned();
    for line in lines {
        let voice = match &*line.speaker {
            "" => String::new(),
            speaker => format!("<v {}>", escaped(speaker)),
        };
        for card in cards("", line, WIDTH) {
            let (start, end) = (clock(card.start), clock(card.end));
            let text = escaped(&card.lines.join("\n"));
            out.push_str(&format!("\n{start} --> {end}\n{voice}{text}\n"));
        }
    }
    out
}

/// `00:12:34.567`.
fn clock(time: Seconds) -> String {
    super::srt::clock(time, '.')
}

/// Cue text (section 3.1): without `&`, `<`, and the `>` that would end an arrow.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use crate::transcript::tests::transcript;
    use crate::transcript::{TranscriptForm, TranscriptOf};

    #[test]
    fn a_cue_for_each_sentence_in_short_lines() {
        insta::assert_snapshot!(TranscriptForm::Vtt.write(&transcript(), &TranscriptOf::default()), @r"
        WEBVTT

        00:00:00.500 --> 00:00:01.750
        <v Ann Example>Welcome.

        00:00:01.750 --> 00:00:03.000
        <v Ann Example>This was the week.

        00:00:03.500 --> 00:00:09.500
        <v Ann Example>The rings &amp; queues of &lt;io_uring&gt; learned to wait for each other
        without a lock.

        01:02:05.000 --> 01:02:05.001
        <v Bo>Bye! Really --&gt; bye.
        ");
    }
}
