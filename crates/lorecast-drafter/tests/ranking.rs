//! Threads in, an order with reasons out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::{Facts, Routine, Weights, choose, facts, rank};
use lorecast_model::Profile;
use week::{LINA, OMAR, PIA, RUTH, Talk, mail, post, show, window};

fn of(talk: &Talk) -> Facts {
    facts(&talk.thread(), &talk.0, &talk.revisions(), window(), Profile::Kernel)
}

#[test]
fn routine_mail_is_known_and_people_are_not_taken_for_programs() {
    let routine =
        |from: &str, subject: &str| of(&Talk(vec![post("a@x", from, subject, "x")])).routine;
    assert_eq!(routine(RUTH, "[PATCH] mm: sort"), None);
    assert_eq!(routine("Ann Talbot <talbot@x.example>", "[PATCH] mm: sort"), None);
    assert_eq!(
        routine("kernel test robot <lkp@x.example>", "[mm] 0123: build error"),
        Some(Routine::Bot)
    );
    assert_eq!(routine("fuzzbot <f@x.example>", "KASAN: x"), Some(Routine::Bot));
    assert_eq!(
        routine("tip-bot2 for A <tip-bot2@x.example>", "[tip: x86/mm] y"),
        Some(Routine::Committed)
    );
    assert_eq!(routine(OMAR, "[PATCH AUTOSEL 6.1 01/20] mm: z"), Some(Routine::Autosel));
    assert_eq!(routine(OMAR, "[PATCH 6.1 000/100] 6.1.25-rc1 review"), Some(Routine::StableQueue));
    assert_eq!(routine(OMAR, "linux-next: manual merge of the mm tree"), Some(Routine::Merge));
    assert_eq!(routine(RUTH, "[PATCH] mm: fix typo in comment"), Some(Routine::Trivial));
    assert_eq!(routine(OMAR, "Linux 6.3-rc7"), None);
}

fn argument(id: &str, subject: &str, people: &[&str]) -> Talk {
    let mut all = vec![post(id, PIA, subject, "We measured 20% more throughput.\n")];
    for (n, person) in people.iter().enumerate() {
        let parent = if n == 0 { id.to_owned() } else { format!("{}.{id}", n - 1) };
        all.push(mail(
            &format!("{n}.{id}"),
            13,
            person,
            &format!("Re: {subject}"),
            &parent,
            "> x\n\nNAK, this is wrong.\n",
        ));
    }
    Talk(all)
}

#[test]
fn a_score_comes_with_its_reasons() {
    let diff = "---\n include/uapi/linux/sort.h | 1 +\n\ndiff --git a/include/uapi/linux/sort.h b/include/uapi/linux/sort.h\n--- a/include/uapi/linux/sort.h\n+++ b/include/uapi/linux/sort.h\n@@ -1 +1,2 @@\n a\n+b\n";
    let mut talk =
        argument("a@x", "[RFC PATCH v3 0/4] mm: introduce sorting", &[OMAR, RUTH, LINA, OMAR]);
    talk.0.push(mail(
        "p@x",
        12,
        PIA,
        "[RFC PATCH v3 1/4] mm: sort",
        "a@x",
        &format!("Sort.\n{diff}"),
    ));
    talk.0.sort_by_key(|message| message.header.date);
    let ranked = rank(vec![of(&talk)], &Weights::default());
    insta::assert_snapshot!(ranked[0].reasons.join("; "), @"4 people, 6 messages; RFC with cover letter; 4 organisations; changes what users see (include/uapi/linux/sort.h); something new; 4 patches; performance figures; refused by somebody (NAK); version 3");
}

#[test]
fn people_count_for_more_than_messages_and_bots_for_little() {
    let monologue = argument("a@x", "[PATCH] mm: one", &[OMAR; 9]);
    let crowd = argument("b@x", "[PATCH] mm: two", &[OMAR, RUTH, LINA]);
    let robot = Talk(vec![post("c@x", "kernel test robot <lkp@x.example>", "[mm] error", "x")]);
    let ranked = rank([&monologue, &crowd, &robot].map(of).into(), &Weights::default());
    let order: Vec<_> = ranked.iter().map(|one| one.facts.thread.as_str()).collect();
    assert_eq!(order, ["b@x", "a@x", "c@x"]);
}

#[test]
fn the_order_does_not_depend_on_the_order_of_the_input() {
    let talks =
        ["a@x", "b@x", "c@x", "d@x"].map(|id| of(&argument(id, "[PATCH] mm: same", &[OMAR, RUTH])));
    let mut backwards = talks.to_vec();
    backwards.reverse();
    assert_eq!(rank(talks.to_vec(), &Weights::default()), rank(backwards, &Weights::default()));
}

#[test]
fn only_the_window_counts() {
    let mut talk = argument("a@x", "[PATCH] mm: old", &[OMAR, RUTH]);
    talk.0[0] = mail("a@x", 2, PIA, "[PATCH] mm: old", "", "x");
    talk.0.push(mail("z@x", 20, LINA, "Re: [PATCH] mm: old", "a@x", "Later."));
    let facts = of(&talk);
    assert_eq!((facts.messages, facts.people, facts.fresh), (2, 2, false));
}

#[test]
fn a_series_is_chosen_once_and_quiet_mail_not_at_all() {
    let mut old = of(&argument("a@x", "[PATCH 0/2] mm: sort", &[OMAR, RUTH, LINA]));
    let mut new = of(&argument("b@x", "[PATCH v2 0/2] mm: sort", &[OMAR]));
    new.series.clone_from(&old.series);
    old.date = new.date;
    let spam = of(&Talk(vec![post("c@x", RUTH, "Buy boards", "Cheap boards for all.")]));
    let ranked = rank(vec![old, new, spam], &Weights::default());
    let chosen = choose(&ranked, &show(), None);
    let told: Vec<_> = chosen.into_iter().map(|at| ranked[at].facts.thread.as_str()).collect();
    assert_eq!(told, ["b@x"]);
}
