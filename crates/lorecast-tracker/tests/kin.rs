//! Answers that name no other message.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use lorecast_model::{Loner, Mailbox};
use lorecast_tracker::{kin, loner_keys};
use mails::mails;

mod mails;

/// Lines as in `mails`, each with `| recipients` in front of the subject's end: `subject > names`.
fn loners(text: &str) -> Vec<Loner> {
    let loner = |mut mail: lorecast_model::Message| {
        let (subject, names) = mail.header.subject.split_once(" > ").unwrap();
        let person =
            |name: &str| Mailbox { name: String::new(), email: format!("{name}@kernel.example") };
        let recipients = names.split_whitespace().map(person).collect();
        mail.header.subject = subject.to_owned();
        Loner { header: mail.header, recipients }
    };
    mails(text).into_iter().map(loner).collect()
}

fn check(text: &str) -> String {
    let pairs = kin(&loners(text));
    pairs
        .iter()
        .map(|(answer, asked)| format!("{answer} answers {asked}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn an_answer_is_known_by_subject_sender_and_time() {
    insta::assert_snapshot!(check("
        a     | ada | A question of locking > list
        b     | bob | RE:  a Question of  locking > ada"), @"b answers a");
    insta::assert_snapshot!(check("
        a     | ada | A question of locking > bob
        b     | bob | Re[2]: AW: A question of locking > list"), @"b answers a");
}

#[test]
fn what_only_looks_like_an_answer() {
    for text in [
        // Nobody was asked.
        "a | ada | A question of locking > list
         b | bob | Re: A question of locking > list",
        // Too late.
        "a      | ada | A question of locking > list
         +15 b  | bob | Re: A question of locking > ada",
        // Too early.
        "b | bob | Re: A question of locking > ada
         a | ada | A question of locking > list",
        // Both ask.
        "a | ada | A question of locking > bob
         b | bob | A question of locking > ada",
        // Another subject.
        "a | ada | A question of locking > list
         b | bob | Re: A question of lockings > ada",
    ] {
        assert_eq!(check(text), "", "{text}");
    }
}

#[test]
fn subjects_that_say_nothing_have_no_key() {
    let key = |line: &str| !loner_keys(&mails(line)[0].header).is_empty();
    assert!(key("a | ada | A question of locking"));
    assert!(!key("a | ada | Re: hello"));
    assert!(!key("a < b | ada | A question of locking"));
    let pair = mails("a | ada | A question of locking\nb | bob | re: a  question of Locking");
    assert_eq!(loner_keys(&pair[0].header), loner_keys(&pair[1].header));
}

#[test]
fn a_series_that_was_sent_patch_by_patch_is_one_conversation() {
    insta::assert_snapshot!(check("
        c | ada | [RFC PATCH v2 0/2] rings, in three parts > list
        a | ada | [RFC PATCH v2 1/2] rings: first > list
        b | ada | [RFC PATCH v2 2/2] rings: second > list"), @r"
    a answers c
    b answers c
    b answers a
    ");
}

#[test]
fn what_only_looks_like_one_series() {
    for text in [
        // Another sender, version, total; the same number; an answer.
        "a | ada | [PATCH 1/2] rings: first > list
         b | bob | [PATCH 2/2] rings: second > list",
        "a | ada | [PATCH 1/2] rings: first > list
         b | ada | [PATCH v2 2/2] rings: second > list",
        "a | ada | [PATCH 1/2] rings: first > list
         b | ada | [PATCH 2/3] rings: second > list",
        "a | ada | [PATCH 1/2] rings: first > list
         b | ada | [PATCH 1/2] squares: first > list",
        "a | ada | [PATCH 1/2] rings: first > list
         b | ada | Re: [PATCH 2/2] rings: second > list",
        // Hours later.
        "a     | ada | [PATCH 1/2] rings: first > list
         +1 b  | ada | [PATCH 2/2] rings: second > list",
        // Their ids say that each was sent on its own.
        "20230403201839.4097-1-ada@kernel.example | ada | [PATCH 1/2] rings: first > list
         20230403201940.4098-2-ada@kernel.example | ada | [PATCH 2/2] rings: second > list",
    ] {
        assert_eq!(check(text), "", "{text}");
    }
}
