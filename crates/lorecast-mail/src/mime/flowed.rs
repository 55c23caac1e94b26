//! Text whose paragraphs flow: `format=flowed` (RFC 3676).
//!
//! A line that ends in a space goes on in the next one. Mailers flow patches as well: in a hunk, a
//! line continues another only when it cannot be a line of the hunk by itself.

/// What stands above a signature; it never flows (RFC 3676 section 4.3).
const SIGNATURE: &str = "-- ";

/// Undoes flowing and space-stuffing; `del_sp` says that mailers added the space before a break.
pub(crate) fn undo(text: &str, del_sp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut hunk = Hunk::default();
    // The depth of quotation of a line that the next one continues.
    let mut open = None;
    let mut rest = text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = Line::read(line);
        let content = hunk.content(&line);
        let code = hunk.is_open() && is_marked(content) || starts_diff(content);
        let alone = code || content == SIGNATURE;
        if open == Some(line.depth()) && !alone {
            out.truncate(out.len() - if del_sp { "\u{20}\n".len() } else { "\n".len() });
        } else {
            out.push_str(line.marks);
            out.push_str(if line.marks.is_empty() || content.is_empty() { "" } else { " " });
            hunk.read(content, &line, behind);
        }
        out.push_str(content);
        out.push('\n');
        open = line.is_soft(content).then(|| line.depth());
        rest = behind;
    }
    out
}

/// A line, taken apart: `>> text` (RFC 3676 section 4.5). Many mailers write `> > text`.
struct Line<'a> {
    marks: &'a str,
    rest: &'a str,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Self {
        let bytes = line.as_bytes();
        let mut end = 0;
        while bytes.get(end) == Some(&b'>') {
            let spaced = bytes.get(end + 1) == Some(&b' ') && bytes.get(end + 2) == Some(&b'>');
            end += if spaced { 2 } else { 1 };
        }
        let (marks, rest) = line.split_at(end);
        Self { marks, rest }
    }

    /// What stands behind the marks, the stuffing undone (section 4.4).
    fn unstuffed(&self) -> &'a str {
        self.rest.strip_prefix(' ').unwrap_or(self.rest)
    }

    fn depth(&self) -> usize {
        self.marks.bytes().filter(|&b| b == b'>').count()
    }

    /// Whether the next line continues this one. A line of spaces does not flow, nor does what
    /// looks like code in a quotation.
    fn is_soft(&self, content: &str) -> bool {
        let quoted_code =
            !self.marks.is_empty() && (is_marked(content) || content.starts_with('\t'));
        content.ends_with(' ') && content != SIGNATURE && !content.trim().is_empty() && !quoted_code
    }
}

/// A hunk of a diff: how many lines of the old and the new file it still promises.
#[derive(Default)]
struct Hunk {
    old: u64,
    new: u64,
    /// Some mailers call a text flowed and put a patch into it as it is.
    as_it_is: bool,
}

impl Hunk {
    fn is_open(&self) -> bool {
        self.old > 0 || self.new > 0
    }

    fn content<'a>(&self, line: &Line<'a>) -> &'a str {
        let as_it_is = self.is_open() && self.as_it_is && line.marks.is_empty();
        if as_it_is { line.rest } else { line.unstuffed() }
    }

    /// Takes note of a line that begins a hunk or stands in one.
    fn read(&mut self, content: &str, line: &Line<'_>, behind: &str) {
        if !line.marks.is_empty() {
            return;
        }
        if let Some((old, new)) = crate::diff::counts(content) {
            *self = Self { old, new, as_it_is: is_as_it_is(behind, old.saturating_add(new)) };
            return;
        }
        let both = content.is_empty() || content.starts_with(' ');
        self.old = self.old.saturating_sub(u64::from(both || content.starts_with('-')));
        self.new = self.new.saturating_sub(u64::from(both || content.starts_with('+')));
    }
}

/// Whether a hunk has a context line with one space before its text, which stuffing makes two.
fn is_as_it_is(hunk: &str, most: u64) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let lines = hunk.lines().take(most).take_while(|line| !line.trim_start().starts_with("@@ -"));
    lines.into_iter().any(|line| matches!(line.as_bytes(), [b' ', second, ..] if *second != b' '))
}

fn is_marked(content: &str) -> bool {
    content.is_empty() || content.starts_with(['+', '-', ' ', '\\', '@'])
}

fn starts_diff(content: &str) -> bool {
    ["diff -", "--- ", "+++ ", "@@ -", "index "].iter().any(|start| content.starts_with(start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_stuffed_comes_back(text in "([a-z>+ -]{0,8}[a-z+-]?\n){0,12}") {
            let fixed: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
            let stuffed: String = fixed.lines().map(|line| format!(" {line}\n")).collect();
            prop_assert_eq!(super::undo(&stuffed, false), fixed);
        }

        #[test]
        fn flowing_words_come_back(words in prop::collection::vec("[a-z]{1,9}", 1..20)) {
            let line = format!("{}\n", words.join(" "));
            prop_assert_eq!(super::undo(&line.replace(' ', " \n"), false), line.clone());
            prop_assert_eq!(super::undo(&line.replace(' ', "  \n"), true), line);
        }
    }
}
