//! Threads in, an order with reasons out.

#![allow(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod week;

use lorecast_drafter::{
    Choice, Facts, Fit, Routine, choose, facts, fit, likelihood, rank, stories_for,
};
use lorecast_model::{Kind, Profile, Signal, Weights};
use week::{LINA, OMAR, PIA, RUTH, Talk, mail, post, show, weights, window};

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
    assert_eq!(routine("fuzz-bot <f@x.example>", "KASAN: x"), Some(Routine::Bot));
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
    let ranked = rank(vec![of(&talk)], &weights());
    insta::assert_snapshot!(ranked[0].reasons.join("; "), @"the busiest thread of linux-test; 4 organisations; changes what users see (include/uapi/linux/sort.h); RFC with cover letter; something new; concerns everybody (mm); 4 people, 6 messages; refused by somebody (NAK); performance figures");
}

#[test]
fn people_count_for_more_than_messages_and_bots_for_little() {
    let monologue = argument("a@x", "[PATCH] mm: one", &[OMAR; 3]);
    let crowd = argument("b@x", "[PATCH] mm: two", &[OMAR, RUTH, LINA]);
    let robot = Talk(vec![post("c@x", "kernel test robot <lkp@x.example>", "[mm] error", "x")]);
    let ranked = rank([&monologue, &crowd, &robot].map(of).into(), &weights());
    let order: Vec<_> = ranked.iter().map(|one| one.facts.thread.as_str()).collect();
    assert_eq!(order, ["b@x", "a@x", "c@x"]);
}

#[test]
fn the_order_does_not_depend_on_the_order_of_the_input() {
    let talks =
        ["a@x", "b@x", "c@x", "d@x"].map(|id| of(&argument(id, "[PATCH] mm: same", &[OMAR, RUTH])));
    let mut backwards = talks.to_vec();
    backwards.reverse();
    assert_eq!(rank(talks.to_vec(), &weights()), rank(backwards, &weights()));
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
    let ranked = rank(vec![old, new, spam], &weights());
    let chosen = choose(&ranked, &show(), None);
    let told: Vec<_> = chosen.into_iter().map(|at| ranked[at].facts.thread.as_str()).collect();
    assert_eq!(told, ["b@x"]);
}

fn quiet(id: &str, from: &str, subject: &str) -> Facts {
    of(&Talk(vec![
        post(id, from, subject, "x"),
        mail(&format!("r.{id}"), 13, OMAR, &format!("Re: {subject}"), id, "Good.\n"),
    ]))
}

fn crowd(count: usize, subject: &str) -> Vec<Facts> {
    let from = |n: usize| format!("Person {n} <p{n}@vendor.example>");
    (0..count).map(|n| quiet(&format!("{n}@x"), &from(n), subject)).collect()
}

fn kinds(chosen: &[usize], ranked: &[lorecast_drafter::Ranked], kind: Kind) -> usize {
    chosen.iter().filter(|at| ranked[**at].facts.kind == kind).count()
}

#[test]
fn a_draft_mixes_kinds_and_keeps_to_its_length() {
    let mut all = crowd(60, "[PATCH] mm: sort pages");
    let mut more = |subject: &str, prefix: &str, count: usize| {
        for (n, mut facts) in crowd(count, subject).into_iter().enumerate() {
            facts.thread = lorecast_model::MessageId::new(&format!("{prefix}{n}@x")).unwrap();
            facts.about = facts.thread.clone();
            all.push(facts);
        }
    };
    more("[GIT PULL] mm for 6.4", "pull", 20);
    more("Linux 6.1.24", "stable", 30);
    more("[PATCH 0/3] xfs: sort blocks", "series", 30);
    let ranked = rank(all, &weights());
    let chosen = choose(&ranked, &show(), None);
    let count = |kind| kinds(&chosen, &ranked, kind);
    assert_eq!(chosen.len(), 30);
    assert_eq!((count(Kind::Stable), count(Kind::Pull)), (12, 8));
    assert!(count(Kind::Patch) <= 10 && count(Kind::Series) >= 5, "{}", count(Kind::Patch));

    let only = rank(crowd(60, "[PATCH] mm: sort pages"), &weights());
    assert_eq!(choose(&only, &show(), None).len(), 24);
}

#[test]
fn nobody_fills_an_episode_while_there_are_others() {
    let own = (0..30).map(|n| quiet(&format!("own{n}@x"), PIA, "[PATCH 0/2] mm: sort pages"));
    let ranked = rank(own.chain(crowd(21, "[PATCH 0/2] mm: sort")).collect(), &weights());
    let chosen = choose(&ranked, &show(), None);
    let pia = chosen.iter().filter(|at| ranked[**at].facts.author.name == "Pia Nordquist").count();
    assert_eq!((chosen.len(), pia), (24, 3));
}

#[test]
fn minutes_set_the_number_of_stories() {
    let mut show = show();
    assert_eq!(stories_for(&show), 24);
    show.minutes = Some(20.0);
    assert_eq!(stories_for(&show), 30);
    show.voice.words_per_minute = Some(120.0);
    assert_eq!(stories_for(&show), 24);
    show.minutes = Some(0.0);
    assert_eq!(stories_for(&show), 1);
    show.minutes = Some(f64::NAN);
    assert_eq!(stories_for(&show), 24);
}

#[test]
fn what_was_told_before_and_who_looks_after_it_are_reasons() {
    let mut facts = of(&argument("a@x", "[PATCH v4 0/2] mm: sort", &[OMAR, RUTH]));
    facts.told = 2;
    facts.maintainers = vec!["Omar Quill".to_owned()];
    let mut weights = weights();
    weights.well_known = Some(vec!["ruth abbott".to_owned()]);
    let reasons = rank(vec![facts], &weights).remove(0).reasons.join("; ");
    for reason in [
        "3 people, 1 maintainer, 3 messages",
        "v4 of a series covered twice",
        "Ruth Abbott replied",
    ] {
        assert!(reasons.contains(reason), "{reasons}");
    }
}

#[test]
fn the_company_one_keeps_tells_what_a_thread_is_about() {
    let other = |id: &str, from: &str, subject: &str| quiet(id, from, subject);
    let mut plain = quiet("a@x", PIA, "[PATCH] frobnicate");
    let mut far = quiet("b@x", RUTH, "[PATCH] frobnicate");
    plain.writers.retain(|writer| writer.who.email.starts_with("pia"));
    far.writers.retain(|writer| writer.who.email.starts_with("ruth"));
    let near = (0..4).map(|n| other(&format!("n{n}@x"), PIA, "[PATCH] mm: sort pages"));
    let hard = (0..4).map(|n| other(&format!("h{n}@x"), RUTH, "[PATCH] gpio: sort pins"));
    let all: Vec<Facts> = [plain, far].into_iter().chain(near).chain(hard).collect();
    let ranked = rank(all, &weights());
    let place = |id: &str| ranked.iter().position(|one| one.facts.thread.as_str() == id).unwrap();
    assert!(place("a@x") < place("b@x"));
}

#[test]
fn the_talk_of_a_small_list_is_seen_beside_a_large_one() {
    let on = |list: &str, mut facts: Facts, messages: u32| {
        facts.lists = vec![lorecast_model::ListId::new(list).unwrap()];
        facts.messages = messages;
        facts
    };
    let busy =
        crowd(30, "[PATCH] fold it").into_iter().map(|facts| on("big.example.org", facts, 9));
    let own = on("small.example.org", quiet("own@x", PIA, "[PATCH] fold it"), 4);
    let lone = on("small.example.org", quiet("lone@x", PIA, "[PATCH] fold it"), 1);
    let ranked = rank(busy.chain([own, lone]).collect(), &weights());
    let reasons = |id: &str| {
        let found = ranked.iter().find(|one| one.facts.thread.as_str() == id).unwrap();
        found.reasons.join("; ")
    };
    assert!(reasons("own@x").contains("the busiest thread of small"), "{}", reasons("own@x"));
    assert!(!reasons("lone@x").contains(" of small"), "{}", reasons("lone@x"));
    assert!(reasons("29@x").contains("the busiest thread of big"), "{}", reasons("29@x"));
}

/// Weeks in which people chose the threads with an RFC.
fn choices(weeks: usize) -> Vec<Choice> {
    let threads = vec![
        vec![(Signal::Messages, 3.0)],
        vec![(Signal::Messages, 2.0), (Signal::Rfc, 1.0)],
        vec![(Signal::Messages, 1.0)],
    ];
    vec![Choice { threads, chosen: vec![1] }; weeks]
}

#[test]
fn weights_follow_choices_the_more_the_more_there_are() {
    let how = Fit { ridge: 10.0, least_variance: 0.0, bounded: false, fixed: &[] };
    let start = Weights { signals: [(Signal::Messages, 1.0)].into(), ..Weights::default() };
    let rfc = |weeks: usize| fit(&choices(weeks), &start, how).of(Signal::Rfc);
    assert!(rfc(0) == 0.0 && 0.0 < rfc(2) && rfc(2) < rfc(20) && rfc(20) < 10.0);
    let learned = fit(&choices(200), &start, how);
    let before = likelihood(&choices(1), &start);
    assert!(likelihood(&choices(1), &learned) > before);
    assert_eq!(learned.of(Signal::Cover), 0.0, "what never varies keeps its weight");
}

#[test]
fn what_few_threads_have_is_held_more_strongly() {
    let rfc = |least_variance: f64| {
        let how = Fit { ridge: 10.0, least_variance, bounded: false, fixed: &[] };
        let mut choice = choices(1).remove(0);
        choice.threads.extend(vec![vec![(Signal::Messages, 1.0)]; 30]);
        fit(&[choice], &Weights::default(), how).of(Signal::Rfc)
    };
    assert!(0.0 < rfc(0.25) && rfc(0.25) < rfc(0.0) / 2.0);
}

#[test]
fn bounded_weights_keep_their_sense() {
    let threads = vec![vec![(Signal::Messages, 1.0)], vec![(Signal::Messages, 2.0)]];
    let choices = vec![Choice { threads, chosen: vec![0] }; 50];
    let messages = |bounded: bool| {
        let how = Fit { ridge: 1.0, least_variance: 0.0, bounded, fixed: &[] };
        fit(&choices, &Weights::default(), how).of(Signal::Messages)
    };
    assert!(messages(false) < -0.5);
    assert_eq!(messages(true), 0.0);
}
