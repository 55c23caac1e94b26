//! Patterns: the constants of this crate, and the globs of `MAINTAINERS` and `subsystems.yaml`.

use regex::Regex;

/// Compiles a pattern that is written in this crate.
pub(crate) fn constant(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that the tests compile")
}

/// Whether `text` matches `glob` from end to end: `*` stands for any text, `?` for one byte.
pub(crate) fn matches(glob: &[u8], text: &[u8]) -> bool {
    walk(glob, text, false)
}

/// Whether `text` begins with something that `glob` matches.
pub(crate) fn begins(glob: &[u8], text: &[u8]) -> bool {
    walk(glob, text, true)
}

/// The usual two-finger walk: on a mismatch the last `*` swallows one more byte.
fn walk(glob: &[u8], text: &[u8], prefix: bool) -> bool {
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        match glob.get(g) {
            None if prefix || t == text.len() => return true,
            Some(b'*') => {
                star = Some((g, t));
                g += 1;
                continue;
            }
            Some(&wanted) if t < text.len() && (wanted == b'?' || wanted == text[t]) => {
                g += 1;
                t += 1;
                continue;
            }
            _ => {}
        }
        match star {
            Some((at, from)) if from < text.len() => {
                star = Some((at, from + 1));
                g = at + 1;
                t = from + 1;
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_written() {
        let both = |glob: &str, text: &str| {
            (matches(glob.as_bytes(), text.as_bytes()), begins(glob.as_bytes(), text.as_bytes()))
        };
        assert_eq!(both("a*c", "abbc"), (true, true));
        assert_eq!(both("a*c", "abcd"), (false, true));
        assert_eq!(both("drivers/*/x", "drivers/net/x"), (true, true));
        assert_eq!(both("*", ""), (true, true));
        assert_eq!(both("", "x"), (false, true));
        assert_eq!(both("a?", "a"), (false, false));
        assert_eq!(both("*DRM*", "INTEL DRM DRIVERS"), (true, true));
    }
}
