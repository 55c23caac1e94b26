//! Corrections on top of the notes of an episode that is out.

use lorecast_model::{Correction, Show};

use crate::notes::Notes;

/// What turned out wrong, as Markdown: a dated paragraph each, the newest first.
pub(crate) fn markdown(corrections: &[Correction], show: &Show) -> String {
    let mut newest: Vec<&Correction> = corrections.iter().collect();
    newest.sort_by_key(|correction| std::cmp::Reverse(correction.date));
    newest.iter().map(|correction| paragraph(correction, show)).collect()
}

fn paragraph(correction: &Correction, show: &Show) -> String {
    let day = correction.date.strftime("%-d %B %Y");
    let source = correction.message.as_ref().map(|id| format!(" ([mail]({}))", show.link(id)));
    format!("**Correction, {day}:** {}{}\n\n", correction.text.trim(), source.unwrap_or_default())
}

/// Puts rendered corrections above the notes; the summary stays that of the notes.
pub(crate) fn above(errata: Notes, mut notes: Notes) -> Notes {
    notes.html.insert_str(0, &errata.html);
    notes.short.splice(0..0, errata.short);
    notes
}
