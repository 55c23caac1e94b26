//! A quotation, cut where its editor marked a change.

use std::ops::Range;

/// What stands between a piece and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: it is the first.
    None,
    /// `[…]`, `…` or `...`: words were left out.
    Cut,
    /// `[words]`: the editor put them in, or in the place of a few.
    Insertion,
}

/// Words of a quotation without a mark of an editor inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub gap: Gap,
    /// In bytes of the quotation.
    pub span: Range<usize>,
    /// It begins in the midst of a word, behind `[t]`.
    pub loose_start: bool,
    /// It ends in the midst of a word, before `[s]`.
    pub loose_end: bool,
}

/// Cuts a quotation. Brackets that are the author's own are found when it is tried whole first.
pub(super) fn pieces(quotation: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let (mut gap, mut start, mut at) = (Gap::None, 0, 0);
    let mut glued = false;
    while at < quotation.len() {
        let rest = &quotation[at..];
        let Some((mark, length)) = mark(rest) else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        push(&mut found, quotation, gap, start..at, glued, mark == Gap::Insertion);
        at += length;
        gap = if gap == Gap::Cut && start + length == at { Gap::Cut } else { mark };
        start = at;
        glued = mark == Gap::Insertion;
    }
    push(&mut found, quotation, gap, start..quotation.len(), glued, false);
    found
}

fn push(
    found: &mut Vec<Piece>,
    quotation: &str,
    gap: Gap,
    span: Range<usize>,
    glued_before: bool,
    glued_after: bool,
) {
    let text = &quotation[span.clone()];
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let loose_start = glued_before && touches(text.chars().next());
    let loose_end = glued_after && touches(text.chars().next_back());
    let inner = text.trim();
    if !inner.contains(char::is_alphanumeric) {
        return;
    }
    let from = span.start + text.find(inner).unwrap_or(0);
    let gap = if found.is_empty() { Gap::None } else { gap };
    found.push(Piece { gap, span: from..from + inner.len(), loose_start, loose_end });
}

/// The longest words that an editor puts in, in bytes.
const LONGEST: usize = 300;

/// The mark of an editor at the start of a text, and its length in bytes.
fn mark(text: &str) -> Option<(Gap, usize)> {
    if text.starts_with('…') {
        return Some((Gap::Cut, '…'.len_utf8()));
    }
    if text.starts_with("...") {
        return Some((Gap::Cut, text.bytes().take_while(|b| *b == b'.').count()));
    }
    let inside = text.strip_prefix('[')?;
    let close = inside.find(']').filter(|close| *close <= LONGEST)?;
    let words = inside[..close].trim();
    let cut = words.is_empty() || matches!(words, "…" | "..." | ".." | "snip");
    Some((if cut { Gap::Cut } else { Gap::Insertion }, close + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quotation: &str) -> String {
        let show = |piece: &Piece| {
            let gap = match piece.gap {
                Gap::None => "",
                Gap::Cut => "… ",
                Gap::Insertion => "+ ",
            };
            format!("{gap}{}", &quotation[piece.span.clone()])
        };
        pieces(quotation).iter().map(show).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn cut_where_an_editor_marked_a_change() {
        assert_eq!(check("it folds the batch"), "it folds the batch");
        assert_eq!(check("it folds […] the batch …"), "it folds | … the batch");
        assert_eq!(check("fold the PTEs [Page Table Entries] now"), "fold the PTEs | + now");
        assert_eq!(check("[t]here is a catch"), "here is a catch");
        assert_eq!(check("is woke[n] up..."), "is woke | + up");
    }
}
