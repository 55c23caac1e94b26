//! The whole road on PostgreSQL: every command says what it says on SQLite, byte for byte.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::fs;
use std::path::Path;

use camino::Utf8Path;
use lorecast_testkit::kernel::{Fate, KernelTrees, Posted};
use lorecast_testkit::mailbox::{mail, mboxrd};
use lorecast_testkit::postgres::Postgres;
use show::{demo, done, lorecast_in};

const TABLES: [&str; 7] =
    ["messages", "threads", "series", "landings", "subsystems", "ranking", "people"];

const SEARCHES: [&str; 10] = [
    "patch",
    "s:patch",
    "the",
    "\"of the\"",
    "dfn:drivers",
    "nq:reset OR s:fix",
    "NOT patch",
    "f:example d:2025-06-01..",
    "dfhh:spin",
    "rt:..2025-06-20 lock*",
];

/// Everything that reads the index, each under the command that said it.
fn said(folder: &Path) -> Vec<(String, String)> {
    let mut commands: Vec<Vec<String>> = Vec::new();
    let mut add = |words: &[&str]| commands.push(words.iter().map(|w| (*w).to_owned()).collect());
    for table in TABLES {
        let span = ["--from", "2020-01-01", "--to", "2030-01-01"];
        add(&[&["export", table], &span[..]].concat());
    }
    for search in SEARCHES {
        add(&["search", "--format", "json", search]);
    }
    let ids = done(folder, &["export", "messages"]);
    let every = ids.lines().count() / 6 + 1;
    for id in ids.lines().skip(1).step_by(every).filter_map(|line| line.split('\t').next()) {
        add(&["thread", id]);
        add(&["series", id]);
    }
    add(&["store", "check", "--raw"]);
    let said = |words: Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = lorecast_in(folder, &words);
        (words.join(" "), format!("{} {}{}", run.code, run.stdout, run.stderr))
    };
    commands.into_iter().map(said).collect()
}

fn compare(before: &[(String, String)], after: &[(String, String)]) {
    for ((command, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(after, before, "lorecast {command}");
    }
    assert_eq!(before.len(), after.len());
}

/// Gives the show in a folder a store of its own on a server.
fn move_to(server: &Postgres, folder: &Path) -> String {
    let (file, address) = (folder.join("show.yaml"), server.fresh());
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\nstore: {address}\n")).unwrap();
    address
}

#[test]
fn a_show_says_the_same_on_postgresql() {
    let Some(server) = Postgres::shared() else { return };
    let room = tempfile::tempdir().unwrap();
    let folder = demo(room.path(), "show");
    let before = said(&folder);
    move_to(server, &folder);
    let none = lorecast_in(&folder, &["search", "patch"]);
    assert!(none.code == 2 && none.stderr.contains("lorecast ingest"), "{none:?}");
    done(&folder, &["ingest"]);
    compare(&before, &said(&folder));
    let again = done(&folder, &["ingest", "--format", "json"]);
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(
        (&again["sources"][0]["new"], &again["sources"][0]["known"]),
        (&0.into(), &0.into())
    );
    let report = done(&folder, &["publish", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["changed"], 0, "the site is the same");
    done(&folder, &["store", "rebuild"]);
    compare(&before, &said(&folder));
}

#[test]
fn patches_land_the_same_on_postgresql() {
    let Some(server) = Postgres::shared() else { return };
    let room = tempfile::tempdir().unwrap();
    done(room.path(), &["init", "show"]);
    let folder = room.path().join("show");
    let diff = "diff --git a/drivers/x.c b/drivers/x.c\n--- a/drivers/x.c\n+++ b/drivers/x.c\n@@ -9,6 +9,7 @@ int x(void)\n {\n \ta(x);\n \tb(x);\n-\tspin(x, 1);\n+\tspin(x, 2);\n+\tspin_again(x);\n \tc(x);\n }\n";
    let author = "Ada Example <ada@rings.example>";
    let posting = |version: &str, day: &str| {
        mail(&format!("{version}@rings.example"))
            .from(author)
            .subject(&format!("[PATCH{version}] rings: spin faster"))
            .date(&format!("{day} Mar 2023 20:00:00 +0000"))
            .list("rings.lists.example")
            .body(&format!("It is better.\n---\n{diff}"))
            .text()
    };
    let mails = [posting("", "Thu, 30"), posting(" v2", "Fri, 31")];
    fs::write(folder.join("rings.mbox"), mboxrd(&mails)).unwrap();
    let trees = Utf8Path::from_path(&folder).unwrap().join("trees");
    fs::create_dir(&trees).unwrap();
    let message = "rings: spin faster\n\nIt is better.\n";
    let posted = [Posted { author, message, diff, fate: Fate::Reverted }];
    let mut kernel = KernelTrees::new(&trees, &posted);
    kernel.apply();
    kernel.next_day("20230424");
    kernel.merge_window();
    kernel.release();
    kernel.revert();
    let text = fs::read_to_string(folder.join("show.yaml")).unwrap();
    let named = "\ntrees:
  - {name: next, path: trees/linux-next, role: next, branches: [master]}
  - {name: mainline, path: trees/linux, role: mainline, branches: [master]}\n";
    fs::write(folder.join("show.yaml"), text + named).unwrap();
    let followed = || {
        done(&folder, &["ingest", "rings.mbox"]);
        done(&folder, &["track"])
    };
    let tracked = followed();
    let before = said(&folder);
    assert!(before.iter().any(|(_, text)| text.contains("patch-id")), "{before:?}");
    move_to(server, &folder);
    assert_eq!(followed(), tracked);
    compare(&before, &said(&folder));
}

#[test]
fn a_password_is_shown_nowhere() {
    let room = tempfile::tempdir().unwrap();
    done(room.path(), &["init", "show"]);
    let folder = room.path().join("show");
    let text = fs::read_to_string(folder.join("show.yaml")).unwrap();
    let with = |store: &str| {
        fs::write(folder.join("show.yaml"), format!("{text}\nstore: {store}\n")).unwrap();
    };
    with("postgres://ann:secret@127.0.0.1:1/show");
    let config = done(&folder, &["config"]);
    assert!(config.contains("postgres://ann:***@127.0.0.1:1/show"), "{config}");
    let run = lorecast_in(&folder, &["search", "x"]);
    assert!(run.code == 2 && run.stderr.contains("cannot reach the store"), "{run:?}");
    assert!(!run.stderr.contains("secret") && !config.contains("secret"), "{run:?}");
    with("mysql://ann:secret@db/show");
    let run = lorecast_in(&folder, &["search", "x"]);
    assert!(run.code == 2 && run.stderr.contains("show.yaml:"), "{run:?}");
    assert!(!run.stderr.contains("secret"), "{run:?}");
}

#[test]
fn a_show_moves_between_engines_and_is_compared() {
    let Some(server) = Postgres::shared() else { return };
    let room = tempfile::tempdir().unwrap();
    let folder = demo(room.path(), "show");
    // The demo's index knows its archives where they were made, which is somewhere else.
    fs::remove_dir_all(folder.join(".lorecast")).unwrap();
    done(&folder, &["ingest"]);
    done(&folder, &["serve", "--sign-in"]);
    let before = said(&folder);
    let (address, other) = (server.fresh(), server.fresh());
    let there = done(&folder, &["store", "copy", "file", &address]);
    assert!(
        there.contains("messages and 1 entry of what people did are the same in both"),
        "{there}"
    );
    // Once more changes nothing, and neither does the way back.
    assert_eq!(done(&folder, &["store", "copy", "file", &address]), there);
    fs::remove_dir_all(folder.join(".lorecast")).unwrap();
    assert_eq!(done(&folder, &["store", "copy", &address, &other]), there);
    assert_eq!(done(&folder, &["store", "copy", &other, "file"]), there);
    compare(&before, &said(&folder));

    let onto_itself = lorecast_in(&folder, &["store", "copy", "file", "file"]);
    assert!(onto_itself.code == 2 && onto_itself.stderr.contains("already"), "{onto_itself:?}");
    // People went on in one place: nothing of theirs is written over, and the other one can follow.
    done(&folder, &["serve", "--sign-in"]);
    let apart = lorecast_in(&folder, &["store", "copy", &address, "file"]);
    assert!(apart.code == 2 && apart.stderr.contains("holds a journal already"), "{apart:?}");
    let more = done(&folder, &["store", "copy", "file", &address]);
    assert!(more.contains("messages and 2 entries of what people did"), "{more}");
}
