//! `store check` finds damage, and `store rebuild` mends it.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};

use insta::assert_snapshot;
use lorecast_testkit::inbox;
use lorecast_testkit::mailbox::{mboxo, mboxrd};

use crate::show::feed;
use crate::world::{World, dated, mails, many, rename};

/// A show with a source in `show.yaml`, and archives that were only ingested, some of which need to
/// be told what they are.
fn world() -> World {
    let world = World::new();
    inbox::rewrite(&world.path("show/a.git"), &many(0..300));
    world.sources(&["path: a.git".to_owned()]);
    world.done(&["sync"]);
    world.write("b.mbox", &mboxrd(&mails(&["b@x"])));
    world.done(&["ingest", "b.mbox", "--list", "linux-mm.kvack.org"]);
    let o = dated("o@x", 0).body(">From old times\n").bytes();
    world.write("show/o.mbox", &mboxo(&[o, dated("p@x", 1).body("From them\n").bytes()]));
    world.done(&["ingest", "show/o.mbox", "--escapes", "mboxo"]);
    feed(&mut world.command(&["ingest", "-"]), &dated("stdin@x", 0).bytes());
    world
}

/// Everything that the user can get out of it.
fn content(world: &World) -> Vec<String> {
    let mails = ["o@x", "p@x"].map(|id| world.done(&["messages", "--raw", id]));
    let tables = ["messages", "threads"].map(|table| world.done(&["export", table]));
    mails.into_iter().chain(tables).collect()
}

/// Damages the file in this way; the check must find it, and a rebuild must bring all back.
fn check(damage: impl FnOnce(&World)) -> String {
    let world = world();
    let before = content(&world);
    damage(&world);
    let found = world.run(&["store", "check"]);
    assert_eq!(found.code, 1, "{found:?}");
    world.done(&["store", "rebuild"]);
    assert_eq!(world.done(&["store", "check"]), "the store is sound\n");
    assert!(content(&world) == before, "something is missing");
    assert!(!world.path("show/.lorecast/index.db.old").exists());
    found.stdout
}

/// Overwrites this part of the file, in hundredths.
fn overwrite(world: &World, from: u64, to: u64) {
    let mut file = fs::File::options().read(true).write(true).open(world.index()).unwrap();
    let length = file.metadata().unwrap().len();
    let mut bytes = vec![0; (length * (to - from) / 100) as usize];
    file.seek(SeekFrom::Start(length * from / 100)).unwrap();
    file.read_exact(&mut bytes).unwrap();
    bytes.iter_mut().for_each(|byte| *byte ^= 0x55);
    file.seek(SeekFrom::Start(length * from / 100)).unwrap();
    file.write_all(&bytes).unwrap();
}

/// The same, with the numbers of pages at their beginnings left as they are.
fn overwrite_within_pages(world: &World, from: usize, to: usize) {
    let mut bytes = fs::read(world.index()).unwrap();
    let pages = bytes.len() / 4096;
    for page in bytes.chunks_mut(4096).take(pages * to / 100).skip(pages * from / 100) {
        page[4..].iter_mut().for_each(|byte| *byte ^= 0x55);
    }
    fs::write(world.index(), bytes).unwrap();
}

#[test]
fn a_sound_store_is_called_sound() {
    let world = world();
    assert_snapshot!(world.done(&["store", "check"]), @"the store is sound");
    assert_snapshot!(world.done(&["store", "check", "--raw"]), @"the store is sound, and 304 raw mails can be read back");
    assert_eq!(world.json(&["store", "check"])["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn flipped_bytes_in_the_middle() {
    for from in [30, 50, 70] {
        let found = check(|world| overwrite(world, from, from + 10));
        assert_eq!(found.matches("`lorecast store rebuild`").count(), 1, "{found}");
    }
}

#[test]
fn a_file_that_was_cut_off() {
    check(|world| {
        let file = fs::File::options().write(true).open(world.index()).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    });
}

#[test]
fn a_file_that_cannot_be_opened_at_all() {
    let found = check(|world| overwrite(world, 0, 100));
    assert_snapshot!(found, @r"
    `show/.lorecast/index.db` is not a store of Lorecast: file is not a database; the store holds only what was derived from the archives, so `lorecast store rebuild` can make it anew
    ");
}

#[test]
fn a_text_in_place_of_the_store() {
    check(|world| fs::write(world.index(), "Hello, I am not a database.\n".repeat(400)).unwrap());
}

#[test]
fn a_raw_mail_that_its_repository_lost() {
    let world = World::new();
    inbox::build(&world.path("a.git"), &mails(&["1@x", "2@x"]));
    world.done(&["ingest", "a.git"]);
    rename(&world.path("a.git"), &world.path("gone.git"));
    world.done(&["store", "check"]);
    let found = world.run(&["store", "check", "--raw"]);
    assert_eq!(found.code, 1, "{found:?}");
    assert_snapshot!(found.stdout.replace(world.path("").as_str(), "HERE/"), @"the raw mail of 2 messages: `HERE/a.git` does not exist: check the path, or clone the archive there first");
}

/// Nothing but the raw mail has what is in an attachment.
#[test]
fn a_raw_mail_that_is_damaged_in_the_store() {
    let noise: String =
        (0..80_000_u64).map(|n| format!("{:016x}\n", n.wrapping_mul(n) ^ (n << 40))).collect();
    let body = format!("--b\n\nHello.\n--b\nContent-Type: image/png\n\n{noise}\n--b--\n");
    let mail = dated("1@x", 0).header("Content-Type", "multipart/mixed; boundary=b").body(&body);
    let world = World::with(&[mail.bytes()]);
    overwrite_within_pages(&world, 50, 95);
    world.done(&["store", "check"]);
    let found = world.run(&["store", "check", "--raw"]);
    assert_eq!(found.code, 1, "{found:?}");
    assert_snapshot!(found.stdout, @"the raw mail of `1@x`: the store `show/.lorecast/index.db` is damaged: Data corruption detected; `lorecast store rebuild` makes it anew");
    world.done(&["store", "rebuild"]);
    world.done(&["store", "check", "--raw"]);
}

#[test]
fn a_rebuild_without_a_store_reads_what_is_remembered() {
    let world = world();
    let before = content(&world);
    fs::remove_file(world.index()).unwrap();
    world.done(&["store", "rebuild"]);
    assert!(content(&world) == before, "something is missing");
}

#[test]
fn a_rebuild_names_what_is_gone_and_keeps_the_old_store() {
    let world = world();
    fs::remove_file(world.path("b.mbox")).unwrap();
    assert_snapshot!(world.fails(&["store", "rebuild"]), @"error: `HERE/b.mbox` does not exist: check the path, or clone the archive there first");
    assert!(world.path("show/.lorecast/index.db.old").is_file());
    assert!(!world.ids().contains(&"b@x".to_owned()));
}

#[test]
fn a_show_that_was_moved_is_rebuilt_where_it_is() {
    let world = World::new();
    world.write("show/b.mbox", &mboxrd(&mails(&["b@x"])));
    world.done(&["ingest", "show/b.mbox", "--list", "linux-mm.kvack.org"]);
    let before = world.table();
    rename(&world.path("show"), &world.path("moved"));
    fs::remove_file(world.path("moved/.lorecast/index.db")).unwrap();
    rename(&world.path("moved"), &world.path("show"));
    world.done(&["store", "rebuild"]);
    assert_eq!(world.table(), before);
}
