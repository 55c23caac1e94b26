//! Subjects of every form that lists hold, and what they say.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use lorecast_mail::subject_tags;
use lorecast_model::Version;
use proptest::prelude::*;

/// `flags version number/total [trees] title`, what is absent left out.
fn shown(subject: &str) -> String {
    let tags = subject_tags(subject);
    let flags = [
        (tags.reply, "reply"),
        (tags.patch, "patch"),
        (tags.pull, "pull"),
        (tags.rfc, "rfc"),
        (tags.resend, "resend"),
        (tags.announce, "announce"),
    ];
    let mut words: Vec<String> = flags.iter().filter(|f| f.0).map(|f| f.1.to_owned()).collect();
    if tags.version != Version::default() {
        words.push(format!("v{}", tags.version));
    }
    words.extend(tags.number.zip(tags.total).map(|(n, m)| format!("{n}/{m}")));
    words.extend((!tags.trees.is_empty()).then(|| format!("{:?}", tags.trees)));
    format!("{}| {}", words.iter().map(|w| format!("{w} ")).collect::<String>(), tags.title)
}

fn check(subject: &str, expected: &str) {
    assert_eq!(shown(subject), expected, "{subject}");
}

#[test]
fn tags_in_one_group() {
    check("[PATCH] foo: bar", "patch | foo: bar");
    check("[RFC PATCH net-next v3 02/10] foo: bar", "patch rfc v3 2/10 [\"net-next\"] | foo: bar");
    check("[PATCHv2] foo", "patch v2 | foo");
    check("[Patch V2 1/3] foo", "patch v2 1/3 | foo");
    check("[PATCH v6,19/24] foo", "patch v6 19/24 | foo");
    check("[PATCH v5.1 10/12] foo", "patch v5.1 10/12 | foo");
    check("[PATCH 2 of 5] foo", "patch 2/5 | foo");
    check("[PATCH v2 (RESEND) 0/2] foo", "patch resend v2 0/2 | foo");
    check("[RESEND PATCH v4] foo", "patch resend v4 | foo");
    check("[PATCH/RFC] foo", "patch rfc | foo");
    check("[RFC-PATCH v2] foo", "patch rfc v2 | foo");
    check("[RFCv3 1/2] foo", "patch rfc v3 1/2 | foo");
    check("[PATCH-next v2] foo", "patch v2 [\"next\"] | foo");
    check("[PATCH -next] foo", "patch [\"next\"] | foo");
    check("[PATCH 5.15 03/20] foo", "patch 3/20 [\"5.15\"] | foo");
    check("[PATCH v5.15 1/2] foo", "patch 1/2 [\"v5.15\"] | foo");
    check("[PATCH v3a] foo", "patch v3.1 | foo");
    check("[patch 12/15] foo", "patch 12/15 | foo");
    check("[03/10] foo", "patch 3/10 | foo");
    check("[PATCH version 3] foo", "patch v3 | foo");
    check("[PATCH v12 43.1/46] foo", "patch v12.1 43/46 | foo");
    check("[PATCH 0.5/3] foo", "patch | foo");
    check("[PATCH v2 0.5/3] foo", "patch v2 | foo");
    check("[PATCH 1.5/3] foo", "patch v1.5 1/3 | foo");
    check("[PATCH v5-fix 6/11] foo", "patch v5.1 6/11 | foo");
    check("[PATCH v3/RESEND] foo", "patch resend v3 | foo");
    check("[PATCH fixed+RESEND] foo", "patch resend [\"fixed\"] | foo");
    check("[PATCH RESEND^2] foo", "patch resend | foo");
    check("[PATCH RESEND#2] foo", "patch resend | foo");
    check("[PATCH for-6.2/block] foo", "patch [\"for-6.2/block\"] | foo");
    check("[PATCH =v2] foo", "patch v2 | foo");
    check("[PULL|PATCH v3 0/7] foo", "patch v3 0/7 | foo");
    check("[PATCH2] foo", "patch v2 | foo");
    check("[PATCHSETS v2] foo", "patch v2 | foo");
    check("[[PATCH 00/12] foo", "patch 0/12 | foo");
    check("Subject: [PATCH 1/4] foo", "patch 1/4 | foo");
    check("PATCH [0/4 V2] foo", "patch v2 0/4 | foo");
    check("Patch for [bar]", "| Patch for [bar]");
    check("[PATCH2 of 5] foo", "patch 2/5 | foo");
    check("[PATCHv3 2 of 5] foo", "patch v3 2/5 | foo");
    check("[PATCH12/50] foo", "patch 12/50 | foo");
    check("[v2PATCH 1/3] foo", "patch v2 1/3 | foo");
    check("[v2.3PATCH1/4] foo", "patch v2.3 1/4 | foo");
    check("[dispatch 1 of 4] foo", "patch 1/4 [\"dispatch\"] | foo");
}

#[test]
fn tags_in_several_groups() {
    check("[PATCH][next] foo", "patch [\"next\"] | foo");
    check("[PATCH] [net-next] foo", "patch [\"net-next\"] | foo");
    check("[PATCH] [RFC] [v2] foo", "patch rfc v2 | foo");
    check("[a-list] [PATCH v2] foo", "patch v2 [\"a-list\"] | foo");
    check("[PATCH] [media] foo", "patch | [media] foo");
}

#[test]
fn announcements_and_pulls() {
    check("[GIT PULL] for 6.4", "pull | for 6.4");
    check("[GIT PULL 2/3] foo", "patch pull 2/3 | foo");
    check("[GIT PULL REQUEST] foo", "pull | foo");
    check("[PULL] foo", "pull | foo");
    check("pull-request: net 2023-04-13", "pull | pull-request: net 2023-04-13");
    check("[ANNOUNCE] tool 1.2", "announce | tool 1.2");
    check("[ANNOUNCEMENT] tool 1.2", "announce | tool 1.2");
    check("ANNOUNCE: tool 1.2", "announce | tool 1.2");
}

#[test]
fn replies_and_forwards() {
    check("Re: [PATCH] foo", "reply patch | foo");
    check("RE: Aw: Fwd: Re[2]: foo", "reply | foo");
    check("Re: [External] Re: [PATCH v2] foo", "reply patch v2 | foo");
    check("[a-list] Re: [PATCH] foo", "reply patch | foo");
    check("Re: (subset) [PATCH 0/2] foo", "reply patch 0/2 | foo");
    check("答复: [PATCH] foo", "reply patch | foo");
    check("Re [PATCH] foo", "reply patch | foo");
    check("re foo", "reply | foo");
    check("re", "| re");
    check("[PATCH] re foo", "patch | re foo");
    check("Revert: foo", "| Revert: foo");
    check("regmap: foo", "| regmap: foo");
}

#[test]
fn unknown_groups_stay_in_the_title() {
    check("[REGRESSION] foo broke", "| [REGRESSION] foo broke");
    check("[syzbot] [ext4?] KASAN in foo", "| [syzbot] [ext4?] KASAN in foo");
    check("Re: [tip: x86/mm] foo: bar", "reply | [tip: x86/mm] foo: bar");
    check("[linux-next:master 3/5] a.c: warning", "| [linux-next:master 3/5] a.c: warning");
    check("[PATCH foo: never closed", "| [PATCH foo: never closed");
}

#[test]
fn versions_at_the_end_of_the_title() {
    check("[PATCH] foo (v3)", "patch v3 | foo");
    check("[PATCH] foo [V2]", "patch v2 | foo");
    check("[PATCH v2] foo (v3)", "patch v2 | foo (v3)");
    check("(v3)", "| (v3)");
    check("[PATCH] foo (v6.5)", "patch | foo (v6.5)");
    check("[PATCH v2] foo [v6.5]", "patch v2 | foo [v6.5]");
    check("[PATCH] foo (v5.0)", "patch | foo (v5.0)");
    check("[PATCH] foo (v3a)", "patch | foo (v3a)");
    check("[PATCH] foo (v.3)", "patch v3 | foo");
}

#[test]
fn numbers_too_large_are_words() {
    check("[PATCH 1/99999999999] foo", "patch [\"1/99999999999\"] | foo");
}

proptest! {
    #[test]
    fn no_subject_panics(subject in "(Re: |\\[|\\]|PATCH|RFC|v[0-9]|[0-9]/[0-9]|of| |\\(|\\)|\\PC){0,30}") {
        let tags = subject_tags(&subject);
        prop_assert!(tags.title.len() <= subject.len());
    }
}
