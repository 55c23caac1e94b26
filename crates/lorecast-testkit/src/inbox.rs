//! public-inbox repositories: v2 epochs with one message a commit, v1 inboxes with one a file.

use std::fmt::Write as _;

use camino::Utf8Path;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use lorecast_archive::epoch;
use sha2::{Digest, Sha256};

use crate::git;

/// Noon UTC of 10 April 2023: when mails without a date arrive.
const NOON: i64 = 1_681_128_000;

/// Appends mails to an epoch, which is created when absent. Each arrives at the time of its Date,
/// or at noon of 10 April 2023. Equal mails make equal commits.
///
/// # Panics
/// When the repository cannot be written.
pub fn build<M: AsRef<[u8]>>(dir: &Utf8Path, mails: &[M]) {
    let dated = mails.iter().map(|mail| (mail.as_ref(), arrival(mail.as_ref())));
    epoch::append(dir, dated).expect("a folder of the test can be written");
}

/// Writes to an epoch that a mail is gone: a commit with the file `d`.
///
/// # Panics
/// When the repository cannot be written.
pub fn remove(dir: &Utf8Path, mail: &[u8]) {
    commit(dir, Start::Head, &[vec![Change::DeleteAll, Change::Write("d".to_owned(), mail)]]);
}

/// Gives an epoch another history, as a purge does: what is not among these mails never was.
///
/// # Panics
/// When the repository cannot be written.
pub fn rewrite<M: AsRef<[u8]>>(dir: &Utf8Path, mails: &[M]) {
    let commits: Vec<_> = mails
        .iter()
        .map(|mail| vec![Change::DeleteAll, Change::Write("m".to_owned(), mail.as_ref())])
        .collect();
    commit(dir, Start::Nothing, &commits);
}

/// Appends mails to a v1 inbox, which is created when absent. A mail of an id that is there
/// replaces the old one.
///
/// # Panics
/// When the repository cannot be written.
pub fn build_v1<M: AsRef<[u8]>>(dir: &Utf8Path, mails: &[M]) {
    let commits: Vec<_> = mails.iter().map(|mail| vec![Change::file(mail.as_ref())]).collect();
    commit(dir, Start::Head, &commits);
}

/// Writes many mails to a v1 inbox in one commit, as an import may.
///
/// # Panics
/// When the repository cannot be written.
pub fn import_v1<M: AsRef<[u8]>>(dir: &Utf8Path, mails: &[M]) {
    commit(dir, Start::Head, &[mails.iter().map(|mail| Change::file(mail.as_ref())).collect()]);
}

/// Deletes a mail from a v1 inbox.
///
/// # Panics
/// When the repository cannot be written.
pub fn remove_v1(dir: &Utf8Path, mail: &[u8]) {
    commit(dir, Start::Head, &[vec![Change::Delete(file_name(mail))]]);
}

fn arrival(mail: &[u8]) -> Timestamp {
    let date = field(mail, "Date:");
    let time = date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(&date).ok());
    time.unwrap_or(Timestamp::from_second(NOON).expect("noon is a time"))
}

fn field(mail: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(mail);
    let header = text.split("\n\n").next().unwrap_or_default();
    let value = header.lines().find_map(|line| line.strip_prefix(name));
    value.map(|value| value.trim().to_owned())
}

/// Two and 38 hex digits, as public-inbox-v1-format(5) has them. They are of another hash than
/// there, which no reader can tell.
fn file_name(mail: &[u8]) -> String {
    let hash = Sha256::digest(field(mail, "Message-ID:").unwrap_or_default());
    let hex: String = hash.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    format!("{}/{}", &hex[..2], &hex[2..])
}

enum Change<'a> {
    DeleteAll,
    Delete(String),
    Write(String, &'a [u8]),
}

#[derive(PartialEq)]
enum Start {
    Head,
    Nothing,
}

/// Commits through git-fast-import(1).
fn commit(dir: &Utf8Path, start: Start, commits: &[Vec<Change<'_>>]) {
    if !dir.exists() {
        let parent = dir.parent().expect("a repository lies in a folder");
        git::run(parent, &["init", "-q", "--bare", "-b", "master", dir.as_str()], b"");
    }
    let grown = !git::run(dir, &["for-each-ref", "refs/heads/master"], b"").is_empty();
    let mut stream = Vec::new();
    for (at, changes) in commits.iter().enumerate() {
        let mail = changes.iter().find_map(|change| match change {
            Change::Write(_, mail) => Some(*mail),
            _ => None,
        });
        let time = arrival(mail.unwrap_or_default()).as_second();
        let mut head = "commit refs/heads/master\n".to_owned();
        let _ = writeln!(head, "committer a <a@a.example> {time} +0000\ndata 1\nx");
        if at == 0 && grown && start == Start::Head {
            head.push_str("from refs/heads/master^0\n");
        }
        stream.extend_from_slice(head.as_bytes());
        changes.iter().for_each(|change| change.write(&mut stream));
    }
    git::run(dir, &["fast-import", "--quiet", "--force"], &stream);
}

impl<'a> Change<'a> {
    fn file(mail: &'a [u8]) -> Self {
        Self::Write(file_name(mail), mail)
    }

    fn write(&self, stream: &mut Vec<u8>) {
        match self {
            Self::DeleteAll => stream.extend_from_slice(b"deleteall\n"),
            Self::Delete(file) => stream.extend_from_slice(format!("D {file}\n").as_bytes()),
            Self::Write(file, mail) => {
                let head = format!("M 100644 inline {file}\ndata {}\n", mail.len());
                stream.extend_from_slice(head.as_bytes());
                stream.extend_from_slice(mail);
                stream.push(b'\n');
            }
        }
    }
}
