//! Mirrors, brought from real servers on loopback and from folders.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::{ArchiveError, Hints, Mirror, MirrorReport, discover};
use lorecast_testkit::mailbox::mail;
use lorecast_testkit::packed::gzip;
use lorecast_testkit::server::{self, Server};
use lorecast_testkit::web::{Web, answer};
use lorecast_testkit::{git, inbox};

use crate::reading::{folder, held, ids, mails, read};

/// A server of an inbox `list`, and the folder of its mirror.
struct World {
    _folder: tempfile::TempDir,
    there: Utf8PathBuf,
    here: Utf8PathBuf,
    git: Utf8PathBuf,
    server: Server,
}

impl World {
    /// An inbox whose epoch 0 holds two mails.
    fn new() -> Self {
        let (folder, path) = folder();
        let (there, here) = (path.join("srv/list"), path.join("mirror"));
        fs::create_dir_all(there.join("git")).unwrap();
        let server = server::serve(&path.join("srv"));
        let world = Self { _folder: folder, there, here, git: git::program(&path), server };
        inbox::build(&world.epoch(0), &mails(&["1@x", "2@x"]));
        world
    }

    fn epoch(&self, number: u32) -> Utf8PathBuf {
        self.there.join(format!("git/{number}.git"))
    }

    fn url(&self) -> String {
        format!("{}list/", self.server.url)
    }

    fn list_epochs(&self, numbers: &[u32]) {
        let paths = numbers.iter().map(|number| format!("\"/list/git/{number}.git\": {{}}"));
        let json = format!("{{{}}}", paths.collect::<Vec<_>>().join(", "));
        fs::write(self.there.join("manifest.js.gz"), gzip(json.as_bytes())).unwrap();
    }

    fn mirror(&self, url: &str) -> Mirror {
        Mirror::new(url, &self.here).unwrap().with_git(self.git.as_str())
    }

    fn bring(&self, url: &str) -> MirrorReport {
        self.mirror(url).bring_up_to_date(&mut |_| {}).unwrap()
    }

    /// What bringing it up to date did.
    fn check(&self, url: &str, cloned: &[&str], fetched: &[&str], unchanged: &[&str]) {
        let report = self.bring(url);
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        assert_eq!(
            (&report.cloned[..], &report.fetched[..], &report.unchanged[..]),
            (&owned(cloned)[..], &owned(fetched)[..], &owned(unchanged)[..])
        );
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Every way to the same inbox.
fn ways(world: &World) -> [String; 3] {
    [world.url(), world.there.to_string(), format!("file://{}/", world.there)]
}

#[test]
fn every_way_brings_all_epochs_and_later_what_is_new() {
    for way in 0..3 {
        let world = World::new();
        let url = &ways(&world)[way];
        inbox::build(&world.epoch(1), &mails(&["3@x"]));
        world.check(url, &["git/0.git", "git/1.git"], &[], &[]);
        assert_eq!(held(&world.here), ["1@x", "2@x", "3@x"]);
        world.check(url, &[], &[], &["git/0.git", "git/1.git"]);
        inbox::build(&world.epoch(1), &mails(&["4@x"]));
        inbox::build(&world.epoch(2), &mails(&["5@x"]));
        world.check(url, &["git/2.git"], &["git/1.git"], &["git/0.git"]);
        assert_eq!(held(&world.here), ["1@x", "2@x", "3@x", "4@x", "5@x"]);
    }
}

#[test]
fn git_daemons_are_mirrored_as_well() {
    let world = World::new();
    let daemon = server::serve_git(world.there.parent().unwrap());
    world.check(&format!("{}list", daemon.url), &["git/0.git"], &[], &[]);
    inbox::build(&world.epoch(1), &mails(&["3@x"]));
    world.check(&format!("{}list", daemon.url), &["git/1.git"], &[], &["git/0.git"]);
    assert_eq!(held(&world.here), ["1@x", "2@x", "3@x"]);
}

#[test]
fn a_manifest_names_the_epochs() {
    let world = World::new();
    // Epoch 1 is missing: trying them out would end there.
    inbox::build(&world.epoch(2), &mails(&["3@x"]));
    world.list_epochs(&[0, 2]);
    world.check(&world.url(), &["git/0.git", "git/2.git"], &[], &[]);
    fs::write(world.there.join("manifest.js.gz"), "damaged").unwrap();
    world.check(&world.url(), &[], &[], &["git/0.git", "git/2.git"]);
}

#[test]
fn a_server_that_nobody_named_is_not_asked() {
    let world = World::new();
    let there = Web::start(|_, out| answer(out, "404 Not Found", &[], b""));
    let real = there.url.clone();
    let leads = Web::start(move |asked, out| {
        let place = format!("Location: {real}{}", asked.path.trim_start_matches('/'));
        answer(out, "301 Moved Permanently", &[&place], b"")
    });
    for url in [format!("{}list/", leads.url), format!("{}list/git/0.git", leads.url)] {
        let mut mirror = world.mirror(&url).bring_up_to_date(&mut |_| {});
        let error = match &mut mirror {
            Ok(report) => report.failures.remove(0),
            Err(_) => mirror.unwrap_err(),
        };
        let message = error.to_string();
        assert!(
            message.contains("leads elsewhere: look where, and name that address"),
            "{message}"
        );
    }
    assert!(leads.asked().len() > 1);
    assert_eq!(there.asked(), []);
}

#[test]
fn an_epoch_that_fails_is_named_and_the_others_are_brought() {
    let world = World::new();
    world.list_epochs(&[0, 7]);
    let report = world.bring(&world.url());
    assert_eq!(report.cloned, ["git/0.git"]);
    let message = report.failures[0].to_string();
    assert!(message.contains("/list/git/7.git` failed"), "{message}");
    assert!(message.contains("not found"), "{message}");
    assert_eq!(held(&world.here), ["1@x", "2@x"]);
}

#[test]
fn a_purge_and_a_force_push_are_followed() {
    let world = World::new();
    for url in ways(&world) {
        inbox::rewrite(&world.epoch(0), &mails(&["1@x", "2@x"]));
        world.bring(&url);
        inbox::rewrite(&world.epoch(0), &mails(&["2@x", "3@x"]));
        world.check(&url, &[], &["git/0.git"], &[]);
        assert_eq!(held(&world.here), ["2@x", "3@x"]);
    }
}

#[test]
fn a_branch_that_is_gone_goes_here_too() {
    let world = World::new();
    git::run(&world.epoch(0), &["branch", "old"], b"");
    world.bring(&world.url());
    git::run(&world.epoch(0), &["branch", "-D", "old"], b"");
    world.check(&world.url(), &[], &["git/0.git"], &[]);
    let branches = git::run(&world.here.join("git/0.git"), &["branch", "--list"], b"");
    assert_eq!(String::from_utf8(branches).unwrap().trim(), "* master");
}

#[test]
fn an_interrupted_clone_is_begun_again() {
    let world = World::new();
    let part = world.here.join("git/0.git.part");
    fs::create_dir_all(part.join("objects")).unwrap();
    fs::write(part.join("HEAD"), "half").unwrap();
    world.check(&world.url(), &["git/0.git"], &[], &[]);
    assert!(!part.exists());
    assert_eq!(held(&world.here), ["1@x", "2@x"]);
}

#[test]
fn what_a_killed_fetch_left_behind_does_not_stop_the_next() {
    let world = World::new();
    world.bring(&world.url());
    inbox::build(&world.epoch(0), &mails(&["3@x"]));
    for lock in ["packed-refs.lock", "HEAD.lock", "refs/heads/master.lock"] {
        fs::write(world.here.join("git/0.git").join(lock), "").unwrap();
    }
    world.check(&world.url(), &[], &["git/0.git"], &[]);
    assert_eq!(held(&world.here), ["1@x", "2@x", "3@x"]);
}

#[test]
fn a_clone_that_is_killed_leaves_nothing_that_counts() {
    let world = World::new();
    // A git that dies in the middle of a clone, when it has written half of it. A setting (`-c`) comes first.
    let folder = world.here.parent().unwrap();
    let text = format!(
        "case $3 in clone) mkdir -p \"$9/objects\"; : >\"$9/HEAD\"; kill -9 $$;; esac\nexec {} \"$@\"",
        world.git
    );
    let dying = git::script(folder, "dying", &text);
    let report = world.mirror(&world.url()).with_git(dying.as_str()).bring_up_to_date(&mut |_| {});
    let report = report.unwrap();
    assert_eq!((report.cloned.len(), report.failures.len()), (0, 1));
    assert!(world.here.join("git/0.git.part/HEAD").exists());
    assert!(discover(&world.here, &Hints::default()).is_err());
    world.check(&world.url(), &["git/0.git"], &[], &[]);
}

#[test]
fn a_single_epoch_is_brought_alone() {
    let world = World::new();
    inbox::build(&world.epoch(1), &mails(&["3@x"]));
    world.check(&format!("{}git/1.git", world.url()), &["git/1.git"], &[], &[]);
    assert_eq!(held(&world.here), ["3@x"]);
    fs::rename(world.epoch(0), world.there.join("0")).unwrap();
    world.check(&format!("{}0", world.url()), &["git/0.git"], &[], &[]);
}

#[test]
fn epochs_without_the_folder_git_are_found() {
    let world = World::new();
    fs::rename(world.epoch(0), world.there.join("0")).unwrap();
    world.check(&world.url(), &["git/0.git"], &[], &[]);
    inbox::build(&world.there.join("1"), &mails(&["3@x"]));
    world.check(&world.url(), &["git/1.git"], &[], &["git/0.git"]);
}

#[test]
fn a_v1_inbox_is_kept_whole() {
    let world = World::new();
    let path = world.there.with_file_name("old.git");
    inbox::build_v1(&path, &mails(&["1@x"]));
    for url in [format!("{}old.git", world.server.url), path.to_string()] {
        world.bring(&url);
        assert_eq!(held(&world.here), ["1@x"]);
    }
    inbox::remove_v1(&path, &mails(&["1@x"])[0]);
    let (_, cursor) = read(&world.here, None);
    world.check(&format!("{}old.git/", world.server.url), &[], &["all.git"], &[]);
    assert_eq!(ids(&read(&world.here, Some(&cursor)).0), ["-1@x"]);
}

#[test]
fn progress_is_told() {
    let world = World::new();
    let noise = |n: u32| mail(&format!("{n}@x")).body(&format!("{n}\n").repeat(50)).bytes();
    inbox::build(&world.epoch(0), &(0..200).map(noise).collect::<Vec<_>>());
    let mut steps = Vec::new();
    let mut listen = |step: lorecast_archive::Progress<'_>| {
        steps.push(format!("{} {}/{} {}", step.repository, step.number, step.count, step.step));
        assert!(step.percent <= 100);
    };
    world.mirror(&world.url()).bring_up_to_date(&mut listen).unwrap();
    assert!(steps.contains(&"git/0.git 1/1 Receiving objects".to_owned()), "{steps:?}");
}

#[test]
fn what_goes_wrong_is_said() {
    let world = World::new();
    let error = |mirror: Mirror| mirror.bring_up_to_date(&mut |_| {}).unwrap_err().to_string();
    for url in ways(&world) {
        let missing = error(world.mirror(&url).with_git("/nowhere/git"));
        assert!(missing.contains("cannot run `/nowhere/git`: install git"), "{missing}");
    }
    let nothing = error(world.mirror(&format!("{}none/", world.server.url)));
    assert!(
        nothing.starts_with("there is no public inbox with mail at `http://127.0.0.1"),
        "{nothing}"
    );
    let nowhere = error(world.mirror(world.there.join("none").as_str()));
    assert!(nowhere.starts_with("there is no public inbox with mail at"), "{nowhere}");
    // Port 1 is closed.
    let closed = error(world.mirror("http://me:secret@127.0.0.1:1/x"));
    assert!(
        closed.starts_with("`git ls-remote` of `http://127.0.0.1:1/x/git/0.git` failed"),
        "{closed}"
    );
    assert!(!closed.contains("secret"), "{closed}");
}

#[test]
fn two_processes_do_not_disturb_each_other() {
    let world = World::new();
    world.bring(&world.url());
    let lock = fs::File::open(world.here.join("mirror.lock")).unwrap();
    lock.lock().unwrap();
    let error = world.mirror(&world.url()).bring_up_to_date(&mut |_| {}).unwrap_err();
    assert!(matches!(error, ArchiveError::MirrorBusy { .. }), "{error}");
}

#[test]
fn addresses_that_git_takes_for_something_else_are_refused() {
    for url in
        ["--upload-pack=x", "ext::sh -c x", "fd::7", "", "ftp://x/y", "EXT::x", "a\nb", "x://y"]
    {
        let refused = Mirror::new(url, Utf8Path::new("x"));
        assert!(matches!(refused, Err(ArchiveError::RefusedUrl { .. })), "{url}");
    }
    for url in ["https://lore.kernel.org/linux-pci/", "HTTP://[::1]:80/x", "git@host:list", "a/b"] {
        assert!(Mirror::new(url, Utf8Path::new("x")).is_ok(), "{url}");
    }
}
