//! Text into tokens.

use super::Mistake;

/// Searches are typed by people; anything longer is none.
const LONGEST: usize = 16 * 1024;

/// A token and where it begins, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) at: usize,
    pub(super) kind: Kind<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// `(`, maybe behind a prefix.
    Open(Option<&'t str>),
    Close,
    And,
    Or,
    Xor,
    Not,
    /// A word or phrase, maybe behind a prefix; must not occur when it was written `-word`.
    Term {
        prefix: Option<&'t str>,
        text: &'t str,
        phrase: bool,
        minus: bool,
    },
}

/// Prefixes that lore knows, and `defect:`.
const PREFIXES: [&str; 28] = [
    "s", "f", "t", "c", "tc", "tcf", "a", "b", "bs", "nq", "q", "n", "m", "mid", "l", "lid", "d",
    "dt", "rt", "dfn", "dfa", "dfb", "dfhh", "dfctx", "dfpre", "dfpost", "dfblob", "patchid",
];

pub(super) fn lex(text: &str) -> Result<Vec<Token<'_>>, Mistake> {
    if text.len() > LONGEST {
        return Err(Mistake::new(0, "it is longer than 16 kB; use fewer words"));
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()) {
        at += start;
        let (kind, length) = token(text, at)?;
        tokens.push(Token { at, kind });
        at += length;
    }
    Ok(tokens)
}

/// The token that begins here, and its length in bytes.
fn token(text: &str, at: usize) -> Result<(Kind<'_>, usize), Mistake> {
    let rest = &text[at..];
    for (word, kind) in
        [("AND", Kind::And), ("OR", Kind::Or), ("XOR", Kind::Xor), ("NOT", Kind::Not)]
    {
        let behind = rest.strip_prefix(word);
        if behind.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == ':')) {
            return Ok((kind, word.len()));
        }
    }
    match rest.as_bytes()[0] {
        b'(' => return Ok((Kind::Open(None), 1)),
        b')' => return Ok((Kind::Close, 1)),
        _ => {}
    }
    let sign = usize::from(rest.starts_with(['-', '+']) && rest.len() > 1);
    let prefix = prefix(&rest[sign..]);
    let head = sign + prefix.map_or(0, |prefix| prefix.len() + 1);
    if prefix.is_some() && rest[head..].starts_with('(') && sign == 0 {
        return Ok((Kind::Open(prefix), head + 1));
    }
    let minus = rest.starts_with('-');
    let (text, phrase, length) = body(&rest[head..], at + head)?;
    if let (Some(prefix), true) = (prefix, text.is_empty() && !phrase) {
        return Err(Mistake::new(at, format!("a word is missing right behind `{prefix}:`")));
    }
    Ok((Kind::Term { prefix, text, phrase, minus }, head + length))
}

/// A known prefix, without its `:`.
fn prefix(rest: &str) -> Option<&str> {
    let (name, _) = rest.split_once(':')?;
    (name == "defect" || PREFIXES.contains(&name)).then_some(name)
}

/// A phrase or a word, and its length in bytes.
fn body(rest: &str, at: usize) -> Result<(&str, bool, usize), Mistake> {
    let quote = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}');
    let Some(behind) = rest.strip_prefix(quote) else { return Ok(word(rest)) };
    let open = rest.len() - behind.len();
    let close = behind.find(quote).ok_or_else(|| Mistake::new(at, "a `\"` is not closed"))?;
    let end = behind[close..].chars().next().map_or(1, char::len_utf8);
    Ok((&behind[..close], true, open + close + end))
}

/// A word ends at white space, at a quote, and at a bracket that it did not open itself, so that
/// `kmalloc()` is one.
fn word(rest: &str) -> (&str, bool, usize) {
    let mut open = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return (&rest[..at], false, at),
            ')' => open -= 1,
            '"' | '\u{201c}' | '\u{201d}' if at > 0 => return (&rest[..at], false, at),
            c if c.is_whitespace() => return (&rest[..at], false, at),
            _ => {}
        }
    }
    (rest, false, rest.len())
}
