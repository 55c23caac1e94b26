//! What producers do to a draft: they choose stories, edit files, and draft again.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::PathBuf;

use insta::assert_snapshot;
use show::{done, lorecast_in};

const WEEK: &str = "2025-06-22";
const POLLING: &str = "20250617122045.96885-1-bjorn@fjordlabs.example";
const BONDING: &str = "20250616142036.88588-1-bjorn@fjordlabs.example";
const METER: &str = "20250618064057.29406-1-padmini@cauvery.example";

/// The demo's show, drafted.
struct Drafted {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Drafted {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        done(folder.path(), &["demo", "--out", "show"]);
        let root = folder.path().join("show");
        Self { _folder: folder, root }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.join("episodes").join(WEEK).join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// Drafts with these options, and reads the notes.
    fn draft(&self, options: &[&str]) -> String {
        let args: Vec<&str> = ["draft", "--week", WEEK].iter().chain(options).copied().collect();
        done(&self.root, &args);
        self.read("notes.md")
    }

    /// What a mistake is answered with.
    fn mistake(&self, options: &[&str]) -> String {
        let before = (self.read("episode.yaml"), self.read("notes.md"));
        let args: Vec<&str> = ["draft"].iter().chain(options).copied().collect();
        let run = lorecast_in(&self.root, &args);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert_eq!(before, (self.read("episode.yaml"), self.read("notes.md")), "something changed");
        run.stderr.lines().find(|line| line.starts_with("error")).unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).unwrap();
    }
}

/// The heading above the paragraph that holds some words.
fn heading<'a>(notes: &'a str, words: &str) -> &'a str {
    let at = notes.find(words).unwrap_or_else(|| panic!("`{words}` is not told:\n{notes}"));
    notes[..at].lines().rfind(|line| line.starts_with('#')).unwrap()
}

#[test]
fn a_dropped_story_stays_away_until_it_is_released() {
    let show = Drafted::new();
    assert!(show.read("notes.md").contains(METER));
    assert!(!show.draft(&["--drop", METER]).contains(METER));
    assert!(!show.draft(&[]).contains(METER));
    assert!(show.draft(&["--release", METER]).contains(METER));
}

#[test]
fn a_thread_is_added_by_any_of_its_messages_even_of_an_earlier_week() {
    let show = Drafted::new();
    let old =
        done(&show.root, &["rank", "--week", "2025-06-08", "--top", "60", "--format", "json"]);
    let old: serde_json::Value = serde_json::from_str(&old).unwrap();
    let notes = show.read("notes.md");
    let mut ids = old.as_array().unwrap().iter().map(|one| one["thread_id"].as_str().unwrap());
    let id = ids.rfind(|id| !notes.contains(id)).unwrap();
    assert!(show.draft(&["--add", id]).contains(id), "`{id}` was not added");
    assert!(show.draft(&[]).contains(id), "`{id}` did not stay");
}

#[test]
fn a_story_moves_to_another_section() {
    let show = Drafted::new();
    assert_eq!(heading(&show.read("notes.md"), POLLING), "### Networking");
    assert_eq!(heading(&show.draft(&["--move", POLLING, "bpf"]), POLLING), "### BPF");
    assert_eq!(heading(&show.draft(&[]), POLLING), "### BPF");
}

#[test]
fn merged_stories_are_told_together() {
    let show = Drafted::new();
    let notes = show.draft(&["--merge", BONDING, POLLING, "--move", POLLING, "bpf"]);
    assert_eq!(heading(&notes, BONDING), "### BPF");
    assert!(notes.find(POLLING).unwrap() < notes.find(BONDING).unwrap(), "{notes}");
    assert_eq!(show.draft(&[]), notes);
    let yaml = show.read("episode.yaml");
    assert_eq!(
        yaml.matches(&format!("- id: {BONDING}")).count(),
        0,
        "it is still a story of its own"
    );
}

#[test]
fn merging_in_a_circle_loses_no_story() {
    let show = Drafted::new();
    let notes = show.draft(&["--merge", BONDING, POLLING, "--merge", POLLING, BONDING]);
    assert!(notes.contains(BONDING) && notes.contains(POLLING), "{notes}");
}

#[test]
fn comments_and_layout_of_a_hand_edited_episode_stay() {
    let show = Drafted::new();
    let yaml = show.read("episode.yaml");
    let edited = yaml.replacen("stories:\n", "# the order is mine\nstories:\n", 1);
    assert_ne!(yaml, edited);
    show.write("episode.yaml", &edited);
    show.draft(&["--drop", POLLING]);
    let after = show.read("episode.yaml");
    assert!(after.contains("# the order is mine\nstories:\n"));
    assert!(after.contains(&format!("- id: {POLLING}\n  state: dropped\n")));
}

#[test]
fn the_order_of_stories_in_the_file_is_the_order_of_the_notes() {
    let show = Drafted::new();
    let yaml = show.read("episode.yaml");
    let at = |id: &str| yaml.find(&format!("- id: {id}\n")).unwrap();
    let block = |id: &str| {
        let end = yaml[at(id) + 1..].find("\n- id: ").map_or(yaml.len(), |n| at(id) + n + 2);
        yaml[at(id)..end].to_owned()
    };
    let (bonding, polling) = (block(BONDING), block(POLLING));
    let swapped =
        yaml.replace(&bonding, "\u{1}").replace(&polling, &bonding).replace('\u{1}', &polling);
    assert_ne!(yaml, swapped);
    show.write("episode.yaml", &swapped);
    let before = show.read("notes.md");
    let after = show.draft(&[]);
    let first = |notes: &str| notes.find(BONDING).unwrap() < notes.find(POLLING).unwrap();
    assert_ne!(first(&before), first(&after));
}

#[test]
fn mistakes_name_the_next_step_and_change_nothing() {
    let show = Drafted::new();
    let check = |options: &[&str]| show.mistake(options);
    assert_snapshot!(check(&["--week", WEEK, "--add", "nobody@nowhere.example"]), @"error: no message `nobody@nowhere.example` in the index; search for it with `lorecast search`, or ingest the archive that holds it");
    assert_snapshot!(check(&["--week", WEEK, "--move", POLLING, "sports"]), @"error: no section `sports`; a story can stand in mainline, releases, pulls, topics, core, mm, fs, block, net, bpf, virt, security, rust, tracing, power, pci, graphics, media, usb, x86, arm, arch, drivers, tools, other");
    assert_snapshot!(check(&["--week", WEEK, "--merge", POLLING, "bad-charset.4412@scheldt.example"]), @"error: the episode tells no story about `bad-charset.4412@scheldt.example`; `--pin` it first, or merge into one that stands in `episode.yaml`");
    assert_snapshot!(check(&["--week", WEEK, "--add", POLLING, "--drop", POLLING]), @"error: two decisions about `20250617122045.96885-1-bjorn@fjordlabs.example` exclude each other; give one");
    assert_snapshot!(check(&["--week", WEEK, "--merge", POLLING, POLLING]), @"error: two decisions about `20250617122045.96885-1-bjorn@fjordlabs.example` exclude each other; give one");
    assert_snapshot!(check(&["--week", "garbage"]), @"error: invalid value 'garbage' for '--week <DATE>': `garbage` is not a valid date (YYYY-MM-DD)");
    assert_snapshot!(check(&["--from", "2025-06-22", "--to", "2025-06-01"]), @"error: the days end before they begin: 2025-06-22 is after 2025-06-01");
    assert_snapshot!(check(&["--from", "2025-06-22"]), @"error: say which days: `--week DATE` (its last day), or `--from DATE --to DATE`");
    assert_snapshot!(check(&[]), @"error: say which days: `--week DATE` (its last day), or `--from DATE --to DATE`");
}

#[test]
fn the_days_since_the_last_episode_begin_where_it_ended() {
    let show = Drafted::new();
    done(&show.root, &["draft", "--since-last", "--to", "2025-06-25"]);
    let yaml = std::fs::read_to_string(show.root.join("episodes/2025-06-25/episode.yaml")).unwrap();
    assert!(yaml.contains("from: 2025-06-23") && yaml.contains("to: 2025-06-25"), "{yaml}");
}

#[test]
fn a_span_of_days_is_drafted_as_one_episode() {
    let show = Drafted::new();
    done(&show.root, &["draft", "--from", "2025-06-09", "--to", WEEK]);
    let yaml = show.read("episode.yaml");
    assert!(yaml.contains("from: 2025-06-09"), "{yaml}");
}

/// Conflicts are shown and end with exit code 1; nothing of either side is lost.
#[test]
fn an_edit_and_a_decision_that_meet_are_shown() {
    let show = Drafted::new();
    let notes = show.read("notes.md");
    let line = notes.lines().find(|line| line.contains(METER)).unwrap();
    show.write("notes.md", &notes.replace(line, &format!("{line} I like it.")));
    let run = lorecast_in(&show.root, &["draft", "--week", WEEK, "--drop", METER]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let after = show.read("notes.md");
    assert!(after.contains("I like it.") && after.contains("<<<<<<< yours"), "{after}");
    let yaml = show.read("episode.yaml");
    let refused = lorecast_in(&show.root, &["draft", "--week", WEEK, "--drop", POLLING]);
    assert_eq!((refused.code, show.read("episode.yaml") == yaml), (2, true), "{}", refused.stderr);
    let blocked = lorecast_in(&show.root, &["draft", "--week", WEEK]);
    assert_eq!(blocked.code, 2);
    assert!(blocked.stderr.contains("conflict"), "{}", blocked.stderr);
}
