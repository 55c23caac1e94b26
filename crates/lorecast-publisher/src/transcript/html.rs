//! What apps show as a page: `<cite>`, `<time>` and `<p>` and nothing else, as the podcast namespace
//! has it. The episode's own page has headings as well, see [`super::page`].

use lorecast_model::Seconds;

use super::{Line, TranscriptOf};
use crate::chapters::whole_seconds;
use crate::text::{one_line, quoted};

pub(super) fn write(lines: &[Line], about: &TranscriptOf<'_>) -> String {
    let title = quoted(&one_line(about.title));
    let language = quoted(&one_line(about.language));
    let feed = about.feed.map(|feed| {
        format!("<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{}\">\n", quoted(feed))
    });
    let feed = feed.unwrap_or_default();
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n{feed}</head>\n<body>\n"
    );
    for paragraph in lines.chunk_by(Line::shares_paragraph) {
        let first = &paragraph[0];
        if !first.speaker.is_empty() {
            out.push_str(&format!("<cite>{}:</cite>\n", quoted(&first.speaker)));
        }
        let seconds = whole_seconds(first.start);
        let clock = Seconds(seconds as f64);
        out.push_str(&format!("<time datetime=\"PT{seconds}S\">{clock}</time>\n<p>"));
        let sentences: Vec<String> = paragraph.iter().map(|line| quoted(&line.text)).collect();
        out.push_str(&sentences.join("\n"));
        out.push_str("</p>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

#[cfg(test)]
mod tests {
    use crate::transcript::tests::transcript;
    use crate::transcript::{TranscriptForm, TranscriptOf};

    #[test]
    fn paragraphs_with_speakers_and_times() {
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
        <cite>Ann Example:</cite>
        <time datetime="PT0S">0:00</time>
        <p>Welcome.
        This was the week.</p>
        <cite>Ann Example:</cite>
        <time datetime="PT3S">0:03</time>
        <p>The rings &amp; queues of &lt;io_uring&gt; learned to wait for each other without a lock.</p>
        <cite>Bo:</cite>
        <time datetime="PT3725S">1:02:05</time>
        <p>Bye! Really --&gt; bye.</p>
        </body>
        </html>
        "#);
    }
}
