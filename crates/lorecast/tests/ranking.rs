//! What a producer weighs: a show's own `ranking.yaml`, and what is learned from decisions.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::PathBuf;

use insta::assert_snapshot;
use show::{demo, done, lorecast_in};

const WEEK: &str = "2025-06-22";

/// The demo's show, drafted.
struct Demo {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = demo(folder.path(), "show");
        Self { _folder: folder, root }
    }

    fn weights(&self) -> String {
        std::fs::read_to_string(self.root.join("ranking.yaml")).unwrap()
    }

    fn write_weights(&self, text: &str) {
        std::fs::write(self.root.join("ranking.yaml"), text).unwrap();
    }

    /// The threads of the week, best first.
    fn ranking(&self) -> Vec<(String, f64)> {
        let args = ["rank", "--week", WEEK, "--top", "999", "--format", "json"];
        let found: serde_json::Value = serde_json::from_str(&done(&self.root, &args)).unwrap();
        let threads = found.as_array().unwrap().iter();
        let read = |thread: &serde_json::Value| {
            let title = thread["title"].as_str().unwrap().to_owned();
            (title, thread["score"].as_f64().unwrap())
        };
        threads.map(read).collect()
    }

    /// What a mistake is answered with.
    fn mistake(&self, args: &[&str]) -> String {
        let run = lorecast_in(&self.root, args);
        assert_eq!(run.code, 2, "{}", run.stderr);
        run.stderr.lines().find(|line| line.starts_with("error")).unwrap().to_owned()
    }

    /// Drops the last stories that the episode tells, and returns how many it had.
    fn drop_last(&self, count: usize) -> usize {
        let file = self.root.join("episodes").join(WEEK).join("episode.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        let stories = text.split("follow_ups:").next().unwrap();
        let ids = stories.lines().filter_map(|line| line.strip_prefix("- id: "));
        let ids: Vec<String> = ids.map(|id| id.trim_matches('\'').to_owned()).collect();
        let mut args = vec!["draft", "--week", WEEK];
        ids.iter().rev().take(count).for_each(|id| args.extend(["--drop", id.as_str()]));
        done(&self.root, &args);
        ids.len()
    }
}

#[test]
fn a_show_weighs_otherwise_and_slips_are_told_at_their_line() {
    let show = Demo::new();
    let before = show.ranking();
    show.write_weights("signals:\n  messages: -5\n");
    assert_ne!(before, show.ranking());
    let rank = ["rank", "--week", WEEK];
    show.write_weights("signals:\n  rfc: 1\n  mesages: 2\n");
    let unknown = show.mistake(&rank);
    assert!(unknown.starts_with("error: ./ranking.yaml:3:3: signals: unknown variant `mesages`, expected one of `messages`, `people`"), "{unknown}");
    show.write_weights("signals:\n  rfc: .nan\n");
    assert_snapshot!(show.mistake(&rank), @"error: ./ranking.yaml:2: `signals`: write a number from -1000 to 1000");
    show.write_weights("wights: {}\n");
    assert_snapshot!(show.mistake(&rank), @"error: ./ranking.yaml:1:1: unknown field `wights`, expected one of `signals`, `learned`, `regular_threads`, `well_known`, `matters`, `hardware`; nothing was changed, correct the line and run the command again");
    show.write_weights("");
    assert_eq!(before, show.ranking());
}

#[test]
fn a_span_is_ranked_like_a_week() {
    let show = Demo::new();
    let span = ["rank", "--from", "2025-06-16", "--to", WEEK, "--format", "json", "--top", "3"];
    let week = ["rank", "--week", WEEK, "--format", "json", "--top", "3"];
    assert_eq!(done(&show.root, &span), done(&show.root, &week));
    assert_snapshot!(show.mistake(&["rank"]), @"error: say which days: `--week DATE` (its last day), or `--from DATE --to DATE`");
}

#[test]
fn weights_are_learned_from_keeps_and_drops_and_yours_stay() {
    let show = Demo::new();
    assert_snapshot!(show.mistake(&["rank", "--learn"]), @"error: too little to learn from: 0 kept and 0 dropped stories, and it takes 5 of each; drop what you do not tell (`lorecast draft --week DATE --drop ID`, or `state: dropped` in `episode.yaml`) and try again after more episodes");
    let stories = show.drop_last(6);
    show.write_weights("# mine\nsignals:\n  rfc: 1.5   # I love them\n");
    let told = done(&show.root, &["rank", "--learn"]);
    let first = format!("{} stories kept and 6 dropped in 1 episode", stories - 6);
    assert!(told.starts_with(&first), "{told}");
    assert!(told.contains("with the places before:\n  1. ("), "{told}");
    assert!(told.contains(" -> ") && told.ends_with("because your ranking.yaml sets them: rfc\n"));
    let learned = show.weights();
    assert!(learned.starts_with("# mine\nsignals:\n  rfc: 1.5   # I love them\n\n# Learned by"));
    assert!(learned.contains("\nlearned:\n  ") && !learned.contains("\n  rfc: 0"), "{learned}");

    let again = done(&show.root, &["rank", "--learn"]);
    assert!(again.contains("nothing to change") && !again.contains("places before"), "{again}");
    assert_eq!(learned, show.weights());
    let run = lorecast_in(&show.root, &["rank", "--learn"]);
    assert!(run.stderr.contains("ranking.yaml is as it was"), "{}", run.stderr);
    assert!(!run.stderr.contains("written"), "{}", run.stderr);

    let commented = learned.replace("learned:\n", "learned:\n# looks right\n");
    show.write_weights(&commented.replace("messages: ", "messages: 1"));
    done(&show.root, &["rank", "--learn"]);
    assert!(show.weights().contains("# looks right\n"), "{}", show.weights());
    assert_eq!(learned, show.weights().replace("# looks right\n\n", ""));
    show.ranking();
}
