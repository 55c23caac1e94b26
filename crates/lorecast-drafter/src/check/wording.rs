//! The words of a mail, ready to be searched.

use lorecast_mail::prose;
use lorecast_model::Message;

use super::compact::{BREAK, Compact, Edges, Rigour};
use super::pieces::{Gap, Piece, pieces};

/// Whose words were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Voice {
    /// The sender's own.
    Own,
    /// Those of a mail that it answers, quoted in it.
    Quoted,
    /// The diff or an attachment.
    Attached,
}

/// How words were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub voice: Voice,
    pub rigour: Rigour,
}

/// A mail's texts, condensed.
pub(super) struct Wording {
    /// The sender's own lines, as they stand.
    pub own: String,
    texts: Vec<(Voice, Rigour, Compact)>,
}

/// So much of a diff or attachment is searched, in bytes.
const MOST_ATTACHED: usize = 1 << 18;

impl Wording {
    pub fn new(message: &Message) -> Self {
        let own = own_lines(message);
        let quoted = prose::unwrapped(&message.text);
        let attached = format!("{}\n{}", start(&message.diff), start(&message.attached));
        let mut texts = Vec::new();
        for rigour in [Rigour::Verbatim, Rigour::Words] {
            texts.push((Voice::Own, rigour, Compact::new(&own, rigour)));
            texts.push((Voice::Quoted, rigour, Compact::new(&quoted, rigour)));
            texts.push((Voice::Attached, rigour, Compact::new(&attached, rigour)));
        }
        Self { own, texts }
    }

    /// Whether the mail holds a quotation, its marked pieces in their order; the best way first.
    pub fn holds(&self, quotation: &str) -> Option<Match> {
        let (whole, cut) = (whole(quotation), pieces(quotation));
        let held = |(voice, rigour, text): &(Voice, Rigour, Compact)| {
            let found =
                runs(text, quotation, &whole, *rigour) || runs(text, quotation, &cut, *rigour);
            found.then_some(Match { voice: *voice, rigour: *rigour })
        };
        self.texts.iter().find_map(held)
    }
}

fn whole(quotation: &str) -> Vec<Piece> {
    let span = 0..quotation.len();
    vec![Piece { gap: Gap::None, span, loose_start: false, loose_end: false }]
}

fn start(text: &str) -> &str {
    let mut end = text.len().min(MOST_ATTACHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The sender's own lines, and the subject. Where others' words were, nothing can be joined.
fn own_lines(message: &Message) -> String {
    let mut own = String::new();
    for line in message.text.lines() {
        if line.trim_start().starts_with('>') {
            own.push(BREAK);
        } else {
            own.push_str(line);
        }
        own.push('\n');
    }
    own.push(BREAK);
    own.push_str(&message.header.subject);
    own
}

/// How many places of a piece are tried.
const MOST_PLACES: usize = 64;
/// More pieces make no quotation.
const MOST_PIECES: usize = 64;
/// How many places are tried in all.
const MOST_STEPS: usize = 4_000;
/// How far behind an insertion the next piece begins at most, in letters: it may stand for words.
const REACH: usize = 80;

fn runs(text: &Compact, quotation: &str, pieces: &[Piece], rigour: Rigour) -> bool {
    let parts: Vec<(Compact, &Piece)> =
        pieces.iter().map(|piece| (words(quotation, piece, rigour), piece)).collect();
    let fits = !parts.is_empty() && parts.len() <= MOST_PIECES;
    let mut steps = MOST_STEPS;
    fits && parts.iter().all(|(c, _)| !c.is_empty()) && follow(text, &parts, 0, &mut steps)
}

/// The words of a piece. The marks at its ends belong to the sentence around it.
fn words(quotation: &str, piece: &Piece, rigour: Rigour) -> Compact {
    let inner = &quotation[piece.span.clone()];
    let inner = inner.trim_matches(|c: char| c.is_whitespace() || ".,;:!?".contains(c));
    Compact::new(inner, rigour)
}

fn follow(text: &Compact, parts: &[(Compact, &Piece)], from: usize, steps: &mut usize) -> bool {
    let Some(((words, piece), rest)) = parts.split_first() else { return true };
    // Insertions among words that come often could be tried for ever.
    let Some(left) = steps.checked_sub(1) else { return false };
    *steps = left;
    let edges = Edges { loose_start: piece.loose_start, loose_end: piece.loose_end };
    // Behind a cut the earliest place is as good as any; an insertion reaches only so far.
    let next_is_near = rest.first().is_some_and(|(_, piece)| piece.gap == Gap::Insertion);
    let most = if next_is_near || piece.gap == Gap::Insertion { MOST_PLACES } else { 1 };
    let near = |at: usize| piece.gap != Gap::Insertion || at <= from + REACH;
    let places = text.find(words, from, edges, most);
    places
        .into_iter()
        .take_while(|range| near(range.start))
        .any(|r| follow(text, rest, r.end, steps))
}

/// Whether a short text holds words, as a message holds a quotation.
pub(super) fn contains(text: &str, words: &str) -> bool {
    let compact = Compact::new(text, Rigour::Words);
    runs(&compact, words, &whole(words), Rigour::Words)
        || runs(&compact, words, &pieces(words), Rigour::Words)
}
