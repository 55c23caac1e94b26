//! What producers do to a draft: they choose stories, edit files, and draft again.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::PathBuf;

use insta::assert_snapshot;
use lorecast_testkit::mailbox::{mail, mboxrd};
use show::{demo, done, lorecast_in};

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
        let root = demo(folder.path(), "show");
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

/// A show of a few invented series, to which mail is added between drafts.
struct Week {
    _folder: tempfile::TempDir,
    root: PathBuf,
    mails: Vec<Vec<u8>>,
}

const FOLIO_1: &str = "20250616-folio-v1-0@a.example";
const FOLIO_2: &str = "20250618-folio-v2-0@a.example";
const TREE: &str = "20250617-tree-v1-0@b.example";
const LOCK: &str = "20250617-lock-v1-0@c.example";

impl Week {
    /// Three series, each with answers of four people; drafted.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        done(&root, &["init"]);
        let mut week = Self { _folder: folder, root, mails: Vec::new() };
        week.series(
            FOLIO_1,
            "Ann",
            "[PATCH 0/2] mm: sort the folios by age",
            "sorts the folios by age",
        );
        week.series(
            TREE,
            "Ben",
            "[PATCH 0/3] xfs: balance the tree",
            "balances the tree of free blocks",
        );
        week.series(
            LOCK,
            "Cai",
            "[PATCH 0/4] net: split the lock",
            "splits the lock of the queue in two",
        );
        week.arrived();
        done(&week.root, &["draft", "--week", WEEK]);
        week
    }

    /// A cover letter and what people say of it.
    fn series(&mut self, id: &str, name: &str, subject: &str, does: &str) {
        let day = &id[6..8];
        let from =
            format!("{name} Example <{}@{}>", name.to_lowercase(), id.split('@').nth(1).unwrap());
        self.mails.push(
            mail(id)
                .from(&from)
                .date(&format!("{day} Jun 2025 10:00:00 +0000"))
                .subject(subject)
                .body(&format!(
                    "This series {does}, so that nobody waits for it any longer than needed.\n"
                ))
                .bytes(),
        );
        for n in 1..4 {
            self.mails.push(
                mail(&format!("reply{n}-{id}"))
                    .from(&format!("Person{n} Example <p{n}@b{n}.example>"))
                    .date(&format!("{day} Jun 2025 1{n}:00:00 +0000"))
                    .subject(&format!("Re: {subject}"))
                    .reply_to(&[id])
                    .body(&format!("I like that it {does}, but what does it cost on a machine with {n} processors?\n"))
                    .bytes(),
            );
        }
    }

    /// The second version of the first series, under another title.
    fn second_version(&mut self) {
        let subject = "[PATCH v2 0/2] mm: keep the folios sorted by age";
        self.series(FOLIO_2, "Ann", subject, "keeps the folios sorted by age");
        let last = self.mails.len() - 4;
        let link = format!("\nLink to v1: https://lore.kernel.org/r/{FOLIO_1}/\n");
        self.mails[last].extend(link.bytes());
        self.arrived();
    }

    fn arrived(&self) {
        std::fs::write(self.root.join("linux-mm.mbox"), mboxrd(&self.mails)).unwrap();
        done(&self.root, &["ingest", "linux-mm.mbox"]);
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.join("episodes").join(WEEK).join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// Changes a file as an editor does.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{text}");
        std::fs::write(self.file(name), text.replacen(from, to, 1)).unwrap();
    }

    /// The notes of another draft with these options, and what was said.
    fn draft(&self, options: &[&str]) -> (String, String) {
        let args: Vec<&str> = ["draft", "--week", WEEK].iter().chain(options).copied().collect();
        let run = lorecast_in(&self.root, &args);
        assert_eq!(
            run.code,
            0,
            "{run:?}\n{}\n{}",
            self.read("notes.md"),
            self.read("episode.yaml")
        );
        (self.read("notes.md"), run.stderr)
    }
}

#[test]
fn a_dropped_series_stays_away_when_its_next_version_comes() {
    let mut week = Week::new();
    week.draft(&["--drop", FOLIO_1]);
    week.second_version();
    let (notes, _) = week.draft(&[]);
    assert!(!notes.contains("folio") && notes.contains(TREE), "{notes}");
    let (notes, _) = week.draft(&["--release", FOLIO_2]);
    assert!(notes.contains(FOLIO_2) && !notes.contains(FOLIO_1), "{notes}");
}

#[test]
fn a_series_dropped_by_hand_stays_away_when_its_next_version_comes() {
    let mut week = Week::new();
    week.edit(
        "episode.yaml",
        &format!("{FOLIO_1}\n  state: proposed"),
        &format!("{FOLIO_1}\n  state: dropped"),
    );
    week.second_version();
    let (notes, _) = week.draft(&[]);
    assert!(!notes.contains("folio") && notes.contains(TREE), "{notes}");
}

#[test]
fn a_pinned_series_is_told_by_its_next_version_where_it_was_put() {
    let mut week = Week::new();
    let state = format!("{FOLIO_1}\n  state: proposed\n  section: mm");
    week.edit(
        "episode.yaml",
        &state,
        &format!("{FOLIO_1} # mine\n  state: pinned\n  section: bpf"),
    );
    week.second_version();
    let (notes, _) = week.draft(&[]);
    assert_eq!(heading(&notes, FOLIO_2), "### BPF");
    assert!(!notes.contains(&format!("/{FOLIO_1}")), "{notes}");
    let yaml = week.read("episode.yaml");
    assert!(
        yaml.contains(&format!("- id: {FOLIO_2} # mine\n  state: pinned\n  section: bpf\n")),
        "{yaml}"
    );
}

#[test]
fn a_story_is_decided_by_any_mail_of_its_thread_or_its_address() {
    for name in [
        format!("reply2-{TREE}"),
        format!("<reply2-{TREE}>"),
        format!("https://lore.kernel.org/linux-xfs/reply2-{TREE}/"),
    ] {
        let week = Week::new();
        week.edit(
            "episode.yaml",
            "chapters:",
            &format!("- id: {name}\n  state: dropped # no news\nchapters:"),
        );
        let yaml = week.read("episode.yaml");
        let own = yaml.find(&format!("- id: {TREE}")).unwrap();
        let end = yaml[own..].find("\n- id: ").unwrap() + own + 1;
        std::fs::write(week.file("episode.yaml"), format!("{}{}", &yaml[..own], &yaml[end..]))
            .unwrap();
        let (notes, said) = week.draft(&[]);
        assert!(!notes.contains(TREE) && !said.contains("no message"), "{name}: {notes}{said}");
        let yaml = week.read("episode.yaml");
        assert!(
            yaml.contains(&format!("# no news\n- id: {TREE}\n  state: dropped\n  section: fs\n")),
            "{yaml}"
        );
        assert_eq!(week.draft(&[]).0, notes);
        assert_eq!(week.read("episode.yaml"), yaml);
    }
}

#[test]
fn a_story_deleted_from_the_file_is_dropped() {
    let week = Week::new();
    let yaml = week.read("episode.yaml");
    let own = yaml.find(&format!("- id: {TREE}")).unwrap();
    let end = yaml[own..].find("\n- id: ").unwrap() + own + 1;
    std::fs::write(week.file("episode.yaml"), format!("{}{}", &yaml[..own], &yaml[end..])).unwrap();
    for _ in 0..2 {
        assert!(!week.draft(&[]).0.contains(TREE));
        assert!(week.read("episode.yaml").contains(&format!("- id: {TREE}\n  state: dropped\n")));
    }
}

#[test]
fn a_drop_beside_an_edited_paragraph_is_no_conflict() {
    let week = Week::new();
    let notes = week.read("notes.md");
    let line = notes.lines().find(|line| line.contains(LOCK)).unwrap();
    week.edit("notes.md", line, &format!("{line} I like it."));
    let (notes, _) = week.draft(&["--drop", TREE]);
    assert!(!notes.contains(TREE) && notes.contains(&format!("{line} I like it.")), "{notes}");
}

/// What a draft says of its stories.
fn changes(said: &str) -> String {
    let is_change =
        |line: &&str| ["new:", "changed:", "gone:"].iter().any(|w| line.trim().starts_with(w));
    said.lines().filter(is_change).map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_second_draft_says_what_is_another_and_why() {
    let mut week = Week::new();
    assert_eq!(changes(&week.draft(&[]).1), "");
    week.edit(
        "episode.yaml",
        &format!("{LOCK}\n  state: proposed"),
        &format!("{LOCK}\n  state: dropped"),
    );
    assert_snapshot!(changes(&week.draft(&[]).1), @"gone: net: split the lock: you dropped it");
    week.second_version();
    assert_snapshot!(changes(&week.draft(&["--release", LOCK, "--move", FOLIO_1, "bpf"]).1), @r"
    new: net: split the lock: you gave it back to the ranking
    changed: mm: keep the folios sorted by age: a newer version came; it stands in `bpf` now; it has words of Person1 Example, Person2 Example, Person3 Example
    ");
    assert_snapshot!(changes(&week.draft(&["--merge", TREE, LOCK]).1), @r"
    gone: xfs: balance the tree: it is told with “net: split the lock”
    changed: net: split the lock: other threads are told with it; it has words of Person1 Example
    ");
    let json = done(&week.root, &["draft", "--week", WEEK, "--drop", FOLIO_1, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["changes"][0]["what"], &json["changes"][0]["why"]),
        (&"gone".into(), &"you dropped it".into())
    );
}

#[test]
fn the_place_of_a_dropped_story_is_filled() {
    let week = Week::new();
    std::fs::write(
        week.root.join("show.yaml"),
        std::fs::read_to_string(week.root.join("show.yaml"))
            .unwrap()
            .replace("stories: 24", "stories: 2"),
    )
    .unwrap();
    week.draft(&[]);
    assert_snapshot!(changes(&week.draft(&["--drop", FOLIO_1]).1), @r"
    gone: mm: sort the folios by age: you dropped it
    new: xfs: balance the tree: it takes the place of “mm: sort the folios by age”
    ");
}

#[test]
fn what_is_merged_into_a_story_is_led_over_to() {
    let week = Week::new();
    let (notes, _) = week.draft(&["--merge", TREE, LOCK]);
    let at = notes.find("On the same subject, Ben Example posted").unwrap();
    assert!(notes.find(LOCK).unwrap() < at, "{notes}");
}

#[test]
fn days_that_are_odd_are_named() {
    let week = Week::new();
    let notes = |options: &[&str]| {
        let args: Vec<&str> = ["draft"].iter().chain(options).copied().collect();
        let run = lorecast_in(&week.root, &args);
        let odd =
            run.stderr.lines().filter(|line| line.contains("days") || line.contains("covers"));
        odd.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(notes(&["--week", WEEK]), @"note: the newest mail in the archives is of 2025-06-17, before the end of these days; `sync` or ingest the rest");
    assert_snapshot!(notes(&["--week", "2025-06-24"]), @r"
    note: episode 2025-06-22 covers 2025-06-18 to 2025-06-22 as well
    note: no mail from 2025-06-18 to 2025-06-24 is in these archives: add sources that cover those days
    ");
    assert_snapshot!(notes(&["--week", "2999-01-07"]), @r"
    note: the days from 2999-01-01 to 2999-01-07 have not come yet
    note: no mail from 2999-01-01 to 2999-01-07 is in these archives: add sources that cover those days
    ");
    assert_snapshot!(notes(&["--from", "2025-06-25", "--to", "2999-01-05"]), @r"
    note: the days are not over: 2999-01-05 has not passed yet; what comes until then needs another draft
    note: episode 2999-01-07 covers 2999-01-01 to 2999-01-05 as well
    note: no mail from 2025-06-25 to 2999-01-05 is in these archives: add sources that cover those days
    ");
}

#[test]
fn an_edition_of_two_weeks_is_not_this_weeks() {
    let week = Week::new();
    done(&week.root, &["draft", "--from", "2025-06-09", "--to", WEEK]);
    let (notes, yaml) = (week.read("notes.md"), week.read("episode.yaml"));
    assert!(notes.contains("In this edition: ") && !notes.contains("week"), "{notes}");
    assert!(yaml.contains("- title: In this edition\n"), "{yaml}");
    assert!(week.draft(&[]).0.contains("In this week’s edition: "));
    assert!(week.read("episode.yaml").contains("- title: In this week’s edition\n"));
}

#[test]
fn minutes_are_kept_in_the_episode() {
    let show = Drafted::new();
    let words = |notes: &str| notes.split_whitespace().count();
    let (long, short) = (show.draft(&["--minutes", "12"]), show.draft(&["--minutes", "6"]));
    assert!((765..=1035).contains(&words(&short)), "{} words are not 6 minutes", words(&short));
    assert!((1530..=2070).contains(&words(&long)), "{} words are not 12 minutes", words(&long));
    assert!(show.read("episode.yaml").contains("\nminutes: 6.0\n"));
    assert_eq!(show.draft(&[]), short);
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
