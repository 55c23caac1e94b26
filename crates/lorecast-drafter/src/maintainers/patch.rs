//! A patch as the script reads it, line by line.

use std::collections::BTreeSet;

/// How many files of one patch are looked at.
const FILES: usize = 10_000;

/// The files that a patch names, and its other lines.
#[derive(Default)]
pub(super) struct Patch<'a> {
    pub files: BTreeSet<&'a str>,
    /// The lines above the first file of a diff; each has its `\n`.
    pub intro: Vec<&'a str>,
    /// The lines below it.
    pub diff: Vec<&'a str>,
}

impl<'a> Patch<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut patch = Self::default();
        let mut within = false;
        for line in text.split_inclusive('\n') {
            if let Some(names) = renamed(line) {
                patch.add(names);
            } else if is_fixes(line) || is_hunk(line) {
                continue;
            } else if let Some(name) = side(line) {
                patch.add([Some(name), None]);
                within = true;
            } else if within {
                patch.diff.push(line);
            } else {
                patch.intro.push(line);
            }
        }
        patch
    }

    fn add(&mut self, names: [Option<&'a str>; 2]) {
        let room = FILES.saturating_sub(self.files.len());
        self.files.extend(names.into_iter().flatten().take(room));
    }
}

/// The files of `diff --git a/x b/y`, `rename from x` and ` mode change 100644 => 100755 x`.
fn renamed(line: &str) -> Option<[Option<&str>; 2]> {
    if let Some(rest) = line.strip_prefix("diff --git a/") {
        let (old, rest) = word(rest)?;
        let (new, rest) = word(rest.strip_prefix(" b/")?)?;
        return blank(rest).then_some([Some(old), Some(new)]);
    }
    let rest = line.strip_prefix("rename ").map_or_else(
        || {
            let rest = octal(line.strip_prefix(" mode change ")?)?;
            octal(rest.strip_prefix(" => ")?)?.strip_prefix(' ')
        },
        |rest| rest.strip_prefix("from ").or_else(|| rest.strip_prefix("to ")),
    )?;
    let (name, rest) = word(rest)?;
    blank(rest).then_some([Some(name), None])
}

/// The file of `--- a/x` or `+++ b/x`; without the first folder, whatever it is.
fn side(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("+++").or_else(|| line.strip_prefix("---"))?;
    let name = rest.trim_start_matches(is_white);
    if name.len() == rest.len() {
        return None;
    }
    let (name, _) = word(name)?;
    Some(name.split_once('/').map_or(name, |(_, rest)| rest))
}

/// `Fixes: 0123456789ab`.
fn is_fixes(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("Fixes:") else { return false };
    let id = rest.trim_start_matches(is_white);
    id.len() < rest.len() && id.bytes().take_while(u8::is_ascii_hexdigit).count() >= 6
}

/// `@@ -1,2`.
fn is_hunk(line: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(rest) = line.strip_prefix("@@ -") else { return false };
    let first = digits(rest);
    first > 0 && rest[first..].strip_prefix(',').is_some_and(|rest| digits(rest) > 0)
}

/// Text up to the next white space, and what follows.
fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(is_white).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn octal(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c| ('0'..='7').contains(&c));
    (rest.len() < text.len()).then_some(rest)
}

fn blank(text: &str) -> bool {
    text.chars().all(is_white)
}

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}
