//! Mailmaps are read as git reads them, and broken lines are named.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::io::Write;
use std::process::{Command, Stdio};

use lorecast_model::Mailbox;
use lorecast_people::Mailmap;
use proptest::prelude::*;

const MAP: &str = "\
# people of ours
Ann Vogel <ann@a.example>
<bo@new.example> <bo@old.example>
Cy Quill <cy@a.example> <CY@old.example>
Dee Quill <dee@a.example> D <shared@a.example>
Ed Quill <ed@a.example> eD <shared@a.example>
Fay Quill <shared@a.example>
  Gus   Quill\t<gus@a.example>\t<gus@old.example>  # since 2020
Hal Quill <hal@a.example> <>
Ida Quill <ida@first.example> <ida@old.example>
<ida@second.example> <ida@old.example>
Jörg Quill <jo@a.example> <jo@old.example>\r
# Kim <kim@a.example>
";

const ASKED: [(&str, &str); 17] = [
    ("x", "ann@a.example"),
    ("x", "ANN@A.example"),
    ("Bo", "bo@old.example"),
    ("Bo", "bo@new.example"),
    ("Cy", "cy@OLD.example"),
    ("D", "shared@a.example"),
    ("ed", "shared@A.example"),
    ("other", "shared@a.example"),
    ("g", "gus@old.example"),
    ("g", "gus@a.example"),
    ("h", "hal@a.example"),
    ("i", "ida@old.example"),
    ("i", "ida@second.example"),
    ("Joerg", "jo@old.example"),
    ("Kim", "kim@a.example"),
    ("who", "nobody@a.example"),
    ("Ä", "ann@a.example"),
];

fn ours(map: &Mailmap, name: &str, email: &str) -> String {
    let who = Mailbox { name: name.to_owned(), email: email.to_owned() };
    map.proper(&who).unwrap_or(who).to_string()
}

fn gits(map: &str) -> Vec<String> {
    let folder = std::env::temp_dir().join(format!("lorecast-mailmap-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("map"), map).unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(&folder).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        command
    };
    assert!(git(&["init", "--quiet"]).status().unwrap().success());
    let mut child = git(&["-c", "mailmap.file=map", "check-mailmap", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for (name, email) in ASKED {
        writeln!(input, "{name} <{email}>").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    std::fs::remove_dir_all(&folder).unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_form_is_read_as_git_reads_it() {
    let (map, complaints) = Mailmap::read(MAP.as_bytes());
    assert_eq!(complaints, []);
    let ours: Vec<String> = ASKED.iter().map(|(name, email)| ours(&map, name, email)).collect();
    assert_eq!(ours, gits(MAP));
    assert_eq!(ours[5], "Dee Quill <dee@a.example>");
    assert_eq!(ours[7], "Fay Quill <shared@a.example>");
}

#[test]
fn broken_lines_are_named_and_skipped() {
    let text = format!(
        "Ann Vogel\nAnn <ann@a.example\n<ann@a.example>\nAnn <> <x@a.example>\n\n{}\nBo <bo@a.example>\n",
        "x".repeat(5000)
    );
    let (map, complaints) = Mailmap::read(text.as_bytes());
    let told: Vec<String> = complaints.iter().map(|c| format!("{}: {}", c.line, c.why)).collect();
    assert_eq!(
        told,
        [
            "1: no address between `<` and `>`",
            "2: no address between `<` and `>`",
            "3: one address alone maps nothing",
            "4: the first address is empty",
            "6: longer than 4096 bytes",
        ]
    );
    assert_eq!(ours(&map, "b", "bo@a.example"), "Bo <bo@a.example>");
}

#[test]
fn latin_1_is_read_where_a_line_is_no_utf_8() {
    let (map, _) = Mailmap::read(b"J\xf6rg <j@a.example>\nJ\xc3\xb6rg <k@a.example>\n");
    assert_eq!(ours(&map, "x", "j@a.example"), "Jörg <j@a.example>");
    assert_eq!(ours(&map, "x", "k@a.example"), "Jörg <k@a.example>");
}

proptest! {
    #[test]
    fn no_bytes_are_a_trap(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (map, complaints) = Mailmap::read(&bytes);
        let lines = bytes.split(|byte| *byte == b'\n').count();
        prop_assert!(map.len() + complaints.len() <= lines);
    }

    #[test]
    fn no_line_is_a_trap(text in "([A-Za-z]{0,3} ?<[a-z@.]{0,8}>? ?[#<>\\r\\n]?){0,20}") {
        let (map, complaints) = Mailmap::read(text.as_bytes());
        prop_assert!(map.len() + complaints.len() <= text.split('\n').count());
    }
}
