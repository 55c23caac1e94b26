//! public-inbox epochs: read, grown, purged, rewritten, damaged; and what is found behind a path.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Oid, Repository, Signature, Time};
use lorecast_archive::{Archive, ArchiveError, Hints, Item, discover};
use lorecast_model::ListId;
use lorecast_testkit::inbox;
use lorecast_testkit::mailbox::{mail, mboxrd};

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    (folder, path)
}

fn mails(ids: &[&str]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| mail(id).bytes()).collect()
}

fn archive(path: &Utf8Path) -> Archive {
    discover(path, &Hints::default()).unwrap().remove(0)
}

/// What is read since a cursor, and the cursor after it.
fn read(path: &Utf8Path, cursor: Option<&str>) -> (Vec<Result<Item, ArchiveError>>, String) {
    let mut reader = archive(path).read(cursor).unwrap();
    let items = reader.by_ref().collect();
    assert_eq!(reader.done(), reader.total());
    (items, reader.cursor())
}

/// The ids of mails read, `-` before those that are gone, `error` for those that could not be.
fn ids(items: &[Result<Item, ArchiveError>]) -> Vec<String> {
    let id = |item: &Item| {
        let (Item::Mail(mail) | Item::Removal(mail)) = item;
        let text = String::from_utf8_lossy(&mail.bytes).into_owned();
        let id = text.split("Message-ID: <").nth(1).and_then(|rest| rest.split('>').next());
        let sign = if matches!(item, Item::Removal(_)) { "-" } else { "" };
        format!("{sign}{}", id.unwrap_or_default())
    };
    items.iter().map(|item| item.as_ref().map_or("error".to_owned(), id)).collect()
}

/// Commits a tree with one file on top of HEAD.
fn commit(repository: &Repository, file: &str, content: &[u8]) -> Oid {
    let mut tree = repository.treebuilder(None).unwrap();
    tree.insert(file, repository.blob(content).unwrap(), 0o100_644).unwrap();
    let tree = repository.find_tree(tree.write().unwrap()).unwrap();
    let who = Signature::new("a", "a@a.example", &Time::new(1_681_128_000, 0)).unwrap();
    let parent = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<_> = parent.iter().collect();
    repository.commit(Some("HEAD"), &who, &who, "x", &tree, &parents).unwrap()
}

#[test]
fn mails_come_oldest_first_with_their_time_of_arrival() {
    let (_room, path) = folder();
    let late = mail("2@x").date("Tue, 11 Apr 2023 12:00:00 +0000").bytes();
    inbox::build(&path.join("x.git"), &[mail("1@x").bytes(), late]);
    let (items, _) = read(&path.join("x.git"), None);
    assert_eq!(ids(&items), ["1@x", "2@x"]);
    let Ok(Item::Mail(second)) = &items[1] else { panic!("{items:?}") };
    assert_eq!(second.received.unwrap().to_string(), "2023-04-11T12:00:00Z");
    assert!(second.place.to_string().contains("x.git commit "), "{}", second.place);
}

#[test]
fn a_second_reading_yields_only_what_is_new() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x", "2@x"]));
    let (_, cursor) = read(&path, None);
    let (none, same) = read(&path, Some(&cursor));
    assert_eq!((none.len(), &same), (0, &cursor));
    inbox::build(&path, &mails(&["3@x"]));
    assert_eq!(ids(&read(&path, Some(&cursor)).0), ["3@x"]);
}

#[test]
fn a_reading_stopped_in_the_middle_goes_on_there() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x", "2@x", "3@x"]));
    let mut reader = archive(&path).read(None).unwrap();
    reader.next().unwrap().unwrap();
    assert_eq!(ids(&read(&path, Some(&reader.cursor())).0), ["2@x", "3@x"]);
}

#[test]
fn a_rewritten_history_is_read_again() {
    let (_room, path) = folder();
    inbox::build(&path.join("a.git"), &mails(&["1@x"]));
    inbox::build(&path.join("b.git"), &mails(&["2@x", "3@x"]));
    let (_, cursor) = read(&path.join("a.git"), None);
    assert_eq!(ids(&read(&path.join("b.git"), Some(&cursor)).0), ["2@x", "3@x"]);
    assert_eq!(ids(&read(&path.join("b.git"), Some("nonsense")).0), ["2@x", "3@x"]);
}

#[test]
fn a_file_d_says_that_its_mail_is_gone() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x", "2@x"]));
    inbox::remove(&path, &mails(&["1@x"])[0]);
    inbox::build(&path, &mails(&["3@x"]));
    assert_eq!(ids(&read(&path, None).0), ["1@x", "2@x", "-1@x", "3@x"]);
}

/// Destroys a loose object.
fn destroy(repository: &Utf8Path, object: Oid) {
    let hex = object.to_string();
    let file = repository.join("objects").join(&hex[..2]).join(&hex[2..]);
    fs::remove_file(&file).unwrap();
    fs::write(&file, b"not an object").unwrap();
}

#[test]
fn mails_around_a_damaged_one_are_read() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x"]));
    let repository = Repository::open(&path).unwrap();
    let damaged = commit(&repository, "m", b"Subject: damaged\n\n");
    inbox::build(&path, &mails(&["3@x"]));
    let tree = repository.find_commit(damaged).unwrap().tree().unwrap();
    destroy(&path, tree.get_name("m").unwrap().id());
    let (items, _) = read(&path, None);
    assert_eq!(ids(&items), ["1@x", "error", "3@x"]);
    let message = items[1].as_ref().unwrap_err().to_string();
    assert!(message.contains(&damaged.to_string()), "{message}");
}

#[test]
fn a_broken_history_still_yields_what_is_newer() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x"]));
    let repository = Repository::open(&path).unwrap();
    let damaged = commit(&repository, "m", b"Subject: damaged\n\n");
    inbox::build(&path, &mails(&["3@x"]));
    destroy(&path, damaged);
    assert_eq!(ids(&read(&path, None).0), ["error", "3@x"]);
}

#[test]
fn a_repository_without_mail_is_refused() {
    let (_room, path) = folder();
    let repository = Repository::init(&path).unwrap();
    commit(&repository, "README", b"code");
    let error = discover(&path, &Hints::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::NoMessages { .. }));
    assert!(error.to_string().contains("no commit holds a file `m`"), "{error}");
}

#[test]
fn a_work_tree_is_read_through_its_repository() {
    let (_room, path) = folder();
    let repository = Repository::init(&path).unwrap();
    commit(&repository, "m", &mail("1@x").bytes());
    assert_eq!(ids(&read(&path, None).0), ["1@x"]);
}

#[test]
fn equal_mails_make_equal_commits() {
    let (_room, path) = folder();
    for name in ["a.git", "b.git"] {
        inbox::build(&path.join(name), &mails(&["1@x", "2@x"]));
    }
    assert_eq!(read(&path.join("a.git"), None).1, read(&path.join("b.git"), None).1);
}

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
    let Item::Mail(mail) = archive.read(None).unwrap().next().unwrap().unwrap() else { panic!() };
    assert_eq!(mail.list, Some(list));
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
