//! Notices of queues that take patches by their titles: -mm, the stable trees, maintainers who use
//! the same scripts. They answer no posting, or only the one they were made from.

use std::sync::LazyLock;

use lorecast_mail::{linked_message, subject_tags};
use lorecast_model::{Message, MessageId, What};
use regex::Regex;

use super::bots::links;
use super::pattern;
use super::statement::{Item, Statement, Target};
use super::summary::hex;

/// What stands above the title; looked for in every mail, so by the fastest search there is.
static TITLED: LazyLock<Regex> = LazyLock::new(|| pattern(r"patch titled\n"));

/// What a queue says in this mail.
pub(super) fn notices(message: &Message) -> Vec<Statement> {
    let subject = message.header.subject.as_str();
    let text = message.text.as_str();
    // Nearly every mail ends here.
    let found = if let Some(release) = backport(message) {
        let title = subject_tags(subject).title;
        Some((What::Stable { release }, title))
    } else if let Some(mark) = TITLED.find(text) {
        titled(&text[mark.end()..])
    } else {
        None
    };
    let Some((what, title)) = found else { return Vec::new() };
    let item = Item { title, ids: postings(message), elsewhere: true, number: None };
    vec![Statement::new(what, Target::Item(item))]
}

/// The postings that a notice carries links to: trailers of the patch in it.
fn postings(message: &Message) -> Vec<MessageId> {
    let mut ids = links(&message.text);
    if ids.is_empty() {
        // The notice may end in a rule with the commit message behind it.
        let link = |line: &str| linked_message(line.trim().strip_prefix("Link:")?.trim());
        ids = message.text.lines().filter_map(link).collect();
    }
    ids.dedup();
    ids
}

/// The release of `[PATCH AUTOSEL 6.1 n/m]` and `[PATCH 6.1 n/m]` with "commit … upstream".
fn backport(message: &Message) -> Option<String> {
    let subject = message.header.subject.as_str();
    if !subject.starts_with('[') {
        return None;
    }
    let autosel = subject.contains("AUTOSEL");
    let tags = subject[1..].split(']').next()?;
    let release = tags.split([' ', ',']).find_map(|word| {
        let word = word
            .strip_prefix("for-")
            .unwrap_or(word)
            .trim_end_matches("-stable")
            .trim_end_matches(".y");
        let (major, minor) = word.split_once('.')?;
        let digits = |text: &str| {
            !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
        };
        (digits(major) && minor.split('.').all(digits))
            .then(|| word.trim_start_matches('v').to_owned())
    })?;
    let upstream = || message.text.lines().take(12).any(names_upstream);
    (tags.contains("PATCH") && (autosel || upstream())).then_some(release)
}

/// `commit <hex> upstream.`, `[ Upstream commit <hex> ]`.
fn names_upstream(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['[', ' ']);
    let commit = |rest: &str| hex(rest).is_some_and(|hex| hex.len() >= 12);
    line.strip_prefix("Upstream commit ").is_some_and(commit)
        || line
            .strip_prefix("commit ")
            .is_some_and(|rest| commit(rest) && rest.contains("upstream"))
}

/// How far behind its beginning a notice is read, in bytes.
const REACH: usize = 4000;

/// What stands behind "the patch titled": its title, and what became of it.
fn titled(rest: &str) -> Option<(What, String)> {
    let end = rest.char_indices().nth(REACH).map_or(rest.len(), |(at, _)| at);
    let rest = &rest[..end];
    let (mut title, mut verdict) = (String::new(), "");
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let bare = line.trim();
        if bare.starts_with("has been ")
            || bare.starts_with("to my ")
            || bare.starts_with("to the ")
        {
            verdict = &rest[at..];
            break;
        }
        if !bare.is_empty() {
            title.push_str(if title.is_empty() { "" } else { " " });
            title.push_str(bare);
        }
        if title.len() > 400 {
            return None;
        }
        at += line.len();
    }
    let title = title.strip_prefix("Subject: ").unwrap_or(&title);
    let title = subject_tags(title).title;
    let words = verdict.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((became(&words)?, title)).filter(|(_, title)| !title.is_empty())
}

/// Reads the words behind a title, white space folded.
fn became(words: &str) -> Option<What> {
    let applied = |tree: &str| What::Applied { tree: tree.to_owned(), commit: None };
    if let Some(rest) =
        words.strip_prefix("has been added to the ").or_else(|| words.strip_prefix("to the "))
    {
        let name = rest.split([' ', '.']).next().unwrap_or_default();
        if let Some(release) = stable_release(rest) {
            return Some(What::Stable { release });
        }
        if name == "-mm" {
            let branch = rest.split_whitespace().nth(1).filter(|word| word.starts_with("mm-"));
            return Some(applied(&branch.map_or("mm".to_owned(), |branch| format!("mm/{branch}"))));
        }
        return words.starts_with("has been added").then(|| applied(name));
    }
    if let Some(rest) = words.strip_prefix("to my ") {
        return Some(applied(rest.split(" tree").next().filter(|tree| tree.len() < 80)?));
    }
    if words.starts_with("has been removed from the ") {
        return removed(words);
    }
    None
}

/// "6.1-stable tree": its release.
fn stable_release(words: &str) -> Option<String> {
    let release = words.split_whitespace().next()?.strip_suffix("-stable")?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    release.split('.').all(digits).then(|| release.to_owned())
}

/// "has been removed from the -mm tree … This patch was dropped because …".
fn removed(words: &str) -> Option<What> {
    let tree = if words.contains("from the -mm") { "mm" } else { words.split(' ').nth(5)? };
    let because = words.split_once("dropped because ").map_or("", |(_, rest)| rest);
    let because = &because[..because.char_indices().nth(200).map_or(because.len(), |(at, _)| at)];
    if let Some((_, branch)) = because.split_once("merged into the ") {
        let branch = branch.split_whitespace().next().unwrap_or_default();
        if branch.starts_with("mm-") {
            return Some(What::Applied { tree: format!("mm/{branch}"), commit: None });
        }
    }
    if because.contains("merged into mainline or a subsystem tree") {
        // One of the two; the tree itself will tell.
        return Some(What::Applied { tree: String::new(), commit: None });
    }
    if because.contains("merged into mainline") || because.contains("merged into linus") {
        return Some(What::Landed { tag: None, release: None, commit: None });
    }
    let folded = because.contains("folded into");
    if folded {
        return None; // it lives on in the patch that it repaired
    }
    Some(What::Dropped { tree: tree.to_owned() })
}
