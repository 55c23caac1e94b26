//! `sync`: inboxes that are somewhere else, and what happens to them there.

use std::fs;

use camino::Utf8PathBuf;
use insta::assert_snapshot;
use lorecast_testkit::inbox;
use lorecast_testkit::mailbox::mboxrd;
use lorecast_testkit::packed::gzip;
use lorecast_testkit::server::{self, Server};
use serde_json::Value;

use crate::show::finish;
use crate::world::{World, counts, dated, mails};

/// A show, and a server of the inbox `list` that it may name as its source.
struct Inbox {
    world: World,
    server: Server,
}

impl Inbox {
    /// Its epoch 0 holds these mails.
    fn of(mails: &[Vec<u8>]) -> Self {
        let world = World::new();
        fs::create_dir_all(world.path("srv/list/git")).unwrap();
        let server = server::serve(&world.path("srv"));
        let inbox = Self { world, server };
        inbox::build(&inbox.epoch(0), mails);
        inbox.world.sources(&[format!("url: '{}list/'", inbox.server.url)]);
        inbox
    }

    fn epoch(&self, number: u32) -> Utf8PathBuf {
        self.world.path(&format!("srv/list/git/{number}.git"))
    }

    fn manifest(&self, numbers: &[u32]) {
        let paths = numbers.iter().map(|number| format!("\"/list/git/{number}.git\": {{}}"));
        let json = format!("{{{}}}", paths.collect::<Vec<_>>().join(", "));
        self.world.write("srv/list/manifest.js.gz", &gzip(json.as_bytes()));
    }

    /// How many messages are new, known and gone.
    fn check(&self, expected: [u64; 3]) {
        assert_eq!(self.world.counts(&["sync"]), expected);
        assert_eq!(self.world.counts(&["sync"]), [0, 0, 0], "a second run found something");
    }
}

/// All epochs, then a new mail in the last, then a new epoch.
fn check_way(inbox: &Inbox, source: &str, listed: impl Fn(&[u32])) {
    inbox.world.sources(&[source.to_owned()]);
    inbox::build(&inbox.epoch(1), &mails(&["3@x"]));
    listed(&[0, 1]);
    inbox.check([3, 0, 0]);
    inbox::build(&inbox.epoch(1), &mails(&["4@x"]));
    inbox.check([1, 0, 0]);
    inbox::build(&inbox.epoch(2), &mails(&["5@x"]));
    listed(&[0, 1, 2]);
    inbox.check([1, 0, 0]);
    assert_eq!(inbox.world.ids(), ["1@x", "2@x", "3@x", "4@x", "5@x"]);
}

#[test]
fn all_epochs_come_over_http() {
    let inbox = Inbox::of(&mails(&["1@x", "2@x"]));
    check_way(&inbox, &format!("url: '{}list/'", inbox.server.url), |_| ());
}

#[test]
fn all_epochs_come_over_http_with_a_manifest() {
    let inbox = Inbox::of(&mails(&["1@x", "2@x"]));
    let url = format!("url: '{}list/'", inbox.server.url);
    check_way(&inbox, &url, |numbers| inbox.manifest(numbers));
}

#[test]
fn all_epochs_come_from_a_file_url() {
    let inbox = Inbox::of(&mails(&["1@x", "2@x"]));
    check_way(&inbox, &format!("url: 'file://{}'", inbox.world.path("srv/list")), |_| ());
}

#[test]
fn all_epochs_come_from_a_path() {
    let inbox = Inbox::of(&mails(&["1@x", "2@x"]));
    check_way(&inbox, &format!("path: '{}'", inbox.world.path("srv/list")), |_| ());
}

#[test]
fn a_url_may_be_named_to_ingest() {
    let inbox = Inbox::of(&mails(&["1@x", "2@x"]));
    let url = format!("{}list/", inbox.server.url);
    assert_eq!(inbox.world.counts(&["ingest", &url]), [2, 0, 0]);
    inbox.check([0, 0, 0]);
}

/// A question, an answer, and an answer to that.
fn conversation() -> Vec<Vec<u8>> {
    let texts =
        [dated("1@x", 0), dated("2@x", 1).reply_to(&["1@x"]), dated("3@x", 2).reply_to(&["2@x"])];
    texts.iter().map(|text| text.bytes()).collect()
}

#[test]
fn a_purge_removes_the_message_and_its_thread_falls_apart() {
    let mails = conversation();
    let inbox = Inbox::of(&mails);
    inbox.check([3, 0, 0]);
    assert_eq!(inbox.world.json(&["thread", "3@x"])["thread"]["messages"], 3);
    inbox::remove(&inbox.epoch(0), &mails[1]);
    inbox.check([0, 0, 1]);
    assert_eq!(inbox.world.ids(), ["1@x", "3@x"]);
    assert_eq!(inbox.world.json(&["thread", "3@x"])["thread"]["messages"], 1);
    assert_snapshot!(inbox.world.fails(&["messages", "2@x"]), @"error: no message `2@x` in the index; search for it with `lorecast search`, or ingest the archive that holds it");
}

#[test]
fn a_force_push_removes_what_is_no_longer_there() {
    let mails = conversation();
    let inbox = Inbox::of(&mails);
    inbox.check([3, 0, 0]);
    inbox::rewrite(&inbox.epoch(0), &[&mails[0], &mails[2]]);
    inbox.check([0, 2, 1]);
    assert_eq!(inbox.world.ids(), ["1@x", "3@x"]);
}

#[test]
fn a_url_that_cannot_be_reached_does_not_keep_others_from_being_read() {
    let inbox = Inbox::of(&mails(&["1@x"]));
    inbox.world.write("show/b.mbox", &mboxrd(&mails(&["2@x"])));
    let gone = "url: 'http://127.0.0.1:1/gone/'".to_owned();
    let here = format!("url: '{}list/'", inbox.server.url);
    inbox.world.sources(&[gone, here, "path: b.mbox".to_owned()]);
    let told = inbox.world.fails(&["sync"]);
    let (error, _) = told.split_once(" (").unwrap();
    assert_snapshot!(error, @"error: `git ls-remote` of `http://127.0.0.1:1/gone/git/0.git` failed: check the URL and the network, then try again");
    assert_eq!(told.lines().count(), 1);
    assert_eq!(inbox.world.ids(), ["1@x", "2@x"]);
}

#[test]
fn a_copy_is_read_although_its_server_is_gone() {
    let Inbox { world, server } = Inbox::of(&mails(&["1@x"]));
    assert_eq!(world.counts(&["sync"]), [1, 0, 0]);
    fs::remove_file(world.index()).unwrap();
    drop(server);
    let run = world.run(&["sync", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, counts(&report)), (2, [1, 0, 0]), "{run:?}");
    assert_eq!(report["failures"].as_array().unwrap().len(), 1);
}

#[test]
fn without_git_there_is_one_clear_error_and_files_are_read() {
    let inbox = Inbox::of(&mails(&["1@x"]));
    inbox.world.write("show/b.mbox", &mboxrd(&mails(&["2@x"])));
    let here = format!("url: '{}list/'", inbox.server.url);
    inbox.world.sources(&[here, "path: b.mbox".to_owned()]);
    let nothing = inbox.world.path("show");
    let run = finish(inbox.world.command(&["sync"]).env("PATH", nothing));
    assert_snapshot!(inbox.world.told(&run), @"error: cannot run `git`: install git (Debian: `apt install git`) and try again (No such file or directory (os error 2))");
    assert_eq!(inbox.world.ids(), ["2@x"]);
}

#[test]
fn without_sources_the_next_step_is_told() {
    let world = World::new();
    assert_snapshot!(world.fails(&["sync"]), @"error: no archive to read; list some under `sources:` in `show/show.yaml`, or name them to `lorecast ingest`");
}
