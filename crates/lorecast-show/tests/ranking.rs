//! What `rank --learn` leaves in `ranking.yaml`, whatever people wrote around it.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Signal;
use lorecast_show::{Scaffold, create};
use proptest::prelude::*;

/// A show whose `ranking.yaml` holds `text`; `learned` is written into it.
fn learn(text: &str, learned: &[(Signal, f64)]) -> (Result<bool, String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap().join("show");
    let about = Scaffold { title: "A", author: "Ann", url: "https://a.example/" };
    let show = create(&root, &about).unwrap();
    let file: Utf8PathBuf = root.join("ranking.yaml");
    if !text.is_empty() {
        std::fs::write(&file, text).unwrap();
    }
    let learned: BTreeMap<Signal, f64> = learned.iter().copied().collect();
    let done = show.write_learned(&learned, "9 decisions");
    if done.is_ok() {
        assert_eq!(show.own_weights().unwrap().learned, learned);
    }
    let after = std::fs::read_to_string(&file).unwrap_or_default();
    (done.map_err(|error| error.to_string().replace(root.as_str(), "")), after)
}

fn check(text: &str, expected: &str) {
    let (done, after) = learn(text, &[(Signal::Rfc, 0.5), (Signal::Cover, 0.25)]);
    assert_eq!(done, Ok(true));
    assert_eq!(after, expected);
}

const LEARNED: &str = "# Learned by `lorecast rank --learn`: 9 decisions
learned:
  cover: 0.25
  rfc: 0.5
";

#[test]
fn only_the_block_changes() {
    check("", LEARNED);
    check("signals: {pull: 0}", &format!("signals: {{pull: 0}}\n\n{LEARNED}"));
    check(
        "# Learned by `lorecast rank --learn`: 1\nlearned:\n  rfc: 2.0\n\n# ours\nsignals:\n  pull: 0\n",
        &format!("# ours\nsignals:\n  pull: 0\n\n{LEARNED}"),
    );
    check("learned: {rfc: 2.0}\nregular_threads: 3\n", &format!("regular_threads: 3\n\n{LEARNED}"));
}

#[test]
fn comments_at_the_left_edge_of_the_block_stay_and_do_not_end_it() {
    check(
        "learned:\n  rfc: 2.0\n# too much?\n  cover: 1.0\n\n#  no\n  tests: 1.0\nsignals:\n  pull: 0\n",
        &format!("# too much?\n#  no\nsignals:\n  pull: 0\n\n{LEARNED}"),
    );
}

#[test]
fn a_file_that_would_not_read_back_equal_is_left_alone() {
    for text in [
        "\"learned\": {rfc: 2.0}\n",
        "learned: {rfc: 2.0,\ncover: 1.0}\n",
        "{learned: {rfc: 2.0}, signals: {pull: 0}}\n",
    ] {
        let (done, after) = learn(text, &[(Signal::Rfc, 0.5)]);
        let error = done.unwrap_err();
        assert!(error.starts_with("/ranking.yaml:1: `learned`: the block cannot"), "{error}");
        assert_eq!(after, text);
    }
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let (done, after) = learn("learned: {rfc: 0.5}   # by hand\n", &[(Signal::Rfc, 0.5)]);
    assert_eq!((done, after.as_str()), (Ok(false), "learned: {rfc: 0.5}   # by hand\n"));
    assert_eq!(learn("", &[]), (Ok(false), String::new()));
    assert_eq!(learn("learned: {rfc: 0.5}\n", &[]), (Ok(true), String::new()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever lines stand in the file, it ends up with the weights and all else as it was, or as
    /// it was.
    #[test]
    fn nothing_else_is_ever_lost(lines in prop::collection::vec(prop::sample::select(vec![
        "learned:", "  rfc: 2.0", "  cover: 1.0", "# mine", "  # inner", "", "signals:", "  tests: 0.5",
        "  pull: 0", "regular_threads: 3", "matters: [mm,", "  vfs]", "---", "learned: {tests: 1.0}",
    ]), 0..9)) {
        let text = lines.join("\n");
        let own = |text: &str| serde_yaml::from_str::<lorecast_model::Weights>(text).ok();
        let (done, after) = learn(&text, &[(Signal::Tests, 0.75)]);
        match done {
            Ok(_) => {
                let before = if text.is_empty() { Default::default() } else { own(&text).unwrap() };
                prop_assert_eq!(own(&after).unwrap().signals, before.signals);
                prop_assert_eq!(own(&after).unwrap().matters, before.matters);
                let mine = |text: &str| text.lines().filter(|line| *line == "# mine").count();
                prop_assert_eq!(mine(&after), mine(&text));
            }
            Err(_) => prop_assert_eq!(after, text),
        }
    }
}
