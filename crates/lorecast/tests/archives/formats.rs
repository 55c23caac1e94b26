//! `ingest`: every form of an archive gives the same messages, and a second reading nothing new.

use std::fs;

use insta::assert_snapshot;
use lorecast_testkit::mailbox::{mboxcl2, mboxo, mboxrd};
use lorecast_testkit::packed::{gzip, xz, zst};
use lorecast_testkit::{inbox, maildir};

use crate::show::feed;
use crate::world::{World, dated, mails, rename};

/// A conversation with lines that mbox files escape.
fn some() -> Vec<Vec<u8>> {
    let texts = [
        dated("1@x", 0).body("Hello,\n\nFrom here on it works.\nFrom me too.\n"),
        dated("2@x", 1).reply_to(&["1@x"]).body("> From here on it works.\nGood.\n"),
        dated("3@x", 2).subject("[PATCH v2 1/2] mm: fold").list("linux-mm.kvack.org"),
        dated("4@x", 3).from("Jörg <j@x>").body("Grüße, 8 bits as they are.\n"),
    ];
    texts.iter().map(|text| text.bytes()).collect()
}

/// What every form must give.
fn expected() -> (String, String) {
    let world = World::new();
    inbox::build(&world.path("epoch.git"), &some());
    world.done(&["ingest", "epoch.git"]);
    told(&world)
}

/// The table, and the text of the mail with lines that were escaped.
fn told(world: &World) -> (String, String) {
    let mail = world.json(&["messages", "1@x"]);
    (world.table(), mail[0]["message"]["text"].to_string())
}

/// Makes the archive with the mails and reads it twice.
fn check(make: impl FnOnce(&World, &[Vec<u8>]), args: &[&str]) {
    let (_, known) = check_all_but_known(make, args);
    assert_eq!(known, 0, "a second run read something again");
}

/// Returns how many mails the second run read again.
fn check_all_but_known(make: impl FnOnce(&World, &[Vec<u8>]), args: &[&str]) -> (World, u64) {
    let world = World::new();
    make(&world, &some());
    let args = [&["ingest"], args].concat();
    assert_eq!(world.counts(&args), [4, 0, 0]);
    let [new, known, removed] = world.counts(&args);
    assert_eq!((new, removed), (0, 0), "a second run found something");
    assert_eq!(told(&world), expected());
    (world, known)
}

#[test]
fn a_public_inbox_v2_with_two_epochs() {
    let make = |world: &World, mails: &[Vec<u8>]| {
        fs::create_dir_all(world.path("list/git")).unwrap();
        inbox::build(&world.path("list/git/0.git"), &mails[..2]);
        inbox::build(&world.path("list/git/1.git"), &mails[2..]);
    };
    check(make, &["list"]);
}

#[test]
fn a_public_inbox_v1() {
    check(|world, mails| inbox::build_v1(&world.path("v1.git"), mails), &["v1.git"]);
}

#[test]
fn mbox_files_of_three_kinds() {
    check(|world, mails| drop(world.write("a.mbox", &mboxrd(mails))), &["a.mbox"]);
    let o = &["a.mbox", "--escapes", "mboxo"];
    check(|world, mails| drop(world.write("a.mbox", &mboxo(mails))), o);
    check(|world, mails| drop(world.write("a.mbox", &mboxcl2(mails))), &["a.mbox"]);
}

#[test]
fn packed_mbox_files() {
    check(|world, mails| drop(world.write("a.mbox.gz", &gzip(&mboxrd(mails)))), &["a.mbox.gz"]);
    check(|world, mails| drop(world.write("a.mbox.xz", &xz(&mboxrd(mails)))), &["a.mbox.xz"]);
    check(|world, mails| drop(world.write("a.mbox.zst", &zst(&mboxrd(mails)))), &["a.mbox.zst"]);
}

/// A mail may be delivered in the very moment in which a reading ends: mails of the last moment are
/// read again.
#[test]
fn a_maildir() {
    let make = |world: &World, mails: &[Vec<u8>]| {
        for (number, mail) in mails.iter().enumerate() {
            let folder = ["new", "cur"][number % 2];
            maildir::deliver(
                &world.path("Mail"),
                folder,
                &format!("{}.host", 1_681_128_000 + 60 * number),
                mail,
            );
        }
    };
    check_all_but_known(make, &["Mail"]);
}

#[test]
fn single_mails_and_a_folder_of_them() {
    let make = |world: &World, mails: &[Vec<u8>]| {
        for (number, mail) in mails.iter().enumerate() {
            world.write(&format!("all/{number}.eml"), mail);
        }
    };
    check(make, &["all"]);
    check(make, &["all/0.eml", "all/1.eml", "all/2.eml", "all/3.eml"]);
}

#[test]
fn standard_input_is_kept_as_an_archive_of_the_show() {
    let world = World::new();
    let ingest = || feed(&mut world.command(&["ingest", "-"]), &mboxrd(&some()));
    assert!(ingest().stdout.contains("4 new messages, 0 known already"));
    assert!(ingest().stdout.contains("0 new messages, 0 known already"));
    assert_eq!(told(&world), expected());
    assert_eq!(world.path("show/archives/stdin").read_dir_utf8().unwrap().count(), 1);
}

#[test]
fn standard_input_that_is_no_mail_is_not_kept() {
    let world = World::new();
    let told = |input| world.told(&feed(&mut world.command(&["ingest", "-"]), input));
    assert_snapshot!(told(b""), @"error: nothing came through standard input; run the command before the pipe alone to see why");
    assert_snapshot!(told(b"<html>404</html>\n"), @"error: `standard input` is not mail: it starts with neither a `From ` line nor a header field; name an mbox file or a mail, plain or packed with gzip, xz or zstd");
    assert_eq!(world.path("show/archives/stdin").read_dir_utf8().unwrap().count(), 0);
}

/// Reads an archive, moves it, and goes on where it was.
fn check_moved(make: impl FnOnce(&World), from: &str, to: &str) {
    let world = World::new();
    make(&world);
    assert_eq!(world.counts(&["ingest", from]), [4, 0, 0]);
    rename(&world.path(from), &world.path(to));
    assert_eq!(world.counts(&["ingest", to]), [0, 0, 0], "{from} was read again");
    assert_eq!(world.counts(&["store", "rebuild"]), [4, 0, 0]);
}

#[test]
fn what_was_moved_goes_on() {
    check_moved(|w| drop(w.write("a.mbox", &mboxrd(&some()))), "a.mbox", "old/b.mbox");
    check_moved(|w| inbox::build(&w.path("a.git"), &some()), "a.git", "old/b.git");
    check_moved(|w| inbox::build_v1(&w.path("a.git"), &some()), "a.git", "old/b.git");
    let two = |w: &World| {
        fs::create_dir_all(w.path("list/git")).unwrap();
        inbox::build(&w.path("list/git/0.git"), &some()[..2]);
        inbox::build(&w.path("list/git/1.git"), &some()[2..]);
    };
    check_moved(two, "list", "old/list");
}

#[test]
fn an_mbox_that_grew_gives_only_what_is_new() {
    let world = World::with(&mails(&["1@x", "2@x"]));
    world.write("a.mbox", &mboxrd(&mails(&["1@x", "2@x", "3@x"])));
    assert_eq!(world.counts(&["ingest", "a.mbox"]), [1, 0, 0]);
}
