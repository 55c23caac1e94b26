//! A page to read. `<cite>`, `<time>` and `<p>` are those of the podcast namespace; each sentence knows
//! its own times.

use lorecast_model::{Seconds, Transcript};

use super::{Line, TranscriptOf};
use crate::chapters::{milliseconds, whole_seconds};
use crate::text::one_line;

pub(super) fn write(transcript: &Transcript, lines: &[Line], about: &TranscriptOf<'_>) -> String {
    let title = escaped(&one_line(about.title));
    let language = escaped(&one_line(about.language));
    let feed = about.feed.map(|feed| {
        format!(
            "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{}\">\n",
            escaped(feed)
        )
    });
    let feed = feed.unwrap_or_default();
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n{feed}</head>\n<body>\n<h1>{title}</h1>\n"
    );
    let mut heading = None;
    for paragraph in lines.chunk_by(Line::shares_paragraph) {
        let first = &paragraph[0];
        if heading != Some(first.heading) {
            heading = Some(first.heading);
            let title = transcript.headings.get(first.heading).map(|heading| &heading.title);
            let title = title.map(|title| escaped(&one_line(title)));
            if let Some(title) = title.filter(|title| !title.is_empty()) {
                out.push_str(&format!("<h2>{title}</h2>\n"));
            }
        }
        if !first.speaker.is_empty() {
            out.push_str(&format!("<cite>{}:</cite>\n", escaped(&first.speaker)));
        }
        let clock = Seconds(whole_seconds(first.start) as f64);
        out.push_str(&format!("<time>{clock}</time>\n<p>"));
        let sentences: Vec<String> = paragraph.iter().map(sentence).collect();
        out.push_str(&sentences.join("\n"));
        out.push_str("</p>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn sentence(line: &Line) -> String {
    format!(
        "<span data-start=\"{}\" data-end=\"{}\">{}</span>",
        milliseconds(line.start),
        milliseconds(line.end),
        escaped(&line.text)
    )
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use crate::transcript::tests::transcript;
    use crate::transcript::{TranscriptForm, TranscriptOf};

    #[test]
    fn paragraphs_below_their_headings() {
        let html = TranscriptForm::Html.write(
            &transcript(),
            &TranscriptOf {
                title: "Rings & \"queues\"",
                language: "en-GB",
                feed: Some("https://pod.example/feed.xml"),
            },
        );
        insta::assert_snapshot!(html, @r#"
        <!DOCTYPE html>
        <html lang="en-GB">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Rings &amp; &quot;queues&quot;</title>
        <link rel="alternate" type="application/rss+xml" href="https://pod.example/feed.xml">
        </head>
        <body>
        <h1>Rings &amp; &quot;queues&quot;</h1>
        <cite>Ann Example:</cite>
        <time>0:00</time>
        <p><span data-start="0.5" data-end="1.75">Welcome.</span>
        <span data-start="1.75" data-end="3">This was the week.</span></p>
        <h2>Rings &amp; queues</h2>
        <cite>Ann Example:</cite>
        <time>0:03</time>
        <p><span data-start="3.5" data-end="9.5">The rings &amp; queues of &lt;io_uring&gt; learned to wait for each other without a lock.</span></p>
        <cite>Bo:</cite>
        <time>1:02:05</time>
        <p><span data-start="3725" data-end="3725.001">Bye! Really --&gt; bye.</span></p>
        </body>
        </html>
        "#);
    }
}
