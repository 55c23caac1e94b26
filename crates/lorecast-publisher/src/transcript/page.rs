//! What is said, as a part of an episode's page: a link behind the time of each paragraph, and the
//! start of each sentence for the script that follows the voice.

use std::fmt::Write;

use lorecast_model::{Seconds, Transcript};

use super::{Line, lines};
use crate::chapters::{milliseconds, whole_seconds};
use crate::text::{one_line, quoted};

/// The transcript below headings of level 3. `audio` is the path of the sound from the page; a time
/// opens it there where no script does better.
pub(crate) fn page(transcript: &Transcript, audio: &str) -> String {
    let lines = lines(transcript);
    let audio = quoted(audio);
    let mut out = String::new();
    let (mut heading, mut speaker) = (None, "");
    for paragraph in lines.chunk_by(Line::shares_paragraph) {
        let first = &paragraph[0];
        if heading != Some(first.heading) {
            heading = Some(first.heading);
            let title = transcript.headings.get(first.heading).map(|h| one_line(&h.title));
            if let Some(title) = title.filter(|title| !title.is_empty()) {
                add(&mut out, format_args!("<h3>{}</h3>\n", quoted(&title)));
            }
        }
        let clock = Seconds(whole_seconds(first.start) as f64);
        let start = milliseconds(first.start);
        add(
            &mut out,
            format_args!(
                "<p><a class=\"clock\" href=\"{audio}#t={start}\" data-start=\"{start}\">{clock}</a>"
            ),
        );
        if first.speaker != speaker {
            speaker = &first.speaker;
            if !speaker.is_empty() {
                add(&mut out, format_args!(" <cite>{}:</cite>", quoted(speaker)));
            }
        }
        for line in paragraph {
            let text = quoted(&line.text);
            add(
                &mut out,
                format_args!("\n<span data-start=\"{}\">{text}</span>", milliseconds(line.start)),
            );
        }
        out.push_str("</p>\n");
    }
    out
}

fn add(text: &mut String, more: std::fmt::Arguments) {
    text.write_fmt(more).expect("a string takes everything");
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::transcript::tests::transcript;

    #[test]
    fn a_speaker_is_named_once_and_times_are_links() {
        insta::assert_snapshot!(page(&transcript(), "../../media/\"x\".mp3"), @r#"
        <p><a class="clock" href="../../media/&quot;x&quot;.mp3#t=0.5" data-start="0.5">0:00</a> <cite>Ann Example:</cite>
        <span data-start="0.5">Welcome.</span>
        <span data-start="1.75">This was the week.</span></p>
        <h3>Rings &amp; queues</h3>
        <p><a class="clock" href="../../media/&quot;x&quot;.mp3#t=3.5" data-start="3.5">0:03</a>
        <span data-start="3.5">The rings &amp; queues of &lt;io_uring&gt; learned to wait for each other without a lock.</span></p>
        <p><a class="clock" href="../../media/&quot;x&quot;.mp3#t=3725" data-start="3725">1:02:05</a> <cite>Bo:</cite>
        <span data-start="3725">Bye! Really --&gt; bye.</span></p>
        "#);
    }
}
