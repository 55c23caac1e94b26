//! Where the voice left the script, as a list.

use lorecast_model::{Deviation, DeviationKind, SoundReport};

use super::page::escape;

/// A part of the page; empty when voice and script were not compared.
pub(super) fn deviations(report: &SoundReport) -> String {
    let Some(deviations) = &report.deviations else { return String::new() };
    let head = "<h2>Beside the script</h2>\n";
    if deviations.is_empty() {
        return format!("{head}<p class=\"note\">The voice says what the script has.</p>\n");
    }
    let items: String = deviations.iter().map(item).collect();
    format!("{head}<ul class=\"passages\">\n{items}</ul>\n")
}

fn item(found: &Deviation) -> String {
    let Deviation { kind, start, end, text } = found;
    let (time, length) = match kind {
        DeviationKind::Skipped => (start.to_string(), String::new()),
        _ => (format!("{start}–{end}"), format!(" <span>{:.1} s</span>", end.0 - start.0)),
    };
    let text = escape(text);
    let words = match kind {
        _ if text.is_empty() => String::new(),
        DeviationKind::Inserted => format!(" <span>after</span> <q>{text}</q>"),
        _ => format!(" <q>{text}</q>"),
    };
    format!("<li><span>{time}</span><div><b>{kind}</b>{length}{words}</div></li>\n")
}
