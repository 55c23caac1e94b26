//! `merges.yaml`: what the producer decided of two addresses.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use camino::{Utf8Path, Utf8PathBuf};
use insta::assert_snapshot;
use lorecast_model::Decision;
use lorecast_show::ShowDir;

fn show(merges: Option<&str>) -> (tempfile::TempDir, ShowDir, Utf8PathBuf) {
    let room = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(room.path()).unwrap().to_owned();
    std::fs::write(root.join("show.yaml"), "").unwrap();
    let file = root.join("merges.yaml");
    merges.into_iter().for_each(|text| std::fs::write(&file, text).unwrap());
    (room, ShowDir::open(&root).unwrap(), file)
}

fn decision(one: &str, other: &str, same: bool) -> Decision {
    Decision { one: one.to_owned(), other: other.to_owned(), same, date: None }
}

fn check_error(text: &str) -> String {
    let (room, show, _) = show(Some(text));
    show.decisions().unwrap_err().to_string().replace(room.path().to_str().unwrap(), "")
}

#[test]
fn decisions_are_added_and_read_back() {
    let (_room, show, file) = show(None);
    assert_eq!(show.decisions().unwrap(), []);
    let date = "2023-04-16".parse().ok();
    let first = Decision { date, ..decision("ann@a.example", "ann@b.example", true) };
    show.decide(std::slice::from_ref(&first)).unwrap();
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + "# Ann told me.\n").unwrap();
    let odd = decision("O'Ann: #1 <ann@a.example>", "{ann}@b.example", false);
    show.decide(std::slice::from_ref(&odd)).unwrap();
    assert_eq!(show.decisions().unwrap(), [first, odd]);
    assert_snapshot!(std::fs::read_to_string(&file).unwrap(), @r"
    # Whether two addresses are one person's. The last word about a pair counts; a line that you delete is undone.
    - {one: 'ann@a.example', other: 'ann@b.example', same: true, date: 2023-04-16}
    # Ann told me.
    - {one: 'O''Ann: #1 <ann@a.example>', other: '{ann}@b.example', same: false}
    ");
}

#[test]
fn slips_are_told_with_their_line() {
    assert_snapshot!(check_error("- one: a@x.example\n  other: b\n  same: true\n"), @"/merges.yaml:1: `b` is no address; write `ann@a.example`; nothing was changed");
    assert_snapshot!(check_error("# a\n- {one: a@x.example, other: A@x.example, same: true}\n"), @"/merges.yaml:2: `a@x.example` is compared with itself; write another address; nothing was changed");
    assert_snapshot!(check_error("- {one: a@x.example, other: b@x.example, same: yes, why: x}\n"), @r#"/merges.yaml:1:48: .[0].same: invalid type: string "yes", expected a boolean; nothing was changed, correct the line and run the command again"#);
    assert_snapshot!(check_error("- {one: a@x.example, other: b@x.example}\n"), @"/merges.yaml:1:3: .[0]: missing field `same`; nothing was changed, correct the line and run the command again");
    assert_eq!(show(Some("# nothing yet\n\n")).1.decisions().unwrap(), []);
}

#[test]
fn a_file_with_a_slip_is_left_alone() {
    let text = "- {one: a, other: b, same: true}\n";
    let (_room, show, file) = show(Some(text));
    show.decide(&[decision("a@x.example", "b@x.example", true)]).unwrap_err();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
