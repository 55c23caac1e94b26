//! Files in, subsystems and a section out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::{DraftError, Maintainers, Subsystems, Surroundings};
use lorecast_model::{ListId, Section};
use week::{PIA, post, sections};

const MAINTAINERS: &str = "\
List of maintainers

\tM: *Mail* patches to

SORTING BY COLOUR
M:\tPia Nordquist <pia@vendor.example>
S:\tMaintained
F:\tdrivers/sort/
F:\tinclude/linux/sort*.h
X:\tdrivers/sort/legacy/
K:\tcolou?r_sort
N:\t[^a-z]sorter

SORTING (RED)
F:\tdrivers/sort/red.c
F:\tdrivers/sort/*/red.c

WIDGETS
F:\tdrivers/widget
F:\tdrivers/*/widget/

THE REST
F:\t*
F:\t*/
";

fn with(text: &str) -> Subsystems {
    let maintainers = Maintainers::read(text, &Surroundings::UNKNOWN).unwrap();
    Subsystems::new(sections(), Some(maintainers)).unwrap()
}

fn check(paths: &[&str]) -> String {
    let subsystems = with(MAINTAINERS);
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    subsystems.of(&paths, "", &[]).subsystems.join(" | ")
}

#[test]
fn the_most_specific_subsystem_comes_first() {
    insta::assert_snapshot!(check(&["drivers/sort/red.c"]), @"SORTING (RED) | SORTING BY COLOUR | THE REST");
    insta::assert_snapshot!(check(&["Makefile"]), @"THE REST");
}

#[test]
fn a_star_does_not_cross_folders_unless_the_pattern_is_one() {
    insta::assert_snapshot!(check(&["include/linux/sort_page.h"]), @"SORTING BY COLOUR | THE REST");
    insta::assert_snapshot!(check(&["include/linux/sort/page.h"]), @"THE REST");
    insta::assert_snapshot!(check(&["drivers/a/b/widget/x.c"]), @"WIDGETS | THE REST");
}

#[test]
fn exclusions_and_names_count() {
    insta::assert_snapshot!(check(&["drivers/sort/legacy/old.c"]), @"THE REST");
    insta::assert_snapshot!(check(&["lib/my-sorter.c"]), @"SORTING BY COLOUR | THE REST");
}

#[test]
fn a_folder_without_its_slash_is_still_a_folder() {
    insta::assert_snapshot!(check(&["drivers/widget/core.c"]), @"WIDGETS | THE REST");
}

#[test]
fn keywords_are_read_from_prose_and_changed_lines() {
    let diff = "diff --git a/lib/x.c b/lib/x.c\n--- a/lib/x.c\n+++ b/lib/x.c\n@@ -1 +1 @@\n-a\n+color_sort();\n";
    let subsystems = with(MAINTAINERS);
    let placed =
        subsystems.of_patch(&post("a@x", PIA, "[PATCH] lib: x", &format!("Text.\n---\n{diff}")));
    assert_eq!(placed.subsystems, ["THE REST", "SORTING BY COLOUR"]);
}

fn section(paths: &[&str], title: &str, list: &str) -> String {
    let subsystems = Subsystems::new(sections(), None).unwrap();
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    subsystems.of(&paths, title, &[ListId::new(list).unwrap()]).section
}

#[test]
fn sections_fall_back_from_paths_to_title_to_lists() {
    assert_eq!(section(&["mm/slub.c", "mm/slab.h", "fs/xfs/x.c"], "xfs: y", "linux-pci"), "mm");
    assert_eq!(section(&[], "x86/mm: fix it", "linux-pci.vger.kernel.org"), "x86");
    assert_eq!(section(&[], "mmx: fix it", "linux-pci.vger.kernel.org"), "pci");
    assert_eq!(section(&[], "good morning", "knitting.example"), "other");
    assert_eq!(section(&["arch/riscv/kvm/vcpu.c"], "", "x"), "virt");
    assert_eq!(section(&["kernel/bpf/core.c", "net/core/filter.c"], "", "x"), "bpf");
}

#[test]
fn documentation_comes_along_with_what_it_documents() {
    assert_eq!(
        section(&["Documentation/admin-guide/a.rst", "Documentation/b.rst", "mm/a.c"], "", "x"),
        "mm"
    );
}

#[test]
fn section_keys_are_unique_and_leave_the_parts_of_the_notes_alone() {
    let keyed = |keys: &[&str]| -> Vec<Section> {
        let yaml: Vec<String> =
            keys.iter().map(|key| format!("- {{key: {key}, title: T}}\n")).collect();
        serde_yaml::from_str(&yaml.concat()).unwrap()
    };
    let error = |keys: &[&str]| Subsystems::new(keyed(keys), None).unwrap_err().to_string();
    insta::assert_snapshot!(error(&["mm", "mm"]), @"the section key `mm` in `subsystems.yaml` is used twice: give the section another key");
    insta::assert_snapshot!(error(&["topics"]), @"the section key `topics` in `subsystems.yaml` is the name of a part of the notes: give the section another key");
    let none = Maintainers::read("no", &Surroundings::UNKNOWN);
    assert!(matches!(none, Err(DraftError::NotMaintainers)));
}

#[test]
fn our_own_sections_say_everything_once() {
    let mut seen = std::collections::BTreeSet::new();
    for section in sections() {
        let Section { subsystems, paths, prefixes, lists, .. } = section;
        for (sort, entries) in [subsystems, paths, prefixes, lists].into_iter().enumerate() {
            for entry in entries {
                assert!(seen.insert((sort, entry.clone())), "`{entry}` stands in two sections");
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_maintainers_file_and_no_path_is_too_odd(file in "(F:|X:|N:|K:)?[\\PC\\n\\t*?\\[/]{0,80}", path in "\\PC{0,40}") {
        let text = format!("A\nF:\tx\nF:\t{file}\n{file}\n");
        let subsystems = with(&text);
        let placed = subsystems.of(&[path], "", &[]);
        proptest::prop_assert!(!placed.section.is_empty());
    }
}
