//! Transcripts in each of their forms, and whether all forms say the same.

mod captions;
mod texts;

use roxmltree::Node;

use super::document::{Feed, Space, children, said, value};
use super::item::Episode;
use super::reach::Opened;
use super::rule::rules;
use super::{Lint, http, values};

rules! {
    VTT "TR-01" Must WebVtt Sidecar
        "A WebVTT file is UTF-8, begins with `WEBVTT`, and a blank line follows."
        => "make it again with `lorecast master`, then publish";
    VTT_TIMES "TR-02" Must WebVtt Sidecar
        "Times in WebVTT are written `00:12:34.500`, and a cue ends after it starts."
        => "make it again with `lorecast master`, then publish";
    VTT_ORDER "TR-03" Must WebVtt Sidecar
        "Cues of WebVTT start in order."
        => "sort the cues by their start";
    VTT_TEXT "TR-04" Must WebVtt Sidecar
        "In WebVTT, `&` and `<` are escaped, and no text holds `-->`."
        => "write `&amp;` and `&lt;`";
    VTT_SPEAKER "TR-05" Should TranscriptForms Sidecar
        "A change of speaker in WebVTT is marked with `<v Name>`."
        => "begin the cue with `<v Name>`";
    VTT_LINES "TR-06" Should TranscriptForms Sidecar
        "Lines of WebVTT have at most 65 characters."
        => "break the lines";
    SRT "TR-07" Must TranscriptForms Sidecar
        "SRT is numbered from 1, and its times have a comma: `00:12:34,500`."
        => "make it again with `lorecast master`, then publish";
    SRT_LINES "TR-08" Should TranscriptForms Sidecar
        "A cue of SRT has at most two lines of 32 characters, and names a new speaker with `Name:`."
        => "break the cue";
    JSON "TR-09" Must TranscriptForms Sidecar
        "A JSON transcript has a version, and segments with start and words."
        => "make it again with `lorecast master`, then publish";
    HTML "TR-10" Should TranscriptForms Sidecar
        "An HTML transcript uses cite, time and p only."
        => "make it again with `lorecast master`, then publish";
    AGREE "TR-11" Must House Sidecar
        "All forms of a transcript have the same words, and end within the episode."
        => "make all of them from one source";
    FORMS "TR-12" Should Client Sidecar
        "SRT and JSON stand beside WebVTT: clients that know no WebVTT speakers read them."
        => "offer SRT and JSON, too";
    SCRIPT "TR-13" House House Sidecar
        "The words of a transcript are those of the script, within one in ten."
        => "make the transcript again from what was said";
}

/// A transcript of six hours, word by word, has a tenth.
const LIMIT: u64 = 64_000_000;

/// What a form of a transcript says.
struct Spoken {
    name: String,
    words: Vec<String>,
    /// When the last of it ends, in seconds.
    end: Option<f64>,
}

pub(in crate::lint) use texts::missing;

/// Checks the transcripts of an episode, and returns the words of one.
pub(super) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    episode: &Episode,
) -> Vec<String> {
    let mut forms: Vec<Spoken> = Vec::new();
    let mut types = Vec::new();
    for node in children(item, Space::Podcast, "transcript") {
        let media_type = said(node, "type");
        types.push(media_type);
        if let Some(spoken) = file(lint, feed, node, media_type) {
            forms.push(spoken);
        }
    }
    let has = |media_type: &str| types.contains(&media_type);
    if has("text/vtt")
        && !((has("application/x-subrip") || has("application/srt")) && has("application/json"))
    {
        lint.find(&FORMS, feed.place(item), "it has WebVTT, and not both SRT and JSON");
    }
    agree(lint, &forms, episode.length);
    script(lint, item, &forms);
    forms.into_iter().next().map(|form| form.words).unwrap_or_default()
}

fn file<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    node: Node<'a, 'a>,
    media_type: &str,
) -> Option<Spoken> {
    let place = feed.place(node);
    let url = values::web(said(node, "url"))?;
    http::encrypted(lint, &place, &url);
    lint.transcripts.extend(lint.reach.path_of(&url));
    let (name, bytes) = match lint.reach.open(&url, LIMIT) {
        Opened::File(name, bytes) => (name, bytes),
        Opened::Missing(why) => {
            lint.find(&http::LINKS, place, format!("the transcript `{url}` {why}"));
            return None;
        }
        Opened::Elsewhere => return None,
    };
    let before = lint.findings.len();
    let text = String::from_utf8_lossy(&bytes);
    let (words, end) = match media_type {
        "text/vtt" => {
            let whole = std::str::from_utf8(&bytes).is_ok();
            lint.must(whole, &VTT, &name, "it is not UTF-8");
            captions::vtt(lint, &name, &text)
        }
        "application/x-subrip" | "application/srt" | "text/srt" => {
            captions::srt(lint, &name, &text)
        }
        "application/json" => texts::json(lint, &name, &text),
        "text/html" => texts::html(lint, &name, &text),
        "text/plain" => (values::words(&text), None),
        _ => return None,
    };
    // A file with faults of its own cannot agree with the others.
    let faulty =
        lint.findings[before..].iter().any(|f| f.severity == lorecast_model::Severity::Error);
    (!faulty).then_some(Spoken { name, words, end })
}

fn agree(lint: &mut Lint, forms: &[Spoken], length: Option<f64>) {
    for form in forms {
        // A cue may end with the breath after the last word.
        if let (Some(end), Some(length)) = (form.end, length)
            && end > length + 1.0
        {
            let message = format!("it ends at {end:.1} s, the episode at {length:.1} s");
            lint.find(&AGREE, &form.name, message);
        }
    }
    let Some((first, others)) = forms.split_first() else { return };
    for other in others {
        let same = first.words.iter().zip(&other.words).take_while(|(a, b)| a == b).count();
        if same < first.words.len() || same < other.words.len() {
            let word =
                |words: &[String]| words.get(same).cloned().unwrap_or_else(|| "nothing".into());
            let message = format!(
                "word {} is `{}`, in `{}` `{}`",
                same + 1,
                word(&other.words),
                first.name,
                word(&first.words)
            );
            lint.find(&AGREE, &other.name, message);
        }
    }
}

/// Compares with what was to be said, where the show's folder is known.
fn script(lint: &mut Lint, item: Node, forms: &[Spoken]) {
    let (Some(show), Some(form)) = (lint.context.show, forms.first()) else { return };
    let link = value(item, Space::Rss, "link");
    let Some(id) = link.trim_end_matches('/').rsplit('/').next().filter(|id| !id.is_empty()) else {
        return;
    };
    if id.contains(['\\', '\0']) || id.starts_with('.') {
        return;
    }
    let path = show.join("episodes").join(id).join("script.md");
    let Ok((bytes, true)) = super::reach::read(&path, LIMIT) else { return };
    let script = texts::said_in(&String::from_utf8_lossy(&bytes));
    let errors = texts::missing(&script, &form.words);
    if !script.is_empty() && errors * 10 > script.len() {
        let message = format!("{errors} of {} words of the script are not in it", script.len());
        lint.find(&SCRIPT, &form.name, message);
    }
}
