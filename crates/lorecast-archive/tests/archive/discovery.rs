//! What is found behind a path.

use std::fs;

use camino::Utf8Path;
use lorecast_archive::{Archive, ArchiveError, Hints, discover};
use lorecast_model::ListId;
use lorecast_testkit::mailbox::mboxrd;
use lorecast_testkit::packed::{gzip, xz, zst};
use lorecast_testkit::{inbox, maildir};

use crate::reading::{first, folder, mails, read};

/// The archives behind a path, each with its list.
fn found(path: &Utf8Path) -> Vec<String> {
    let show = |archive: &Archive| {
        let name = archive.path().strip_prefix(path).unwrap();
        format!("{name} {}", archive.list().map_or("-", ListId::as_str))
    };
    discover(path, &Hints::default()).unwrap().iter().map(show).collect()
}

#[test]
fn folders_are_searched_and_names_tell_the_list() {
    let (_room, path) = folder();
    let one = mails(&["1@x"]);
    inbox::build(&path.join("b.vger.example.git"), &one);
    inbox::build(&path.join("plain.git"), &one);
    fs::write(path.join("a.vger.example.mbox"), mboxrd(&one)).unwrap();
    fs::write(path.join("2023-04.mbox"), mboxrd(&one)).unwrap();
    fs::write(path.join("README"), "not mail").unwrap();
    fs::write(path.join("broken.mbox"), "not mail").unwrap();
    for epoch in ["10", "9"] {
        inbox::build(&path.join(format!("c.vger.example/git/{epoch}.git")), &one);
    }
    assert_eq!(
        found(&path),
        [
            "2023-04.mbox -",
            "a.vger.example.mbox a.vger.example",
            "b.vger.example.git b.vger.example",
            "c.vger.example/git/9.git c.vger.example",
            "c.vger.example/git/10.git c.vger.example",
            "plain.git -",
        ]
    );
    assert_eq!(found(&path.join("c.vger.example")).len(), 2);
}

#[test]
fn a_given_list_wins_over_the_name() {
    let (_room, path) = folder();
    let file = path.join("a.vger.example.mbox");
    fs::write(&file, mboxrd(&mails(&["1@x"]))).unwrap();
    let list = ListId::new("other.vger.example").unwrap();
    let hints = Hints { list: Some(list.clone()), form: None };
    let archive = discover(&file, &hints).unwrap().remove(0);
    assert_eq!(archive.list(), Some(&list));
    assert_eq!(first(&archive.read(None).unwrap().collect()).list, Some(list));
    assert_eq!(archive.key(), file.as_str());
}

#[test]
fn nothing_there_is_said() {
    let (_room, path) = folder();
    assert!(matches!(discover(&path, &Hints::default()), Err(ArchiveError::NothingIn { .. })));
    let error = discover(&path.join("nowhere"), &Hints::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::NotFound { .. }));
    assert!(error.to_string().contains("nowhere` does not exist"), "{error}");
}

#[test]
fn a_folder_may_hold_every_kind() {
    let (_room, path) = folder();
    let one = mails(&["1@x"]);
    inbox::build_v1(&path.join("a.git"), &one);
    fs::write(path.join("b.eml"), &one[0]).unwrap();
    fs::write(path.join("c.mbox.gz"), gzip(&mboxrd(&one))).unwrap();
    fs::write(path.join("d.mbox.xz"), xz(&mboxrd(&one))).unwrap();
    fs::write(path.join("e.eml.zst"), zst(&one[0])).unwrap();
    maildir::deliver(&path.join("f"), "new", "1.a", &one[0]);
    inbox::build(&path.join("g.git.part"), &one);
    let kinds = ["a.git -", "b.eml -", "c.mbox.gz -", "d.mbox.xz -", "e.eml.zst -", "f -"];
    assert_eq!(found(&path), kinds);
    for archive in discover(&path, &Hints::default()).unwrap() {
        assert_eq!(first(&read(archive.path(), None).0).bytes, one[0], "{}", archive.path());
    }
}
