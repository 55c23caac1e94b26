//! A mail's text as blocks: quotations fold, diffs are coloured, addresses are links.

use std::borrow::Cow;

use lorecast_desk::{Passage, PassageKind, linked_message, passages};
use lorecast_model::Message;
use serde::Serialize;

use crate::address;
use crate::shown::shown;

/// Longer quotations are folded, in lines.
const LONG: usize = 8;
/// So many lines of a folded quotation stay: what the answer below is about mostly stands last.
const TAIL: usize = 4;

/// Something that is shown in one box.
#[derive(Debug, Serialize)]
pub(crate) struct Block<'a> {
    /// `text`, `quote`, `signature`, `diff`, `attached`.
    kind: &'static str,
    /// How many lines are folded away until one asks for them; 0 when the block is open.
    folded: usize,
    /// Of a diff.
    runs: Vec<Run<'a>>,
    /// Of anything else.
    pieces: Vec<Piece<'a>>,
}

/// Lines of a diff.
#[derive(Debug, Serialize)]
struct Run<'a> {
    /// `head`, `hunk`, `added`, `removed`, `context`.
    kind: &'static str,
    text: Cow<'a, str>,
}

/// A stretch of text.
#[derive(Debug, Serialize)]
struct Piece<'a> {
    text: Cow<'a, str>,
    /// Where it leads: a path here, or an address elsewhere.
    link: Option<String>,
}

/// The text of a mail, at most `left` bytes of it, which become fewer; and whether it was cut.
pub(crate) fn blocks<'a>(message: &'a Message, left: &mut usize) -> (Vec<Block<'a>>, bool) {
    let all = passages(message);
    let mut blocks = Vec::with_capacity(all.len());
    for (at, passage) in all.iter().enumerate() {
        let text = fitting(passage.text, *left);
        *left -= text.len();
        let last = is_last_word(&all[at + 1..]);
        add(&mut blocks, Passage { text, ..*passage }, last);
        if text.len() < passage.text.len() {
            return (blocks, true);
        }
    }
    (blocks, false)
}

/// Whole lines that are no longer than `most` bytes together.
pub(crate) fn fitting(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let bytes = &text.as_bytes()[..most];
    let end = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    text.get(..end).unwrap_or_default()
}

/// Whether the sender says nothing more.
fn is_last_word(rest: &[Passage<'_>]) -> bool {
    rest.iter().all(|passage| match passage.kind {
        PassageKind::Own => passage.text.trim().is_empty(),
        PassageKind::Quoted | PassageKind::Signature => true,
        _ => false,
    })
}

fn add<'a>(blocks: &mut Vec<Block<'a>>, passage: Passage<'a>, last: bool) {
    let Passage { kind, text } = passage;
    match kind {
        PassageKind::Own => {
            let text = without_blank_ends(text);
            if !text.is_empty() {
                blocks.push(prose("text", text, 0));
            }
        }
        PassageKind::Quoted => quote(blocks, text, last),
        PassageKind::Signature => blocks.push(prose("signature", text, 0)),
        PassageKind::Attached => blocks.push(prose("attached", text, text.lines().count())),
        PassageKind::DiffHead => {
            let runs = vec![Run { kind: "head", text: shown(text) }];
            blocks.push(Block { kind: "diff", folded: 0, runs, pieces: vec![] });
        }
        PassageKind::Hunk => of_diff(blocks, "hunk", text),
        PassageKind::Added => of_diff(blocks, "added", text),
        PassageKind::Removed => of_diff(blocks, "removed", text),
        PassageKind::Context => of_diff(blocks, "context", text),
    }
}

/// A long quotation folds but for its end; one behind which nothing is said folds whole.
fn quote<'a>(blocks: &mut Vec<Block<'a>>, text: &'a str, last: bool) {
    let lines = text.lines().count();
    if last && lines > TAIL {
        blocks.push(prose("quote", text, lines));
    } else if lines > LONG {
        let (folded, tail) = text.split_at(line_start(text, lines - TAIL));
        blocks.push(prose("quote", folded, lines - TAIL));
        blocks.push(prose("quote", tail, 0));
    } else {
        blocks.push(prose("quote", text, 0));
    }
}

/// Where the n-th line begins, from 0.
fn line_start(text: &str, n: usize) -> usize {
    text.split_inclusive('\n').take(n).map(str::len).sum()
}

fn of_diff<'a>(blocks: &mut Vec<Block<'a>>, kind: &'static str, text: &'a str) {
    let run = Run { kind, text: shown(text) };
    match blocks.last_mut() {
        Some(block) if block.kind == "diff" => block.runs.push(run),
        _ => blocks.push(Block { kind: "diff", folded: 0, runs: vec![run], pieces: vec![] }),
    }
}

fn prose<'a>(kind: &'static str, text: &'a str, folded: usize) -> Block<'a> {
    Block { kind, folded, runs: vec![], pieces: linked(text.trim_end_matches('\n')) }
}

fn plain(text: &str) -> Piece<'_> {
    Piece { text: shown(text), link: None }
}

fn without_blank_ends(text: &str) -> &str {
    let end = text.trim_end().len();
    let start = text[..end].len() - text[..end].trim_start().len();
    // The first line keeps its indentation.
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    &text[line.min(end)..end]
}

/// Text with the addresses in it as links; a mail at lore is a mail here.
fn linked(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(found) = text[from..].find("://").map(|at| from + at) {
        from = found + 3;
        let Some(start) = scheme(&text[done..found]).map(|length| found - length) else { continue };
        let end = from + address_length(&text[from..]);
        if end == from {
            continue;
        }
        if start > done {
            pieces.push(plain(&text[done..start]));
        }
        let url = &text[start..end];
        let mail = linked_message(url).map(|id| address::of_mail(&id));
        let link = Some(mail.unwrap_or_else(|| url.to_owned()));
        pieces.push(Piece { text: shown(url), link });
        (done, from) = (end, end);
    }
    if done < text.len() {
        pieces.push(plain(&text[done..]));
    }
    pieces
}

/// How long the `http` or `https` is that the text ends in.
fn scheme(before: &str) -> Option<usize> {
    ["https", "http"].into_iter().find(|scheme| before.ends_with(scheme)).map(str::len)
}

/// How long the rest of an address is: up to a space or a sign that sentences put behind it.
fn address_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`".contains(c);
    let mut address = &text[..text.find(ends).unwrap_or(text.len())];
    loop {
        let count = |sign: char| address.matches(sign).count();
        let shorter = match address.chars().next_back() {
            // A bracket that was opened inside belongs to it.
            Some(')') if count(')') <= count('(') => return address.len(),
            Some('.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '*' | '|') => {
                address.len() - 1
            }
            _ => return address.len(),
        };
        address = &address[..shorter];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        let said = linked(text).iter().fold(String::new(), |said, piece| match &piece.link {
            Some(link) => format!("{said}[{}]({link})", piece.text),
            None => format!("{said}{}", piece.text),
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn addresses_are_links() {
        check("see https://a.example/x.", "see [https://a.example/x](https://a.example/x).");
        check("(http://a.example/b_(c))", "([http://a.example/b_(c)](http://a.example/b_(c)))");
        check(
            "<https://lore.kernel.org/r/1@a.example/>",
            "<[https://lore.kernel.org/r/1@a.example/](/1@a.example/)>",
        );
        check("javascript://x https:// ftp://x", "javascript://x https:// ftp://x");
        check("https://a.example/\"onclick=", "[https://a.example/](https://a.example/)\"onclick=");
        check("://https://é.example/ü,", "://[https://é.example/ü](https://é.example/ü),");
    }

    proptest! {
        #[test]
        fn links_lose_no_text(text in "(https?://|[a-zé.,()<>\"' \n]|\u{202e}){0,30}") {
            let said: String = linked(&text).iter().map(|piece| &*piece.text).collect();
            prop_assert_eq!(said, shown(&text));
        }

        #[test]
        fn what_fits_is_whole_lines(text in "[aé\n]{0,40}", most in 0..90_usize) {
            let fits = fitting(&text, most);
            prop_assert!(fits.len() <= most && text.starts_with(fits));
            prop_assert!(fits == text || fits.is_empty() || fits.ends_with('\n'));
        }
    }

    fn fold(text: &str, last: bool) -> Vec<(usize, String)> {
        let mut blocks = Vec::new();
        quote(&mut blocks, text, last);
        let text = |block: &Block| block.pieces.iter().map(|piece| &*piece.text).collect();
        blocks.iter().map(|block| (block.folded, text(block))).collect()
    }

    #[test]
    fn a_long_quotation_keeps_what_is_answered() {
        let lines: String = (0..9).map(|n| format!("> {n}\n")).collect();
        let (head, tail) = ("> 0\n> 1\n> 2\n> 3\n> 4".to_owned(), "> 5\n> 6\n> 7\n> 8".to_owned());
        assert_eq!(fold(&lines, false), [(5, head), (0, tail)]);
        assert_eq!(fold("> a\n> b\n", false), [(0, "> a\n> b".to_owned())]);
    }

    #[test]
    fn a_quotation_without_an_answer_folds_whole() {
        let lines = "> a\n> b\n> c\n> d\n> e\n";
        assert_eq!(fold(lines, true), [(5, lines.trim_end().to_owned())]);
    }
}
