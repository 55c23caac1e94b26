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
fn maintainers_and_reviewers_of_files_are_known_by_address() {
    let text = "A\nM:\tPia Nordquist <Pia@Vendor.example>\nR:\tbo@x.example\nL:\ta@lists.example\nF:\ta/\n\nTHE REST\nM:\tThe One <one@x.example>\nF:\t*\nF:\t*/\n";
    let of = |path: &str| -> Vec<String> {
        with(text).maintainers_of(&[path.to_owned()]).into_iter().collect()
    };
    assert_eq!(of("a/b.c"), ["bo@x.example", "pia@vendor.example"]);
    assert!(of("b/c.c").is_empty(), "who looks after all files looks after none in particular");
}

#[test]
fn a_patch_names_all_its_files_and_matches_by_changed_lines_below_them() {
    let text = "FROM\nF:\told/\n\nTO\nF:\tnew/\n\nMODE\nF:\tbin/\n\nWORDS\nF:\tx/\nK:\tfirst|second\n\nSPACES\nF:\ty/\nK:\tthird[ ]word\n";
    let patch = |line: &str| {
        format!(
            "Subject: a\n\nSome first.\ndiff --git a/old/a b/new/a\n--- a/old/a\n+++ b/new/a\n@@ -1,2 +1,2 @@\n{line}\n mode change 100644 => 100755 bin/run\n"
        )
    };
    let maintainers = Maintainers::read(text, &Surroundings::UNKNOWN).unwrap();
    let of = |text: &str| maintainers.of_patch(text).join(" | ");
    assert_eq!(of(&patch("+x")), "MODE | TO | FROM | WORDS");
    assert_eq!(of(&patch("+x").replace("first", "1st")), "MODE | TO | FROM");
    let context = patch(" in the second, first").replace("Some first", "");
    assert_eq!(of(&context), "MODE | TO | FROM | WORDS", "the second alternative goes anywhere");
    assert_eq!(of(&context.replace("second", "2nd")), "MODE | TO | FROM");
    assert_eq!(of(&patch("-third word").replace("first", "")), "MODE | TO | FROM | SPACES");
    assert_eq!(of("Some first, no diff"), "");
}

#[test]
fn folders_are_known_by_the_tree_or_by_the_paths_themselves() {
    let text = "A\nF:\tdrivers/foo\n";
    let of = |known: Option<bool>, path: &str| {
        let around = Surroundings { is_folder: &|_| known, characters: true };
        let maintainers = Maintainers::read(text, &around).unwrap();
        maintainers.of([path]).concat()
    };
    for (known, below, beside) in [(Some(true), "A", ""), (Some(false), "", "A"), (None, "A", "A")]
    {
        assert_eq!(of(known, "drivers/foo/a.c"), below, "{known:?}");
        assert_eq!(of(known, "drivers/foobar.c"), beside, "{known:?}");
    }
}

#[test]
fn the_last_line_of_a_section_that_matches_says_how_specific_it_is() {
    let text = "A\nF:\ta/b/c.c\nF:\ta/\n\nB\nF:\ta/b/\n";
    let maintainers = Maintainers::read(text, &Surroundings::UNKNOWN).unwrap();
    assert_eq!(maintainers.of(["a/b/c.c"]), ["B", "A"]);
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
    assert_eq!(section(&["mm/slub.c", "mm/slab.h"], "xfs: y", "linux-pci"), "mm");
    assert_eq!(section(&[], "x86/mm: fix it", "linux-pci.vger.kernel.org"), "x86");
    assert_eq!(section(&[], "mmx: fix it", "linux-pci.vger.kernel.org"), "pci");
    assert_eq!(section(&[], "good morning", "knitting.example"), "other");
    assert_eq!(section(&["arch/riscv/kvm/vcpu.c"], "", "x"), "virt");
    assert_eq!(section(&["kernel/bpf/core.c", "net/core/filter.c"], "", "x"), "bpf");
}

#[test]
fn a_title_decides_where_files_are_spread() {
    let users = ["drivers/infiniband/hw/a.c", "drivers/media/b.c", "mm/gup.c", "io_uring/rsrc.c"];
    assert_eq!(section(&users, "mm/gup: drop an argument", "x"), "mm");
    assert_eq!(section(&["arch/x86/kernel/a.c", "arch/x86/b.c"], "mm: fix it", "x"), "x86");
    assert_eq!(section(&["MAINTAINERS"], "KVM: s390: a new address", "x"), "virt");
    assert_eq!(section(&["src/queue.c", "Makefile"], "liburing: poll twice", "x"), "block");
}

#[test]
fn words_and_lists_that_say_little_count_last() {
    assert_eq!(section(&[], "selftests/mm: skip it", "x"), "mm");
    assert_eq!(section(&[], "dt-bindings: thermal: add one", "x"), "power");
    assert_eq!(section(&[], "selftests: skip it", "linux-mm"), "tools");
    assert_eq!(section(&[], "skip it", "linux-kselftest"), "tools");
    assert_eq!(section(&["mm/a.c"], "skip it", "linux-api"), "mm");
}

#[test]
fn a_word_inside_a_title_says_more_than_a_list() {
    assert_eq!(section(&[], "Two ways to zswap, compared", "linux-pci"), "mm");
    assert_eq!(section(&[], "Rust support", "linux-kbuild"), "rust");
    assert_eq!(section(&[], "What a list can be made of", "linux-pci"), "pci");
}

#[test]
fn a_vague_path_asks_the_subsystem_first() {
    let text = "XEN HYPERVISOR\nF:\tdrivers/odd/\n";
    let subsystems = with(text);
    let of = |path: &str| subsystems.of(&[path.to_owned()], "", &[]).section;
    assert_eq!(of("drivers/odd/a.c"), "virt");
    assert_eq!(of("drivers/odder/a.c"), "drivers");
    assert_eq!(of("mm/a.c"), "mm");
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
        let Section { subsystems, paths, vague_paths, prefixes, vague, lists, .. } = section;
        let words = [prefixes, vague].concat();
        let paths = [paths, vague_paths].concat();
        for (sort, entries) in [subsystems, paths, words, lists].into_iter().enumerate() {
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
