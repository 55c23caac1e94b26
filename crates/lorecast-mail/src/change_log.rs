//! What authors say has changed from version to version.

use lorecast_model::Version;

use crate::lines::lines;
use crate::trailer::trailers;
use crate::versions::heading;

/// How many entries are read from one mail.
const MOST: usize = 200;

/// One entry of a change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The version that has the changes: 3 for "Changes in v3", "v2 -> v3", "Changes since v2".
    /// `None` when the log does not say.
    pub version: Option<Version>,
    /// The text, its own indentation kept and the common one removed.
    pub text: String,
}

/// Extracts the change log of a cover letter or patch, in the order in which it stands there.
///
/// An entry begins with a head (`Changes in v3:`, `v2 -> v3`, `V2:`, `Changelog:`, `(v2: …)`) and
/// ends with the next one, with trailers, a rule (`---`), a diffstat or shortlog, or where running
/// text goes on behind an empty line. Links to earlier revisions are no changes
/// ([`named_revisions`](crate::named_revisions) reads them).
pub fn change_log(text: &str) -> Vec<Change> {
    let mut log = Log::default();
    for line in lines(text) {
        let line = line.trim_end();
        if line == "-- " || line == "--" {
            break;
        }
        log.line(line);
        if log.found.len() >= MOST {
            break;
        }
    }
    log.close();
    log.found
}

/// A log in the making.
#[derive(Default)]
struct Log {
    found: Vec<Change>,
    open: Option<Open>,
}

struct Open {
    version: Option<Version>,
    lines: Vec<String>,
    /// The line before was empty.
    gap: bool,
    /// Began with `(`: ends with `)`.
    parenthesis: bool,
}

impl Log {
    fn line(&mut self, line: &str) {
        if line.starts_with('>') {
            return self.close();
        }
        if let Some(head) = heading(line)
            && !self.continues_item(line)
        {
            self.close();
            let parenthesis = line.trim_start().starts_with(['(', '[']) && !head.inline.is_empty();
            let mut open = Open { version: head.version, lines: vec![], gap: false, parenthesis };
            if !head.inline.is_empty() && !is_link(head.inline) {
                let text = if parenthesis {
                    head.inline.trim_end_matches([')', ']'])
                } else {
                    head.inline
                };
                open.lines.push(text.to_owned());
            }
            let ends = parenthesis && line.ends_with([')', ']']);
            self.open = Some(open);
            if ends {
                self.close();
            }
            return;
        }
        let Some(open) = &mut self.open else { return };
        if line.is_empty() {
            open.gap = true;
        } else if ends_log(line) || open.gap && !open.lines.is_empty() && is_running_text(line) {
            self.close();
        } else if !is_link(line) {
            if open.gap && !open.lines.is_empty() {
                open.lines.push(String::new());
            }
            open.gap = false;
            let ends = open.parenthesis && line.ends_with([')', ']']);
            open.lines.push(if ends { line.trim_end_matches([')', ']']) } else { line }.to_owned());
            if ends {
                self.close();
            }
        }
    }

    /// An item deep in a list whose first word looks like a head: `    - v2: …` below `Changes:`
    /// is one, but `  - from v2: …` below `Changes in v3:` is not.
    fn continues_item(&self, line: &str) -> bool {
        let Some(open) = &self.open else { return false };
        let starts = |line: &str| line.trim_start_matches([' ', '\t', '-', '*']).to_lowercase();
        open.version.is_some()
            && (starts(line).starts_with("from ") || starts(line).starts_with("in "))
            && line.starts_with([' ', '\t', '-', '*'])
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let text = dedented(&open.lines);
        if !text.is_empty() {
            self.found.push(Change { version: open.version, text });
        }
    }
}

fn is_item(line: &str) -> bool {
    let text = line.trim_start();
    let marked = text.strip_prefix(['-', '*', '+', 'o', '#', '•', '·', '–']);
    marked.is_some_and(|rest| rest.starts_with([' ', '\t', '\u{a0}']))
        || text.starts_with(|c: char| c.is_ascii_digit() || c == '(' || c == '[')
}

/// Text that is neither indented nor an item of a list.
fn is_running_text(line: &str) -> bool {
    !line.starts_with([' ', '\t']) && !is_item(line) && !line.ends_with(':')
}

fn ends_log(line: &str) -> bool {
    let bare = line.trim();
    let rule = bare.len() >= 3 && bare.bytes().all(|b| b == b'-' || b == b'=' || b == b'_');
    let shortlog = bare.strip_suffix("):").and_then(|rest| rest.rsplit_once(" ("));
    let counted =
        shortlog.is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let starts = |word: &str| line.starts_with(word);
    rule || counted
        || starts("base-commit:")
        || starts("change-id:")
        || starts("prerequisite-")
        || starts("diff --git ")
        || starts("Index: ")
        || is_diffstat(line)
        || !line.starts_with([' ', '\t']) && !trailers(line).is_empty()
}

/// ` path | 12 +++--`
fn is_diffstat(line: &str) -> bool {
    if !line.starts_with(' ') {
        return false;
    }
    let Some((path, count)) = line.rsplit_once('|') else { return line.contains(" changed, ") };
    let mut words = count.split_whitespace();
    let number = words.next().is_some_and(|w| w == "Bin" || w.bytes().all(|b| b.is_ascii_digit()));
    number && !path.trim().contains(' ')
}

/// `- Link to v2: https://…`, or nothing but an address.
fn is_link(line: &str) -> bool {
    let bare = line.trim().trim_start_matches(['-', '*', ' ', '[', '<']);
    let footnote =
        bare.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches([']', ':', ' ']);
    footnote.starts_with("http") && footnote.contains("://")
        || bare.starts_with("Link to ") && bare.contains("://")
}

/// The lines without the white space that all but the first begin with, and empty lines at the ends.
fn dedented(lines: &[String]) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let least =
        lines.iter().filter(|line| !line.is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let cut: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect();
    cut.join("\n").trim_end().to_owned()
}
