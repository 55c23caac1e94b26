//! Carries out fixes.

use lorecast_model::{Finding, Fix};

/// The notes with every fix done that a finding offers, and how many those were. Where two touch the
/// same words, the first is done: another check shows the rest. Nothing else changes.
pub fn mended(notes: &str, findings: &[Finding]) -> (String, usize) {
    let mut fixes: Vec<&Fix> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    fixes.sort();
    fixes.dedup();
    let (mut out, mut at, mut done) = (String::with_capacity(notes.len()), 0, 0);
    for fix in fixes {
        let fits = fix.from >= at && fix.to >= fix.from;
        let Some(between) = notes.get(at..fix.from).filter(|_| fits) else { continue };
        if notes.get(fix.from..fix.to).is_none() {
            continue;
        }
        out.push_str(between);
        out.push_str(&fix.text);
        (at, done) = (fix.to, done + 1);
    }
    out.push_str(&notes[at..]);
    (out, done)
}
