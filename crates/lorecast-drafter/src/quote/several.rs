//! Which words of a message are told, by what sort of news it is.

use lorecast_model::Kind;

use super::{
    Quotation, announced, answer, called, handed_over, pulled, purposes, raised, released, symptoms,
};

/// Up to `most` quotations of a message of this kind; the first says most. Empty when nothing in it
/// is worth quoting.
pub(crate) fn said(
    text: &str,
    title: &str,
    kind: Kind,
    reply: bool,
    most: usize,
) -> Vec<Quotation> {
    match kind {
        _ if reply => answer(text, title).map(|(_, words)| words).into_iter().collect(),
        Kind::Mainline => announced(text, most.clamp(2, 3)),
        Kind::Stable => Vec::new(),
        Kind::Release => released(text, most.min(3)),
        Kind::Pull => pulled(text, title, most),
        Kind::Regression | Kind::Bug | Kind::Security | Kind::Build => symptoms(text, title, most),
        Kind::Call => called(text, most.max(2)),
        Kind::Maintainers => or_else(handed_over(text, most), || purposes(text, title, most)),
        Kind::Discussion => or_else(raised(text, title, most), || purposes(text, title, most)),
        _ => purposes(text, title, most),
    }
}

fn or_else(found: Vec<Quotation>, other: impl FnOnce() -> Vec<Quotation>) -> Vec<Quotation> {
    if found.is_empty() { other() } else { found }
}
