//! The whole road, once, through the command: the demo, twice the same bytes, edits that survive,
//! and a real podcast client that downloads the episode.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use show::{command, done, finish, lorecast_in, shell};

const WEEK: &str = "2025-06-22";

/// The demo's show in a folder of its own.
fn with_demo(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let said = done(folder.path(), &["demo", "--out", "show"]);
    assert!(said.contains("lorecast serve"), "{said}");
    test(&folder.path().join("show"));
}

/// Every file below a folder with its bytes.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_owned();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_demo_makes_the_same_bytes_twice() {
    with_demo(|one| {
        with_demo(|other| {
            for part in ["public", "episodes"] {
                let (one, other) = (files(&one.join(part)), files(&other.join(part)));
                assert!(one.keys().eq(other.keys()), "{:?}", one.keys());
                for (name, bytes) in &one {
                    assert!(other[name] == *bytes, "{part}/{} differs", name.display());
                }
            }
        });
    });
}

#[test]
fn reading_and_publishing_again_change_nothing() {
    with_demo(|show| {
        let again = done(show, &["ingest", "--format", "json"]);
        let again: serde_json::Value = serde_json::from_str(&again).unwrap();
        for source in again["sources"].as_array().unwrap() {
            assert_eq!((&source["new"], &source["known"]), (&0.into(), &0.into()), "{source}");
        }
        let before = files(&show.join("public"));
        let report = done(show, &["publish", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["changed"], 0);
        assert!(files(&show.join("public")) == before);
        assert_eq!(lorecast_in(show, &["lint"]).code, 0);
    });
}

#[test]
fn an_edit_survives_every_draft_and_a_dropped_story_stays_away() {
    with_demo(|show| {
        let episode = show.join("episodes").join(WEEK);
        let (notes, yaml) = (episode.join("notes.md"), episode.join("episode.yaml"));
        let text = std::fs::read_to_string(&notes).unwrap();
        let edited = text.replacen("In this week’s edition:", "Hello! This week:", 1);
        assert_ne!(edited, text);
        std::fs::write(&notes, &edited).unwrap();
        done(show, &["draft", "--week", WEEK]);
        assert_eq!(std::fs::read_to_string(&notes).unwrap(), edited);

        let stories = std::fs::read_to_string(&yaml).unwrap();
        let at = stories.rfind("state: proposed").unwrap();
        let title = stories[at..].lines().find(|l| l.trim().starts_with("title: ")).unwrap();
        let title = title.trim().trim_start_matches("title: ").trim_matches(['\'', '"']);
        let dropped = format!("{}state: dropped{}", &stories[..at], &stories[at + 15..]);
        std::fs::write(&yaml, dropped).unwrap();
        done(show, &["draft", "--week", WEEK]);
        let after = std::fs::read_to_string(&notes).unwrap();
        assert!(edited.contains(title) && !after.contains(title), "`{title}` is still told");
        assert!(after.contains("Hello! This week:"));
    });
}

#[test]
fn tables_have_their_columns_and_rows() {
    with_demo(|show| {
        let heads = [
            (
                "messages",
                "message_id\tdate\tfrom_name\tfrom_email\tsubject\tlists\tthread_id\tdefects",
            ),
            ("threads", "thread_id\tsubject\tmessages\tparticipants\tfirst\tlast"),
            (
                "series",
                "root\tseries_id\trevision\tprevious_root\ttitle\tauthor\tpatches\tstate\thow\tconfidence\tmessages",
            ),
            ("subsystems", "message_id\tsubsystems\tsection"),
            ("ranking", "thread_id\tscore\trank\tsection\treasons"),
        ];
        for (table, head) in heads {
            let tsv = done(show, &["export", table]);
            assert_eq!(tsv.lines().next(), Some(head));
            let columns = head.split('\t').count();
            assert!(tsv.lines().all(|line| line.split('\t').count() == columns), "{table}");
            let jsonl = done(show, &["export", table, "--format", "jsonl"]);
            assert_eq!(tsv.lines().count(), jsonl.lines().count() + 1, "{table}");
            for line in jsonl.lines() {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(keys.join("\t"), head);
            }
            assert!(jsonl.lines().count() > 20, "{table} is nearly empty");
        }
        let none =
            done(show, &["export", "messages", "--from", "2024-01-01", "--to", "2024-02-01"]);
        assert_eq!(none.lines().count(), 1);
    });
}

#[test]
fn the_order_of_reading_does_not_matter() {
    with_demo(|show| {
        let lists = show.join("archives/lists.mboxrd");
        let kernel = show.join("archives/linux-kernel.lists.kernel.example.git");
        let told = |name: &str, archives: &[&std::path::PathBuf]| {
            let other = show.join(name);
            done(show, &["init", name]);
            for archive in archives {
                done(&other, &["ingest", archive.to_str().unwrap()]);
            }
            ["series", "threads", "landings"].map(|table| done(&other, &["export", table]))
        };
        let at_once = told("one", &[&lists, &kernel]);
        assert!(at_once[0].lines().count() > 20, "nearly no series");
        assert_eq!(told("two", &[&kernel, &lists]), at_once);
        assert_eq!(told("three", &[&kernel, &lists, &kernel]), at_once);
    });
}

/// A server that is killed when the test ends, however it ends.
struct Server(Child, String);

impl Server {
    fn of(show: &Path, port: u16) -> Self {
        let mut child = command(show)
            .args(["serve", "--port", &port.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        Self(child, address.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A free port: asked for, released, and used at once by the server that comes next.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// podget reads the feed and downloads every enclosure, as a listener's client would.
#[test]
fn a_podcast_client_downloads_the_episodes() {
    assert_eq!(
        finish(&mut shell(Path::new("/"), "podget -V")).code,
        0,
        "podget is not installed: scripts/test install"
    );
    with_demo(|show| {
        let port = free_port();
        let moved = std::fs::read_to_string(show.join("show.yaml"))
            .unwrap()
            .replace("http://127.0.0.1:8700/", &format!("http://127.0.0.1:{port}/"));
        std::fs::write(show.join("show.yaml"), moved).unwrap();
        for episode in std::fs::read_dir(show.join("episodes")).unwrap() {
            // A new address: these copies were never published under the old one.
            drop(std::fs::remove_file(episode.unwrap().path().join("published.yaml")));
        }
        std::fs::remove_dir_all(show.join("public")).unwrap();
        done(show, &["publish"]);
        let server = Server::of(show, port);

        let home = tempfile::tempdir().unwrap();
        let podget =
            |arguments: &str| finish(&mut shell(home.path(), &format!("podget {arguments}")));
        podget("--create-config podgetrc");
        // It downloads nothing where less than 600 MB are free, which three short episodes do not need.
        let settings = home.path().join(".config/podget/podgetrc");
        let frugal = std::fs::read_to_string(&settings).unwrap();
        assert!(frugal.contains("\nMIN_SPACE="), "{frugal}");
        std::fs::write(&settings, frugal.replace("\nMIN_SPACE=", "\nMIN_SPACE=0 #")).unwrap();
        let servers = home.path().join(".config/podget/serverlist");
        std::fs::write(servers, format!("{}feed.xml Kernel Example\n", server.1)).unwrap();
        let folder = home.path().join("POD");
        let run = podget(&format!("-v -c podgetrc --library {}", folder.display()));

        let media = files(&show.join("public/media"));
        let got = files(&folder);
        assert_eq!(media.len(), 3, "{:?}", media.keys());
        for (name, bytes) in &media {
            let found = got.iter().find(|(path, _)| path.ends_with(name));
            let (_, heard) =
                found.unwrap_or_else(|| panic!("{} was not downloaded: {run:?}", name.display()));
            assert!(heard == bytes, "{} arrived damaged", name.display());
        }
    });
}
