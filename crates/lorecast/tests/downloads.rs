//! How often episodes were downloaded, from a server's log to the table.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use show::{done, lorecast_in};

/// A show with an episode of half an hour that is out, and this log.
fn with_log(log: &str, test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["init", "show"]);
    let show = folder.path().join("show");
    let episode = show.join("episodes/2023-04-16");
    fs::create_dir_all(&episode).unwrap();
    fs::write(
        episode.join("episode.yaml"),
        "title: Half an hour\nwindow: {from: 2023-04-10, to: 2023-04-16}\n",
    )
    .unwrap();
    fs::write(
        episode.join("published.yaml"),
        "guid: urn:uuid:1\ndate: 2023-04-17T18:00:00Z\nenclosure_url: https://cdn.example/s/one.mp3\n\
         sound: {bytes: 28800000, media_type: audio/mpeg, length: 1800.0, chapters: []}\n",
    )
    .unwrap();
    fs::write(show.join("access.log"), log).unwrap();
    test(&show);
}

fn hit(address: &str, bytes: u64, agent: &str) -> String {
    let get = "GET /s/one.mp3?from=feed HTTP/1.1";
    format!("{address} - - [17/Apr/2023:20:00:00 +0000] \"{get}\" 206 {bytes} \"-\" \"{agent}\"\n")
}

#[test]
fn a_table_of_episodes_and_apps() {
    let log = hit("192.0.2.1", 600_000, "AntennaPod/3.4").repeat(2)
        + &hit("192.0.2.2", 28_800_000, "Overcast/3")
        + &hit("192.0.2.3", 28_800_000, "Googlebot/2.1")
        + &hit("192.0.2.4", 2, "AppleCoreMedia/1.0")
        + "half a line";
    with_log(&log, |show| {
        assert_snapshot!(done(show, &["stats", "downloads", "access.log"]), @r"
        2 downloads (after the IAB Podcast Measurement Technical Guidelines 2.2)

        2023-04-16       2 ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
                         1 with AntennaPod
                         1 with Overcast

        6 lines read, 1 of them unreadable; not counted: 1 request of bots, 1 listener of less than a minute
        ");
        let json = done(show, &["stats", "downloads", "access.log", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["days"]["2023-04-17"], 2);
        assert!(!json.to_string().contains("192.0.2"));
    });
}

#[test]
fn a_log_that_is_not_there_is_named() {
    with_log("", |show| {
        let run = lorecast_in(show, &["stats", "downloads", "no.log"]);
        assert!(run.stderr.contains("cannot read the log `no.log`"), "{}", run.stderr);
        assert_eq!(run.code, 2);
    });
}
