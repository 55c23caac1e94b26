//! Which revision continues which, and why.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use lorecast_model::{Message, Posted, Tie};
use lorecast_tracker::series;
use mails::mails;
use proptest::prelude::*;

mod mails;

/// Every mail a thread of its own, linked: `later < earlier: why`; the same in any order, when linked
/// again, and when the last one comes later than the others.
fn check(text: &str) -> String {
    let alone = |message: &Message| series::revisions(std::slice::from_ref(message));
    let all: Vec<Posted> = mails(text).iter().flat_map(alone).collect();
    let linked = series::link(all.clone());
    let mut reversed = all.clone();
    reversed.reverse();
    assert_eq!(series::link(reversed), linked, "the order of the revisions mattered");
    assert_eq!(series::link(linked.clone()), linked, "linking twice changed something");
    let (last, before) = all.split_last().unwrap();
    let mut later = series::link(before.to_vec());
    later.push(last.clone());
    assert_eq!(series::link(later), linked, "what came late was linked in another way");
    show(&linked)
}

fn show(linked: &[Posted]) -> String {
    let line = |posted: &Posted| {
        let revision = &posted.revision;
        let previous = revision.previous.as_ref()?;
        let why = revision.tie.map_or("nothing", Tie::name);
        Some(format!("{} < {previous}: {why}", revision.root))
    };
    linked.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_change_id_links_whatever_else_changed() {
    insta::assert_snapshot!(check("
        a    | ada | [PATCH] old words    | x\\n---\\nchange-id: 20230401-work-abc
        +9 b | bob | [PATCH v2] new words | x\\n---\\nchange-id: 20230401-work-abc
        +9 c | ada | [PATCH v2] old words | x\\n---\\nchange-id: 20230401-other-def"), @"b < a: change-id");
}

#[test]
fn a_named_revision_is_believed_when_it_fits() {
    insta::assert_snapshot!(check("
        a@x     | ada | [PATCH] one thing
        +9 b@x  | ada | [PATCH v2] quite another | Changes in v2:\\n- all\\n- Link to v1: https://lore.kernel.org/r/a@x/
        +20 c@x | ada | [PATCH v3] anew | v2: https://lore.kernel.org/all/b@x/\\nv1: https://lore.kernel.org/all/a@x/"), @r"
    b@x < a@x: link
    c@x < b@x: link
    ");
    let stranger = "
        a@x    | ada | [PATCH] one thing
        +9 b@x | bob | [PATCH v2] unlike it | This builds on https://lore.kernel.org/r/a@x/ and others.";
    assert_eq!(check(stranger), "");
}

#[test]
fn equal_lines_link_changed_titles() {
    insta::assert_snapshot!(check("
        a    | ada | [PATCH] rings: first words | x | f.c +line_number_one +line_number_two -line_number_three
        +9 b | ada | [PATCH v2] squares: others | x | f.c +line_number_one +line_number_two -line_number_three +line_number_four
        +9 c | ada | [PATCH v2] nothing of it   | x | g.c +wholly_other_one +wholly_other_two"), @"b < a: lines");
}

#[test]
fn a_person_is_known_by_name_when_the_address_changed() {
    let mut mails = mails(
        "
        a    | ada lovelace | [PATCH] rings: spin
        +9 b | lovelace, ada | [PATCH v2] rings: spin",
    );
    mails[1].header.from.email = "ada@elsewhere.example".to_owned();
    let all = mails.iter().flat_map(|mail| series::revisions(std::slice::from_ref(mail)));
    assert_eq!(show(&series::link(all.collect())), "b < a: title");
}

#[test]
fn an_unlabelled_resend_needs_equal_lines() {
    insta::assert_snapshot!(check("
        a    | ada | [PATCH] rings: fix | x | f.c +line_number_one +line_number_two -line_number_three
        +9 b | ada | [PATCH] rings: fix | x | f.c +line_number_one +line_number_two -line_number_three
        +9 c | ada | [PATCH] rings: fix | x | f.c +wholly_other_one +wholly_other_two"), @"b < a: title");
}

#[test]
fn a_resend_comes_after_the_version_before() {
    insta::assert_snapshot!(check("
        a    | ada | [PATCH] rings: fix
        +2 b | ada | [PATCH v2] rings: fix
        +4 c | ada | [RESEND PATCH v2] rings: fix
        +6 d | ada | [PATCH v3] rings: fix"), @r"
    b < a: title
    c < a: title
    d < c: title
    ");
}

#[test]
fn what_is_no_revision() {
    for text in [
        // Fixes carried over to two releases.
        "a    | sam | [PATCH AUTOSEL 6.1 1/2] rings: fix | x | f.c +line_number_one +line_number_two
         b    | sam | [PATCH AUTOSEL 6.2 1/2] rings: fix | x | f.c +line_number_one +line_number_two",
        // Another person's fix of the same title, with other lines.
        "a    | ada | [PATCH] rings: fix | x | f.c +line_number_one +line_number_two
         +9 b | bob | [PATCH v2] rings: fix | x | g.c +wholly_other_one +wholly_other_two",
        // A title as everybody writes it, years later.
        "a      | ada | [PATCH] fix a typo
         +800 b | ada | [PATCH] fix a typo",
        // The same file is not enough after a season.
        "a      | ada | [PATCH] rings: spin faster now | x | f.c +line_number_one +line_number_two
         +200 b | ada | [PATCH v2] squares: grow | x | f.c +wholly_other_one +wholly_other_two",
    ] {
        assert_eq!(check(text), "", "{text}");
    }
}

#[test]
fn clocks_that_are_wrong_do_not_turn_versions_around() {
    let mut mails = mails(
        "
        a | ada | [PATCH] rings: spin
        b | ada | [PATCH v2] rings: spin
        c | ada | [PATCH v3] rings: spin",
    );
    mails[0].header.date = "2038-01-19T03:14:07Z".parse().unwrap();
    mails[2].header.date = "1970-01-01T00:00:01Z".parse().unwrap();
    let all = mails.iter().flat_map(|mail| series::revisions(std::slice::from_ref(mail)));
    assert_eq!(show(&series::link(all.collect())), "c < b: title\nb < a: title");
}

proptest! {
    /// Whatever is posted, links lead nowhere twice, and every series is named by one of its own.
    #[test]
    fn links_never_run_in_circles(picks in prop::collection::vec((0u8..3, 0u8..4, 0u8..3, 0i64..60, any::<bool>()), 1..40)) {
        let lines: Vec<String> = picks.iter().enumerate().map(|(at, (who, version, title, day, rfc))| {
            let rfc = if *rfc { "RFC " } else { "" };
            let link = at.checked_sub(1).map_or(String::new(), |n| format!("v{version}: https://lore.kernel.org/r/m{n}@x/"));
            format!("+{day} m{at}@x | p{who} | [{rfc}PATCH v{version}] title number {title} | {link}")
        }).collect();
        let all: Vec<Posted> = mails(&lines.join("\n")).iter()
            .flat_map(|mail| series::revisions(std::slice::from_ref(mail))).collect();
        let linked = series::link(all);
        for posted in &linked {
            let mut steps = 0;
            let mut at = Some(posted);
            while let Some(previous) = at.and_then(|p| p.revision.previous.as_ref()) {
                at = linked.iter().find(|p| p.revision.root == *previous);
                prop_assert_eq!(&at.unwrap().revision.series, &posted.revision.series);
                steps += 1;
                prop_assert!(steps <= linked.len(), "a circle");
            }
        }
    }
}
