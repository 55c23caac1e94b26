//! The lines of a diff by kind, for an index that searches paths, functions and code apart.

use crate::lines::end_of_line;

/// One line of a unified diff (GNU diffutils manual, "Detailed Description of Unified Format",
/// and git-diff(1), "Generating patch text with -p"), without its marker and its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffLine<'a> {
    /// A file's old or new name, as written: `a/` and `b/` are left out, quotes and a date too.
    /// Told once when both are the same. `/dev/null` is none.
    Path(&'a str),
    /// What stands behind the second `@@`: mostly the head of a function; may be empty.
    Hunk(&'a str),
    /// A line that the change removes.
    Removed(&'a str),
    /// A line that the change adds.
    Added(&'a str),
    /// A line around the change.
    Context(&'a str),
    /// The (shortened) names of a file's blobs before and after, from `index abc..def`.
    Blobs {
        /// The blob that the diff applies to; all zeroes for a new file.
        pre: &'a str,
        /// The blob that comes out; all zeroes for a removed file.
        post: &'a str,
    },
    /// Any other line: modes, similarity, `\ No newline at end of file`, what a mailer broke.
    Other(&'a str),
}

/// Goes through a diff line by line. The data of binary patches yields nothing.
///
/// ```
/// use lorecast_mail::DiffLine::{Added, Hunk, Path, Removed};
/// let diff = "--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@ int main(void)\n-one\n+two\n";
/// let lines: Vec<_> = lorecast_mail::diff_lines(diff).collect();
/// assert_eq!(lines, [Path("f.c"), Hunk("int main(void)"), Removed("one"), Added("two")]);
/// ```
pub fn diff_lines(diff: &str) -> impl Iterator<Item = DiffLine<'_>> {
    Lines { rest: diff, place: Place::Header, path: "" }
}

/// Goes through a diff line by line, each as it stands with its line end. Nothing is said of the data of
/// binary patches.
pub(crate) fn whole_lines(diff: &str) -> impl Iterator<Item = (&str, Option<DiffLine<'_>>)> {
    let mut lines = Lines { rest: diff, place: Place::Header, path: "" };
    std::iter::from_fn(move || lines.whole())
}

#[derive(Clone, Copy)]
enum Place {
    /// Outside of hunks.
    Header,
    /// In a hunk: how many lines of the old and the new file it still promises.
    Hunk(u64, u64),
    /// In the data of a binary patch.
    Binary,
}

struct Lines<'a> {
    rest: &'a str,
    place: Place,
    /// The last path that was told.
    path: &'a str,
}

impl<'a> Iterator for Lines<'a> {
    type Item = DiffLine<'a>;

    fn next(&mut self) -> Option<DiffLine<'a>> {
        while let Some((_, found)) = self.whole() {
            match found {
                Some(DiffLine::Path(path)) if path == self.path => {}
                Some(DiffLine::Path(path)) => {
                    self.path = path;
                    return found;
                }
                Some(_) => return found,
                None => {}
            }
        }
        None
    }
}

impl<'a> Lines<'a> {
    fn whole(&mut self) -> Option<(&'a str, Option<DiffLine<'a>>)> {
        if self.rest.is_empty() {
            return None;
        }
        let (whole, behind) = self.rest.split_at(end_of_line(self.rest));
        let line = whole.strip_suffix('\n').unwrap_or(whole).trim_end_matches('\r');
        let found = self.read(line, behind);
        self.rest = behind;
        Some((whole, found))
    }

    fn read(&mut self, line: &'a str, behind: &str) -> Option<DiffLine<'a>> {
        if let Some(hunk) = line.strip_prefix("@@ -") {
            return Some(self.hunk(line, hunk));
        }
        if line.starts_with("GIT binary patch") {
            self.place = Place::Binary;
            return None;
        }
        if line.starts_with("diff --git ") || line.starts_with("--- ") && is_file(behind) {
            self.place = Place::Header;
        }
        match self.place {
            Place::Header => Some(header(line)),
            Place::Hunk(old, new) => Some(self.code(line, old, new)),
            Place::Binary => None,
        }
    }

    fn hunk(&mut self, line: &'a str, ranges: &'a str) -> DiffLine<'a> {
        let Some((ranges, function)) = ranges.split_once(" @@") else {
            return DiffLine::Other(line);
        };
        let (old, new) = ranges.split_once(" +").unwrap_or((ranges, "0,0"));
        self.place = Place::Hunk(count(old), count(new));
        DiffLine::Hunk(function.trim())
    }

    /// Hands that edit a hunk do not count: changed lines behind its end still belong to it.
    fn code(&mut self, line: &'a str, old: u64, new: u64) -> DiffLine<'a> {
        let less = |count: u64, by: bool| count.saturating_sub(u64::from(by));
        let over = old == 0 && new == 0;
        let (kind, of_old, of_new): (fn(&'a str) -> DiffLine<'a>, _, _) = match line.as_bytes() {
            [b'+', ..] => (DiffLine::Added, false, true),
            [b'-', ..] if !(over && line.trim_end() == "--") => (DiffLine::Removed, true, false),
            [b' ' | b'\t', ..] | [] if !over => (DiffLine::Context, true, true),
            _ => return DiffLine::Other(line),
        };
        self.place = Place::Hunk(less(old, of_old), less(new, of_new));
        let marked = !line.is_empty() && !line.starts_with('\t');
        kind(if marked { &line[1..] } else { line })
    }
}

/// Whether what stands behind a `--- ` line makes it the name of a file.
fn is_file(behind: &str) -> bool {
    let second = behind.starts_with("+++ ");
    second && behind.split_once('\n').is_none_or(|(_, third)| third.starts_with("@@ -"))
}

fn header(line: &str) -> DiffLine<'_> {
    const NAMES: [&str; 6] =
        ["--- ", "+++ ", "rename from ", "rename to ", "copy from ", "copy to "];
    if let Some(name) = line.strip_prefix("diff --git ").and_then(one_name) {
        return DiffLine::Path(name);
    }
    if let Some(names) = NAMES.iter().find_map(|start| line.strip_prefix(start)) {
        return path(names).map_or(DiffLine::Other(line), DiffLine::Path);
    }
    blobs(line).unwrap_or(DiffLine::Other(line))
}

/// The name in `a/name b/name`, when both are the same; renames have lines of their own.
fn one_name(names: &str) -> Option<&str> {
    let (old, new) = (names.get(..names.len() / 2)?, names.get(names.len() / 2 + 1..)?);
    if path(old) == path(new) { path(new) } else { None }
}

/// The name in `a/name<TAB>date`.
fn path(field: &str) -> Option<&str> {
    let name = field.split('\t').next().unwrap_or(field).trim_end().trim_matches('"');
    let name = name.strip_prefix("a/").or_else(|| name.strip_prefix("b/")).unwrap_or(name);
    (!name.is_empty() && name != "/dev/null").then_some(name)
}

/// `index abc..def 100644`.
fn blobs(line: &str) -> Option<DiffLine<'_>> {
    let range = line.strip_prefix("index ")?.split(' ').next()?;
    let (pre, post) = range.split_once("..")?;
    let name =
        |text: &str| (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    (name(pre) && name(post)).then_some(DiffLine::Blobs { pre, post })
}

/// The second number of `start,count`; one when not given.
fn count(range: &str) -> u64 {
    range.split_once(',').map_or(Some(1), |(_, count)| count.trim().parse().ok()).unwrap_or(0)
}
