//! What only the eye sees of plain text: taken out before it is said.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::pattern::constant;

/// What an editor put behind a word in a quotation: `the VMA [Virtual Memory Area]`. Read as an
/// aside; other insertions are part of their sentence.
static EXPANDED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(\s)\[(\p{Lu}[^\[\]\s]{0,40}(?: [^\[\]\s]{1,40}){1,12})\]"));
/// The same with a single word: `the UFFD [Userfaultfd]`.
static EXPANDED_ACRONYM: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(\b[A-Z][A-Z0-9]{1,11}s?)\s\[(\p{Lu}[^\[\]\s]{0,40})\]"));
/// `[1]` by itself: a note that stands elsewhere.
static FOOTNOTE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(^|[\s”)])(?:\[\d{1,3}\])+($|[\s”),.;:!?])"));
/// `-word or two-` and `/word/`, as people stress words in mails.
static STRESSED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(^|[\s(“])-(\p{L}[\w’']*(?: [\w’']+){0,5})-($|[\s)”,.;:!?])"));
static SLANTED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(^|[\s(“])/(\p{L}[\p{L}’']{1,19})/($|[\s)”,.;:!?])"));
/// Folders that `/…/` names.
const FOLDERS: [&str; 12] =
    ["dev", "proc", "sys", "etc", "tmp", "run", "boot", "usr", "var", "bin", "lib", "home"];
/// The time of a machine behind a day: to the second, and with its offset.
static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: ?[+-]\d{2}:?\d{2}\b|Z\b)?",
    )
});
/// `'90s`.
static DECADE: LazyLock<Regex> = LazyLock::new(|| constant(r"['’‘](\d0)s\b"));
/// `` `word' ``, as old manuals quote.
static TICKED: LazyLock<Regex> = LazyLock::new(|| constant(r"`([^`'\s]{1,60})'"));

/// Text without what nobody says: notes elsewhere, signs that stress, times of machines, pictures, and
/// what turns the direction of writing. Signs between words stand alone.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '—' | '→' | '⇒' | '≈' | '±' | '|' => out.extend([' ', c, ' ']),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {}
            '\u{feff}' | '\u{fe0f}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => {}
            '\u{61c}' | '\u{ad}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    let out = out.replace(" |  | ", " | ").replace("``", "“").replace("''", "”");
    let out = out.replace("[…]", " ").replace("[...]", " ").replace("...", "…");
    let out = FOOTNOTE.replace_all(&out, "$1$2");
    let out = STAMP.replace_all(&out, "$1");
    let out = DECADE.replace_all(&out, "$1’s");
    let out = TICKED.replace_all(&out, "‘$1’");
    let out = STRESSED.replace_all(&out, "$1$2$3");
    let out =
        SLANTED.replace_all(&out, |found: &Captures<'_>| match FOLDERS.contains(&&found[2]) {
            true => found[0].to_owned(),
            false => format!("{}{}{}", &found[1], &found[2], &found[3]),
        });
    let out = EXPANDED_ACRONYM.replace_all(&out, "$1 ($2)");
    EXPANDED.replace_all(&out, "$1($2)").into_owned()
}
