//! Writers that are killed, run out of room, or meet another writer.

use std::fs;
use std::process::Child;

use lorecast_testkit::inbox;
use lorecast_testkit::mailbox::mboxrd;

use crate::show::{self, piped};
use crate::world::{World, mails, many};

/// How many mails one transaction keeps.
const BATCH: usize = 2048;

/// How many messages readers see; none while there is no store.
fn held(world: &World) -> u64 {
    let run = world.run(&["stats", "--format", "json"]);
    let stats = serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap_or_default();
    stats["messages"].as_u64().unwrap_or(0)
}

#[test]
fn after_kill_9_the_next_run_goes_on() {
    let mails = many(0..3 * BATCH);
    let undisturbed = World::new();
    inbox::rewrite(&undisturbed.path("a.git"), &mails);
    undisturbed.done(&["ingest", "a.git"]);

    let world = World::new();
    inbox::rewrite(&world.path("a.git"), &mails);
    // However slow this is to notice, it does not end: standard input stays open.
    let mut child = piped(&mut world.command(&["ingest", "a.git", "-"])).spawn().unwrap();
    while held(&world) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
    }
    // Readers go on beside it.
    world.done(&["search", "word7", "--limit", "1"]);
    world.done(&["thread", "00007@x"]);
    child.kill().unwrap();
    child.wait().unwrap();

    let kept = held(&world) as usize;
    assert!(kept > 0 && kept.is_multiple_of(BATCH), "{kept} of {}", mails.len());
    world.done(&["store", "check", "--raw"]);
    assert_eq!(world.counts(&["ingest", "a.git"]), [(mails.len() - kept) as u64, 0, 0]);
    assert!(world.table() == undisturbed.table());
    assert!(world.done(&["export", "threads"]) == undisturbed.done(&["export", "threads"]));
    let checked = world.done(&["store", "check", "--raw"]);
    assert_eq!(
        checked,
        format!("the store is sound, and {} raw mails can be read back\n", mails.len())
    );
}

/// A limit on the size of files stands in for a full disk: the same call fails at the same place.
#[test]
fn a_full_disk_loses_at_most_the_batch_under_way() {
    let mails = many(0..3 * BATCH);
    let world = World::new();
    world.write("first.mbox", &mboxrd(&mails[..BATCH]));
    world.write("all.mbox", &mboxrd(&mails));
    world.done(&["ingest", "first.mbox"]);
    let blocks = fs::metadata(world.index()).unwrap().len() / 512 * 5 / 4;

    let lorecast = env!("CARGO_BIN_EXE_lorecast");
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; {lorecast} --show show ingest all.mbox");
    let folder = world.path("");
    let told = world.told(&show::finish(&mut show::shell(folder.as_std_path(), &line)));
    assert!(told.contains("show/.lorecast/index.db`") && told.contains("make room"), "{told}");
    let kept = held(&world) as usize;
    assert!(kept >= BATCH && kept < mails.len() && kept.is_multiple_of(BATCH), "{kept}");

    world.done(&["ingest", "all.mbox"]);
    assert_eq!(held(&world) as usize, mails.len());
    world.done(&["store", "check"]);
}

/// A writer that waits for its standard input, and holds the store meanwhile.
struct Writer(Child);

impl Writer {
    fn of(world: &World) -> Self {
        let mut child = Self(piped(&mut world.command(&["ingest", "-"])).spawn().unwrap());
        let note = world.path("show/.lorecast/index.db.lock");
        let id = format!("process {} ", child.0.id());
        while !fs::read_to_string(&note).is_ok_and(|note| note.contains(&id)) {
            assert!(child.0.try_wait().unwrap().is_none(), "it did not wait");
        }
        child
    }

    /// Gives it its input and lets it end.
    fn finish(mut self, mails: &[Vec<u8>]) -> bool {
        use std::io::Write;
        self.0.stdin.take().unwrap().write_all(&mboxrd(mails)).unwrap();
        self.0.wait().unwrap().success()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_second_writer_is_told_who_the_first_is() {
    let world = World::with(&mails(&["1@x", "2@x"]));
    world.write("b.mbox", &mboxrd(&mails(&["3@x"])));
    world.sources(&["path: ../b.mbox".to_owned()]);
    let writer = Writer::of(&world);
    for args in [&["ingest", "b.mbox"][..], &["sync"], &["store", "rebuild"]] {
        let told = world.fails(args);
        let who = format!("is being written by process {} (lorecast ingest), since", writer.0.id());
        assert!(told.contains(&who), "{args:?}: {told}");
    }
    assert!(world.index().is_file());
    assert!(writer.finish(&mails(&["4@x"])));
    assert_eq!(world.ids(), ["1@x", "2@x", "4@x"]);
    assert_eq!(world.counts(&["sync"]), [1, 0, 0]);
}

#[test]
fn readers_are_not_kept_waiting_by_a_writer() {
    let world = World::with(&mails(&["1@x", "2@x"]));
    let _writer = Writer::of(&world);
    assert_eq!(world.json(&["search", "matter"]).as_array().unwrap().len(), 2);
    world.done(&["thread", "1@x"]);
    world.done(&["messages", "--raw", "1@x"]);
    world.done(&["export", "threads"]);
    world.done(&["store", "check"]);
}
