//! WebVTT and SRT.

use super::super::{Lint, Place, values};
use super::{SRT, SRT_LINES, VTT, VTT_LINES, VTT_ORDER, VTT_SPEAKER, VTT_TEXT, VTT_TIMES};
use crate::text::shortened;

/// Words, and when the last cue ends.
type Said = (Vec<String>, Option<f64>);

/// Blocks between blank lines, each with the number of its first line.
fn blocks(text: &str) -> Vec<(u32, Vec<&str>)> {
    let mut blocks: Vec<(u32, Vec<&str>)> = Vec::new();
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            open = false;
        } else if open {
            blocks.last_mut().expect("an open block is there").1.push(line);
        } else {
            blocks.push((number, vec![line]));
            open = true;
        }
    }
    blocks
}

/// Reads WebVTT (W3C WebVTT section 4).
pub(super) fn vtt(lint: &mut Lint, name: &str, text: &str) -> Said {
    let text = text.trim_start_matches('\u{feff}');
    let signed = text
        .strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['\n', '\r', ' ', '\t']));
    if !signed {
        lint.find(&VTT, Place::at(name, 1, 1), "it does not begin with `WEBVTT`");
    }
    let mut cues = Cues::default();
    for (line, block) in blocks(text) {
        let head = block[0];
        if line == 1 && block.iter().skip(1).any(|line| line.contains("-->")) {
            lint.find(&VTT, Place::at(name, 2, 1), "no blank line follows `WEBVTT`");
        }
        let unsigned = line == 1 && !signed && !head.contains("-->");
        if unsigned
            || head.starts_with("WEBVTT")
            || ["NOTE", "STYLE", "REGION"].contains(&head.split(' ').next().unwrap_or(""))
        {
            continue;
        }
        let at = block.iter().position(|line| line.contains("-->")).filter(|at| *at < 2);
        let Some(at) = at else {
            lint.find(&VTT_TIMES, Place::at(name, line, 1), "the cue has no times");
            continue;
        };
        let place = Place::at(name, line + at as u32, 1);
        cues.times(lint, &place, block[at]);
        for (nth, text) in (1..).zip(&block[at + 1..]) {
            cues.line(lint, &Place::at(name, line + at as u32 + nth, 1), text);
        }
    }
    if cues.count > 0 && !cues.voiced {
        lint.find(&VTT_SPEAKER, name, "it names no speaker");
    }
    (cues.words, cues.end)
}

/// What was read of a WebVTT file so far.
#[derive(Default)]
struct Cues {
    count: usize,
    voiced: bool,
    start: f64,
    end: Option<f64>,
    words: Vec<String>,
}

impl Cues {
    fn times(&mut self, lint: &mut Lint, place: &Place, line: &str) {
        self.count += 1;
        let (start, rest) = line.split_once("-->").unwrap_or_default();
        let end = rest.split_whitespace().next().unwrap_or_default();
        let (Some(start), Some(end)) = (vtt_time(start.trim()), vtt_time(end)) else {
            let message = format!("`{}` are no times", shortened(line, 60));
            return lint.find(&VTT_TIMES, place, message);
        };
        lint.must(end > start, &VTT_TIMES, place, "the cue does not end after it starts");
        lint.must(start >= self.start, &VTT_ORDER, place, "the cue starts before the one before");
        self.start = start;
        self.end = Some(self.end.map_or(end, |last| last.max(end)));
    }

    fn line(&mut self, lint: &mut Lint, place: &Place, line: &str) {
        let (text, plain) = spoken(line);
        self.voiced |= line.contains("<v ") || line.contains("<v.");
        let message = "`&` or `<` is not escaped, or the text holds `-->`";
        lint.must(plain && !line.contains("-->"), &VTT_TEXT, place, message);
        let length = text.chars().count();
        lint.must(length <= 65, &VTT_LINES, place, format!("the line has {length} characters"));
        self.words.extend(values::words(&text));
    }
}

/// `00:12:34.500`, or without hours.
fn vtt_time(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.')?;
    let parts: Vec<&str> = whole.split(':').collect();
    let digits = |part: &&str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_digit());
    let good = matches!(parts.len(), 2 | 3)
        && parts.iter().all(digits)
        && fraction.len() == 3
        && fraction.bytes().all(|b| b.is_ascii_digit());
    values::play_time(text).filter(|_| good)
}

/// The text of a line without its tags, and whether all that looks like a tag or reference is one.
fn spoken(line: &str) -> (String, bool) {
    let (mut text, mut plain, mut rest) = (String::new(), true, line);
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        let tail = &rest[at..];
        let (taken, piece) = if tail.starts_with('<') { tag(tail) } else { reference(tail) };
        plain &= taken > 0;
        text.push_str(piece);
        rest = &tail[taken.max(1)..];
    }
    text.push_str(rest);
    (text, plain)
}

/// The length of a tag of WebVTT at the front; 0 when it is none.
fn tag(text: &str) -> (usize, &'static str) {
    let Some(end) = text.find('>') else { return (0, "") };
    let inside = text[1..end].trim_start_matches('/');
    let name = inside.split(['.', ' ', '\t']).next().unwrap_or_default();
    let known = matches!(name, "" | "c" | "i" | "b" | "u" | "v" | "lang" | "ruby" | "rt");
    let time = vtt_time(inside).is_some();
    if known || time { (end + 1, "") } else { (0, "") }
}

/// The length of a character reference at the front, and its character; 0 when it is none.
fn reference(text: &str) -> (usize, &'static str) {
    let known = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", "\u{a0}"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&lrm;", ""),
        ("&rlm;", ""),
    ];
    let found = known.into_iter().find(|(written, _)| text.starts_with(written));
    found.map_or((0, ""), |(written, character)| (written.len(), character))
}

/// Reads SRT.
pub(super) fn srt(lint: &mut Lint, name: &str, text: &str) -> Said {
    let text = text.trim_start_matches('\u{feff}');
    let (mut words, mut last, mut named) = (Vec::new(), None, false);
    for (number, (line, block)) in (1..).zip(blocks(text)) {
        let place = Place::at(name, line, 1);
        if block[0].trim() != number.to_string() {
            let message = format!("cue {number} is numbered `{}`", shortened(block[0], 20));
            lint.find(&SRT, &place, message);
        }
        let times = block.get(1).and_then(|times| times.split_once("-->"));
        let times = times.and_then(|(a, b)| Some((srt_time(a.trim())?, srt_time(b.trim())?)));
        match times {
            Some((start, end)) if end > start => last = Some(end),
            _ => lint.find(
                &SRT,
                Place::at(name, line + 1, 1),
                "it has no times such as `00:12:34,500`",
            ),
        }
        let said = block.get(2..).unwrap_or_default();
        let long = said.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        if said.len() > 2 || long > 32 {
            let message = format!("the cue has {} lines of up to {long} characters", said.len());
            lint.find(&SRT_LINES, &place, message);
        }
        let mut said = said.join("\n");
        if let Some((_, rest)) = said.split_once(':').filter(|(name, _)| is_name(name)) {
            named = true;
            said = rest.to_owned();
        }
        words.extend(values::words(&said));
    }
    if last.is_some() && !named {
        lint.find(&SRT_LINES, name, "it names no speaker with `Name:`");
    }
    (words, last)
}

/// `00:12:34,500`.
fn srt_time(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once(',')?;
    let good = whole.split(':').count() == 3 && fraction.len() == 3;
    values::play_time(&format!("{whole}.{fraction}")).filter(|_| good)
}

/// Whether the words before a colon may be somebody's name.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) || word.len() < 4;
    (1..=5).contains(&words.len())
        && words.first().is_some_and(|w| w.chars().next().is_some_and(char::is_uppercase))
        && words.iter().all(capital)
        && !text.contains(['.', '?', '!', ','])
}
