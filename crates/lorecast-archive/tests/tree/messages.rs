//! What commits say, in any encoding.

use lorecast_archive::{MESSAGE_LIMIT, Tips};
use lorecast_testkit::git;

use crate::reading::{read, repo};

#[test]
fn people_dates_and_text() {
    let (_room, repo) = repo();
    let body = "It was broken.\n\nLink: https://lore.example/r/1@x";
    repo.commit("mm: fix it").body(body).author("Zoé Doe <zoe@Work.Example>").make();
    let commit = &read(&repo, &Tips::default()).0[0];
    assert_eq!(commit.author.to_string(), "Zoé Doe <zoe@work.example>");
    assert_eq!(commit.committer.to_string(), "Mary Maintainer <mary@kernel.example>");
    assert_eq!(commit.committed.to_string(), "2023-04-01T02:00:00Z");
    assert_eq!(commit.message, format!("mm: fix it\n\n{body}"));
}

/// Commits a message of raw bytes and reads it.
fn message(label: Option<&str>, bytes: &[u8]) -> String {
    let (_room, repo) = repo();
    repo.commit("base").make();
    let tree = repo.id("HEAD^{tree}");
    let encoding = label.map(|label| format!("encoding {label}\n")).unwrap_or_default();
    let head = format!(
        "tree {tree}\nauthor a <a@a.example> 1680307200 +0000\n\
         committer a <a@a.example> 1680307200 +0000\n{encoding}\n"
    );
    let object = [head.as_bytes(), bytes].concat();
    let id = git::run(&repo.path, &["hash-object", "-t", "commit", "-w", "--stdin"], &object);
    repo.reset(String::from_utf8(id).unwrap().trim());
    read(&repo, &Tips::default()).0[0].message.clone()
}

#[test]
fn encodings() {
    assert_eq!(message(Some("ISO-8859-1"), b"Gr\xfc\xdfe"), "Grüße");
    assert_eq!(message(Some("EUC-JP"), b"\xa4\xb3"), "こ");
    assert_eq!(message(Some("nonsense"), "Grüße".as_bytes()), "Grüße");
    assert_eq!(message(None, b"Gr\xfc\xdfe"), "Grüße");
}

#[test]
fn a_huge_message_is_cut() {
    let text = message(None, "ü".repeat(MESSAGE_LIMIT).as_bytes());
    assert!(text.len() <= MESSAGE_LIMIT && text.ends_with('ü'));
}
