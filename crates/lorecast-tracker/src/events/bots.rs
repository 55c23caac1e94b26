//! Notices that the bots of trees send in answer to a posting.

use std::sync::LazyLock;

use lorecast_mail::{linked_message, subject_tags, trailers};
use lorecast_model::{Header, Message, MessageId, What};
use regex::Regex;

use super::statement::{Item, Statement, Target};
use super::summary::{self, commit_in_url, hex};
use super::{pattern, refusals};

/// Looked for in every mail, so by the fastest search there is.
static APPLIED: LazyLock<Regex> = LazyLock::new(|| pattern("has been applied to the "));

/// What bots say: tip-bot2, patchwork-bot, and the commit notices of media and of trees that use
/// the same words.
pub(super) fn notices(message: &Message) -> Vec<Statement> {
    let header = &message.header;
    if is_commit_notice(header) {
        return tip(message).into_iter().collect();
    }
    if header.from.email.starts_with("patchwork-bot") {
        return patchwork(message);
    }
    if APPLIED.is_match(&message.text) {
        return applied_notice(message).into_iter().collect();
    }
    if header.subject.starts_with("[git:") {
        return branch_notice(message).into_iter().collect();
    }
    Vec::new()
}

/// The mail that a bot sends when a commit enters a tree: `[tip: sched/core] sched: …`.
pub fn is_commit_notice(header: &Header) -> bool {
    let email = header.from.email.to_ascii_lowercase();
    (email.starts_with("tip-bot") || email.starts_with("tipbot"))
        && header.subject.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("[tip"))
}

/// `[tip: x86/core] title`, `Commit-ID:`, `Committer:`; the posting is answered, or linked to.
fn tip(message: &Message) -> Option<Statement> {
    let subject = message.header.subject.strip_prefix('[')?;
    let (group, title) = subject.split_once(']')?;
    let branch = group.split_once(':').map_or("", |(_, branch)| branch.trim());
    let field = |key: &str| {
        message.text.lines().take(40).find_map(|line| line.strip_prefix(key)).map(str::trim)
    };
    let commit = field("Commit-ID:").and_then(hex);
    let committer =
        field("Committer:").map(|who| who.split('<').next().unwrap_or(who).trim().to_owned());
    let mut ids: Vec<MessageId> = message.header.references.iter().rev().cloned().collect();
    ids.extend(links(&message.text));
    let item = Item { title: title.trim().to_owned(), ids, elsewhere: true, number: None };
    let tree = format!("tip/{branch}").trim_end_matches('/').to_owned();
    let what = What::Applied { tree, commit };
    Some(Statement { what, who: committer.filter(|who| !who.is_empty()), to: Target::Item(item) })
}

/// The mails that the `Link:` and `Message-ID:` trailers of a commit message name.
pub(super) fn links(text: &str) -> Vec<MessageId> {
    if !text.contains("Link:") && !text.contains("Message-I") {
        return Vec::new();
    }
    let read = |trailer: lorecast_model::Trailer| match trailer.key.as_str() {
        "link" => linked_message(trailer.value.split_whitespace().next()?),
        "message-id" => MessageId::new(&trailer.value).ok(),
        _ => None,
    };
    trailers(text).into_iter().filter_map(read).collect()
}

/// "This series was applied to netdev/net.git (main) by …", and the summaries of many patches.
fn patchwork(message: &Message) -> Vec<Statement> {
    let text = &message.text;
    let joined =
        |from: usize| text[from..].split("\n\n").next().unwrap_or_default().replace('\n', " ");
    if let Some(at) = text.find("The following patches were marked ") {
        let head = joined(at);
        return marked(text, &head);
    }
    if let Some(what) = decided(text) {
        return vec![Statement::new(what, Target::Whole)];
    }
    let Some(at) = text
        .find(" applied to ")
        .filter(|&at| text[..at].ends_with("was") || text[..at].ends_with("were"))
    else {
        return Vec::new();
    };
    let head = joined(at + " applied to ".len());
    let (tree, by) = head.split_once(" by ").unwrap_or((&head, ""));
    let tree = tree.trim().trim_end_matches([':', '.']).to_owned();
    let who =
        by.split(['<', ':']).next().map(|who| who.trim().to_owned()).filter(|who| !who.is_empty());
    let entries =
        summary::entries(text.split_once("summary with links:").map_or("", |(_, rest)| rest));
    let applied = |commit, to| Statement {
        what: What::Applied { tree: tree.clone(), commit },
        who: who.clone(),
        to,
    };
    if entries.is_empty() {
        return vec![applied(None, Target::Whole)];
    }
    // Of a pull request the only entry is the request itself.
    let mut notices = Vec::new();
    for entry in entries {
        let commit = entry.commit.clone();
        notices.push(applied(commit, Target::Item(entry.item())));
    }
    notices
}

/// "This series was marked "rejected"", "This patch was marked as changes requested by …".
static DECIDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\bThis (?:patch|series|patchset|pull request) (?:was|has been) (?:marked|set)(?: as| to)? ["']?([A-Za-z][A-Za-z _-]*?)["']?(?:[.,:\n]| by | in )"#,
    )
});

fn decided(text: &str) -> Option<What> {
    let state = DECIDED.captures(text)?.get(1)?.as_str().to_ascii_lowercase();
    refusals::fate(&state)
}

/// `Patch: title`, `Lore link: <url>` below "were marked "accepted", because they were applied to",
/// or another state.
fn marked(text: &str, head: &str) -> Vec<Statement> {
    let state = head.split('"').nth(1).unwrap_or_default().to_ascii_lowercase();
    let what = match (refusals::fate(&state), head.split_once(" applied to ")) {
        (Some(what), _) => what,
        (None, Some((_, tree))) => {
            let tree = tree.trim().trim_end_matches([':', '.']).to_owned();
            What::Applied { tree, commit: None }
        }
        (None, None) => return Vec::new(),
    };
    let mut notices = Vec::new();
    let (mut title, mut who) = (String::new(), None);
    for line in text.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("Patch: ").or_else(|| line.strip_prefix("Series: ")) {
            title = subject_tags(rest).title;
        } else if let Some(rest) = line.strip_prefix("Committer: ") {
            who = Some(rest.split('<').next().unwrap_or(rest).trim().to_owned());
        } else if let Some(rest) = line.strip_prefix("Lore link: ") {
            let ids = linked_message(rest).into_iter().collect();
            let item =
                Item { title: std::mem::take(&mut title), ids, elsewhere: true, number: None };
            notices.push(Statement { what: what.clone(), who: who.take(), to: Target::Item(item) });
        }
    }
    notices
}

/// "The patch *title* has been applied to the some tree at *address*".
fn applied_notice(message: &Message) -> Option<Statement> {
    let text = &message.text;
    let (front, rest) = text.split_once("has been applied to the ")?;
    let at = front.rfind("The patch\n").or_else(|| front.rfind("The patch titled\n"))?;
    let title = front[at..].split_once('\n')?.1.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.len() > 300 {
        return None;
    }
    let tree = rest.split(" tree").next().filter(|tree| tree.len() < 100)?;
    let commit = text
        .lines()
        .find_map(|line| hex(line.strip_prefix("From ")?))
        .filter(|hex| hex.len() >= 40);
    let item = Item { title: subject_tags(&title).title, ..Item::default() };
    Some(Statement::new(What::Applied { tree: tree.to_owned(), commit }, Target::Item(item)))
}

/// `[git:media_tree/master] title`.
fn branch_notice(message: &Message) -> Option<Statement> {
    let (group, title) = message.header.subject.strip_prefix("[git:")?.split_once(']')?;
    let ids = links(&message.text);
    let item = Item { title: subject_tags(title.trim()).title, ids, elsewhere: true, number: None };
    let commit = message
        .text
        .lines()
        .find(|line| line.contains("/commit/") || line.contains("?id="))
        .and_then(commit_in_url);
    let what = What::Applied { tree: group.trim().to_owned(), commit };
    Some(Statement::new(what, Target::Item(item)))
}

/// The address, reference and merge commit of a pull request that pr-tracker-bot saw in mainline.
pub(crate) fn merged_pull(message: &Message) -> Option<(String, Option<String>)> {
    if !message.header.from.email.starts_with("pr-tracker-bot") {
        return None;
    }
    let (front, rest) = message.text.split_once("has been merged into ")?;
    let asked = front.lines().filter_map(|line| line.strip_prefix('>')).map(str::trim);
    let place = asked.collect::<Vec<_>>().join(" ");
    Some((place, rest.split_whitespace().find_map(commit_in_url)))
}
