//! Patterns of Perl, in the words of the `regex` crate.

use regex::bytes::{Regex, RegexBuilder};

/// How long a compiled pattern may be, in bytes; a longer one is passed over.
const LARGEST: usize = 1 << 20;

/// How a pattern is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// White space and `# comments` outside `[…]` say nothing (perlre, `/x`).
    pub extended: bool,
    /// Letters are those of Unicode, not of ASCII alone.
    pub characters: bool,
}

/// Compiles a pattern; `None` when it says something that the crate does not know (lookaround,
/// back references) or Perl itself would refuse.
pub(super) fn compile(pattern: &str, reading: Reading) -> Option<Regex> {
    let text = if reading.extended { translate(pattern) } else { as_written(pattern) };
    RegexBuilder::new(&text)
        .unicode(reading.characters)
        .multi_line(true)
        .size_limit(LARGEST)
        .build()
        .ok()
}

/// A pattern of `/x` for the crate, which reads white space in `[…]` otherwise than Perl does.
pub(super) fn translate(pattern: &str) -> String {
    Translator { extended: true }.run(pattern)
}

fn as_written(pattern: &str) -> String {
    Translator { extended: false }.run(pattern)
}

struct Translator {
    extended: bool,
}

impl Translator {
    fn run(&self, pattern: &str) -> String {
        let mut out = String::with_capacity(pattern.len() + 8);
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            let len = match first {
                '\\' => escape(rest, &mut out),
                '[' => class(rest, &mut out),
                '{' | '}' => brace(rest, &mut out),
                '#' if self.extended => rest.find('\n').unwrap_or(rest.len()),
                white if self.extended && white.is_ascii_whitespace() => 1,
                other => {
                    out.push(other);
                    other.len_utf8()
                }
            };
            rest = &rest[len..];
        }
        out
    }
}

/// `\<` and `\>` are plain characters in Perl, and the bounds of words in the crate.
fn escape(rest: &str, out: &mut String) -> usize {
    let Some(escaped) = rest[1..].chars().next() else {
        out.push_str(r"\\");
        return 1;
    };
    if !matches!(escaped, '<' | '>') {
        out.push('\\');
    }
    out.push(escaped);
    1 + escaped.len_utf8()
}

/// In the crate's `[…]`, `[`, `&&`, `~~` and `--` have a meaning of their own.
fn class(rest: &str, out: &mut String) -> usize {
    out.push('[');
    let mut at = 1;
    let mut begun = false;
    while let Some(c) = rest[at..].chars().next() {
        at += c.len_utf8();
        match c {
            '^' if at == 2 => out.push('^'),
            ']' if begun => {
                out.push(']');
                return at;
            }
            '\\' => {
                at += escape(&rest[at - 1..], out) - 1;
                begun = true;
            }
            '[' if rest[at..].starts_with(':') => {
                let end = rest[at..].find(":]").map_or(0, |end| end + 2);
                out.push('[');
                out.push_str(&rest[at..at + end]);
                at += end;
                begun = true;
            }
            _ => {
                if matches!(c, '[' | ']' | '&' | '~') || c == '-' && out.ends_with('-') {
                    out.push('\\');
                }
                out.push(c);
                begun = true;
            }
        }
    }
    at
}

/// A brace that counts nothing stands for itself.
fn brace(rest: &str, out: &mut String) -> usize {
    let counts =
        rest.strip_prefix('{').and_then(|inner| inner.split_once('}')).filter(|(count, _)| {
            let (low, high) = count.split_once(',').unwrap_or((count, ""));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            !low.is_empty() && digits(low) && digits(high)
        });
    match counts {
        Some((count, _)) => {
            out.push_str(&rest[..count.len() + 2]);
            count.len() + 2
        }
        None => {
            out.push('\\');
            out.push_str(&rest[..1]);
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str) -> bool {
        let reading = Reading { extended: true, characters: true };
        compile(pattern, reading).is_some_and(|regex| regex.is_match(text.as_bytes()))
    }

    #[test]
    fn patterns_mean_what_perl_means() {
        for (pattern, yes, no) in [
            (r"a b", "ab", "a b"),
            (r"a[ ]b", "a b", "ab"),
            (r"a\ b # c", "a b", "ab"),
            (r"f{x}", "f{x}", "ff"),
            (r"^x{2,3}$", "xx", "x"),
            (r"[[a]b", "[b", "b"),
            (r"[]x]y", "]y", "y"),
            (r"[&&~]z", "&z", "z"),
            (r"\<a\>", "<a>", "a"),
            (r"[[:digit:]]q", "1q", "q"),
            (r"x\", "x\\", "x"),
        ] {
            assert!(check(pattern, yes), "{pattern} {yes}");
            assert!(!check(pattern, no), "{pattern} {no}");
        }
        assert!(!check(r"(?=a)", "a"), "a look ahead is passed over");
    }
}
