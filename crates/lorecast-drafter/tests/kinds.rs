//! What sort of news a subject, a text or a diff announces.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::{facts, nature};
use lorecast_model::{Kind, Profile};
use week::{PIA, Talk, mail, post, window};

/// Each subject, alone, by the kernel's rules.
fn check(kind: Kind, subjects: &[&str]) {
    for subject in subjects {
        let nature = nature(&post("a@x", PIA, subject, ""), Profile::Kernel);
        assert_eq!(nature.kind, kind, "{subject}");
    }
}

/// Each subject with the name of the release that it announces.
fn check_release(kind: Kind, releases: &[(&str, &str)], profile: Profile) {
    for (subject, name) in releases {
        let nature = nature(&post("a@x", PIA, subject, ""), profile);
        assert_eq!((nature.kind, nature.release.as_deref()), (kind, Some(*name)), "{subject}");
    }
}

/// A diff that creates these files and changes those.
fn diff(created: &[&str], changed: &[&str]) -> String {
    let created = created.iter().map(|path| {
        format!("diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+one\n")
    });
    let changed = changed.iter().map(|path| {
        format!(
            "diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-one\n+two\n"
        )
    });
    created.chain(changed).collect()
}

fn check_patch(subject: &str, diff: &str, kind: Kind) {
    let patch = post("a@x", PIA, subject, &format!("It is needed.\n---\n{diff}"));
    assert_eq!(nature(&patch, Profile::Kernel).kind, kind, "{subject}");
}

#[test]
fn mainline_kernels() {
    let releases = [
        ("Linux 6.3-rc7", "Linux 6.3-rc7"),
        ("Linux 6.3", "Linux 6.3"),
        ("Linux 4.11-rc8.", "Linux 4.11-rc8"),
        ("Linux 2.6.39", "Linux 2.6.39"),
        ("Linux 6.3 released", "Linux 6.3"),
    ];
    check_release(Kind::Mainline, &releases, Profile::Kernel);
    check(Kind::Discussion, &["Re: Linux 6.3-rc7", "Linux 6.3-rc7 and the sorter"]);
}

#[test]
fn stable_and_real_time_kernels() {
    let releases = [
        ("Linux 6.1.24", "Linux 6.1.24"),
        ("Linux 2.6.32.5", "Linux 2.6.32.5"),
        ("[ANNOUNCE] 6.1.24-rt8", "Linux 6.1.24-rt8"),
        ("[ANNOUNCE] v6.3-rc5-rt8", "Linux v6.3-rc5-rt8"),
        ("[ANNOUNCE] 4.19.280-cip95", "Linux 4.19.280-cip95"),
        ("[ANNOUNCE] v4.4.302-cip75-rt43", "Linux v4.4.302-cip75-rt43"),
        (
            "[ANNOUNCE] Release v5.10.177-cip32 and v4.19.280-cip95",
            "Linux v5.10.177-cip32 and v4.19.280-cip95",
        ),
    ];
    check_release(Kind::Stable, &releases, Profile::Kernel);
    check(Kind::Series, &["[PATCH 6.1 000/100] 6.1.24-rc1 review"]);
}

#[test]
fn other_projects_releases() {
    let releases = [
        ("[ANNOUNCE] Git v2.40.1", "Git v2.40.1"),
        ("sorter 1.2 released", "sorter 1.2"),
        ("[ANNOUNCE] sorter-utils v6.2.0 released", "sorter-utils v6.2.0"),
        ("[ANNOUNCE] sortmod 24", "sortmod 24"),
        ("[Announce] [4.10-ck9] sorting scheduler 0.152", "sorting scheduler 0.152"),
        ("[ANNOUNCE] 2016-Q4 release of SortGT", "2016-Q4 release of SortGT"),
        (
            "Announce sort-AES-v3.7k file crypto package",
            "Announce sort-AES-v3.7k file crypto package",
        ),
        ("Heapstore 17 Beta 1 Released!", "Heapstore 17 Beta 1"),
    ];
    check_release(Kind::Release, &releases, Profile::Kernel);
    check_release(Kind::Release, &releases[..4], Profile::General);
    let none = ["mm hotfixes for 6.3", "[VOTE] Release sorter 1.2.0-rc3", "folio cleanups v2"];
    check(Kind::Discussion, &none);
}

#[test]
fn pull_requests() {
    let subjects = [
        "[GIT PULL] mm for 6.4",
        "[GIT PULL REQUEST] overlay update for 4.11",
        "Please pull client changes for Linux 4.11",
        "[git pull] drm fixes",
        "pull-request: can 2023-04-05",
    ];
    check(Kind::Pull, &subjects);
    check(Kind::Discussion, &["Re: [GIT PULL] mm for 6.4"]);
}

#[test]
fn regressions() {
    let subjects = [
        "[REGRESSION] sorting is slow in 6.3",
        "REGRESSION: pad dims its light since 6.1.24",
        "audit regressions in 4.11",
        "Linux 4.11: Reported regressions as of Sunday, 2017-04-09",
        "[linus:master] [mm] 0123456789: sort-scale.ops -9.5% regression",
        "[regression] machine panics on resume, bisected",
    ];
    check(Kind::Regression, &subjects);
    check(Kind::Patch, &["[PATCH] mm: fix a regression"]);
    check(Kind::Discussion, &["New regression tests for the sorter"]);
}

#[test]
fn the_text_shows_a_report_that_the_subject_hides() {
    let kind = |text: &str| nature(&post("a@x", PIA, "sorting", text), Profile::Kernel).kind;
    assert_eq!(kind("Slow.\n\n#regzbot introduced: v6.2..v6.3-rc1\n"), Kind::Regression);
    assert_eq!(kind("I bisected it to 0123abcd.\n"), Kind::Regression);
    assert_eq!(kind("It stops:\n\n[   12.3] Call Trace:\n[   12.3]  sort+0x1\n"), Kind::Bug);
    assert_eq!(kind("Steps to reproduce:\n1. sort\n"), Kind::Bug);
    assert_eq!(kind("It is slow.\n"), Kind::Discussion);
}

#[test]
fn builds_and_tests() {
    let subjects = [
        "Build regressions/improvements in v4.11-rc8",
        "next/master build: 182 builds: 14 failed, 168 passed, 37 errors (next-20230417)",
        "next/master baseline: 583 runs, 88 regressions (next-20230424)",
        "linux-next: build failure after merge of the sort tree",
        "[linux-next:master 123/456] drivers/sort/a.c:12:3: warning: unused variable 'b'",
        "[tip:x86/sort] BUILD SUCCESS 0123456789abcdef",
        "Build failed in the nightly of branch two",
        "Buildfarm member otter is red again",
    ];
    check(Kind::Build, &subjects);
}

#[test]
fn bugs() {
    let subjects = [
        "Linux 6.3-rc7 does not boot",
        "Bug: sorting disables the pad",
        "[Bug 217242] New: hard lockup in the sorter",
        "There is a Tasks RCU stall warning",
        "AMD IOMMU causing filesystem corruption",
        "[syzbot] [mm?] KASAN: slab-use-after-free Read in sort_pages",
        "sorter fails to build on alpha",
        "sort mount failure with context option",
        "WARNING: CPU: 1 PID: 1 at mm/sort.c:7 sort_pages+0x1",
    ];
    check(Kind::Bug, &subjects);
    check(Kind::Discussion, &["How do you sort?", "Question about crashes in sort"]);
}

#[test]
fn security() {
    let subjects = [
        "CVE-2023-99999: sort: pages of others can be read",
        "Linux kernel: [CVE-2023-99999] use-after-free in sort",
        "Xen Security Advisory 999 v2 (CVE-2023-99999) - sorting",
        "sort: local privilege escalation in the pad",
        "[SECURITY ADVISORY] sorter: vulnerability in the index",
    ];
    check(Kind::Security, &subjects);
    check(Kind::Patch, &["[PATCH 5.4] sort: fix CVE-2023-99999"]);
}

#[test]
fn requests_for_comments() {
    check(Kind::Rfc, &["[RFC PATCH v2 0/7] mm: sort", "[RFC] A sorter in user space"]);
    check(Kind::Rfc, &["[RFC PATCH] sort: remove the colour driver"]);
}

#[test]
fn new_drivers_by_title() {
    let subjects = [
        "[PATCH v3 0/4] Add driver for the Sample S1 pad",
        "[PATCH 0/2] pinctrl: sample: add new driver",
        "[PATCH v8 08/11] clk: sample: Add clock driver for s1d1 clock controller",
        "[PATCH net-next 0/5] net: ethernet: introduce the Sample S1 driver",
        "[PATCH 0/9] Initial support for the Sample S1",
        "[PATCH] hwmon: new driver for the Sample S1 fan",
    ];
    check(Kind::Driver, &subjects);
    check(
        Kind::Patch,
        &[
            "[PATCH] dt-bindings: net: add driver for S1",
            "[PATCH] sort: add driver data for the S2",
            "[PATCH] sort: Fix the driver for S1",
        ],
    );
}

#[test]
fn new_drivers_by_what_they_add() {
    let brings = diff(&["drivers/sort/s1.c"], &["drivers/sort/Kconfig", "drivers/sort/Makefile"]);
    check_patch("[PATCH] sort: add support for the Sample S1", &brings, Kind::Driver);
    check_patch("[PATCH] sort: split the core", &brings, Kind::Patch);
    let touches = diff(&[], &["drivers/sort/s1.c"]);
    check_patch("[PATCH] sort: add support for the Sample S1", &touches, Kind::Patch);
    check_patch("[PATCH] sort: add driver for the colour mode", &touches, Kind::Driver);
}

#[test]
fn a_series_is_a_driver_when_its_patches_bring_one() {
    let brings = diff(&["drivers/sort/s1.c"], &["drivers/sort/Kconfig", "drivers/sort/Makefile"]);
    let talk = Talk(vec![
        post("a@x", PIA, "[PATCH 0/2] sort: support the Sample S1", "Hello.\n"),
        mail("b@x", 12, PIA, "[PATCH 2/2] sort: add S1", "a@x", &format!("It.\n---\n{brings}")),
    ]);
    let facts = facts(&talk.thread(), &talk.0, &talk.revisions(), window(), Profile::Kernel);
    assert_eq!(facts.kind, Kind::Driver);
}

#[test]
fn removals() {
    let subjects = [
        "[PATCH 0/3] arch: Remove Itanium (IA-64) architecture",
        "[PATCH] sort: drop support for the S1",
        "[PATCH v2 00/40] staging: remove the pad driver",
        "[PATCH] ARM: s1: remove board support",
        "[PATCH] fs: mark padfs as deprecated",
        "[PATCH] sort: Deprecate the colour option",
        "End of life for padfs",
        "padfs is unmaintained and EOL",
    ];
    check(Kind::Removal, &subjects);
    check(
        Kind::Patch,
        &[
            "[PATCH] sort: remove unused variable",
            "[PATCH] sort: remove redundant driver",
            "[PATCH] sort: drop reference to page in driver",
            "[PATCH] dt-bindings: sort: deprecate colour",
        ],
    );
}

#[test]
fn maintainers() {
    let subjects = [
        "[PATCH] MAINTAINERS: relinquish the sorter",
        "[PATCH] MAINTAINERS: add Pia Nordquist as reviewer of the pad",
        "Stepping down as maintainer of padfs",
        "The sorter needs a new maintainer",
        "Welcome Pia Nordquist as a new committer",
    ];
    check(Kind::Maintainers, &subjects);
    check_patch("[PATCH] sort: Pia takes over", &diff(&[], &["MAINTAINERS"]), Kind::Maintainers);
    let with_code = diff(&[], &["MAINTAINERS", "mm/sort.c"]);
    check_patch("[PATCH] sort: fold", &with_code, Kind::Patch);
}

#[test]
fn calls() {
    let kind =
        |subject: &str, text: &str| nature(&post("a@x", PIA, subject, text), Profile::Kernel).kind;
    for subject in [
        "Sorting Conference 2023: Call for Papers",
        "CFP: pad microconference at Plumbers",
        "[ANNOUNCE] Padconf 2.0 call for participation",
        "LSF/MM/BPF 2023: registration is open",
        "Sorting microconference at Linux Plumbers",
        "[ANNOUNCE] Sorting summit, May 8",
    ] {
        assert_eq!(kind(subject, "We talk about the Linux sorter.\n"), Kind::Call, "{subject}");
    }
    let stranger = kind("Call for Papers: trade and tourism 2023", "Join us.\n");
    assert_eq!(stranger, Kind::Discussion);
    let talk = ["[LSF/MM/BPF TOPIC] Sorting pages", "Notes from the sorting summit 2023"];
    check(Kind::Discussion, &talk);
}

#[test]
fn a_commit_notice_is_no_report_of_what_it_mends() {
    check(Kind::Patch, &["[tip: mm/core] sort: Fix memory leak in sort_pages"]);
}

#[test]
fn patches_series_and_talk() {
    check(Kind::Series, &["[PATCH 1/2] mm: sort", "[PATCH net-next v4 00/27] net: sort"]);
    check(Kind::Patch, &["[PATCH] mm: sort"]);
    check(Kind::Discussion, &["Should we sort?", "[DISCUSS] sorting"]);
}

#[test]
fn the_general_rules_know_no_kernel() {
    let general = |subject: &str| nature(&post("a@x", PIA, subject, ""), Profile::General).kind;
    assert_eq!(general("Linux 6.1.24"), Kind::Discussion);
    assert_eq!(general("[PATCH] MAINTAINERS: update a path"), Kind::Patch);
    assert_eq!(general("[PATCH 0/4] Add driver for the pad"), Kind::Series);
    assert_eq!(general("Call for papers: sorting days"), Kind::Call);
    assert_eq!(general("[PATCH v2] Drop support for the old wire protocol"), Kind::Removal);
    assert_eq!(general("Server crashes when the index is empty"), Kind::Bug);
}
