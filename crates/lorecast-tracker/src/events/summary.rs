//! Lists of patches and their commits, as b4 and Patchwork write them.

use lorecast_mail::subject_tags;
use lorecast_model::What;

use super::prose;
use super::statement::{Item, Statement, Target};

/// How many entries are read, and over how many lines the title of one may go.
const MOST: usize = 2000;
const TITLE_LINES: usize = 4;

/// The shortest abbreviation of a commit that is believed, in hex digits.
const SHORTEST: usize = 7;

/// An entry: a title and what became of it.
pub(super) struct Entry {
    pub(super) number: Option<u32>,
    pub(super) title: String,
    pub(super) commit: Option<String>,
}

impl Entry {
    pub(super) fn item(&self) -> Item {
        Item { number: self.number, title: self.title.clone(), ..Item::default() }
    }
}

/// What a maintainer's thanks say, each patch with its commit:
///
/// ```text
/// Applied to some-tree, thanks!
///
/// [1/2] mm: fold the batch
///       commit: 861c121c931d33dae4fbeeab3eac86544d856d9a
/// ```
///
/// The author counts too: maintainers take their own patches, and a list of commits is no boast.
pub(super) fn notices(own: &str) -> Vec<Statement> {
    if !own.contains("commit") && !own.contains("://") {
        return Vec::new();
    }
    let entries = entries(own);
    if entries.is_empty() {
        return Vec::new();
    }
    let Some(claim) = prose::claim(own) else { return Vec::new() };
    let noted = |entry: Entry| {
        let what = What::Applied { tree: claim.tree.clone(), commit: entry.commit.clone() };
        Statement::new(what, Target::Item(entry.item()))
    };
    entries.into_iter().map(noted).collect()
}

/// Reads the entries of a text: a title behind `[n/m]` or `- `, then a line with its commit, or one
/// that says that the commit is not known. What Patchwork could not match (`(no matching commit)`)
/// was not taken and is left out.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare == "(no matching commit)" {
            open.clear();
        } else if let Some(commit) = commit_line(bare).filter(|_| !open.is_empty()) {
            found.extend(entry(&open, commit));
            open.clear();
            if found.len() >= MOST {
                break;
            }
        } else if starts_entry(bare) {
            open.clear();
            open.push(bare);
        } else if !open.is_empty() && open.len() < TITLE_LINES {
            open.push(bare);
        } else {
            open.clear();
        }
    }
    found
}

fn starts_entry(line: &str) -> bool {
    line.starts_with("- ")
        || line.starts_with('[') && line.find(']').is_some_and(|at| line[..at].contains('/'))
}

fn entry(lines: &[&str], commit: Option<String>) -> Option<Entry> {
    let joined = lines.join(" ");
    let bare = joined.strip_prefix("- ").unwrap_or(&joined).trim();
    let tags = subject_tags(bare);
    (!tags.title.is_empty()).then_some(Entry { number: tags.number, title: tags.title, commit })
}

/// A line about the commit of an entry; the inner `None` when it says that there is none to name.
fn commit_line(line: &str) -> Option<Option<String>> {
    if line == "(no commit info)" {
        return Some(None);
    }
    if let Some(rest) = line.strip_prefix("commit:").or_else(|| line.strip_prefix("Commit:")) {
        return Some(Some(hex(rest.trim())?));
    }
    if line.starts_with("http") {
        return Some(Some(commit_in_url(line.split_whitespace().next()?)?));
    }
    None
}

/// The commit in `…/c/<hex>`, `…/commit/<hex>`, `…?id=<hex>`.
pub(super) fn commit_in_url(url: &str) -> Option<String> {
    let marks = ["/c/", "/commit/", "id=", "h="];
    marks.iter().find_map(|mark| url.rfind(mark).and_then(|at| hex(&url[at + mark.len()..])))
}

/// The hex digits at the start of a text, enough of them to name a commit.
pub(super) fn hex(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len());
    let closed = !text[end..].starts_with(|c: char| c.is_alphanumeric());
    (closed && (SHORTEST..=64).contains(&end)).then(|| text[..end].to_ascii_lowercase())
}
