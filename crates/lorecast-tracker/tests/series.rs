//! Revisions of a thread, their links and their states.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use lorecast_model::{Message, Posted, Proof, Revision, State};
use lorecast_tracker::{series, track};
use mails::mails;

mod mails;

/// One revision a line: root, version, what it holds, series, previous, state.
fn show(posted: &[Posted]) -> String {
    let line = |r: &Revision| {
        let cover = if r.cover.is_some() { "cover+" } else { "" };
        let patches: Vec<_> = r.patches.iter().map(|p| format!("{}:{}", p.number, p.id)).collect();
        let rfc = if r.rfc { "rfc " } else { "" };
        let mut line = format!(
            "{} {rfc}v{} {cover}[{}]/{}",
            r.root,
            r.version,
            patches.join(" "),
            r.announced
        );
        if r.series.0 != r.root {
            line.push_str(&format!(" of {}", r.series));
        }
        if let Some(previous) = &r.previous {
            line.push_str(&format!(" after {previous}"));
        }
        match &r.state {
            State::Posted => {}
            State::Applied { by: Proof::Message(by) } => {
                line.push_str(&format!(" applied by {by}"))
            }
            other => line.push_str(&format!(" {}", other.name())),
        }
        if let Some(next) = &r.next {
            line.push_str(&format!(" superseded by {next}"));
        }
        line
    };
    posted.iter().map(|posted| line(&posted.revision)).collect::<Vec<_>>().join("\n")
}

/// The revisions of one thread, the same in any order of its mails.
fn check(text: &str) -> String {
    let mut messages = mails(text);
    let found = track(&messages, &[]).unwrap();
    messages.reverse();
    assert_eq!(track(&messages, &[]), Some(found.clone()), "the order of the mails mattered");
    show(&found.revisions)
}

/// The revisions of one thread, linked.
fn check_thread_links(text: &str) -> String {
    show(&series::link(series::revisions(&mails(text))))
}

/// Every mail a thread of its own, then linked; the same in any order, and when linked again.
fn check_links(text: &str) -> String {
    let alone = |message: &Message| series::revisions(std::slice::from_ref(message));
    let mut all: Vec<Posted> = mails(text).iter().flat_map(alone).collect();
    let linked = series::link(all.clone());
    all.reverse();
    assert_eq!(series::link(all), linked, "the order of the revisions mattered");
    assert_eq!(series::link(linked.clone()), linked, "linking twice changed something");
    show(&linked)
}

#[test]
fn a_cover_letter_and_its_patches() {
    insta::assert_snapshot!(check("
        c      | ada | [PATCH net-next v3 0/2] net: faster
        p1 < c | ada | [PATCH net-next v3 1/2] net: one
        p2 < c | ada | [PATCH net-next v3 2/2] net: two
        r < c p1 | bob | Re: [PATCH net-next v3 1/2] net: one"), @"c v3 cover+[1:p1 2:p2]/2 under-review");
}

#[test]
fn holes_and_a_missing_cover_letter_show() {
    insta::assert_snapshot!(check("
        p2 < c | ada | [PATCH 2/4] two
        p4 < c | ada | [PATCH 4/4] four"), @"p2 v1 [2:p2 4:p4]/4");
}

#[test]
fn a_single_patch_is_a_revision() {
    insta::assert_snapshot!(check("
        a     | ada | [PATCH] fix a thing
        b < a | bob | Re: [PATCH] fix a thing
        c < a | bob | [PATCH] a better fix"), @r"
    a v1 [1:a]/1 under-review
    c v1 [1:c]/1
    ");
}

#[test]
fn pull_requests_replies_and_bots_are_no_series() {
    insta::assert_snapshot!(check("
        a | ada | [GIT PULL] fixes
        b | bob | Re: [PATCH 1/2] x
        c | tip-bot2 | [tip: sched/core] sched: x
        d | cy | [ANNOUNCE] tool 1.0"), @"");
}

#[test]
fn a_second_version_in_the_same_thread_continues_the_first() {
    insta::assert_snapshot!(check_thread_links("
        c       | ada | [PATCH 0/1] old name
        p1 < c  | ada | [PATCH 1/1] one
        d < c   | ada | [PATCH v2 0/1] new name
        q1 < c d | ada | [PATCH v2 1/1] one
        x < c   | bob | [PATCH v2] not hers"), @r"
    c v1 cover+[1:p1]/1 superseded by d
    d v2 cover+[1:q1]/1 of c after c
    x v2 [1:x]/1
    ");
}

#[test]
fn one_patch_posted_again_takes_its_place() {
    insta::assert_snapshot!(check("
        c       | ada | [PATCH v5 0/2] work
        p1 < c  | ada | [PATCH v5 1/2] one
        p2 < c  | ada | [PATCH v5 2/2] two
        n < c p2 | ada | [PATCH v5.1 2/2] two"), @"c v5 cover+[1:p1 2:n]/2");
}

#[test]
fn two_patches_of_one_number_that_were_sent_together_stay_together() {
    insta::assert_snapshot!(check("
        20230403201839.4097-1-ada@x | ada | [PATCH 1/3] one
        20230403201839.4097-2-ada@x < 20230403201839.4097-1-ada@x | ada | [PATCH 2/3] two
        20230403201839.4097-3-ada@x < 20230403201839.4097-1-ada@x | ada | [PATCH 2/3] three"), @"20230403201839.4097-1-ada@x v1 [1:20230403201839.4097-1-ada@x 2:20230403201839.4097-2-ada@x 2:20230403201839.4097-3-ada@x]/3");
}

#[test]
fn a_cover_letter_may_lack_its_numbers() {
    insta::assert_snapshot!(check("
        c      | ada | sort out the merging code v3
        p1 < c | ada | [PATCH 1/2] one
        p2 < c | ada | [PATCH 2/2] two
        q < c  | bob | Re: sort out the merging code v3 | Applied, thanks.
        r      | bob | a question
        s < r  | ada | [PATCH 1/2] an answer"), @r#"
c v3 cover+[1:p1 2:p2]/2 applied by q
s v1 [1:s]/2
"#);
}

#[test]
fn a_renamed_series_is_known_by_its_patches() {
    insta::assert_snapshot!({
        let postings = [
            "a | ada | [PATCH 0/2] old name
             a1 < a | ada | [PATCH 1/2] mm: one
             a2 < a | ada | [PATCH 2/2] mm: two",
            "+3 b | ada | [PATCH v2 0/3] new name
             +3 b1 < b | ada | [PATCH v2 1/3] mm: zero
             +3 b2 < b | ada | [PATCH v2 2/3] mm: One
             +3 b3 < b | ada | [PATCH v2 3/3] mm: two",
            "+4 c | ada | [PATCH v3 0/4] other
             +4 c1 < c | ada | [PATCH v3 1/4] mm: one
             +4 c2 < c | ada | [PATCH v3 2/4] x
             +4 c3 < c | ada | [PATCH v3 3/4] y
             +4 c4 < c | ada | [PATCH v3 4/4] z",
        ];
        let all = postings.iter().flat_map(|text| series::revisions(&mails(text))).collect();
        show(&series::link(all))
    }, @r"
    a v1 cover+[1:a1 2:a2]/2 superseded by b
    b v2 cover+[1:b1 2:b2 3:b3]/3 of a after a superseded by c
    c v3 cover+[1:c1 2:c2 3:c3 4:c4]/4 of a after b
    ");
}

#[test]
fn two_series_of_one_sender_in_one_thread_stay_apart() {
    insta::assert_snapshot!(check("
        c      | ada | [PATCH 0/2] kernel side
        p1 < c | ada | [PATCH 1/2] one
        p2 < c | ada | [PATCH 2/2] two
        d < c  | ada | [PATCH 0/2] tool side
        q1 < c d | ada | [PATCH 1/2] first
        q2 < c d | ada | [PATCH 2/2] second"), @r#"
c v1 cover+[1:p1 2:p2]/2
d v1 cover+[1:q1 2:q2]/2
"#);
}

#[test]
fn versions_are_linked_by_title() {
    insta::assert_snapshot!(check_links("
        +0 a | ada | [RFC PATCH v2] mm: Faster, smaller
        +5 b | ada | [PATCH] mm: faster smaller
        +9 c | ada | [PATCH v2] mm: faster  smaller
        +9 d | bob | [PATCH v3] mm: faster smaller
        +9 e | ada | [PATCH v3] something else"), @r#"
a rfc v2 [1:a]/1 superseded by b
b v1 [1:b]/1 of a after a superseded by c
c v2 [1:c]/1 of a after b
d v3 [1:d]/1
e v3 [1:e]/1
"#);
}

#[test]
fn a_resend_is_linked_and_a_new_start_is_not() {
    insta::assert_snapshot!(check_links("
        +0 a | ada | [PATCH v2] fix
        +5 b | ada | [PATCH RESEND v2] fix
        +9 c | ada | [PATCH v3] fix
        +900 d | ada | [PATCH v5] fix
        +901 e | ada | [PATCH] fix
        +1900 f | ada | [PATCH v6] fix"), @r#"
a v2 [1:a]/1 superseded by b
b v2 [1:b]/1 of a after a superseded by c
c v3 [1:c]/1 of a after b
d v5 [1:d]/1 superseded by f
e v1 [1:e]/1
f v6 [1:f]/1 of d after d
"#);
}

/// The state that one reply gives a patch of Ada's.
fn state(from: &str, text: &str) -> &'static str {
    let thread = format!("a | ada | [PATCH] x\nb < a | {from} | Re: [PATCH] x | {text}");
    track(&mails(&thread), &[]).unwrap().revisions[0].revision.state.name()
}

#[test]
fn replies_that_say_so() {
    for text in [
        "Applied, thanks.",
        "Applied to for-next, thanks!",
        "> please apply\\n\\nQueued for v6.4.",
        "Thanks, now queued up for 6.4.",
        "Series applied.",
        "I have applied this to the fixes branch.",
        "Hello:\\n\\nThis series was applied to net/net.git (main)\\nby Cy:",
        "On Sat, 01 Apr 2023, Ada wrote:\\n> text\\n\\nApplied, thanks!\\n\\n[1/1] x\\n      commit: 0123",
        "LGTM\\n\\nMerged.",
    ] {
        assert_eq!(state("bob", text), "applied", "{text}");
    }
}

#[test]
fn replies_that_do_not() {
    for text in [
        "This does not apply to my tree.",
        "Not applied: it breaks the build.",
        "This can be applied after the merge window.",
        "Please apply this patch.",
        "> Applied, thanks.\\n\\nGreat!",
        "Has this been applied?",
        "I haven't applied this yet.",
        "With this patch applied the box hangs.",
        "If it is applied, we lose.",
        "This should be queued for stable.",
        "I'll get this queued up tomorrow.",
        "Applied cleanly here, and it boots.",
        "Once merged, drop the quirk.",
        "Looks good to me.",
        "They are the same: merged-in pieces of the page.",
        "I pushed that to my branch for testing.",
    ] {
        assert_ne!(state("bob", text), "applied", "{text}");
    }
    assert_eq!(state("ada", "Applied, thanks."), "posted", "her own word does not count");
}

#[test]
fn the_last_word_counts_and_tip_bot_speaks_by_subject() {
    insta::assert_snapshot!(check("
        c      | ada | [PATCH 0/1] x
        p < c  | ada | [PATCH 1/1] y
        q < c  | bob | Re: [PATCH 0/1] x | Applied, thanks.
        t < p  | tip-bot2 | [tip: sched/core] y | The following commit has been merged"), @"c v1 cover+[1:p]/1 applied by t");
}
