//! Paragraphs and sentences of a mail's own prose.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::constant;

/// A paragraph, its line wrapping undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub text: String,
    /// An entry of a list.
    pub item: bool,
    /// It stands below a heading such as "Changes since v1".
    pub log: bool,
}

/// Where the prose of a cover letter or patch ends: the change log's rule, the list of patches, the
/// sums of a diffstat, the commit it is based on.
static END: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:---+\s*$|-- ?$|.{2,60} \(\d+\):\s*$|\s*\d+ files? changed|base-commit:|prerequisite-|diff --git |The following changes since commit|Shortlog|Diffstat)",
    )
});
static TRAILER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:[A-Z][A-Za-z]+(?:-[A-Za-z]+)*-by|Cc|CC|To|Fixes|Link|Closes|Bug|Message-I[Dd]|References|Depends-on|Change-Id|Git-repo|URL|Subject|From|Date): ",
    )
});
static LOG: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\W*(?:changes? (?:since|from|in|log|v\d)|change ?-?log|changelog|revision history|version history|history:|(?:rfc )?(?:patch )?v(?:er(?:sion)?)? ?\d+(?:\.\d+)?(?:\s*(?:->|=>|:|-|\(|to\b)|\W*$)|since v\d|from v\d)",
    )
});
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^\s{0,6}(?:[-*+o•]|\(?\d{1,2}[.)]|\[\d{1,2}\]) +\S"));
/// A heading in brackets: `[BUG]`, `[ROOT CAUSE]`.
static HEADING: LazyLock<Regex> = LazyLock::new(|| constant(r"^\s*\[[A-Z][A-Z ]{1,30}\]\s*$"));
static TABLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\S {3,}\S|^\s*[|+#$%]|\||={3,}|-{4,}|~{3,}|_{4,}|\t\S+\t|^\s*(?:[A-Za-z_]+\(|\w+;$)|^\[ *\d+\.\d+\]",
    )
});

/// The paragraphs of what a mail's author wrote, up to the end of its prose. `own` is free of
/// quoted lines already.
pub(crate) fn paragraphs(own: &str) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut log = false;
    for line in own.lines().take_while(|line| !END.is_match(line)) {
        if line.trim().is_empty() || ITEM.is_match(line) || HEADING.is_match(line) {
            close(&mut block, log, &mut found);
        }
        if HEADING.is_match(line) {
            continue;
        }
        if !line.trim().is_empty() {
            log = LOG.is_match(line) || log && (!block.is_empty() || ITEM.is_match(line));
            block.push(line);
        }
    }
    close(&mut block, log, &mut found);
    found
}

fn close(block: &mut Vec<&str>, log: bool, found: &mut Vec<Paragraph>) {
    let lines = std::mem::take(block);
    let Some(first) = lines.first() else { return };
    let item = ITEM.is_match(first);
    let odd = |line: &&str| TABLE.is_match(line) || TRAILER.is_match(line);
    let indented =
        lines.iter().filter(|line| line.starts_with("    ") || line.starts_with('\t')).count();
    let code = !item && indented * 2 > lines.len();
    if code || lines.iter().filter(|line| odd(line)).count() > 0 {
        return;
    }
    if !item && is_bare_list(&lines) {
        let entries =
            lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        found.extend(entries.map(|text| Paragraph { text, item: true, log }));
        return;
    }
    if let Some(at) = heading_ends(&lines) {
        let (mut head, mut rest) = (lines[..at].to_vec(), lines[at..].to_vec());
        close(&mut head, log, found);
        let before = found.len();
        close(&mut rest, log, found);
        // What stands below the heading of an entry belongs to the entry.
        found[before..].iter_mut().for_each(|paragraph| paragraph.item |= item);
        return;
    }
    let joined =
        lines.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ");
    let text =
        if item { joined.split_once(' ').map_or("", |(_, rest)| rest).to_owned() } else { joined };
    if !text.is_empty() {
        found.push(Paragraph { text, item, log });
    }
}

/// The line behind a heading that stands right above its text: it has no stop, the next line begins
/// with a capital, and its first word had had room on the heading's.
fn heading_ends(lines: &[&str]) -> Option<usize> {
    let width = lines.iter().map(|line| line.trim_end().chars().count()).max()?.max(NARROWEST);
    let length = |line: &str| line.trim_end().chars().count();
    (1..lines.len()).find(|at| {
        let (above, below) = (lines[at - 1].trim_end(), lines[*at].trim_start());
        let word = below.split(' ').next().unwrap_or_default();
        let capital = word.starts_with(|c: char| c.is_uppercase());
        let plain = word.chars().skip(1).all(|c| c.is_lowercase() || c == '\'');
        let room = length(above) + 1 + word.chars().count() + SLACK <= width;
        let stops = above.ends_with(['.', ',', ';', ':', '?', '!', ')', '"', '-', '(', '/']);
        capital && plain && room && !stops && above.contains(' ')
    })
}

/// Running text is no narrower, in characters.
const NARROWEST: usize = 60;
/// Lines are wrapped by hand as well: so many characters early is no break yet.
const SLACK: usize = 4;

/// Whether lines are entries of a list that nobody marked: several, none as long as running text is
/// wrapped, none with a stop at its end.
fn is_bare_list(lines: &[&str]) -> bool {
    const FEWEST: usize = 3;
    const LONGEST: usize = 58;
    let entry = |line: &&str| {
        let line = line.trim();
        line.chars().count() <= LONGEST && !line.ends_with(['.', ',', ';', ':', '?', '!', '-', ')'])
    };
    lines.len() >= FEWEST && lines.iter().all(entry)
}

static BREAK: LazyLock<Regex> = LazyLock::new(|| constant(r#"[.?!]["')\]’”]* +"#));
/// What a full stop after it does not end.
static ABBREVIATED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|dr|mr|mrs|ms|aka|approx|resp|fig|no|sec|incl|esp|ie|eg|\p{L})\.$",
    )
});

/// A paragraph's sentences, as parts of it.
pub(crate) fn sentences(paragraph: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for stop in BREAK.find_iter(paragraph) {
        let ended = &paragraph[start..stop.start() + 1];
        let next = paragraph[stop.end()..].chars().next();
        let opens = next.is_some_and(|c| !c.is_lowercase());
        if opens && !ABBREVIATED.is_match(ended) {
            found.push(paragraph[start..stop.end()].trim());
            start = stop.end();
        }
    }
    found.push(paragraph[start..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(own: &str) -> String {
        let all = paragraphs(own);
        let lines = all.iter().flat_map(|p| sentences(&p.text)).collect::<Vec<_>>();
        lines.join("\n")
    }

    #[test]
    fn prose_is_told_from_tables_code_and_trailers() {
        insta::assert_snapshot!(check("Hi all,\n\nThis series adds e.g. a widget. It is\nfast (cf. v1).\n\n  test    before  after\n  a       1       2\n\n    code();\n    more();\n\nSigned-off-by: A <a@b.example>\n---\nv2: changed\n"), @"
        Hi all,
        This series adds e.g. a widget.
        It is fast (cf. v1).
        ");
    }

    #[test]
    fn a_heading_is_no_part_of_the_sentence_below_it() {
        insta::assert_snapshot!(check("- Drop the old pump\n  After a year of talk nobody in the house minds that\n  the old pump goes.\n\nIt was full even though water was\nnot let in Looking further into it, the\nvalve of Ann and\nPia leaks.\n"), @r"
        Drop the old pump
        After a year of talk nobody in the house minds that the old pump goes.
        It was full even though water was
        not let in Looking further into it, the
        valve of Ann and
        Pia leaks.
        ");
    }

    #[test]
    fn list_entries_lose_their_mark() {
        insta::assert_snapshot!(check("Changes:\n - first thing,\n   wrapped\n 2) second thing\n"), @"
        Changes:
        first thing, wrapped
        second thing
        ");
    }

    proptest::proptest! {
        #[test]
        fn sentences_are_parts_of_their_paragraph(text in "\\PC{0,200}") {
            for sentence in sentences(&text) {
                proptest::prop_assert!(text.contains(sentence));
            }
        }
    }
}
