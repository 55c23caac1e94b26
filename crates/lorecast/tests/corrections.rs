//! What turns out wrong after an episode is out.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use insta::assert_snapshot;
use show::{demo, done, lorecast_in};

const OUT: &str = "2025-06-15";
const NEXT: &str = "2025-06-22";

#[test]
fn a_wrong_name_is_offered_corrected_published_and_told_next() {
    let folder = tempfile::tempdir().unwrap();
    let root = demo(folder.path(), "show");
    let notes = root.join("episodes").join(OUT).join("notes.md");
    let right = std::fs::read_to_string(&notes).unwrap();
    let wrong = right.replacen("Padmini Iyengaran asked", "Padmini Iyengarn asked", 1);
    assert_ne!(right, wrong, "{right}");
    std::fs::write(&notes, wrong).unwrap();

    let draft = || lorecast_in(&root, &["draft", "--week", NEXT]).stderr;
    let offers = |said: &str| said.lines().filter(|l| l.contains("--correct")).count();
    assert_eq!(offers(&draft()), 1, "{}", draft());
    let said = lorecast_in(&root, &["check", OUT, "--correct", "--on", "2025-06-20"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{}", said.stderr);
    assert_eq!(offers(&draft()), 0, "it is corrected");

    let next = std::fs::read_to_string(root.join("episodes").join(NEXT).join("notes.md")).unwrap();
    let told = next.lines().find(|line| line.starts_with("**A correction**")).unwrap();
    assert_snapshot!(told, @"**A correction** to the episode of June 15: it has to be Padmini Iyengaran, not Padmini Iyengarn");
    done(&root, &["publish"]);
    let page =
        std::fs::read_to_string(root.join(format!("public/episodes/{OUT}/index.html"))).unwrap();
    assert!(page.contains("Correction, 20 June 2025"), "{page}");
    let again = lorecast_in(&root, &["check", OUT, "--correct", "--on", "2025-06-21"]);
    assert!(again.stderr.contains("0 corrections"), "{}", again.stderr);
}

/// A correction is known by its rule and place: more mail makes other numbers, and no new doubt.
#[test]
fn what_is_corrected_stays_so_when_more_mail_comes() {
    let folder = tempfile::tempdir().unwrap();
    let root = demo(folder.path(), "show");
    let notes = root.join("episodes").join(OUT).join("notes.md");
    let right = std::fs::read_to_string(&notes).unwrap();
    std::fs::write(&notes, right.replacen("Padmini Iyengaran asked", "Padmini Iyengarn asked", 1))
        .unwrap();
    done(&root, &["check", OUT, "--correct", "--on", "2025-06-20"]);
    let file = root.join("episodes").join(OUT).join("episode.yaml");
    let yaml = std::fs::read_to_string(&file).unwrap();
    let key = yaml.lines().find(|line| line.contains("finding:")).unwrap();
    assert!(key.contains("name at “Padmini Iyengarn asked"), "{key}");
    assert!(!key.contains("is spelt"), "what is said of it may change: {key}");
}

#[test]
fn what_is_not_out_yet_is_mended_instead() {
    let folder = tempfile::tempdir().unwrap();
    let root = demo(folder.path(), "show");
    std::fs::remove_file(root.join("episodes").join(NEXT).join("published.yaml")).unwrap();
    let run = lorecast_in(&root, &["check", NEXT, "--correct"]);
    assert_eq!(run.code, 2);
    assert_snapshot!(run.stderr.lines().next().unwrap(), @"error: episode `2025-06-22` is not published yet; mend its notes instead, with `lorecast check 2025-06-22 --fix` or by hand");
}

#[test]
fn an_old_episode_that_cannot_be_read_is_named_and_stops_no_draft() {
    let folder = tempfile::tempdir().unwrap();
    let root = demo(folder.path(), "show");
    std::fs::remove_file(root.join("episodes").join(OUT).join("notes.md")).unwrap();
    let run = lorecast_in(&root, &["draft", "--week", NEXT]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("earlier episodes were not checked again"), "{}", run.stderr);
}
