//! The mail that a bot sends for each commit that enters a tree, read as that commit.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use lorecast_model::{Commit, CommitId, Mailbox, Message, MessageId};

use super::posted::mailbox;
use crate::state::is_commit_notice;

static DATES: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// A commit that a bot told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The commit. Its parents are not told, and there is one diff.
    pub commit: Commit,
    /// The branch that it entered: `sched/core`.
    pub branch: String,
    /// The mail that the notice answers: mostly the posted patch.
    pub answers: Option<MessageId>,
}

/// Reads the mail that tip-bot2 sends: the commit's name, author and dates, its message and its
/// diff. Nothing when it is no such mail.
pub fn commit_of_notice(message: &Message) -> Option<Notice> {
    if !is_commit_notice(&message.header) {
        return None;
    }
    let (head, body) = message.text.split_once("\n\n").and_then(|(intro, rest)| {
        let has_id = intro.lines().any(|line| line.starts_with("Commit-ID:"));
        if has_id { Some((intro, rest)) } else { rest.split_once("\n\n") }
    })?;
    let field = |key: &str| {
        let value = |line: &str| Some(line.strip_prefix(key)?.trim().to_owned());
        head.lines().find_map(value)
    };
    let date = |key: &str| field(key).and_then(|text| when(&text));
    let author = person(&field("Author:")?);
    let committer = field("Committer:").map_or_else(|| author.clone(), |text| person(&text));
    let authored = date("AuthorDate:").unwrap_or(message.header.date);
    let commit = Commit {
        id: CommitId::new(&field("Commit-ID:")?).ok()?,
        parents: Vec::new(),
        author,
        authored,
        committer,
        committed: date("CommitterDate:").unwrap_or(message.header.date),
        message: commit_message(body),
        diffs: if message.diff.is_empty() { Vec::new() } else { vec![message.diff.clone()] },
    };
    let answers = message.header.references.last().cloned();
    Some(Notice { commit, branch: branch(&message.header.subject)?, answers })
}

/// `sched/core` of `[tip: sched/core] …` and `[tip:sched/core] …`.
fn branch(subject: &str) -> Option<String> {
    let (_, rest) = subject.split_once(':')?;
    let (branch, _) = rest.split_once(']')?;
    Some(branch.trim().to_owned())
}

/// What stands before the last `---`, behind which the diffstat is.
fn commit_message(body: &str) -> String {
    let lines: Vec<&str> = body.lines().collect();
    let end = lines.iter().rposition(|line| line.trim_end() == "---").unwrap_or(lines.len());
    format!("{}\n", lines[..end].join("\n").trim())
}

fn person(text: &str) -> Mailbox {
    mailbox(text).unwrap_or_else(|| Mailbox { name: text.to_owned(), email: String::new() })
}

/// `Tue, 06 Dec 2022 11:36:07 -06:00`: RFC 2822 but for the colon in the zone.
fn when(text: &str) -> Option<Timestamp> {
    let (rest, minutes) = text.split_at_checked(text.len().checked_sub(3)?)?;
    let plain = minutes.strip_prefix(':').map(|minutes| format!("{rest}{minutes}"));
    DATES.parse_timestamp(plain.as_deref().unwrap_or(text)).ok()
}
