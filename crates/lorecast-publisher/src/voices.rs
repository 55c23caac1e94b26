//! Who is heard beside the show's own voice: machines, and contributors.

use lorecast_model::Episode;

/// A paragraph of Markdown above the notes; empty when there is nothing to tell. `synthetic` names the
/// chapters that a machine reads.
pub(crate) fn markdown(episode: &Episode, synthetic: &[String]) -> String {
    let mut told = Vec::new();
    let all = !synthetic.is_empty() && synthetic.len() >= episode.chapters.len();
    match synthetic {
        [] => {}
        _ if all => told.push("This episode is read by a synthetic voice.".to_owned()),
        [title] => told.push(format!("“{}” is read by a synthetic voice.", literal(title))),
        titles => {
            let titles: Vec<String> = titles.iter().map(|t| format!("“{}”", literal(t))).collect();
            told.push(format!("A synthetic voice reads {}.", titles.join(", ")));
        }
    }
    let mut speakers: Vec<String> =
        episode.fillers.iter().map(|filler| literal(&filler.speaker)).collect();
    speakers.retain(|speaker| !speaker.is_empty());
    speakers.dedup();
    if !speakers.is_empty() {
        told.push(format!("Also heard: {}.", speakers.join(", ")));
    }
    if told.is_empty() { String::new() } else { format!("*{}*\n\n", told.join(" ")) }
}

/// Text as it stands: no mark of it means anything.
fn literal(text: &str) -> String {
    let mut out = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
