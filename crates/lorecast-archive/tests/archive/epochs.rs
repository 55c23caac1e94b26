//! public-inbox epochs: read, grown, purged, rewritten, damaged.

use std::fs;

use camino::Utf8Path;
use git2::{Oid, Repository, Signature, Time};
use lorecast_archive::{ArchiveError, Blobs, Hints, Item, MAIL_LIMIT, discover, read_blob};
use lorecast_testkit::mailbox::mail;
use lorecast_testkit::{git, inbox};

use crate::reading::{archive, first, folder, ids, mails, raw, read};

/// Commits a tree with one file on top of HEAD.
fn commit(repository: &Repository, file: &str, content: &[u8]) -> Oid {
    let mut tree = repository.treebuilder(None).unwrap();
    tree.insert(file, repository.blob(content).unwrap(), 0o100_644).unwrap();
    commit_tree(repository, tree.write().unwrap())
}

fn commit_tree(repository: &Repository, tree: Oid) -> Oid {
    let tree = repository.find_tree(tree).unwrap();
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
fn a_history_that_leads_back_into_itself_ends() {
    let (_room, path) = folder();
    let all = ["1@x", "2@x", "3@x", "4@x", "5@x"];
    inbox::build(&path, &mails(&all));
    let repository = Repository::open(&path).unwrap();
    let mut commits = vec![repository.head().unwrap().target().unwrap()];
    while let Ok(parent) = repository.find_commit(commits[0]).unwrap().parent_id(0) {
        commits.insert(0, parent);
    }
    let file = |commit: Oid| {
        let hex = commit.to_string();
        path.join("objects").join(&hex[..2]).join(&hex[2..])
    };
    // The first commit is called what another one is called, whose parent is later.
    for later in [1, 2, 3, 4] {
        fs::remove_file(file(commits[0])).unwrap();
        fs::copy(file(commits[later]), file(commits[0])).unwrap();
        let (items, _) = read(&path, None);
        let mut expected = vec!["error", all[later]];
        expected.extend(&all[1..]);
        assert_eq!(ids(&items), expected);
        assert!(items[0].as_ref().unwrap_err().to_string().contains(&commits[0].to_string()));
    }
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

#[test]
fn what_a_purge_leaves_behind_is_no_mail() {
    let (_room, path) = folder();
    inbox::build(&path, &[b"".to_vec(), mail("2@x").bytes()]);
    let repository = Repository::open(&path).unwrap();
    let tree = repository.treebuilder(None).map(|mut tree| {
        tree.insert("m", repository.blob(b"").unwrap(), 0o100_644).unwrap();
        tree.insert("d", repository.blob(&mail("2@x").bytes()).unwrap(), 0o100_644).unwrap();
        tree.write().unwrap()
    });
    commit_tree(&repository, tree.unwrap());
    assert_eq!(ids(&read(&path, None).0), ["2@x", "-2@x"]);
}

#[test]
fn a_purge_and_a_force_push_are_read_from_the_start() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x", "2@x", "3@x"]));
    let (_, cursor) = read(&path, None);
    assert!(!archive(&path).read(Some(&cursor)).unwrap().from_the_start());
    inbox::rewrite(&path, &mails(&["1@x", "3@x"]));
    assert!(archive(&path).read(Some(&cursor)).unwrap().from_the_start());
    assert_eq!(ids(&read(&path, Some(&cursor)).0), ["1@x", "3@x"]);
}

#[test]
fn a_moved_clone_goes_on() {
    let (_room, path) = folder();
    inbox::build(&path.join("a.git"), &mails(&["1@x"]));
    inbox::build(&path.join("other.git"), &mails(&["2@x"]));
    let (_, cursor) = read(&path.join("a.git"), None);
    fs::rename(path.join("a.git"), path.join("b.git")).unwrap();
    assert!(archive(&path.join("b.git")).continues(&cursor));
    for cursor in [cursor.as_str(), "", "git:", "git:abc", "mbox:1:a:2:b"] {
        assert!(!archive(&path.join("other.git")).continues(cursor), "{cursor}");
    }
}

#[test]
fn the_raw_bytes_can_be_had_again() {
    let (_room, path) = folder();
    let mails = mails(&["1@x", "2@x"]);
    inbox::build(&path, &mails);
    let blobs = Blobs::open(&path).unwrap();
    for (item, mail) in read(&path, None).0.iter().zip(&mails) {
        let blob = raw(item.as_ref().unwrap()).blob.unwrap();
        assert_eq!(&blobs.read(blob).unwrap(), mail);
        assert_eq!(&read_blob(&path, blob).unwrap(), mail);
    }
    let error = read_blob(&path, lorecast_model::BlobId([7; 20])).unwrap_err().to_string();
    assert!(error.starts_with("cannot read the mail 0707070707"), "{error}");
}

#[test]
fn a_branch_is_read_when_head_leads_nowhere() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x"]));
    git::run(&path, &["branch", "-m", "master", "trunk"], b"");
    fs::write(path.join("HEAD"), "ref: refs/heads/gone\n").unwrap();
    assert_eq!(ids(&read(&path, None).0), ["1@x"]);
}

#[test]
fn an_empty_clone_is_said() {
    let (_room, path) = folder();
    Repository::init_bare(&path).unwrap();
    let error = discover(&path, &Hints::default()).unwrap_err();
    assert!(matches!(error, ArchiveError::NoCommits { .. }), "{error}");
}

#[test]
fn a_shallow_clone_is_said_once_and_its_mails_are_kept() {
    let (_room, path) = folder();
    let (whole, shallow) = (path.join("0.git"), path.join("shallow.git"));
    inbox::build(&whole, &mails(&["1@x", "2@x", "3@x"]));
    let url = format!("file://{whole}");
    git::run(&path, &["clone", "-q", "--bare", "--depth=2", &url, "shallow.git"], b"");
    let (items, cursor) = read(&shallow, None);
    assert_eq!(ids(&items), ["error", "2@x", "3@x"]);
    let message = items[0].as_ref().unwrap_err().to_string();
    assert!(message.ends_with("fetch --unshallow`"), "{message}");
    assert_eq!(read(&shallow, Some(&cursor)).0.len(), 0);
}

#[test]
fn packed_objects_are_read_too() {
    let (_room, path) = folder();
    inbox::build(&path, &mails(&["1@x", "2@x", "3@x"]));
    git::run(&path, &["repack", "-q", "-a", "-d"], b"");
    assert_eq!(ids(&read(&path, None).0), ["1@x", "2@x", "3@x"]);
}

#[test]
fn a_damaged_pack_is_an_error_each_and_the_rest_is_read() {
    let (_room, path) = folder();
    let noise = |id: &str| {
        let body: String =
            (0..2_000_u32).map(|n| format!("{id}{}\n", n.wrapping_mul(2_654_435_761))).collect();
        mail(id).body(&body).bytes()
    };
    inbox::build(&path, &["1@x", "2@x", "3@x"].map(noise));
    git::run(&path, &["repack", "-q", "-a", "-d", "--window=0"], b"");
    let blob = first(&read(&path, None).0).blob.unwrap().to_string();
    damage_packed(&path, &blob);
    let (items, _) = read(&path, None);
    assert_eq!(ids(&items), ["error", "2@x", "3@x"]);
}

/// Spoils the middle of an object in a pack.
fn damage_packed(repository: &Utf8Path, object: &str) {
    let packs = repository.join("objects/pack");
    let pack = packs.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path());
    let pack = pack.filter(|path| path.extension() == Some("pack")).last().unwrap();
    let list =
        git::run(repository, &["verify-pack", "-v", pack.with_extension("idx").as_str()], b"");
    let list = String::from_utf8(list).unwrap();
    let words = list.lines().find(|line| line.starts_with(object)).unwrap();
    let numbers: Vec<usize> =
        words.split_whitespace().skip(2).map(|word| word.parse().unwrap()).collect();
    let mut bytes = fs::read(&pack).unwrap();
    bytes[numbers[2] + numbers[1] / 2] ^= 0xff;
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, bytes).unwrap();
}

#[test]
fn what_is_larger_than_any_mail_is_left_out() {
    let (_room, path) = folder();
    let huge = vec![b'x'; MAIL_LIMIT + 1];
    inbox::build(&path, &[mail("1@x").bytes(), huge, mail("3@x").bytes()]);
    let (items, _) = read(&path, None);
    assert_eq!(ids(&items), ["1@x", "error", "3@x"]);
    assert!(matches!(items[1], Err(ArchiveError::TooLarge { .. })));
}
