//! Who is who in a show: mails, the mailmap of a tree, and what the producer decided.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_desk::{Desk, Named, Scaffold, Silent, Span};
use lorecast_testkit::tree::{Repo, START};

const MAILS: &str = "\
From a@x Mon Apr 10 12:00:00 2023
From: Ann Vogel via frobs <frobs@lists.example>
Reply-To: Ann Vogel <ann@a.example>
Date: Mon, 10 Apr 2023 12:00:00 +0000
Message-ID: <1@x>
Subject: one

Hello.

From a@x Tue Apr 11 12:00:00 2023
From: A. V. <av@b.example>
Date: Tue, 11 Apr 2023 12:00:00 +0000
Message-ID: <2@x>
Subject: two

Hello.

From a@x Wed Apr 12 12:00:00 2023
From: widget bot <bot@c.example>
Date: Wed, 12 Apr 2023 12:00:00 +0000
Message-ID: <3@x>
Subject: three

Hello.
";

/// A show with these mails, and further lines in its `show.yaml`.
fn show(further: &str) -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap().join("show");
    let scaffold = Scaffold { title: "T", author: "A", url: "https://podcast.example/" };
    Desk::init(&root, &scaffold).unwrap();
    let file = root.join("show.yaml");
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + further).unwrap();
    let mbox = root.join("x.mbox");
    std::fs::write(&mbox, MAILS).unwrap();
    let report = desk(&root).ingest(vec![Named::new(mbox.as_str(), None, None)]).unwrap();
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    (dir, root)
}

fn desk(root: &Utf8Path) -> Desk<'static> {
    Desk::open(root, &Silent).unwrap()
}

/// Each person with all addresses, programs marked; then what is wrong.
fn told(root: &Utf8Path) -> String {
    let report = desk(root).people().unwrap();
    let persons = report.people.persons.iter().map(|somebody| {
        let robot = if somebody.robot { " (robot)" } else { "" };
        format!("{}: {}{robot}", somebody.person.name, somebody.person.emails.join(" "))
    });
    persons.chain(report.complaints).collect::<Vec<_>>().join("\n")
}

#[test]
fn persons_are_made_of_mails() {
    let (_dir, root) = show("");
    assert_eq!(desk(&root).sightings(Span::ALL).unwrap().len(), 3);
    insta::assert_snapshot!(told(&root), @r"
    A. V.: av@b.example
    Ann Vogel: ann@a.example
    widget bot: bot@c.example (robot)
    ");
}

#[test]
fn the_mailmap_comes_with_the_tree_of_maintainers() {
    let dir = tempfile::tempdir().unwrap();
    let tree = Utf8Path::from_path(dir.path()).unwrap().join("tree");
    let mailmap = "Ann Vogel <ann@a.example> <av@b.example>\nnonsense\n";
    Repo::new(&tree).commit("a").file(".mailmap", mailmap).at(START).make();
    let (_dir, root) = show(&format!("maintainers: {tree}\n"));
    insta::assert_snapshot!(told(&root).replace(dir.path().to_str().unwrap(), "DIR"), @r"
    Ann Vogel: ann@a.example av@b.example
    widget bot: bot@c.example (robot)
    DIR/tree/.mailmap:2: no address between `<` and `>`
    ");
    let (_dir, root) = show(&format!("mailmap: {{path: {tree}, branch: absent}}\n"));
    let error = desk(&root).people().unwrap_err().to_string();
    insta::assert_snapshot!(error.replace(dir.path().to_str().unwrap(), "DIR"), @"cannot read a mailmap from `DIR/tree`: it has no branch `absent`; correct or delete `mailmap:` in `show.yaml`");
    let (_dir, root) = show(&format!("mailmap: {}\n", tree.join(".mailmap")));
    insta::assert_snapshot!(told(&root).replace(dir.path().to_str().unwrap(), "DIR"), @r"
    Ann Vogel: ann@a.example av@b.example
    widget bot: bot@c.example (robot)
    DIR/tree/.mailmap:2: no address between `<` and `>`
    ");
    let (_dir, root) = show("mailmap: absent\n");
    let error = desk(&root).people().unwrap_err().to_string();
    insta::assert_snapshot!(error.replace(root.as_str(), "SHOW"), @"cannot read a mailmap from `SHOW/absent`: there is no such file; correct or delete `mailmap:` in `show.yaml`");
}

#[test]
fn the_producer_decides() {
    let (_dir, root) = show("");
    let decide = |same| {
        let day = "2023-04-16".parse().unwrap();
        desk(&root).decide(["ann@a.example", "av@b.example"], same, day).unwrap();
        told(&root)
    };
    let apart = told(&root);
    insta::assert_snapshot!(decide(true), @r"
    A. V.: ann@a.example av@b.example
    widget bot: bot@c.example (robot)
    ");
    assert_eq!(decide(false), apart, "the last word counts");
}
