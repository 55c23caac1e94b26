//! Pull requests (git-request-pull(1)).

use lorecast_model::{CommitId, PullRequest};

use crate::lines::lines;

/// How many lines may lie between the words and the address that they announce.
const REACH: usize = 8;

/// The longest address, in bytes.
const LONGEST: usize = 500;

/// Reads what git-request-pull(1) wrote, wrapped or with spaces at the ends of lines, and the older
/// form "please pull from" with an address in the next paragraph. Quoted requests do not count.
pub fn pull_request(text: &str) -> Option<PullRequest> {
    let all: Vec<&str> = lines(text).map(str::trim_end).collect();
    let mut found = PullRequest::default();
    let mut asked = false;
    for (at, line) in all.iter().enumerate() {
        if line.starts_with("The following changes since commit") {
            found = PullRequest { base: commit_in(&all, at), ..PullRequest::default() };
        } else if announces(line, all.get(at + 1)) && found.url.is_empty() {
            asked = true;
            if let Some((url, reference)) = location(&all, at) {
                (found.url, found.reference) = (url, reference);
            }
        } else if line.contains("fetch changes up to") {
            found.tip = found.tip.or_else(|| commit_in(&all, at));
            if !found.url.is_empty() {
                break;
            }
        }
    }
    (asked && !found.url.is_empty()).then_some(found)
}

/// "are available in the git repository at:", or that somebody should please pull.
fn announces(line: &str, next: Option<&&str>) -> bool {
    if line.starts_with('>') || line.is_empty() {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    let next = next.map(|next| next.to_ascii_lowercase()).unwrap_or_default();
    let wrapped = lower.ends_with("in the git") && next.trim_start().starts_with("repository at");
    lower.contains("available in the git repository at")
        || wrapped
        || (lower.contains("please pull") || lower.contains("please, pull"))
            && (lower.ends_with(':')
                || lower.contains(" from")
                || lower.contains("://")
                || next.is_empty()
                || next.ends_with(" from")
                || next.ends_with("from:"))
}

/// The address behind the announcement, and what to pull from there.
fn location(all: &[&str], at: usize) -> Option<(String, Option<String>)> {
    let end = all.len().min(at + REACH);
    (at..end).find_map(|number| {
        let line = all[number].trim();
        if line.starts_with('>') {
            return None;
        }
        let mut words = line.split_whitespace().skip_while(|word| !is_repository(word));
        let url = words.next()?.trim_end_matches([',', ';']);
        let next = all.get(number + 1).map(|line| line.trim()).unwrap_or_default();
        // Wrapped, with or without a backslash.
        let reference = words.next().filter(|word| *word != "\\").or_else(|| {
            let alone =
                !next.is_empty() && !next.contains(' ') && !next.starts_with(['-', '=', '#']);
            alone.then_some(next)
        });
        let reference = reference.map(|name| name.trim_end_matches(['.', ',', ';']));
        let named = reference.filter(|name| is_reference(name)).map(str::to_owned);
        Some((url.to_owned(), named))
    })
}

/// `git://host/path`, `ssh://…`, `git@host:path`, or the path of a repository.
fn is_repository(word: &str) -> bool {
    if word.len() > LONGEST {
        return false;
    }
    let scheme = word.split_once("://").map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) => {
            matches!(scheme, "git" | "https" | "http" | "ssh" | "git+ssh" | "ftp" | "file")
                && !word.contains("lore.kernel.org")
                && !word.contains("/message/")
        }
        None => {
            let (user, rest) = word.split_once('@').unwrap_or_default();
            let (host, path) = rest.split_once(':').unwrap_or_default();
            !user.is_empty() && host.contains('.') && path.contains('/') && !host.contains('/')
        }
    }
}

/// git-check-ref-format(1), as far as it keeps prose out.
fn is_reference(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./+@".contains(&b))
        && !name.contains("..")
        && !name.starts_with('-')
}

/// The commit in a line or the one behind it.
fn commit_in(all: &[&str], at: usize) -> Option<CommitId> {
    all[at..].iter().take(2).find_map(|line| {
        line.split_whitespace()
            .find_map(|word| CommitId::new(word.trim_end_matches([':', '.', ','])).ok())
    })
}
