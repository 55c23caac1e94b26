//! Change logs, links to earlier revisions, and change-ids.

use lorecast_mail::{change_id, change_log, linked_message, named_revisions};
use proptest::prelude::*;

/// Each entry as `v3: text`, `?` for a log that names no version.
fn check(text: &str) -> String {
    let version = |version: Option<lorecast_model::Version>| {
        version.map_or("?".to_owned(), |v| format!("v{v}"))
    };
    let shown = change_log(text)
        .into_iter()
        .map(|change| format!("{}: {}", version(change.version), change.text.replace('\n', " / ")));
    shown.collect::<Vec<_>>().join("\n")
}

/// Each link as `v2 id`, `?` where no version is said.
fn check_links(text: &str) -> String {
    let shown = named_revisions(text).into_iter().map(|(version, id)| match version {
        Some(version) => format!("v{version} {id}"),
        None => format!("? {id}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_log_as_b4_writes_it() {
    insta::assert_snapshot!(check("Fold the batch.

Signed-off-by: Ada <ada@a.example>
---
Changes in v3:
- fold twice
- Link to v2: https://lore.kernel.org/r/2@a.example

Changes in v2:
- fold at all
  and unfold

---
base-commit: 0123
"), @"
v3: - fold twice
v2: - fold at all /   and unfold
");
}

#[test]
fn heads_in_all_their_forms() {
    for (head, version) in [
        ("Changes in v3:", "v3"),
        ("Changes since v2:", "v3"),
        ("changes from V2", "v3"),
        ("v2 -> v3:", "v3"),
        ("V2->V3", "v3"),
        ("v2 --> v3", "v3"),
        ("v3 <- v2:", "v3"),
        ("v2-v3:", "v3"),
        ("v2 => v3:", "v3"),
        ("v3:", "v3"),
        ("V3", "v3"),
        ("[v3]:", "v3"),
        ("*Changes in v3*", "v3"),
        ("- v3:", "v3"),
        ("v3 changes:", "v3"),
        ("Changelog since v2:", "v3"),
        ("Since v2:", "v3"),
        ("From v2 ([1]):", "v3"),
        ("Version 3:", "v3"),
        ("Changes v3 since v2 at [1]:", "v3"),
        ("Change log v3:", "v3"),
        ("RFC -> v1:", "v1"),
        ("RFC v2 -> v1:", "v1"),
        ("Changes since v2 (https://lore.kernel.org/r/2@a.example):", "v3"),
        ("Changes since v1,2:", "v2"),
        ("Changes since RFC:", "?"),
        ("Changes since RFC v1:", "?"),
        ("Changelog:", "?"),
        ("History:", "?"),
        ("## Changelog", "?"),
    ] {
        assert_eq!(
            check(&format!("A fold.\n---\n{head}\n - one\n")),
            format!("{version}: - one"),
            "{head}"
        );
    }
}

#[test]
fn entries_in_one_line() {
    assert_eq!(
        check("v2: fold it (Bob)\nv3: and unfold\n    it again\n"),
        "v2: fold it (Bob)\nv3: and unfold /     it again"
    );
    assert_eq!(check("Fold the batch (v2: fold it twice).\n(v3: or not)\n"), "v3: or not");
}

#[test]
fn where_a_log_ends() {
    for end in [
        "---\n mm/a.c | 2 +-",
        "Signed-off-by: Ada <a@b.example>",
        "Ada Example (2):",
        "base-commit: 01",
        " mm/a.c | 2 +-",
        "-- \nAda",
        "\nThis goes on about something else.",
    ] {
        assert_eq!(
            check(&format!("v2:\n- one\n\n- two\n{end}\n- other\n")),
            "v2: - one /  / - two",
            "{end}"
        );
    }
}

#[test]
fn what_is_no_head() {
    for text in [
        "v3 of this board is broken:\n- one",
        "Change the parent of a clock.\n- one",
        "Patch 3: fold it\n- one",
        "> v2:\n> - one",
        "v2: https://lore.kernel.org/r/2@a.example",
        "This changes:\n- one",
        "Changes\nto the parent",
    ] {
        assert_eq!(check(text), "", "{text}");
    }
}

#[test]
fn links_with_their_versions() {
    let url = "https://lore.kernel.org/r/2@a.example";
    for (text, expected) in [
        (format!("- Link to v2: {url}"), "v2 2@a.example"),
        (format!("v2: {url}/T/#u"), "v2 2@a.example"),
        (format!("[v2] {url}"), "v2 2@a.example"),
        (format!("RFC v2: {url}"), "v2 2@a.example"),
        (format!("RFC: {url}"), "? 2@a.example"),
        (format!("Previous version: <{url}>."), "? 2@a.example"),
        (format!("The v2 can be found at:\n{url}"), "v2 2@a.example"),
        (format!("Based on v6.1-rc1. The v2 is here: {url}"), "v2 2@a.example"),
        (format!("Changes since v2 ({url}):"), "v2 2@a.example"),
        (format!("Changes since v2 [1]:\n- one\n\n[1] {url}"), "v2 2@a.example"),
        (format!("v2:\n  [3] {url}"), "v2 2@a.example"),
        (format!("Link: {url}"), ""),
        (format!("This needs clock v2: {url}"), ""),
        (format!("See [1].\n\n[1] {url}"), ""),
        (format!("> v2: {url}"), ""),
        ("v2: https://marc.info/?l=linux-mm&m=123".to_owned(), ""),
    ] {
        assert_eq!(check_links(&text), expected, "{text}");
    }
}

#[test]
fn links_without_end() {
    let link = |at: u32| format!("https://lore.kernel.org/r/{at}@a.example\n");
    let named: String = (0..10_000).map(|at| format!("v2: {}", link(at))).collect();
    assert_eq!(named_revisions(&named).len(), 500);
    // Looked up among all lines each, these would take hours.
    let notes: String = (0..300_000).map(|at| format!("[1] {}", link(at))).collect();
    assert_eq!(check_links(&notes), "");
    assert_eq!(
        check_links(&format!("Changes since v2 [1]:\n- x\n\n[1] {}", link(2))),
        "v2 2@a.example"
    );
}

#[test]
fn addresses_of_mails() {
    for (url, id) in [
        ("https://lore.kernel.org/linux-mm/2@a.example/", Some("2@a.example")),
        ("http://lkml.kernel.org/r/2@a.example", Some("2@a.example")),
        ("https://lore.kernel.org/r/a/b@a.example/", Some("a/b@a.example")),
        ("https://patch.msgid.link/2%40a.example", Some("2@a.example")),
        ("https://lore.kernel.org/all/x%2By@a.example/#t", Some("x+y@a.example")),
        ("https://patchwork.example/project/mm/patch/2@a.example/", Some("2@a.example")),
        ("HTTPS://lore.kernel.org/all/2@a.example).", Some("2@a.example")),
        ("https://lore.kernel.org/lkml/", None),
        ("https://lkml.org/lkml/2023/4/1/1", None),
        ("https://social.example/@ada", None),
    ] {
        assert_eq!(linked_message(url).map(|id| id.to_string()).as_deref(), id, "{url}");
    }
}

#[test]
fn change_ids() {
    let id = |text: &str| change_id(text).unwrap_or_default();
    assert_eq!(
        id("---\nbase-commit: 01\nchange-id: 20230401-fold-0123456789ab\n"),
        "20230401-fold-0123456789ab"
    );
    assert_eq!(id("prerequisite-change-id: 20230401-x-0123456789ab:v2\n"), "");
    assert_eq!(id("> change-id: 20230401-fold-0123456789ab\n"), "");
    assert_eq!(id("Change-Id: I0123456789012345678901234567890123456789\n"), "");
}

proptest! {
    #[test]
    fn nothing_panics(text in "(?s)[-*>:() \\nvV12éß→…a-z/@.%\\[\\]]{0,200}") {
        let _ = (change_log(&text), named_revisions(&text), change_id(&text), linked_message(&text));
        let _ = linked_message(&format!("https://lore.kernel.org/r/{text}"));
        let _ = named_revisions(&format!("v2: https://lore.kernel.org/{text}"));
    }

    #[test]
    fn entries_hold_only_lines_of_the_text(text in "(?s)(v[1-3]:|Changes in v2:|- a|  b|\\n|\\n\\n|---\\n| ){0,40}") {
        for change in change_log(&text) {
            for line in change.text.lines() {
                prop_assert!(text.contains(line.trim()), "{line:?}");
            }
        }
    }
}
